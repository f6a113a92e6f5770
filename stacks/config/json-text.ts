import { visit, type JSONPath, type ParseErrorCode } from "jsonc-parser";

/** What is read of JSON text: its value, or what is wrong with it, each with its place. */
export type JsonReading =
  { readonly value: unknown; readonly problems: readonly [] } | { readonly problems: readonly string[] };

/** Words for the parser's errors; they are told after `line 3, column 5: `. */
const WORDS: Readonly<Record<ParseErrorCode, string>> = {
  1: "not a value of JSON; text needs double quotes around it",
  2: "not a number of JSON",
  3: "the name of a key is missing here; in JSON it has double quotes, and no comma stands after the last entry",
  4: "a value is missing here; in JSON no comma stands after the last one",
  5: "a colon is missing here, between key and value",
  6: "a comma is missing here",
  7: "a } is missing here",
  8: "a ] is missing here",
  9: "the JSON is over before this",
  10: "a comment, which JSON has none of",
  11: "a comment, which JSON has none of",
  12: "text that has no double quote at its end",
  13: "not a number of JSON",
  14: "not a \\u with four hexadecimal digits after it",
  15: 'not an escape of JSON: \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u0000',
  16: "a control character inside text; write it as an escape such as \\n or \\t",
};

/**
 * Reads JSON as it stands in a file. Refused, with line and column: what is no JSON; the same key twice in one object, of
 * which JSON.parse silently takes the last; a key `__proto__`, which JavaScript keeps for itself; text that is not UTF-8.
 */
export function readJson(content: Uint8Array | string): JsonReading {
  const text = typeof content === "string" ? content : decode(content);
  if (text === undefined) return { problems: ["not UTF-8; save it as UTF-8"] };
  if (text.startsWith("\uFEFF")) {
    return { problems: ["line 1, column 1: a byte order mark; save it as UTF-8 without one"] };
  }
  if (text.trim() === "") return { problems: ["no JSON: there is nothing in it"] };
  const problems: string[] = [];
  const problemAt = (line: number, column: number, what: string): void =>
    void problems.push(`line ${line + 1}, column ${column + 1}: ${what}`);
  // Of an object: where each of its keys stands.
  const objects: Map<string, number>[] = [];
  let errors = 0;
  visit(
    text,
    {
      onObjectBegin: () => {
        objects.push(new Map());
      },
      onObjectEnd: () => {
        objects.pop();
      },
      onObjectProperty: (key, _offset, _length, line, column, path) => {
        const seen = objects.at(-1);
        const name = dotted([...path(), key]);
        const first = seen?.get(key);
        if (key === "__proto__") problemAt(line, column, `${name}: a name that JavaScript keeps for itself; rename it`);
        if (first !== undefined)
          problemAt(line, column, `${name}: there already in line ${first + 1}; keep one of them`);
        else seen?.set(key, line);
      },
      onError: (error, _offset, _length, line, column) => {
        errors += 1;
        // What follows the first error is its echo.
        if (errors === 1) problemAt(line, column, `no JSON: ${WORDS[error]}`);
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  if (problems.length > 0) return { problems };
  try {
    return { value: JSON.parse(text) as unknown, problems: [] };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

function dotted(path: JSONPath): string {
  return path.join(".");
}
