import { Option } from "commander";
import { newCommand, parseCommandLine, UsageError, type Parsed, type ParserOutput } from "../command/command-line";
import { number, share, text } from "../command/options";
import { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "../../stacks/config";
import type { FromLive } from "./live/from-live";
import type { RuntimeName } from "../cloud/tasks/part";
import { cloudOptions, secretsOf, type CloudOptions } from "./cloud-options";
import { FAULTS, type FaultName } from "../cloud/faults";
import { DEFAULT_RATES, FAULT_PLAYERS, type FaultPlayer } from "./faults";

/** Simulated seconds in one wall second. */
const DEFAULT_SPEED = 25;
/** Requests per real second at the default speed, at most: above them, few machines keep up. */
const MAX_WALL_RPS = 1_500;
/** `broken-start` waits an hour for tasks that never come: a faster clock, and fewer requests in each second of it. */
const BROKEN_START_SPEED = 60;
const DEFAULT_RPS = 8;
const BROKEN_START_RPS = 2;
const DEFAULT_SEED = 1;

/** What the command line of `npm run rehearse` asks for. */
export interface RehearseArguments {
  readonly fault: FaultName | undefined;
  /** Who plays the fault; undefined: as configured. */
  readonly faultsBy: FaultPlayer | undefined;
  /** Fraction of bad responses, 0 to 1; undefined: the fault's own. */
  readonly rate: number | undefined;
  /** Share of the requests that either version fails beside its faults, 0 to below 1. */
  readonly background: number;
  /** Share of the requests that version 1 fails, above 0 to 1; undefined: none. */
  readonly liveFault: number | undefined;
  /** Seed of the random numbers that choose the requests, and those that faults affect. */
  readonly seed: number;
  /** Requests per simulated second. */
  readonly rps: number;
  /** Simulated seconds in one wall second. */
  readonly speed: number;
  /** Undefined: as configured. */
  readonly strategy: PredefinedStrategy | undefined;
  /** The probe after test traffic; undefined: as configured. */
  readonly hook: boolean | undefined;
  /** How tasks run. */
  readonly runtime: RuntimeName;
  /** Local values of the task definition's secrets, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
  /** A template file to play in place of the stacks. */
  readonly template: string | undefined;
  /** Reads the live service and plays it; undefined: no. */
  readonly fromLive: FromLive | undefined;
  /** Folder that report.json is written to. */
  readonly report: string | undefined;
  /** Write the report, and nothing else, to standard output. */
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What commander returns. */
type Given = Partial<Omit<RehearseArguments, "template" | "fromLive">> &
  CloudOptions & { readonly fromLive: boolean; readonly templateOut?: string; readonly withValues: boolean };

const NOTE = `With --fault, the hook after test traffic is left out: it would stop most bad versions before any traffic, and the
alarms are to show that they catch them. --fault error --hook shows the hook stop one.

The local cloud plays --background and --live-fault, whoever plays --fault. The verdict knows these failures, and
takes none of them for the new version's.`;

/** Reads the command line of `npm run rehearse` (without node and script). */
export function parseRehearseArguments(argv: readonly string[], output: ParserOutput): Parsed<RehearseArguments> {
  const command = newCommand(
    "rehearse",
    "Rehearse a release on this machine: the synthesized stacks, real traffic, the real release command.",
    NOTE,
  )
    .addOption(new Option("--fault <fault>", "what is wrong with the new version").choices(FAULTS))
    .addOption(
      new Option(
        "--faults-by <who>",
        "who plays the fault: the local cloud, or the service by its variable SIMULATE (default: as configured)",
      ).choices(FAULT_PLAYERS),
    )
    .option(
      "--rate <fraction>",
      "fraction of bad responses (default: 0.5 for error, 1 for slow and crash)",
      number({ above: 0, to: 1 }),
    )
    .option(
      "--background <share>",
      "both versions fail this share of their requests, e.g. 0.001 or 0.1% (default: 0)",
      share({ below: 1 }),
    )
    .option(
      "--live-fault <share>",
      "version 1 fails this share of its requests; without --fault, the new version corrects it",
      share({ above: 0 }),
    )
    .option(
      "--seed <number>",
      `of the random numbers that choose the requests, and those that fail (default: ${DEFAULT_SEED})`,
      number({ whole: true, from: 0, to: 2 ** 31 - 1 }),
    )
    .option("--rps <number>", `requests per simulated second (default: ${DEFAULT_RPS})`, number({ above: 0, to: 1000 }))
    .option(
      "--speed <factor>",
      `simulated seconds in one real second (default: ${DEFAULT_SPEED}, less with more than ${MAX_WALL_RPS / DEFAULT_SPEED} rps)`,
      number({ above: 0, to: 1000 }),
    )
    .addOption(
      new Option("--strategy <name>", "how traffic moves (default: as configured)").choices(
        Object.keys(PREDEFINED_STRATEGIES),
      ),
    )
    .option("--hook", "probe the new version after test traffic (default: as configured, but not with --fault)")
    .option("--no-hook", "leave that out")
    .option("--from-live", "read the live service from AWS, write it as a template file, and play it", false)
    .option(
      "--template-out <file>",
      "the template file of --from-live (default: rehearsal/live-<environment>.json)",
      text,
    )
    .option("--with-values", "also write the values of its tasks' variables, which may be secret", false)
    .option("--report <folder>", "write report.json there; another rehearsal can't do that at the same time", text)
    .option("--json", "write the report as JSON to standard output, everything else to standard error", false);
  for (const option of cloudOptions()) command.addOption(option);
  return parseCommandLine(command, argv, output, () => {
    const given = command.opts<Given>();
    const { fault, rate } = given;
    checkSource(given);
    const isPlayedFromFile = given.fromLive || given.template !== undefined;
    if (rate !== undefined && (fault === undefined || DEFAULT_RATES[fault] === undefined)) {
      const faults = Object.keys(DEFAULT_RATES).join(", ");
      throw new UsageError(
        `option '--rate' has no meaning ${fault ? `with --fault ${fault}` : "without --fault"}; it goes with --fault ${faults}`,
      );
    }
    if (given.faultsBy !== undefined && fault === undefined) {
      throw new UsageError("option '--faults-by' has no meaning without --fault");
    }
    const broken = fault === "broken-start";
    const rps = given.rps ?? (broken ? BROKEN_START_RPS : DEFAULT_RPS);
    const speed = Math.min(broken ? BROKEN_START_SPEED : DEFAULT_SPEED, MAX_WALL_RPS / rps);
    return {
      fault,
      faultsBy: given.faultsBy,
      rate,
      background: given.background ?? 0,
      liveFault: given.liveFault,
      seed: given.seed ?? DEFAULT_SEED,
      rps,
      speed: given.speed ?? speed,
      strategy: given.strategy,
      hook: given.hook ?? (fault === undefined && !isPlayedFromFile ? undefined : false),
      runtime: given.runtime,
      secrets: secretsOf(given),
      template: given.template,
      fromLive: given.fromLive ? { templateOut: given.templateOut, withValues: given.withValues } : undefined,
      report: given.report,
      json: given.json ?? false,
      verbose: given.verbose,
    };
  });
}

/** @throws UsageError for options about a template file that contradict each other */
function checkSource({ fromLive, template, templateOut, withValues, strategy, hook }: Given): void {
  if (fromLive && template !== undefined)
    throw new UsageError("options '--from-live' and '--template' exclude each other: either reads the template");
  for (const [option, isGiven] of [
    ["--template-out", templateOut !== undefined],
    ["--with-values", withValues],
  ] as const) {
    if (isGiven && !fromLive) throw new UsageError(`option '${option}' goes with --from-live only`);
  }
  if (!fromLive && template === undefined) return;
  const source = fromLive ? "--from-live" : "--template";
  if (strategy !== undefined)
    throw new UsageError(
      `option '--strategy' has no meaning with ${source}: deploymentGroup.deploymentConfigName of the template file says how traffic moves`,
    );
  if (hook === true) throw new UsageError(`option '--hook' has no meaning with ${source}: hooks are not played`);
}
