/** A double keeps every number with this number of digits. */
const EXACT_DIGITS = 15;
/** Prefix of a number that is kept as text; no text in ECS's JSON begins with it. */
const MARK = "\u0000";
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON without losing digits. A number with more digits than JavaScript keeps becomes a text, and `stringifyExact`
 * writes it as a number again.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseExact(text: string): unknown {
  return JSON.parse(
    text.replace(TOKENS, (token) =>
      token.startsWith('"') || keepsDigits(token) ? token : JSON.stringify(MARK + token),
    ),
  );
}

function keepsDigits(number: string): boolean {
  return number.replace(/[eE].*$|\D/g, "").length <= EXACT_DIGITS && Number.isFinite(Number(number));
}

/** Writes a value of `parseExact` as JSON, with all digits of every number. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0000(-?\d[\d.eE+-]*)"/g, "$1");
}
