import { visit, type JSONPath, type ParseErrorCode } from "jsonc-parser";

/** The value of a JSON text, or its problems, each with line and column. */
export type JsonReading =
  { readonly value: unknown; readonly problems: readonly [] } | { readonly problems: readonly string[] };

/** Descriptions of the parser's errors. They follow `line 3, column 5: not JSON: `. */
const DESCRIPTIONS: Readonly<Record<ParseErrorCode, string>> = {
  1: "not a JSON value; text needs double quotes around it",
  2: "not a JSON number",
  3: "the name of a key is missing here; JSON needs double quotes around it, and no comma after the last entry",
  4: "a value is missing here; JSON allows no comma after the last one",
  5: "a colon is missing here, between key and value",
  6: "a comma is missing here",
  7: "a } is missing here",
  8: "a ] is missing here",
  9: "text after the end of the JSON",
  10: "a comment; JSON has no comments",
  11: "a comment; JSON has no comments",
  12: "a text without a double quote at its end",
  13: "not a JSON number",
  14: "not a \\u with four hexadecimal digits after it",
  15: 'not a JSON escape: \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u0000',
  16: "a control character inside text; write it as an escape such as \\n or \\t",
};

/**
 * Reads the content of a JSON file. It refuses, with line and column: text that is not JSON; a key that is there twice in one
 * object, of which JSON.parse silently takes the last; the key `__proto__`, which is special in JavaScript. It also refuses
 * content that is not UTF-8.
 */
export function readJson(content: Uint8Array | string): JsonReading {
  const text = typeof content === "string" ? content : decode(content);
  if (text === undefined) return { problems: ["not UTF-8; save it as UTF-8"] };
  if (text.startsWith("\uFEFF")) {
    return { problems: ["line 1, column 1: a byte order mark; save it as UTF-8 without one"] };
  }
  if (text.trim() === "") return { problems: ["not JSON: it is empty"] };
  const problems: string[] = [];
  const problemAt = (line: number, column: number, what: string): void =>
    void problems.push(`line ${line + 1}, column ${column + 1}: ${what}`);
  // One entry for each open object: its keys, and the line of each.
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
        if (key === "__proto__") problemAt(line, column, `${name}: a reserved name in JavaScript; rename it`);
        if (first !== undefined) problemAt(line, column, `${name}: already in line ${first + 1}; keep one of them`);
        else seen?.set(key, line);
      },
      onError: (error, _offset, _length, line, column) => {
        errors += 1;
        // Later errors are mostly consequences of the first.
        if (errors === 1) problemAt(line, column, `not JSON: ${DESCRIPTIONS[error]}`);
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
