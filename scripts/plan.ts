import { ConfigError, loadConfig } from "../stacks/config";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand, writeResult } from "./command/run-command";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { parsePlanArguments, type PlanArguments } from "./plan/arguments";
import { planEnvironment } from "./plan/environment";
import { checkOutputFile, OutputFileError, writeOutputFile } from "./command/output-file";
import { jsonOf } from "./plan/render/json";
import { markdownOf } from "./plan/render/markdown";
import { exitCodeOf, isBlocked, blockingReasons, type Review } from "./plan/review";
import { textWithoutSecrets } from "./plan/secrets";
import { TerraformMissingError } from "./plan/terraform";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parsePlanArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;

  try {
    if (args.out !== undefined) checkOutputFile("--out", args.out);
    if (args.json !== undefined) checkOutputFile("--json", args.json);
  } catch (error) {
    if (!(error instanceof OutputFileError)) throw error;
    processLines.err(`plan: ${error.message}`);
    return EXIT_CODES.plan.usage.code;
  }
  const interruption = new AbortController();
  onEndSignal((signal) => interruption.abort(EXIT_CODES.plan[signal].code));
  try {
    const review = await plan(args, interruption.signal);
    const text = markdownOf(review, args, args.limit);
    if (args.out === undefined) await writeResult(text);
    else writeOutputFile("--out", args.out, text);
    if (args.json !== undefined) {
      writeOutputFile("--json", args.json, `${JSON.stringify(jsonOf(review, args), null, 2)}\n`);
    }
    if (isBlocked(review, args)) {
      processLines.err(
        `plan: blocked by --fail-on danger: ${blockingReasons(review).join("; ")}. To accept it, add --allow-danger`,
      );
    }
    return exitCodeOf(review, args);
  } catch (error) {
    if (interruption.signal.aborted) return Number(interruption.signal.reason);
    const foreseen = [ConfigError, OutputFileError, StacksError, TerraformMissingError, TemporaryFolderError].some(
      (kind) => error instanceof kind,
    );
    if (!foreseen) throw error;
    processLines.err(`plan: ${textWithoutSecrets((error as Error).message)}`);
    return EXIT_CODES.plan.failed.code;
  }
}

function plan(args: PlanArguments, signal: AbortSignal): Promise<Review> {
  const config = loadConfig(args.environment === undefined ? {} : { environment: args.environment });
  return planEnvironment({
    ...args,
    environment: config.environment,
    root: process.cwd(),
    testPort: config.loadBalancer.testPort,
    signal,
    onProgress: processLines.err,
  });
}

runCommand({ name: "plan", faultExitCode: EXIT_CODES.plan.failed.code, main });
