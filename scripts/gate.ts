import path from "node:path";
import { type Config, ConfigError, loadConfig } from "../stacks/config";
import { DEFAULT_SETTINGS } from "./cloud/settings";
import { TemplateError } from "./cloud/loader/error";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand, writeResult } from "./command/run-command";
import { runProgram } from "./command/run-program";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { isInteractive } from "./command/terminal";
import { type CalibrationArguments, type GateArguments, parseGateArguments } from "./gate/arguments";
import { agree, calibrate, calibrationTable } from "./gate/calibrate";
import { performInThreads } from "./gate/pool";
import { OutputFileError } from "./gate/report/output-file";
import { factsOf } from "./gate/report/facts";
import { openReportFiles, type ReportFiles } from "./gate/report/files";
import { simulateGates } from "./gate/run";
import { tableOf } from "./gate/report/table";
import { gatesOf, type NamedTemplate, SubjectError, templatesOf } from "./gate/subjects";

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
    const source = { root, environment, compare, run: runProgram, variables: process.env, signal };
    if (args.calibrate) {
      const subjects = await templatesOf(source);
      return await calibrateGates(subjects, args, args.calibrate, gate, signal, progress);
    }
    const gates = await gatesOf(source);
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

/** Rehearses releases of each gate, and compares them with its simulation. */
async function calibrateGates(
  subjects: readonly NamedTemplate[],
  args: GateArguments,
  { cells, runs }: CalibrationArguments,
  { normalBadShare, slowSeconds }: Pick<Config["gate"], "normalBadShare" | "slowSeconds">,
  signal: AbortSignal,
  progress: ReturnType<typeof progressLine>,
): Promise<number> {
  const calibrations = [];
  for (const { name, template } of subjects) {
    const calibrated = await calibrate({
      name,
      template,
      cells,
      runs,
      watched: args.watched,
      normalBad: args.normalBad ?? normalBadShare,
      slowSeconds,
      latency: args.latency,
      seed: args.seed,
      settings: { ...DEFAULT_SETTINGS, slidingWindowEndsAt: args.slidingWindowEndsAt },
      signal,
      onRehearsed: (done, all) => progress.show(`rehearsing ${name}: ${done} of ${all} releases`),
    });
    calibrations.push({ name, cells: calibrated });
  }
  progress.end();
  const tables = calibrations.map((one) => calibrationTable(one.name, one.cells));
  await writeResult(args.json ? `${JSON.stringify({ calibrations }, null, 2)}\n` : `${tables.join("\n\n")}\n`);
  const agrees = calibrations.every((one) => one.cells.every(agree));
  return agrees ? EXIT_CODES.gate.done.code : EXIT_CODES.gate.disagrees.code;
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
