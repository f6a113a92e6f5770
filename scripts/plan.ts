import { writeFileSync } from "node:fs";
import { ConfigError, loadConfig } from "../stacks/config";
import { parseArguments, type Arguments } from "./plan/arguments";
import { planEnvironment } from "./plan/environment";
import { jsonOf } from "./plan/render/json";
import { markdownOf } from "./plan/render/markdown";
import { exitCodeOf, isBlocked, blockingReasons, type Review } from "./plan/review";
import { textWithoutSecrets } from "./plan/secrets";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { TerraformMissingError } from "./plan/terraform";

const { stdout, stderr } = process;
/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs the command and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;

  const interruption = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => interruption.abort(code));
  try {
    const review = await plan(args, interruption.signal);
    const text = markdownOf(review, args, args.limit);
    if (args.out === undefined) stdout.write(text);
    else writeFileSync(args.out, text);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(jsonOf(review, args), null, 2)}\n`);
    if (isBlocked(review, args)) {
      stderr.write(
        `plan: ${blockingReasons(review).join("; ")}: --fail-on danger lets it not pass, --allow-danger would\n`,
      );
    }
    return exitCodeOf(review, args);
  } catch (error) {
    if (interruption.signal.aborted) return Number(interruption.signal.reason);
    const foreseen = [ConfigError, StacksError, TerraformMissingError, TemporaryFolderError].some(
      (kind) => error instanceof kind,
    );
    if (!foreseen) throw error;
    stderr.write(`plan: ${textWithoutSecrets((error as Error).message)}\n`);
    return 1;
  }
}

function plan(args: Arguments, signal: AbortSignal): Promise<Review> {
  const config = loadConfig(args.environment === undefined ? {} : { environment: args.environment });
  return planEnvironment({
    ...args,
    environment: config.environment,
    root: process.cwd(),
    testPort: config.loadBalancer.testPort,
    signal,
    onProgress: (text) => stderr.write(`${text}\n`),
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    stderr.write(`plan: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
