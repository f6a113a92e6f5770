import { shortDigests } from "../../command/digest";

/**
 * Text as it is, in Markdown that a pull request shows: no markup, no mention, no reference, no line of its own. GitHub
 * looks for mentions after Markdown has taken the backslashes away (github/cmark-gfm#181): a zero-width space stops it.
 */
export function escaped(text: string): string {
  return shortDigests(text)
    .replace(/\s+/g, " ")
    .replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign] ?? "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[@#]/g, "$&&#8203;");
}

/** Text as code within a line, whatever backticks are in it. Not for tables: there a `|` ends the cell all the same. */
export function inlineCode(text: string): string {
  const flat = shortDigests(text.replace(/\s+/g, " "));
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** Lines as a block of code, with a fence that none of them ends. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** A line as several of at most so many characters, broken at spaces where there are any. */
export function wrapLine(line: string, longest: number): readonly string[] {
  const lines: string[] = [];
  let left = line.replace(/\r/g, "");
  while (left.length > longest) {
    const space = left.lastIndexOf(" ", longest);
    const isIndent = left.slice(0, Math.max(space, 0)).trim() === "";
    const end = isIndent ? longest : space;
    lines.push(left.slice(0, end));
    left = left.slice(isIndent ? end : end + 1);
  }
  return [...lines, left];
}

/** At most so many characters of a text, in one line, with a sign where something is missing. */
export function truncate(text: string, longest: number): string {
  const flat = text.replace(/[\r\n]+/g, " ");
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1)}…`;
}
