import type { Exception } from "./exceptions";
import type { Rule } from "./rule";

/** Cells of a Markdown table by row, without its header. */
export type Cells = readonly (readonly string[])[];

/** One row for each rule: its title, its id, and the scanners' ids. */
export function ruleCells(rules: readonly Rule[]): Cells {
  return rules.map(({ id, title, scanners }) => [title, code(id), scanners.length > 0 ? scanners.join(", ") : "none"]);
}

/** One row for each exception: the rule, the construct, the configurations, and the reason. */
export function exceptionCells(exceptions: readonly Exception[]): Cells {
  return exceptions.map(({ rule, path, only, reason }) => [code(rule), code(path), only?.join(", ") ?? "all", reason]);
}

/** The cells of the table under a heading. */
export function cellsUnder(heading: string, markdown: string): Cells {
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const code = (text: string) => `\`${text}\``;
