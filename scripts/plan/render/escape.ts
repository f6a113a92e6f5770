import { shortDigests } from "../../command/digest";

/**
 * Escapes a text for Markdown on GitHub, so that it is shown as it is: without markup, mentions, references and line breaks.
 * GitHub finds mentions after it has removed the backslashes, so a zero-width space breaks them
 * (https://github.com/github/cmark-gfm/issues/181).
 */
export function escaped(text: string): string {
  return shortDigests(text)
    .replace(/\s+/g, " ")
    .replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign] ?? "&gt;")
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[@#]/g, "$&&#8203;");
}

/** A text as inline code, with any backticks. Not for tables, in which a `|` ends the cell even in code. */
export function inlineCode(text: string): string {
  const flat = shortDigests(text.replace(/\s+/g, " "));
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** Lines as a code block, with a fence that is longer than any in the lines. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** Breaks a line into lines of at most `longest` characters, at spaces where possible. */
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

/** The first `longest` characters of a text, in one line; ends with … when something is left out. */
export function truncate(text: string, longest: number): string {
  const flat = text.replace(/[\r\n]+/g, " ");
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1)}…`;
}
