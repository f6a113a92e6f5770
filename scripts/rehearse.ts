import { EXIT_CODES } from "./command/exit-codes";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { parseRehearseArguments } from "./rehearse/arguments";
import { rehearse } from "./rehearse/rehearsal";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseRehearseArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  // The clock of performance.now() starts with the process.
  const beganAt = 0;
  return rehearse(parsed.arguments, processLines, beganAt);
}

runCommand({ name: "rehearse", faultExitCode: EXIT_CODES.rehearse.broken.code, main });
