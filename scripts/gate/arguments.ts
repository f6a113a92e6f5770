import { Option } from "commander";
import { newCommand, parseCommandLine, UsageError, type Parsed, type ParserOutput } from "../command/command-line";
import { number, share, text } from "../command/options";
import type { CloudSettings } from "../cloud/settings";
import { WATCHED_ALARMS, type WatchedAlarms } from "./gates";
import { CALIBRATION_CELLS, type CalibrationCell, isPlayed } from "./calibration-cells";
import type { Latency } from "./latency";
import type { FaultModel } from "./models/fault";
import { FAULT_MODELS, type FaultName } from "./models/faults";
import {
  DEFAULT_LATENCY,
  FAULT_NAMES,
  faultName,
  latency,
  list,
  MOST_SECONDS,
  severity,
  startWindow,
  timeZone,
} from "./option-values";
import { PICTURED_FAULT, PICTURES } from "./report/pictures";
import { HISTORY_PROFILE, MOST_RPS, NAMED_PROFILES, type StartWindow } from "./traffic-profile";

/** Requests per second of the default table. */
export const DEFAULT_RPS = [1, 5, 20, 100, 1000];
const DEFAULT_SEED = 1;
/** Share of good releases that a recommended gate may stop. */
const DEFAULT_STOPPED = 0.001;
/** Rehearsals of each cell of a calibration. */
const DEFAULT_REHEARSALS = 10;
/** Requests per second of a calibration, at most. */
const MOST_REHEARSED_RPS = 300;

/** What the command line of `npm run gate` asks for. */
export interface GateArguments {
  readonly environment: string | undefined;
  /** Requests per second of the whole service; undefined: those of the history, else the usual ones. */
  readonly rps: readonly number[] | undefined;
  /** Share of the requests that fails anyway; undefined: that of the history, else what the gate takes as normal. */
  readonly normalBad: number | undefined;
  /** Undefined: that of the history, else a usual one. */
  readonly latency: Latency | undefined;
  /** How the traffic changes: the name of a profile, or a file; undefined: it does not. */
  readonly profile: string | undefined;
  /** When releases begin to shift traffic; undefined: at any time. */
  readonly start: StartWindow | undefined;
  readonly faults: readonly FaultName[];
  /** Severities in place of the faults' own. */
  readonly severities: readonly number[] | undefined;
  readonly compare: readonly string[];
  /** A template file whose alarms are judged as a gate; undefined: none. */
  readonly template: string | undefined;
  readonly watched: WatchedAlarms;
  readonly slidingWindowEndsAt: CloudSettings["slidingWindowEndsAt"];
  /** Releases of each cell; undefined: as many as the precision needs. */
  readonly runs: number | undefined;
  readonly seed: number;
  /** Search the settings for a goal; undefined: no. */
  readonly recommend: RecommendArguments | undefined;
  /** Rehearse releases as well, and compare; undefined: no. */
  readonly calibrate: CalibrationArguments | undefined;
  readonly json: boolean;
  /** File of the page with charts. */
  readonly html: string | undefined;
  /** Folder of the pictures. */
  readonly svg: string | undefined;
  /** Where the traffic of the past comes from; undefined: there is none. */
  readonly history: HistorySubject | undefined;
  /** Time zone of hours and days. */
  readonly timeZone: string;
  /** Only print the calls of the AWS CLI that read the traffic of the past. */
  readonly awsCli: boolean;
}

/** A goal for which settings are searched. What is undefined is the configuration's. */
export interface RecommendArguments {
  /** Share of the requests that fail. */
  readonly badShare: number | undefined;
  readonly probability: number | undefined;
  /** Share of good releases that may be stopped. */
  readonly falseStops: number;
}

/** What is rehearsed to check the simulation. */
export interface CalibrationArguments {
  readonly cells: readonly CalibrationCell[];
  /** Rehearsals of each cell. */
  readonly runs: number;
}

/** Where the traffic of the past comes from: from AWS, with a file that gets it as well; or from a file. */
export type HistorySubject =
  { readonly kind: "live"; readonly save: string | undefined } | { readonly kind: "file"; readonly file: string };

/** What commander returns: an option that wasn't given is absent. */
interface Given {
  readonly environment?: string;
  readonly rps?: readonly number[];
  readonly normalBad?: number;
  readonly latency?: Latency;
  readonly profile?: string;
  readonly start?: StartWindow;
  readonly fault?: readonly FaultName[];
  readonly severity?: readonly number[];
  readonly compare?: readonly string[];
  readonly template?: string;
  readonly alarms: WatchedAlarms;
  readonly slidingWindowEndsAt: CloudSettings["slidingWindowEndsAt"];
  readonly runs?: number;
  readonly seed?: number;
  readonly recommend: boolean;
  readonly catch?: number;
  readonly probability?: number;
  readonly stopped?: number;
  readonly calibrate: boolean;
  readonly json: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly live?: boolean;
  readonly from?: string;
  readonly save?: string;
  readonly timeZone?: string;
  readonly awsCli?: boolean;
}

const NOTE = `Faults and what their severity is:
${FAULT_NAMES.map((name) => `  ${name.padEnd(17)} ${FAULT_MODELS[name].description}`).join("\n")}

Lists are separated by commas: --rps 1,20. The same seed gives the same figures.`;

/** Reads the command line of `npm run gate` (without node and script). */
export function parseGateArguments(argv: readonly string[], output: ParserOutput): Parsed<GateArguments> {
  const command = newCommand(
    "gate",
    "Say what the gate of the synthesized stacks catches, by simulating releases with the alarms of the local cloud.",
    NOTE,
  )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", text)
    .option(
      "--rps <numbers>",
      `requests per second of the whole service (default: ${DEFAULT_RPS.join(",")})`,
      list(number({ above: 0, to: MOST_RPS })),
    )
    .option(
      "--normal-bad <share>",
      "share of the requests that fails anyway (default: what the gate takes as normal)",
      share({ to: 0.5 }),
    )
    .option(
      "--latency <seconds>",
      "median of the response times, and after a colon what 1 % exceed " +
        `(default: ${DEFAULT_LATENCY.median}:${DEFAULT_LATENCY.p99})`,
      latency,
    )
    .option(
      "--profile <file>",
      "how the traffic changes over the day or week: a JSON list of requests per second, of 24 hours of a day or 168 of a " +
        `week from Monday (or the minutes); or ${NAMED_PROFILES.join(", ")}; with --live or --from also ` +
        `${HISTORY_PROFILE}. --rps is then the mean (default: the file's)`,
      text,
    )
    .option(
      "--start <times>",
      "with --profile: releases begin to shift traffic at these times of the day only, e.g. 09:00-17:00",
      startWindow,
    )
    .option("--fault <names>", "only these faults (default: all)", list(faultName))
    .option("--severity <numbers>", "only these severities; goes with --fault", list(severity))
    .option(
      "--compare <gates>",
      "compare presets (article, balanced, strict), and JSON files with settings of the environment",
      list(text),
    )
    .option(
      "--template <file>",
      "judge the alarms that a service has, as npm run rehearse -- --from-live has written them; beside the gates of " +
        "--compare. With --live, the alarms of a service in `existing` are read without it",
      text,
    )
    .addOption(
      new Option("--alarms <which>", "the alarms that a release watches: those about the new version, or all")
        .choices(WATCHED_ALARMS)
        .default("new"),
    )
    .addOption(
      new Option(
        "--sliding-window-ends-at <time>",
        "where an alarm's sliding window ends, which AWS doesn't document: at the newest published minute, or now",
      )
        .choices(["published", "now"])
        .default("published"),
    )
    .option(
      "--runs <number>",
      "releases of each figure (default: as many as its precision needs)",
      number({ whole: true, from: 1, to: 1_000_000 }),
    )
    .option(
      "--seed <number>",
      `of the random numbers (default: ${DEFAULT_SEED})`,
      number({ whole: true, from: 0, to: 2 ** 31 - 1 }),
    )
    .option(
      "--recommend",
      "also search the gate and the canary for a goal, with the least exposure of users to a fault, and print what to " +
        "configure; takes one number of --rps (default: the goal's of the configuration; with --live or --from the " +
        "median hour's)",
      false,
    )
    .option(
      "--catch <share>",
      "with --recommend: errors that are to be caught before the last shift (default: the goal's, else 5%)",
      share({ above: 0 }),
    )
    .option(
      "--probability <share>",
      "with --recommend: the probability of that (default: the goal's, else 95%)",
      share({ above: 0, below: 1 }),
    )
    .option(
      "--stopped <share>",
      "with --recommend: good releases that may be stopped (default: 0.1%)",
      share({ above: 0, below: 1 }),
    )
    .option(
      "--calibrate",
      "rehearse releases in real HTTP as well, and say whether they agree with the simulation; takes minutes " +
        `(--runs: rehearsals of each figure, default: ${DEFAULT_REHEARSALS})`,
      false,
    )
    .option("--json", "print the figures as JSON (scripts/gate/gate.schema.json)", false)
    .option("--html <file>", "also write the figures as a page with charts, which needs no other file", text)
    .option("--svg <folder>", `also draw ${PICTURES.join(", ")} of the fault ${PICTURED_FAULT}`, text)
    .option("--live", "judge every minute of the last 14 days, as CloudWatch has them of the service's load balancer")
    .option("--save <file>", "with --live: also write what was read to a file, for --from", text)
    .option("--from <file>", "as --live, but of a file: what --save has written, or an answer of get-metric-data", text)
    .option("--aws-cli", "only print the calls of the AWS CLI that read what --live reads")
    .option("--time-zone <name>", "of hours and days, e.g. Europe/Berlin (default: UTC)", timeZone);
  return parseCommandLine(command, argv, output, () => {
    const given = command.opts<Given>();
    const { fault: faults = FAULT_NAMES, severity: severities } = given;
    checkSeverities(given.fault, severities);
    if (given.calibrate && (given.html !== undefined || given.svg !== undefined)) {
      throw new UsageError("option '--calibrate' prints a table of its own: it doesn't go with --html and --svg");
    }
    if (given.svg !== undefined && !faults.includes(PICTURED_FAULT))
      throw new UsageError(`option '--svg' draws the fault ${PICTURED_FAULT}: name it in --fault as well`);
    if (given.template !== undefined && (given.calibrate || given.awsCli))
      throw new UsageError("option '--template' doesn't go with --calibrate and --aws-cli");
    checkProfile(given);
    const recommend = recommendationOf(given);
    return {
      environment: given.environment,
      rps: given.rps,
      normalBad: given.normalBad,
      latency: given.latency,
      profile: given.profile,
      start: given.start,
      faults,
      severities,
      compare: given.compare ?? [],
      template: given.template,
      watched: given.alarms,
      slidingWindowEndsAt: given.slidingWindowEndsAt,
      runs: given.runs,
      seed: given.seed ?? DEFAULT_SEED,
      recommend,
      calibrate: given.calibrate ? calibrationOf(given) : undefined,
      json: given.json,
      html: given.html,
      svg: given.svg,
      history: historySubject(given),
      timeZone: given.timeZone ?? "UTC",
      awsCli: given.awsCli ?? false,
    };
  });
}

/**
 * The cells of a calibration: the usual ones, or those of the given faults, severities and traffic.
 * @throws UsageError for a fault that can't be rehearsed, or too much traffic
 */
function calibrationOf({ fault, severity, rps, runs = DEFAULT_REHEARSALS }: Given): CalibrationArguments {
  if (fault === undefined && rps === undefined) return { cells: CALIBRATION_CELLS, runs };
  const tooMuch = rps?.find((requests) => requests > MOST_REHEARSED_RPS);
  if (tooMuch !== undefined) {
    throw new UsageError(
      `option '--rps': ${tooMuch} is too much for --calibrate, which sends every request; it takes at most ${MOST_REHEARSED_RPS}`,
    );
  }
  if (fault === undefined) {
    const usual = [...new Map(CALIBRATION_CELLS.map((cell) => [`${cell.fault} ${cell.severity}`, cell])).values()];
    return { cells: (rps ?? []).flatMap((requests) => usual.map((cell) => ({ ...cell, rps: requests }))), runs };
  }
  const cells = fault.flatMap((name) => {
    const { severities }: FaultModel = FAULT_MODELS[name];
    return (severity ?? severities).flatMap((one) =>
      (rps ?? [1]).map((requests): CalibrationCell => ({ fault: name, severity: one, rps: requests })),
    );
  });
  const unplayed = cells.find((cell) => !isPlayed(cell));
  if (unplayed) {
    throw new UsageError(
      `the local cloud does not play --fault ${unplayed.fault} with the severity ${unplayed.severity}`,
    );
  }
  return { cells, runs };
}

/** @throws UsageError for options that don't go together, and more than one traffic */
function recommendationOf(given: Given): RecommendArguments | undefined {
  const { recommend, catch: badShare, probability, stopped } = given;
  if (!recommend) {
    const alone = Object.entries({ catch: badShare, probability, stopped }).find(([, value]) => value !== undefined);
    if (alone) throw new UsageError(`option '--${alone[0]}' goes with --recommend`);
    return undefined;
  }
  if (given.calibrate || given.awsCli)
    throw new UsageError("option '--recommend' doesn't go with --calibrate and --aws-cli");
  if (given.rps && given.rps.length > 1)
    throw new UsageError("option '--recommend' is for one traffic: give --rps one number");
  return { badShare, probability, falseStops: stopped ?? DEFAULT_STOPPED };
}

/** @throws UsageError for options that don't go together */
function checkProfile({ profile, start, recommend, calibrate, awsCli, live, from }: Given): void {
  if (profile === undefined) {
    if (start)
      throw new UsageError("option '--start' goes with --profile: without it, all times have the same traffic");
    return;
  }
  if (recommend || calibrate || awsCli)
    throw new UsageError("option '--profile' doesn't go with --recommend, --calibrate and --aws-cli");
  if (profile === HISTORY_PROFILE && !live && from === undefined)
    throw new UsageError(`option '--profile ${HISTORY_PROFILE}' is the traffic of --live or --from: give one of them`);
}

/** @throws UsageError for options that don't go together */
function historySubject({
  live,
  from,
  save,
  timeZone: zone,
  awsCli,
  calibrate,
  json,
  html,
  svg,
}: Given): HistorySubject | undefined {
  if (live && from !== undefined)
    throw new UsageError("option '--live' reads AWS and '--from' a file; give one of them");
  if (save !== undefined && !live) throw new UsageError("option '--save' goes with --live");
  if (calibrate && (awsCli || live || from !== undefined)) {
    throw new UsageError("option '--calibrate' doesn't go with --live, --from and --aws-cli");
  }
  if (awsCli && (live || from !== undefined || json || html !== undefined || svg !== undefined)) {
    throw new UsageError(
      "option '--aws-cli' only prints calls; it doesn't go with --live, --from, --json, --html and --svg",
    );
  }
  if (zone !== undefined && !live && from === undefined) {
    throw new UsageError("option '--time-zone' goes with --live or --from");
  }
  if (live) return { kind: "live", save };
  return from === undefined ? undefined : { kind: "file", file: from };
}

/** @throws UsageError for severities that the faults can't have */
function checkSeverities(faults: readonly FaultName[] | undefined, severities: readonly number[] | undefined): void {
  if (!severities) return;
  if (!faults)
    throw new UsageError("option '--severity' goes with --fault: a severity means something else for each fault");
  for (const fault of faults) {
    const { unit }: FaultModel = FAULT_MODELS[fault];
    const most = unit === "share" ? 1 : MOST_SECONDS;
    const tooLarge = severities.find((severity) => severity > most);
    if (tooLarge === undefined) continue;
    throw new UsageError(
      `option '--severity': ${tooLarge} is too large for --fault ${fault}, ` +
        (unit === "share"
          ? "which takes a share above 0 and at most 1"
          : `which takes seconds, at most ${MOST_SECONDS}`),
    );
  }
}
