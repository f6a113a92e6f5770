import { InvalidArgumentError, Option } from "commander";
import { newCommand, parseCommandLine, UsageError, type Parsed, type ParserOutput } from "../command/command-line";
import { number, text, texts, variables } from "../command/options";
import type { AlarmChoice } from "./alarm-selection";
import type { EnvironmentVariable } from "./task-definition";

/** How the release is shown. */
type OutputMode = "live" | "plain" | "json";

/** What the command line of `npm run release` asks for. */
export interface ReleaseArguments {
  readonly environment?: string;
  readonly image?: string;
  readonly variables: readonly EnvironmentVariable[];
  /** Containers that get the new image, in addition to the one that the load balancer reaches. */
  readonly containers: readonly string[];
  /** Fields of the task definition that are left out, by path. */
  readonly leaveOut: readonly string[];
  /** Revision to start from; absent: the live one. */
  readonly taskDefinition?: string;
  /** Deployment to follow instead of starting one. */
  readonly attach?: string;
  /** Deployment to continue, and then to follow. */
  readonly continue?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** Which alarms of the deployment group this deployment watches; absent: `new`. */
  readonly alarms?: AlarmChoice;
  /** Release although nothing would test the new version. */
  readonly acceptBlindGate: boolean;
  readonly description?: string;
  /** Absent: live in a terminal, plain elsewhere. */
  readonly output?: OutputMode;
  /** Seconds between two polls. */
  readonly pollInterval: number;
  /** Minutes to watch; absent: derived from the deployment group. */
  readonly timeout?: number;
}

/** The arguments of a command line without options. */
export const DEFAULT_ARGUMENTS: ReleaseArguments = {
  variables: [],
  containers: [],
  leaveOut: [],
  dryRun: false,
  force: false,
  acceptBlindGate: false,
  pollInterval: 5,
};

/** The option of an argument. */
interface ArgumentOption {
  readonly option: string;
  /**
   * `release`: it decides what is released, so a command for the same release repeats it. `start`: it decides how a
   * deployment starts. Neither has a meaning with --attach and --continue. `watch`: it also applies to these.
   */
  readonly decides: "release" | "start" | "watch";
}

/** The option of each argument. */
export const ARGUMENT_OPTIONS: Readonly<Record<keyof ReleaseArguments, ArgumentOption>> = {
  image: { option: "--image", decides: "release" },
  variables: { option: "--env", decides: "release" },
  taskDefinition: { option: "--task-definition", decides: "release" },
  description: { option: "--description", decides: "release" },
  containers: { option: "--container", decides: "release" },
  leaveOut: { option: "--leave-out", decides: "release" },
  alarms: { option: "--alarms", decides: "release" },
  acceptBlindGate: { option: "--accept-blind-gate", decides: "release" },
  force: { option: "--force", decides: "release" },
  dryRun: { option: "--dry-run", decides: "start" },
  environment: { option: "--environment", decides: "watch" },
  attach: { option: "--attach", decides: "watch" },
  continue: { option: "--continue", decides: "watch" },
  output: { option: "--output", decides: "watch" },
  pollInterval: { option: "--poll-interval", decides: "watch" },
  timeout: { option: "--timeout", decides: "watch" },
};

const NOTES = `Ctrl-C (or SIGTERM, or a terminal that is closed) stops the deployment and waits for the rollback; a second one ends
the command at once.
With --attach and --continue, it only ends this command: it doesn't stop a deployment that this run didn't start.

AWS is reached as AWS's own tools reach it: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.`;

/** Reads the command line of `npm run release` (without node and script). */
export function parseReleaseArguments(argv: readonly string[], output: ParserOutput): Parsed<ReleaseArguments> {
  const command = newCommand(
    "release",
    "Release a new version of the service through a CodeDeploy canary, and watch it to the end.",
    NOTES,
  )
    .option("--environment <name>", "environment of cdktf.json (default: $ENVIRONMENT, else staging)", text)
    .option(
      "--image <tag or digest>",
      "release an image that is already pushed (default: build and push service.source)",
      text,
    )
    .option(
      "--env <NAME=VALUE>",
      "set a variable in the new revision; stays for later ones (repeatable)",
      variables("--env"),
    )
    .option(
      "--container <name>",
      "give this container the new image too, as well as the one that the load balancer reaches (repeatable)",
      texts,
    )
    .option(
      "--task-definition <revision>",
      'start from this revision: family:number as it is, or the word "latest" for what npm run deploy registered ' +
        "last, its changes carried onto the live one (default: the live one)",
      text,
    )
    .option(
      "--leave-out <field>",
      "release without this field of the task definition, when ECS doesn't accept it any more (repeatable)",
      texts,
    )
    .option("--description <text>", "description of the deployment", text)
    .option("--dry-run", "check everything (also that Docker could build), show what would change, change nothing")
    .option("--force", "release although nothing has changed")
    .addOption(
      new Option(
        "--alarms <which>",
        "alarms that this deployment watches: new leaves out those that measure only the live version, which may be broken; all " +
          "watches all of the deployment group (default: new)",
      ).choices(["new", "all"]),
    )
    .option("--accept-blind-gate", "release although the checks find that nothing would test the new version")
    .option("--attach <deployment>", "follow a running deployment", deploymentId)
    .option(
      "--continue <deployment>",
      "continue a deployment that waits for a person (status Ready), and follow it",
      deploymentId,
    )
    .addOption(
      new Option("--output <mode>", "default: live in a terminal, else plain").choices(["live", "plain", "json"]),
    )
    .option("--poll-interval <seconds>", "time between two polls", number({ above: 0 }), DEFAULT_ARGUMENTS.pollInterval)
    .option(
      "--timeout <minutes>",
      "how long to watch (default: as long as the deployment may take)",
      number({ above: 0 }),
    );
  return parseCommandLine(command, argv, output, () => {
    const { env = [], container = [], ...given } = command.opts<Options>();
    const renamed = { variables: env, containers: container };
    const parsed: ReleaseArguments = { ...DEFAULT_ARGUMENTS, ...given, ...renamed };
    const attached =
      parsed.attach !== undefined ? "--attach" : parsed.continue !== undefined ? "--continue" : undefined;
    const clash = attached === undefined ? undefined : clashWith(attached, parsed);
    if (clash !== undefined) {
      throw new UsageError(`${attached ?? ""} only follows a deployment; ${clash} has no place with it`);
    }
    return parsed;
  });
}

/** What commander returns: an option that wasn't given is absent, and a repeatable one is called by its flag. */
type Options = Partial<Omit<ReleaseArguments, "variables" | "containers">> & {
  readonly env?: readonly EnvironmentVariable[];
  readonly container?: readonly string[];
};

/** The first given option that has no meaning with --attach or --continue. */
function clashWith(attached: "--attach" | "--continue", parsed: ReleaseArguments): string | undefined {
  if (attached === "--attach" && parsed.continue !== undefined) return "--continue";
  const names = Object.keys(ARGUMENT_OPTIONS) as (keyof ReleaseArguments)[];
  const clash = names.find((name) => ARGUMENT_OPTIONS[name].decides !== "watch" && isGiven(parsed[name]));
  return clash && ARGUMENT_OPTIONS[clash].option;
}

/** Whether the value of an argument is given by its option. */
export function isGiven(value: ReleaseArguments[keyof ReleaseArguments]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function deploymentId(value: string): string {
  if (!/^d-[A-Za-z0-9]+$/.test(value)) throw new InvalidArgumentError("A deployment id looks like d-A1B2C3D4E.");
  return value;
}
