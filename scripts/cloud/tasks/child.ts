import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { LogLines } from "./log-lines";

/** Where a program listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a program is started, and who hears of it. */
export interface ChildOptions {
  /** False: the program tells itself where it listens, and ends itself when its channel closes. */
  readonly preload: boolean;
  /** Called with the address of every TCP server that listens. */
  readonly onListening?: (address: Address) => void;
  /** Called when a TCP server cannot listen. */
  readonly onListenError?: (failure: { readonly code: string; readonly port: number }) => void;
}

/** A Node program running as a child of the cloud; it dies with the cloud, even when that is killed. */
export interface Child {
  /** Process id; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves with the address of its first TCP server; rejects when it exits before. */
  readonly listening: Promise<Address>;
  /** Resolves when it has exited and all its output was read. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The newest lines of its output, newest last. */
  lastLogLines(): readonly string[];
  /** Adds a line of the cloud's own to its output. */
  note(line: string): void;
  /** Ends it: SIGTERM asks the program, SIGKILL takes it and everything it started. Nothing once it has exited. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Sends it a message by its channel. Nothing once it has exited. */
  tell(message: string): void;
}

/** Beside this file: reports where the program listens, and ends it when the cloud is gone. */
const PRELOAD = path.join(__dirname, "preload.cjs");

/** What a program gets of the cloud's own environment: to find programs and folders, nothing of AWS. */
const INHERITED = ["PATH", "HOME", "TMPDIR"] as const;

/**
 * Starts a Node program.
 * @param args arguments of `node`: options, the script, its arguments
 * @param environment of the program; of the cloud's own only PATH, HOME and TMPDIR are passed on
 * @param onLine called with every line of its output
 */
export function startChild(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine?: (line: string) => void,
  options: ChildOptions = { preload: true },
): Child {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  const child = spawn(process.execPath, [...(options.preload ? ["--require", PRELOAD] : []), ...args], {
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C in the terminal is for the cloud, which ends its tasks in order.
    detached: true,
  });
  const lines = new LogLines(onLine);
  child.stdout?.setEncoding("utf8").on("data", lines.reader());
  child.stderr?.setEncoding("utf8").on("data", lines.reader());

  let over = false;
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", () => {
      over = true;
      // What the program started goes with it. Process ids are given out in turn, so this one is not another's yet.
      if (child.pid !== undefined) killGroup(child.pid);
    });
    // After "exit", when the last of its output has been read.
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
    child.on("error", (error) => {
      lines.add(error.message);
      // Otherwise it runs, and only a message or signal could not be sent.
      if (child.pid !== undefined) return;
      over = true;
      resolve({ code: null, signal: null });
    });
  });
  const listening = unlessExited(listeningOf(child, options), exited);

  return {
    pid: child.pid,
    listening,
    exited,
    lastLogLines: () => lines.last(),
    note: (line) => lines.add(line),
    kill: (signal) => {
      if (over || child.pid === undefined) return;
      if (signal === "SIGTERM") child.kill(signal);
      else killGroup(child.pid);
    },
    tell: (message) => {
      if (child.connected) child.send(message);
    },
  };
}

/** What a program's listening promises, and rejects when it exits before. Nobody need wait for it. */
export function unlessExited<Address>(listening: Promise<Address>, exited: Child["exited"]): Promise<Address> {
  const first = Promise.race([
    listening,
    exited.then(({ code, signal }) => {
      throw new Error(`exited with ${signal ?? code ?? "no code"} before it listened`);
    }),
  ]);
  first.catch(() => undefined);
  return first;
}

function listeningOf(child: ChildProcess, { onListening, onListenError }: ChildOptions): Promise<Address> {
  return new Promise((resolve) => {
    child.on("message", (message) => {
      // Null is a message too.
      const told = message as { listening?: Address; listenError?: { code: string; port: number } } | null;
      const { listening, listenError } = told ?? {};
      if (listening) {
        onListening?.(listening);
        resolve(listening);
      }
      if (listenError) onListenError?.(listenError);
    });
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // Nothing of it is left; macOS says EPERM where only a process is left that has exited.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
