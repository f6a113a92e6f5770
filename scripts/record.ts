import { writeFileSync } from "node:fs";
import path from "node:path";
import { EXIT_CODES } from "./command/exit-codes";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { parseRecordArguments } from "./record/arguments";
import { runInTerminal } from "./record/pseudo-terminal";
import { screenOf } from "./record/screen";
import { terminalSvg } from "./record/terminal-svg";

/** The picture fills the width of a README on GitHub, and its text stays readable there. */
const COLUMNS = 100;
const COMMAND = "npm run rehearse";
const ROOT = path.join(__dirname, "..");
const FILE = path.join("docs", "rehearsal.svg");

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseRecordArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const { exitCode, output } = await runInTerminal(COMMAND, { directory: ROOT, columns: COLUMNS });
  if (exitCode !== EXIT_CODES.rehearse.released.code) {
    processLines.err(`${output}\n${COMMAND} ended with ${exitCode}; ${FILE} is unchanged.`);
    return EXIT_CODES.record.failed.code;
  }
  const svg = terminalSvg({
    title: `A terminal: ${COMMAND} releases version 2 through a canary, and ends with exit code 0`,
    command: COMMAND,
    columns: COLUMNS,
    lines: await screenOf(output, COLUMNS),
  });
  writeFileSync(path.join(ROOT, FILE), svg);
  processLines.out(`${FILE}: ${svg.length} bytes`);
  return EXIT_CODES.record.done.code;
}

runCommand({ name: "record", faultExitCode: EXIT_CODES.record.failed.code, main });
