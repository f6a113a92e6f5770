import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { localCredentials } from "../cloud/local-credentials";

/** Wall seconds between two looks of the release at its deployment; simulated ones would be too many. */
const POLL_SECONDS = 0.25;
/** Beside the tasks: ends a child when the process that started it is gone, however it went. */
const PRELOAD = path.join(__dirname, "..", "cloud", "tasks", "preload.cjs");

/** What the release is run with. */
export interface ReleaseOptions {
  /** Folder of cdktf.json and scripts/. */
  readonly root: string;
  /** Image reference by digest. */
  readonly image: string;
  /** Variables that the new revision gets, as NAME=VALUE. */
  readonly variables: readonly string[];
  /** The local cloud. */
  readonly endpoint: string;
  readonly region: string;
  /** The configuration that was synthesized, where it is not cdktf.json's own. */
  readonly contextJson: string | undefined;
  readonly environment: string;
  /** Show plain lines where a terminal would get the live view. */
  readonly plain: boolean;
  /** Show on standard error, since standard output is spoken for. */
  readonly toStandardError: boolean;
}

/** A release command that runs. */
export interface ReleaseProcess {
  /** Resolves with its exit code; 128 and the signal's number when it was killed. */
  readonly exited: Promise<number>;
  /** Ctrl-C. */
  interrupt(): void;
  kill(): void;
}

/** The command line of the release, without node. */
export function releaseArguments(options: Pick<ReleaseOptions, "image" | "variables" | "plain">): string[] {
  return [
    path.join("scripts", "release.ts"),
    "--image",
    options.image,
    ...options.variables.flatMap((variable) => ["--env", variable]),
    ...(options.plain ? ["--output", "plain"] : []),
    "--poll-interval",
    String(POLL_SECONDS),
  ];
}

/**
 * The environment of an AWS client that must reach the local cloud and nothing else: what the user has set for AWS
 * (profile, credentials, endpoints) is left out.
 */
export function clientEnvironment(
  inherited: NodeJS.ProcessEnv,
  cloud: { readonly endpoint: string; readonly region: string },
): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => !name.startsWith("AWS_")));
  return {
    ...kept,
    AWS_ENDPOINT_URL: cloud.endpoint,
    ...localCredentials(cloud.region),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/**
 * Runs the release command against the local cloud. It ends with this process, even when this one is killed, and
 * Ctrl-C reaches it through `interrupt` alone: in a process group of its own the terminal does not tell it a second
 * time.
 */
export function startRelease(options: ReleaseOptions): ReleaseProcess {
  const output = options.toStandardError ? 2 : 1;
  const child = spawn(process.execPath, ["--require", PRELOAD, "--import", "tsx", ...releaseArguments(options)], {
    cwd: options.root,
    env: {
      ...clientEnvironment(process.env, options),
      ENVIRONMENT: options.environment,
      ...(options.contextJson !== undefined && { CDKTF_CONTEXT_JSON: options.contextJson }),
    },
    stdio: ["ignore", output, 2, "ipc"],
    detached: true,
  });
  child.once("exit", forwardResizes(child));
  return {
    exited: exitCodeOf(child),
    interrupt: () => void child.kill("SIGINT"),
    kill: () => void child.kill("SIGKILL"),
  };
}

/**
 * Tells a child that the terminal has another size: in a process group of its own it does not hear of it.
 * @param terminal emits SIGWINCH: this process
 * @returns ends it
 */
export function forwardResizes(
  child: Pick<ChildProcess, "kill">,
  terminal: Pick<NodeJS.EventEmitter, "on" | "off"> = process,
): () => void {
  const forward = () => void child.kill("SIGWINCH");
  terminal.on("SIGWINCH", forward);
  return () => void terminal.off("SIGWINCH", forward);
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}
