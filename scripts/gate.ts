import path from "node:path";
import { type Config, ConfigError, loadConfig } from "../stacks/config";
import { gateWarnings } from "../stacks/config/gate-checks";
import { TemplateError } from "./cloud/loader/error";
import { type CloudSettings, DEFAULT_SETTINGS } from "./cloud/settings";
import { EXIT_CODES } from "./command/exit-codes";
import { onEndSignal } from "./command/interruption";
import { processLines, processOutput, runCommand, writeResult } from "./command/run-command";
import { runProgram } from "./command/run-program";
import { StacksError } from "./command/synthesized-stacks";
import { TemporaryFolderError } from "./command/temporary-folder";
import { isInteractive } from "./command/terminal";
import {
  type CalibrationArguments,
  DEFAULT_LATENCY,
  DEFAULT_RPS,
  type GateArguments,
  parseGateArguments,
  type RecommendArguments,
} from "./gate/arguments";
import { confirm } from "./gate/confirm";
import { recommend } from "./gate/recommend";
import { recommendationText } from "./gate/report/recommendation";
import type { Recommendation, RecommendationGoal } from "./gate/report/types";
import { agree, calibrate, calibrationTable } from "./gate/calibrate";
import { awsCliCalls } from "./gate/history/aws-cli";
import { HistoryError } from "./gate/history/history";
import type { Latency } from "./gate/latency";
import { historyOf, trafficOf } from "./gate/history/run";
import { openHistory, type OpenedHistory } from "./gate/history/subject";
import { performInThreads } from "./gate/pool";
import { OutputFileError } from "./command/output-file";
import { factsOf } from "./gate/report/facts";
import { openReportFiles, type ReportFiles } from "./gate/report/files";
import { DEFAULT_GOAL, simulateGates } from "./gate/run";
import { tableOf } from "./gate/report/table";
import {
  configWith,
  gatesOf,
  type NamedTemplate,
  SubjectError,
  type SubjectSource,
  templatesOf,
} from "./gate/subjects";

const FORESEEN = [
  ConfigError,
  StacksError,
  TemplateError,
  TemporaryFolderError,
  SubjectError,
  OutputFileError,
  HistoryError,
];
const NOT_ITS_OWN =
  "the traffic is that of the service in `existing`; the gate is the one that these stacks would make, not its own alarms";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseGateArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const args = parsed.arguments;
  const interruption = new AbortController();
  onEndSignal((signal) => interruption.abort(EXIT_CODES.gate[signal].code));
  const { signal } = interruption;
  const progress = progressLine();
  let files: ReportFiles | undefined;
  let opened: OpenedHistory | undefined;
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
    if (args.recommend && !args.rps && !args.history && !config.gate.goal)
      throw new SubjectError("--recommend: --rps must say for which traffic, e.g. --rps 5");
    opened =
      args.history && openHistory(args.history, { config, onProgress: progress.show, signal, now: () => new Date() });
    progress.show("synthesizing the stacks");
    const { compare } = args;
    const settings = { ...DEFAULT_SETTINGS, slidingWindowEndsAt: args.slidingWindowEndsAt };
    const source = { root, environment, compare, run: runProgram, variables: process.env, signal };
    if (args.calibrate) {
      const subjects = await templatesOf(source);
      return await calibrateGates(subjects, args, args.calibrate, config.gate, { settings, signal, progress });
    }
    const gates = await gatesOf(source);
    const history = await opened?.read(config.gate.slowSeconds);
    const past =
      history && historyOf(gates, { ...args, history, settings }, (name) => progress.show(`replaying ${name}`));
    const own = past && trafficOf(past.figures);
    const traffic = {
      rps: args.rps ?? own?.rps ?? DEFAULT_RPS,
      normalBad: args.normalBad ?? own?.normalBad,
      latency: args.latency ?? own?.latency ?? DEFAULT_LATENCY,
    };
    const onProgress = (done: number, all: number) => progress.show(`simulating: ${Math.floor((100 * done) / all)} %`);
    const simulated = await simulateGates(
      gates,
      { ...args, ...traffic },
      config.gate,
      performInThreads,
      onProgress,
      signal,
    );
    progress.end();
    const notices = [...(past && config.existing ? [NOT_ITS_OWN] : []), ...(past?.notices ?? []), ...simulated.notices];
    for (const notice of notices) processLines.err(`gate: ${notice}`);
    const recommendation =
      args.recommend &&
      (await recommendFor(
        source,
        config,
        { ...args, ...traffic, rps: args.rps?.[0] ?? own?.usualRps },
        args.recommend,
        { settings, signal, progress },
      ));
    progress.end();
    const report = {
      ...simulated.report,
      ...(past && { history: past.figures }),
      ...(recommendation && { recommendation }),
    };
    files.write({ report, facts: factsOf({ ...args, ...traffic }, environment), notices });
    const advice = recommendation ? `\n${recommendationText(recommendation, environment)}\n` : "";
    await writeResult(args.json ? `${JSON.stringify(report, null, 2)}\n` : `${tableOf(report)}\n${advice}`);
    return EXIT_CODES.gate.done.code;
  } catch (error) {
    progress.end();
    if (signal.aborted) return Number(signal.reason);
    if (!FORESEEN.some((kind) => error instanceof kind)) throw error;
    processLines.err(`gate: ${(error as Error).message}`);
    return EXIT_CODES.gate.failed.code;
  } finally {
    files?.discard();
    opened?.discard();
  }
}

/** What the parts of the command share. */
interface Tools {
  readonly settings: CloudSettings;
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof progressLine>;
}

/**
 * Searches the settings of the environment that reach a goal.
 * @throws SubjectError for a goal that can't be one; ConfigError when the configuration refuses every
 *   candidate
 */
async function recommendFor(
  source: Omit<SubjectSource, "compare">,
  config: Config,
  args: Pick<GateArguments, "normalBad" | "watched" | "seed"> & {
    readonly rps: number | undefined;
    readonly latency: Latency;
  },
  wanted: RecommendArguments,
  { settings, signal, progress }: Tools,
): Promise<Recommendation> {
  const { goal, normalBadShare, slowSeconds } = config.gate;
  const { badShare, probability, rps } = { ...DEFAULT_GOAL, rps: DEFAULT_RPS[0] ?? 1, ...goal };
  const asked: RecommendationGoal = {
    badShare: wanted.badShare ?? badShare,
    probability: wanted.probability ?? probability,
    falseStops: wanted.falseStops,
    rps: args.rps ?? rps,
  };
  const normalBad = args.normalBad ?? normalBadShare;
  let refusal: ConfigError | undefined;
  progress.show("searching a gate");
  const found = await recommend(asked, { config, normalBad, delays: settings }, async (changes) => {
    try {
      // Synthesis must not warn of a goal that isn't met.
      if (gateWarnings(configWith(source, changes)).some(({ path: [, key] }) => key === "goal")) return undefined;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      refusal = error;
      return undefined;
    }
    progress.show("synthesizing a recommendation");
    const gates = await gatesOf({ ...source, compare: [{ name: "recommended", settings: changes }] });
    const { latency, watched } = args;
    const seed = (args.seed + 1) % 2 ** 31;
    const input = { gates, traffic: { normalBad, latency }, slowSeconds, watched, seed, settings };
    const onDone = () => progress.show("simulating a recommendation");
    return confirm(input, asked, performInThreads, onDone, signal);
  });
  if (!found.found && found.contradicted === 0 && refusal) throw refusal;
  return found;
}

/** Rehearses releases of each gate, and compares them with its simulation. */
async function calibrateGates(
  subjects: readonly NamedTemplate[],
  args: GateArguments,
  { cells, runs }: CalibrationArguments,
  { normalBadShare, slowSeconds }: Pick<Config["gate"], "normalBadShare" | "slowSeconds">,
  { settings, signal, progress }: Tools,
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
      latency: args.latency ?? DEFAULT_LATENCY,
      seed: args.seed,
      settings,
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
