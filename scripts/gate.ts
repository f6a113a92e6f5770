import path from "node:path";
import { ConfigError, loadConfig } from "../stacks/config";
import { TemplateError } from "./cloud/loader/error";
import { DEFAULT_SETTINGS } from "./cloud/settings";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { OutputFileError } from "./command/output-file";
import { processLines, processOutput, runCommand, writeResult } from "./command/run-command";
import { runProgram } from "./command/run-program";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { type GateArguments, parseGateArguments } from "./gate/arguments";
import { calibrateGates } from "./gate/calibrate-gates";
import { awsCliCalls } from "./gate/history/aws-cli";
import { HistoryError } from "./gate/history/history";
import { openHistory, type OpenedHistory } from "./gate/history/subject";
import { judgeGates } from "./gate/judge-gates";
import { openOwnAlarms } from "./gate/own-alarms";
import { performInThreads } from "./gate/pool";
import { type Progress, progressOn } from "./gate/progress";
import { checkTraffic } from "./gate/recommendation";
import { openReportFiles, type ReportFiles } from "./gate/report/files";
import { recommendationText } from "./gate/report/recommendation";
import { tableOf } from "./gate/report/table";
import type { ReportWithHistory } from "./gate/report/types";
import { SubjectError, templatesOf } from "./gate/subjects";
import { HISTORY_PROFILE, ProfileError, readProfile } from "./gate/traffic-profile";
import { LiveReadError, NotPlayable } from "./rehearse/live/reads";
import { TemplateFileError } from "./rehearse/live/template-file";

const FORESEEN = [
  ConfigError,
  StacksError,
  TemplateError,
  TemporaryFolderError,
  SubjectError,
  OutputFileError,
  HistoryError,
  TemplateFileError,
  LiveReadError,
  NotPlayable,
  ProfileError,
];

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseGateArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const interruption = new AbortController();
  onEndSignal((signal) => interruption.abort(EXIT_CODES.gate[signal].code));
  const { signal } = interruption;
  const progress = progressOn(process.stderr, process.env);
  try {
    return await run(parsed.arguments, progress, signal);
  } catch (error) {
    progress.end();
    if (signal.aborted) return Number(signal.reason);
    if (!FORESEEN.some((kind) => error instanceof kind)) throw error;
    processLines.err(`gate: ${(error as Error).message}`);
    return EXIT_CODES.gate.failed.code;
  }
}

/** Does what the command line asks for, and gives the exit code. */
async function run(args: GateArguments, progress: Progress, signal: AbortSignal): Promise<number> {
  let files: ReportFiles | undefined;
  let past: OpenedHistory | undefined;
  try {
    files = openReportFiles(args);
    const root = path.join(__dirname, "..");
    const config = loadConfig({
      directory: root,
      ...(args.environment !== undefined && { environment: args.environment }),
    });
    const { environment } = config;
    if (args.awsCli) {
      await writeResult(`${awsCliCalls(config, config.gate.slowSeconds, new Date())}\n`);
      return EXIT_CODES.gate.done.code;
    }
    checkTraffic(args, config);
    const profile =
      args.profile === undefined || args.profile === HISTORY_PROFILE ? undefined : readProfile(args.profile);
    past =
      args.history && openHistory(args.history, { config, onProgress: progress.show, signal, now: () => new Date() });
    const own = openOwnAlarms(args, { config, onProgress: progress.show, signal });
    const settings = { ...DEFAULT_SETTINGS, slidingWindowEndsAt: args.slidingWindowEndsAt };
    const source = { root, environment, run: runProgram, variables: process.env, signal };
    if (args.calibrate) {
      progress.show("synthesizing the stacks");
      const subjects = await templatesOf({ ...source, compare: args.compare });
      const asked = { ...args, wanted: args.calibrate, expectations: config.gate };
      const { text, report, agrees } = await calibrateGates({ ...asked, subjects, settings, signal, progress });
      progress.end();
      await writeResult(`${args.json ? JSON.stringify(report, null, 2) : text}\n`);
      return agrees ? EXIT_CODES.gate.done.code : EXIT_CODES.gate.disagrees.code;
    }
    const judged = await judgeGates(args, {
      config,
      source,
      past,
      own,
      profile,
      settings,
      perform: performInThreads,
      progress,
    });
    progress.end();
    for (const notice of judged.notices) processLines.err(`gate: ${notice}`);
    files.write(judged);
    const { report } = judged;
    await writeResult(`${args.json ? JSON.stringify(report, null, 2) : reportText(report, environment)}\n`);
    return EXIT_CODES.gate.done.code;
  } finally {
    files?.discard();
    past?.discard();
  }
}

/** The report for people. */
function reportText(report: ReportWithHistory, environment: string): string {
  const { recommendation } = report;
  const table = tableOf(report);
  return recommendation ? `${table}\n\n${recommendationText(recommendation, environment)}` : table;
}

runCommand({ name: "gate", faultExitCode: EXIT_CODES.gate.broken.code, main });
