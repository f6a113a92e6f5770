import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { nonEmpty } from "../command/options";
import { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "../../stacks/config";
import { RUNTIMES, type RuntimeName } from "../cloud/tasks/part";
import { ENDINGS, USAGE_EXIT_CODE } from "./exit-codes";
import { DEFAULT_RATES, FAULTS, type FaultName } from "./faults";

/** Simulated seconds in one wall second. */
const DEFAULT_SPEED = 25;
/** `broken-start` waits an hour for tasks that never come: a faster clock, and fewer requests in each second of it. */
const BROKEN_START_SPEED = 60;
const DEFAULT_RPS = 8;
const BROKEN_START_RPS = 2;

/** What `npm run rehearse` was asked for. */
export interface RehearseArguments {
  readonly fault: FaultName | undefined;
  /** Fraction of bad responses, 0 to 1; undefined: the fault's own. */
  readonly rate: number | undefined;
  /** Requests per simulated second. */
  readonly rps: number;
  /** Simulated seconds in one wall second. */
  readonly speed: number;
  /** Undefined: as configured. */
  readonly strategy: PredefinedStrategy | undefined;
  /** The probe after test traffic; undefined: as configured. */
  readonly hook: boolean | undefined;
  /** What tasks are made of. */
  readonly runtime: RuntimeName;
  /** Local values of the task definition's secrets, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Folder that report.json is written to. */
  readonly report: string | undefined;
  /** Write the report, and nothing else, to standard output. */
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What `npm run cloud` was asked for. */
export interface CloudArguments {
  /** Of the AWS endpoint; 0: any free one. */
  readonly port: number;
  readonly speed: number;
  /** Requests per simulated second; 0: none. */
  readonly rps: number;
  /** What tasks are made of. */
  readonly runtime: RuntimeName;
  /** Local values of the task definition's secrets, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly verbose: boolean;
}

/** The command line, or the exit code it ends with at once (help, wrong usage). */
export type Parsed<Arguments> = { readonly arguments: Arguments } | { readonly exitCode: number };

/** Where help and complaints are written. */
export interface ParserOutput {
  out(text: string): void;
  err(text: string): void;
}

/** Characters of the column of exit codes, and of a whole line of the help. */
const CODE_WIDTH = 5;
const HELP_WIDTH = 118;

const REHEARSE_ENDINGS = `
With --fault, the hook after test traffic is left out: it would stop most bad versions before any traffic, and the
alarms are to show that they catch them. --fault error --hook shows the hook stop one.

Exit codes:
${ENDINGS.map(({ code, meaning }) => `  ${String(code).padEnd(CODE_WIDTH)}${wrapped(meaning, CODE_WIDTH + 2)}`).join("\n")}`;

/** Reads the command line of `npm run rehearse` (without node and script). */
export function parseRehearseArguments(argv: readonly string[], output: ParserOutput): Parsed<RehearseArguments> {
  const command = new Command("npm run rehearse")
    .description("Rehearse a release on this machine: the synthesized stacks, real traffic, the real release command.")
    .addOption(new Option("--fault <fault>", "what is wrong with the new version").choices(FAULTS))
    .option("--rate <fraction>", "fraction of bad responses (default: 0.5 for error, 1 for slow and crash)", fraction)
    .option("--rps <number>", `requests per simulated second (default: ${DEFAULT_RPS})`, positive(1000))
    .option("--speed <factor>", `simulated seconds in one real second (default: ${DEFAULT_SPEED})`, positive(1000))
    .addOption(
      new Option("--strategy <name>", "how traffic moves (default: as configured)").choices(
        Object.keys(PREDEFINED_STRATEGIES),
      ),
    )
    .option("--hook", "probe the new version after test traffic (default: as configured, but not with --fault)")
    .option("--no-hook", "leave that out")
    .addOption(runtimeOption())
    .addOption(secretOption())
    .option("--report <folder>", "write report.json there", nonEmpty)
    .option("--json", "write the report as JSON to standard output, everything else to standard error", false)
    .option("--verbose", "also tell what happens in the cloud", false)
    .addHelpText("after", REHEARSE_ENDINGS);
  return parse(command, argv, output, () => {
    const given = command.opts<Partial<RehearseArguments>>();
    const { fault, rate } = given;
    if (rate !== undefined && (fault === undefined || DEFAULT_RATES[fault] === undefined)) {
      const faults = Object.keys(DEFAULT_RATES).join(", ");
      command.error(
        `error: option '--rate' has no meaning ${fault ? `with --fault ${fault}` : "without --fault"}; it goes with --fault ${faults}`,
      );
    }
    const broken = fault === "broken-start";
    return {
      fault,
      rate,
      rps: given.rps ?? (broken ? BROKEN_START_RPS : DEFAULT_RPS),
      speed: given.speed ?? (broken ? BROKEN_START_SPEED : DEFAULT_SPEED),
      strategy: given.strategy,
      hook: given.hook ?? (fault === undefined ? undefined : false),
      runtime: given.runtime ?? "process",
      secrets: secretsOf(command),
      report: given.report,
      json: given.json ?? false,
      verbose: given.verbose ?? false,
    };
  });
}

/** Reads the command line of `npm run cloud` (without node and script). */
export function parseCloudArguments(argv: readonly string[], output: ParserOutput): Parsed<CloudArguments> {
  const command = new Command("npm run cloud")
    .description(
      "Run the local cloud with version 1 serving, for the release command or any AWS client, until stopped.",
    )
    .addOption(new Option("--port <port>", "of the AWS endpoint").argParser(port).default(0, "any free one"))
    .option("--speed <factor>", "simulated seconds in one real second", positive(1000), 1)
    .option("--rps <number>", "requests per simulated second to the service", notNegative, 0)
    .addOption(runtimeOption())
    .addOption(secretOption())
    .option("--verbose", "also tell what happens in the cloud", false);
  return parse(command, argv, output, () => {
    const { port, speed, rps, runtime, verbose } = command.opts<CloudArguments>();
    return { port, speed, rps, runtime, secrets: secretsOf(command), verbose };
  });
}

function secretOption(): Option {
  return new Option(
    "--secret <NAME=VALUE>",
    "a local value for a secret of the task definition, which is not read here (repeatable)",
  ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/** Wrong ones are told without their value, which may be a real secret: a log of the run would keep it. */
function secretsOf(command: Command): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const given of command.opts<{ secret?: readonly string[] }>().secret ?? []) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(given) ?? [];
    if (name === undefined || value === undefined) {
      command.error(
        "error: option '--secret' takes NAME=VALUE, the name of letters, digits and _ and not begun by a digit",
      );
    }
    if (Object.hasOwn(secrets, name)) command.error(`error: option '--secret' gives ${name} twice`);
    secrets[name] = value;
  }
  return secrets;
}

function runtimeOption(): Option {
  return new Option(
    "--runtime <runtime>",
    "run tasks as processes, or the image itself as containers of this machine's Docker",
  )
    .choices(RUNTIMES)
    .default("process");
}

function parse<Arguments>(
  command: Command,
  argv: readonly string[],
  output: ParserOutput,
  read: () => Arguments,
): Parsed<Arguments> {
  command
    .usage("-- [options]")
    .helpOption("-h, --help", "show this")
    .showHelpAfterError(`${command.name()} -- --help shows the options.`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.err(text) });
  try {
    command.parse([...argv], { from: "user" });
    return { arguments: read() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  }
}

/** Breaks a text into lines of the help, all but the first indented. */
function wrapped(text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (indent + line.length + 1 + word.length <= HELP_WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

function numberOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function fraction(text: string): number {
  const value = numberOf(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError("It must be greater than 0 and at most 1.");
  return value;
}

function positive(most: number): (text: string) => number {
  return (text) => {
    const value = numberOf(text);
    if (!(value > 0 && value <= most)) {
      throw new InvalidArgumentError(`It must be a number greater than 0 and at most ${most}.`);
    }
    return value;
  };
}

function notNegative(text: string): number {
  const value = numberOf(text);
  if (!(value <= 1000)) throw new InvalidArgumentError("It must be a number from 0 to 1000.");
  return value;
}

function port(text: string): number {
  const value = numberOf(text);
  if (!(Number.isInteger(value) && value <= 65_535)) throw new InvalidArgumentError("It must be a port, 0 to 65535.");
  return value;
}
