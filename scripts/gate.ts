import path from "node:path";
import { ConfigError, loadConfig } from "../stacks/config";
import { TemplateError } from "./cloud/loader/error";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand, writeResult } from "./command/run-command";
import { runProgram } from "./command/run-program";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { isInteractive } from "./command/terminal";
import { parseGateArguments } from "./gate/arguments";
import { performInThreads } from "./gate/pool";
import { OutputFileError } from "./gate/report/output-file";
import { factsOf } from "./gate/report/facts";
import { openReportFiles, type ReportFiles } from "./gate/report/files";
import { simulateGates } from "./gate/run";
import { tableOf } from "./gate/report/table";
import { gatesOf, SubjectError } from "./gate/subjects";

const FORESEEN = [ConfigError, StacksError, TemplateError, TemporaryFolderError, SubjectError, OutputFileError];

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseGateArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;
  const interruption = new AbortController();
  onEndSignal((signal) => interruption.abort(EXIT_CODES.gate[signal].code));
  const { signal } = interruption;
  const progress = progressLine();
  let files: ReportFiles | undefined;
  try {
    files = openReportFiles(args);
    const root = path.join(__dirname, "..");
    const { environment, gate } = loadConfig({
      directory: root,
      ...(args.environment !== undefined && { environment: args.environment }),
    });
    progress.show("synthesizing the stacks");
    const { compare } = args;
    const gates = await gatesOf({ root, environment, compare, run: runProgram, variables: process.env, signal });
    const onProgress = (done: number, all: number) => progress.show(`simulating: ${Math.floor((100 * done) / all)} %`);
    const { report, notices } = await simulateGates(gates, args, gate, performInThreads, onProgress, signal);
    progress.end();
    for (const notice of notices) processLines.err(`gate: ${notice}`);
    files.write({ report, facts: factsOf(args, environment), notices });
    await writeResult(args.json ? `${JSON.stringify(report, null, 2)}\n` : `${tableOf(report)}\n`);
    return EXIT_CODES.gate.done.code;
  } catch (error) {
    progress.end();
    if (signal.aborted) return Number(signal.reason);
    if (!FORESEEN.some((kind) => error instanceof kind)) throw error;
    processLines.err(`gate: ${(error as Error).message}`);
    return EXIT_CODES.gate.failed.code;
  } finally {
    files?.discard();
  }
}

/** A line of progress that is written over in a terminal; elsewhere there is none. */
function progressLine(): { readonly show: (text: string) => void; readonly end: () => void } {
  if (!isInteractive(process.stderr.isTTY, process.env)) return { show: () => undefined, end: () => undefined };
  const clear = "\r\u001B[2K";
  return {
    show: (text) => void process.stderr.write(`${clear}gate: ${text}`),
    end: () => void process.stderr.write(clear),
  };
}

runCommand({ name: "gate", faultExitCode: EXIT_CODES.gate.broken.code, main });
