import { readFileSync } from "node:fs";
import { parseRehearseArguments } from "../../scripts/rehearse/arguments";
import { ENDINGS, isReleaseEnding } from "../../scripts/rehearse/exit-codes";
import { EXIT_CODES } from "../../scripts/release/outcome";

/** Rows of the table below a heading of docs/rehearsal.md. */
function rowsBelow(heading: string): { code: number; meaning: string }[] {
  const [, below = ""] = readFileSync("docs/rehearsal.md", "utf8").split(`\n## ${heading}\n`);
  const [section = ""] = below.split("\n## ");
  return [...section.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning = ""]) => ({
    code: Number(code),
    meaning,
  }));
}

describe("the exit codes of a rehearsal", () => {
  it("stand in docs/rehearsal.md as they are in the code", () => {
    expect(rowsBelow("Exit codes of `npm run rehearse`")).toEqual(ENDINGS);
  });

  it("stand in the help as they are in the code", () => {
    let help = "";
    parseRehearseArguments(["--help"], { out: (text) => (help += text), err: () => undefined });
    const flat = help.replace(/\s+/g, " ");
    for (const { code, meaning } of ENDINGS) expect(flat).toContain(`${code} ${meaning}`);
    expect(Math.max(...help.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it("are each one thing, and the release's own are handed on", () => {
    const codes = ENDINGS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of Object.values(EXIT_CODES)) expect(isReleaseEnding(code)).toBe(true);
    for (const code of [1, 10, 64, 70, 129, 137, 143]) expect(isReleaseEnding(code)).toBe(false);
  });
});
