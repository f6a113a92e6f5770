import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { collect, nonEmpty } from "../command/options";
import { USAGE_EXIT_CODE } from "./outcome";
import type { EnvironmentVariable } from "./task-definition";

/** How the release is shown. */
export type OutputMode = "live" | "plain" | "json";

/** What the command line asks for. */
export interface Arguments {
  readonly environment?: string;
  readonly image?: string;
  readonly variables: readonly EnvironmentVariable[];
  /** Containers that get the image beside the one the load balancer reaches. */
  readonly containers: readonly string[];
  /** Fields of the task definition that are not carried over, by path. */
  readonly leaveOut: readonly string[];
  /** Revision to start from; absent: the live one. */
  readonly taskDefinition?: string;
  /** Deployment to follow instead of starting one. */
  readonly attach?: string;
  /** Deployment to tell to go on, and then to follow. */
  readonly continue?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** Alarms that this deployment doesn't watch, by name. */
  readonly withoutAlarms: readonly string[];
  /** Release although nothing would test the new version. */
  readonly acceptBlindGate: boolean;
  readonly description?: string;
  /** Absent: live in a terminal, plain elsewhere. */
  readonly output?: OutputMode;
  /** Seconds between two looks. */
  readonly pollInterval: number;
  /** Minutes to watch; absent: derived from the deployment group. */
  readonly timeout?: number;
}

/** The command line, or the exit code it ends with at once (help, wrong usage). */
export type Parsed = { readonly arguments: Arguments } | { readonly exitCode: number };

/** Where help and complaints are written. */
export interface ParserOutput {
  out(text: string): void;
  err(text: string): void;
}

const ENDINGS = `
Exit codes:
  0    released: CodeDeploy says Succeeded (with --dry-run: all checks passed)
  2    rolled back, and the rollback has finished
  3    failed without a rollback, or the rollback failed
  4    refused before anything was deployed, or there is nothing to release
  5    lost sight of it: it goes on, or may; --attach follows it again
  64   wrong usage
  130  interrupted: the deployment was stopped and rolled back, or none was started yet

Ctrl-C (or SIGTERM, or a terminal that is closed) stops the deployment and waits for the rollback; a second one leaves
at once.
With --attach and --continue it only leaves: what this run didn't start, it doesn't stop.

AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.`;

/**
 * Reads the command line (without node and script). Wrong usage is told in the words of the option and ends with 64.
 */
export function parseArguments(argv: readonly string[], output: ParserOutput): Parsed {
  const command = new Command("npm run release")
    .usage("-- [options]")
    .description("Release a new version of the API through a CodeDeploy canary, and watch it to the end.")
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", nonEmpty)
    .option(
      "--image <tag or digest>",
      "release an image that is already pushed (default: build and push api/)",
      nonEmpty,
    )
    .option("--env <NAME=VALUE>", "set a variable in the new revision; stays for later ones (repeatable)", addVariable)
    .option(
      "--container <name>",
      "give this container the new image too, as well as the one that the load balancer reaches (repeatable)",
      collect,
    )
    .option(
      "--task-definition <revision>",
      'start from this revision: family:number as it is, or the word "latest" for what npm run deploy registered ' +
        "last, its changes carried onto the live one (default: the live one)",
      nonEmpty,
    )
    .option(
      "--leave-out <field>",
      "release without this field of the task definition, when ECS doesn't take it over any more (repeatable)",
      collect,
    )
    .option("--description <text>", "description of the deployment", nonEmpty)
    .option("--dry-run", "check everything (also that Docker could build), show what would change, change nothing")
    .option("--force", "release although nothing has changed")
    .option(
      "--without-alarm <name>",
      "leave this alarm of the deployment group out of this one deployment: for the fix of a live version that fires it " +
        "(repeatable)",
      addAlarm,
    )
    .option("--accept-blind-gate", "release although the checks say that nothing would test the new version")
    .option("--attach <deployment>", "follow a deployment that runs already", deploymentId)
    .option(
      "--continue <deployment>",
      "tell a deployment that waits for a person (status Ready) to move the traffic, and follow it",
      deploymentId,
    )
    .addOption(
      new Option("--output <mode>", "default: live in a terminal, else plain").choices(["live", "plain", "json"]),
    )
    .option("--poll-interval <seconds>", "time between two looks", positive, 5)
    .option("--timeout <minutes>", "how long to watch (default: as long as the deployment may take)", positive)
    .addHelpText("after", ENDINGS)
    .helpOption("-h, --help", "show this")
    .showHelpAfterError("npm run release -- --help shows the options.")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.err(text) });
  try {
    command.parse([...argv], { from: "user" });
    const { env = [], container = [], leaveOut = [], withoutAlarm = [], ...rest } = command.opts<Options>();
    const { dryRun = false, force = false, acceptBlindGate = false } = rest;
    const parsed: Arguments = {
      ...rest,
      ...{ variables: env, containers: container, leaveOut, withoutAlarms: withoutAlarm },
      ...{ dryRun, force, acceptBlindGate },
    };
    const followed =
      parsed.attach !== undefined ? "--attach" : parsed.continue !== undefined ? "--continue" : undefined;
    const clash = followed === undefined ? undefined : clashWith(followed, parsed);
    if (clash !== undefined) {
      command.error(`error: ${followed ?? ""} only follows a deployment; ${clash} has no place with it`);
    }
    return { arguments: parsed };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  }
}

/** What commander hands over: an option that wasn't given is absent. */
type Options = Omit<Arguments, "variables" | "containers" | "leaveOut" | "withoutAlarms" | Flag> &
  Partial<Pick<Arguments, Flag>> & {
    readonly env?: readonly EnvironmentVariable[];
    readonly container?: readonly string[];
    readonly leaveOut?: readonly string[];
    readonly withoutAlarm?: readonly string[];
  };
type Flag = "dryRun" | "force" | "acceptBlindGate";

function clashWith(followed: "--attach" | "--continue", parsed: Arguments): string | undefined {
  const given: readonly (readonly [string, boolean])[] = [
    ["--continue", followed !== "--continue" && parsed.continue !== undefined],
    ["--image", parsed.image !== undefined],
    ["--env", parsed.variables.length > 0],
    ["--container", parsed.containers.length > 0],
    ["--leave-out", parsed.leaveOut.length > 0],
    ["--task-definition", parsed.taskDefinition !== undefined],
    ["--description", parsed.description !== undefined],
    ["--dry-run", parsed.dryRun],
    ["--force", parsed.force],
    ["--without-alarm", parsed.withoutAlarms.length > 0],
    ["--accept-blind-gate", parsed.acceptBlindGate],
  ];
  return given.find(([, present]) => present)?.[0];
}

function positive(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number <= 0) {
    throw new InvalidArgumentError("It must be a number greater than 0.");
  }
  return number;
}

function deploymentId(value: string): string {
  if (!/^d-[A-Za-z0-9]+$/.test(value)) throw new InvalidArgumentError("A deployment id looks like d-A1B2C3D4E.");
  return value;
}

function addAlarm(value: string, before: readonly string[] = []): readonly string[] {
  if (value === "") throw new InvalidArgumentError("It must not be empty.");
  if (before.includes(value)) throw new InvalidArgumentError(`${value} is given twice.`);
  return [...before, value];
}

function addVariable(value: string, before: readonly EnvironmentVariable[] = []): readonly EnvironmentVariable[] {
  const equals = value.indexOf("=");
  const name = value.slice(0, Math.max(0, equals));
  if (equals < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new InvalidArgumentError(
      "It must be NAME=VALUE, the name of letters, digits and _ and not begun by a digit.",
    );
  }
  if (before.some((variable) => variable.name === name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return [...before, { name, value: value.slice(equals + 1) }];
}

/**
 * The command line that asks for the same release, and for more: to be pasted into a shell of the POSIX kind. Pure.
 *
 * @param environment the one that was chosen, however it was
 * @param more options to add
 */
export function commandLine(asked: Arguments, environment: string, more: readonly string[]): string {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const words = [
    ...["--environment", environment],
    ...option("--image", asked.image),
    ...asked.variables.flatMap(({ name, value }) => ["--env", `${name}=${value}`]),
    ...option("--task-definition", asked.taskDefinition),
    ...option("--description", asked.description),
    ...asked.containers.flatMap((name) => ["--container", name]),
    ...asked.leaveOut.flatMap((field) => ["--leave-out", field]),
    ...asked.withoutAlarms.flatMap((name) => ["--without-alarm", name]),
    ...(asked.acceptBlindGate ? ["--accept-blind-gate"] : []),
    ...(asked.force ? ["--force"] : []),
    ...more,
  ];
  return `npm run release -- ${words.map(quoted).join(" ")}`;
}

/** A word as a POSIX shell takes it for one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
