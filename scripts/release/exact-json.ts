/** Digits that a double keeps whatever they are. */
const EXACT_DIGITS = 15;
/** Marks a number that is kept as its digits; no text of AWS's begins so. */
const MARK = "\u0000";
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Reads JSON of which nothing may be lost: a number with more digits than JavaScript keeps stays as its digits. Such a
 * number is a text here, and only `stringifyExact` makes it a number again.
 *
 * @throws SyntaxError when it is not JSON
 */
export function parseExact(text: string): unknown {
  return JSON.parse(
    text.replace(TOKENS, (token) => (token.startsWith('"') || isKept(token) ? token : JSON.stringify(MARK + token))),
  );
}

function isKept(number: string): boolean {
  return number.replace(/[eE].*$|\D/g, "").length <= EXACT_DIGITS && Number.isFinite(Number(number));
}

/** Writes what `parseExact` read, every number with all of its digits. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0000(-?\d[\d.eE+-]*)"/g, "$1");
}
