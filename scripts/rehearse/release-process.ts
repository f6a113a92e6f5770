import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { LAUNCHER } from "../command/launcher";
import { localCredentials } from "../cloud/local-credentials";

/** Wall seconds between two polls of the release command, which does not know the simulated clock. */
const POLL_SECONDS = 0.25;
/** Module that ends a child process when its parent has ended, even by SIGKILL. */
const PRELOAD = path.join(__dirname, "..", "cloud", "tasks", "preload.cjs");

/** Settings of a run of the release command. */
export interface ReleaseOptions {
  /** Folder of cdktf.json and scripts/. */
  readonly root: string;
  /** Image reference by digest. */
  readonly image: string;
  /** Environment variables of the new revision, as NAME=VALUE. */
  readonly variables: readonly string[];
  /** URL of the local cloud's AWS endpoint. */
  readonly endpoint: string;
  readonly region: string;
  /** The synthesized configuration as JSON; undefined when it is the one of cdktf.json. */
  readonly contextJson: string | undefined;
  readonly environment: string;
  /** Print plain lines instead of the live view, also on a terminal. */
  readonly plain: boolean;
  /** Write to standard error: standard output is reserved for the JSON report. */
  readonly toStandardError: boolean;
}

/** A running release command. */
export interface ReleaseProcess {
  /** Resolves with the exit code; 128 plus the signal's number when the command was killed. */
  readonly exited: Promise<number>;
  /** Sends SIGINT, as Ctrl-C does. */
  interrupt(): void;
  kill(): void;
}

/** Returns the command line of the release, without node. */
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
 * Returns the environment of an AWS client that may reach only the local cloud: the user's own AWS settings (profile,
 * credentials, endpoints) are removed.
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
 * Starts the release command against the local cloud. The command ends when this process ends, even by SIGKILL. It
 * runs in its own process group, so a Ctrl-C on the terminal does not reach it; only `interrupt` does.
 */
export function startRelease(options: ReleaseOptions): ReleaseProcess {
  const output = options.toStandardError ? 2 : 1;
  const child = spawn(process.execPath, ["--require", PRELOAD, LAUNCHER, ...releaseArguments(options)], {
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
 * Forwards SIGWINCH, which announces a new size of the terminal, to a child in its own process group: the terminal
 * sends the signal only to the foreground group.
 * @param terminal emits SIGWINCH; by default this process
 * @returns stops forwarding
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
