import { ConfigError, loadConfig } from "../stacks/config";
import { parseBootstrapArguments } from "./bootstrap/arguments";
import { connectToS3 } from "./bootstrap/aws-bucket";
import { BootstrapError } from "./bootstrap/error";
import { stateBucketOrRefuse, runBootstrap } from "./bootstrap/run";
import { EXIT_CODES } from "./command/exit-codes";
import { processLines, processOutput, runCommand } from "./command/run-command";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseBootstrapArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const { environment, dryRun } = parsed.arguments;
  try {
    const config = loadConfig(environment === undefined ? {} : { environment });
    const port = await connectToS3(stateBucketOrRefuse(config).region);
    return await runBootstrap({ config, port, dryRun, print: processLines.out });
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof BootstrapError)) throw error;
    processLines.out(error instanceof BootstrapError ? `refused: ${error.message}` : error.message);
    return EXIT_CODES.bootstrap.refused.code;
  }
}

// A call to AWS that timed out may still be open, and must not keep the process alive.
runCommand({ name: "bootstrap", faultExitCode: EXIT_CODES.bootstrap.failed.code, exitWhenDone: true, main });
