import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { EXIT_CODES, SIGNAL_EXIT_CODES, type CommandName, type ExitCode } from "../../scripts/command/exit-codes";

const DOCUMENTS = ["README.md", ...readdirSync("docs").map((name) => join("docs", name))].filter((name) =>
  name.endsWith(".md"),
);

/** The tables of exit codes in the documentation, each below a heading that names its command. */
const DOCUMENTED = DOCUMENTS.flatMap((document) =>
  [...readFileSync(document, "utf8").matchAll(/^#+ Exit codes of `npm run (\w+)`\n(.*?)(?=^#|(?![^]))/gms)].map(
    ([, command = "", section = ""]) => ({ document, command, rows: rowsOf(section) }),
  ),
);

function rowsOf(section: string): ExitCode[] {
  return [...section.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning = ""]) => ({
    code: Number(code),
    meaning: meaning.replaceAll("`", ""),
  }));
}

describe("the exit codes", () => {
  it.each(DOCUMENTED)("of npm run $command are in $document as in the code", ({ command, rows }) => {
    expect(rows).toEqual(Object.values(EXIT_CODES[command as CommandName]));
  });

  it("of a release and of a rehearsal are documented", () => {
    expect(DOCUMENTED.map(({ command }) => command)).toEqual(expect.arrayContaining(["release", "rehearse"]));
  });

  it.each(Object.entries(EXIT_CODES))("of npm run %s are different", (_, endings) => {
    const codes = Object.values<ExitCode>(endings).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("of a release are also those of the rehearsal that confirms it", () => {
    const { interrupted, ...others } = EXIT_CODES.release;
    for (const [ending, { code }] of Object.entries(others)) {
      expect(EXIT_CODES.rehearse).toHaveProperty([ending, "code"], code);
    }
    expect(EXIT_CODES.rehearse.SIGINT.code).toBe(interrupted.code);
  });

  it("of signals are 128 and the signal's number", () => {
    for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
      expect(code).toBe(128 + constants.signals[signal as NodeJS.Signals]);
    }
  });
});
