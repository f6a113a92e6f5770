import { ConfigError, loadConfig } from "../stacks/config";
import { runProgram } from "./command/run-program";
import { stateBucketOf } from "./command/state-bucket";
import { connectToStateBucket } from "./command/state-bucket-aws";
import { synthesizeStacks } from "./command/synthesis";
import { applyStack } from "./deploy/apply";
import { parseDeployArguments } from "./deploy/arguments";
import { DEPLOY_EXIT_CODES } from "./deploy/exit-codes";
import { lookAround } from "./deploy/facts";
import { runDeploy } from "./deploy/run";

const { stdout, stderr, stdin } = process;

/** Runs the command and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseDeployArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;
  // 128 and the signal's number, as shells have it.
  const interruption = new AbortController();
  const terminated = new AbortController();
  process.on("SIGINT", () => interruption.abort(130));
  process.on("SIGTERM", () => {
    interruption.abort(143);
    terminated.abort();
  });
  const root = process.cwd();
  try {
    const config = loadConfig(args.environment === undefined ? {} : { environment: args.environment });
    const { environment, account } = config;
    const variables = { ...process.env, ENVIRONMENT: environment };
    const stateBucket = stateBucketOf(config);
    return await runDeploy(args, {
      target: { environment, ...(account !== undefined && { account }) },
      synthesize: () => synthesizeStacks({ environment, root, run: runProgram, variables }),
      look: (stacks) =>
        lookAround({
          stacks,
          root,
          run: runProgram,
          variables,
          connect: () => connectToStateBucket(stateBucket?.region ?? config.region),
          ...(stateBucket && { stateBucket }),
        }),
      apply: (stack) =>
        applyStack(stack, {
          root,
          variables,
          autoApprove: args.autoApprove,
          write: (text) => stdout.write(text),
          signal: terminated.signal,
        }),
      say: (line) => void stdout.write(`${line}\n`),
      isTerminal: stdin.isTTY && stdout.isTTY,
      interruption: interruption.signal,
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(`refused: ${error.message}\n`);
    return DEPLOY_EXIT_CODES.refused;
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    stderr.write(`deploy: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = DEPLOY_EXIT_CODES.failed;
  },
);
