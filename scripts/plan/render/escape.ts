/**
 * Text as it is, in Markdown that a pull request shows: no markup, no mention, no reference, no line of its own. GitHub
 * looks for mentions after Markdown has taken the backslashes away (github/cmark-gfm#181): a zero-width space stops it.
 */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign] ?? "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[@#]/g, "$&&#8203;");
}

/** Text as code within a line, whatever backticks are in it. Not for tables: there a `|` ends the cell all the same. */
export function code(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** Lines as a block of code, with a fence that none of them ends. */
export function block(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** At most so many characters of a text, in one line, with a sign where something is missing. */
export function cut(text: string, longest: number): string {
  const flat = text.replace(/[\r\n]+/g, " ");
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1)}…`;
}
