import { ConfigError, loadConfig } from "../stacks/config";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { runProgram, type RunProgram } from "./command/run-program";
import { stateBucketOf } from "./command/state-bucket";
import { connectToStateBucket } from "./command/state-bucket-aws";
import { synthesizeStacks } from "./command/synthesis";
import { applyStack } from "./deploy/apply";
import { parseDeployArguments } from "./deploy/arguments";
import { collectFacts } from "./deploy/facts";
import { runDeploy } from "./deploy/run";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseDeployArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;
  const interruption = new AbortController();
  const terminated = new AbortController();
  onEndSignal((signal) => {
    interruption.abort(EXIT_CODES.deploy[signal].code);
    // The terminal sends Ctrl-C to Terraform too, and a second SIGINT would make it abort without saving its work.
    if (signal !== "SIGINT") terminated.abort();
  });
  // The checks and the synthesis end with the first signal.
  const run: RunProgram = (program) => runProgram({ ...program, signal: interruption.signal });
  const root = process.cwd();
  try {
    const config = loadConfig(args.environment === undefined ? {} : { environment: args.environment });
    const { environment, account } = config;
    const variables = { ...process.env, ENVIRONMENT: environment };
    const stateBucket = stateBucketOf(config);
    return await runDeploy(args, {
      target: { environment, ...(account !== undefined && { account }) },
      synthesize: () => synthesizeStacks({ environment, root, run, variables }),
      collectFacts: (stacks) =>
        collectFacts({
          stacks,
          root,
          run,
          variables,
          connect: () => connectToStateBucket(stateBucket?.region ?? config.region),
          ...(stateBucket && { stateBucket }),
        }),
      apply: (stack) =>
        applyStack(stack, {
          root,
          variables,
          autoApprove: args.autoApprove,
          write: processOutput.out,
          signal: terminated.signal,
        }),
      print: processLines.out,
      isTerminal: process.stdin.isTTY && process.stdout.isTTY,
      interruption: interruption.signal,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    processLines.out(`refused: ${error.message}`);
    return EXIT_CODES.deploy.refused.code;
  }
}

runCommand({ name: "deploy", faultExitCode: EXIT_CODES.deploy.failed.code, main });
