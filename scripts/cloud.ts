import { EXIT_CODES } from "./command/exit-codes";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { parseCloudArguments } from "./rehearse/cloud-arguments";
import { runLocalCloud } from "./rehearse/local-cloud";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseCloudArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  return runLocalCloud(parsed.arguments, processLines);
}

runCommand({ name: "cloud", faultExitCode: EXIT_CODES.cloud.broken.code, main });
