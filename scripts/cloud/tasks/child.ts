import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { LogLines } from "./log-lines";

/** The address on which a program listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a program is started, and the observers of its servers. */
export interface ChildOptions {
  /**
   * Whether preload.cjs is loaded before the program. Without it the program itself has to report its address, and to
   * exit when its channel closes.
   */
  readonly preload: boolean;
  /** The folder in which the program runs; default: that of the cloud. */
  readonly directory?: string;
  /** Called with the address of every TCP server that listens. */
  readonly onListening?: (address: Address) => void;
  /** Called when a TCP server cannot listen. */
  readonly onListenError?: (failure: { readonly code: string; readonly port: number }) => void;
}

/** A Node program that runs as a child of the cloud. It ends with the cloud, even when the cloud is killed. */
export interface Child {
  /** Process id; undefined when the start failed. */
  readonly pid: number | undefined;
  /** Resolves with the address of its first TCP server; rejects when it exits first. */
  readonly listening: Promise<Address>;
  /** Resolves when it has exited and all its output is read. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The newest lines of its output, newest last. */
  lastLogLines(): readonly string[];
  /** Adds a line of the cloud to its output. */
  note(line: string): void;
  /** Sends SIGTERM to the program, or SIGKILL to it and everything that it started. Does nothing after its exit. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Sends a message on its channel. Does nothing after its exit. */
  send(message: string | object): void;
}

/** Reports on which address the program listens, and ends the program when the cloud ends. */
const PRELOAD = path.join(__dirname, "preload.cjs");

/** Variables of the cloud's own environment that a program gets: for programs and folders, none of AWS. */
const INHERITED = ["PATH", "HOME", "TMPDIR"] as const;

/** The variables of the cloud's own environment that every program gets. */
export function inheritedVariables(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/**
 * Starts a Node program.
 * @param args arguments of `node`: options, the script, its arguments
 * @param environment the program's variables, beside the cloud's own PATH, HOME and TMPDIR
 * @param onLine called with every line of its output
 */
export function startChild(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine?: (line: string) => void,
  options: ChildOptions = { preload: true },
): Child {
  const child = spawn(process.execPath, [...(options.preload ? ["--require", PRELOAD] : []), ...args], {
    env: { ...inheritedVariables(), ...environment },
    ...(options.directory !== undefined && { cwd: options.directory }),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: Ctrl-C in the terminal reaches only the cloud, which then stops its tasks in order.
    detached: true,
  });
  const lines = new LogLines(onLine);
  child.stdout?.setEncoding("utf8").on("data", lines.reader());
  child.stderr?.setEncoding("utf8").on("data", lines.reader());

  let over = false;
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", () => {
      over = true;
      // Ends everything that the program started. Process ids are assigned in sequence, so this one isn't reused yet.
      if (child.pid !== undefined) killGroup(child.pid);
    });
    // `close` follows `exit` when all output has been read.
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
    child.on("error", (error) => {
      lines.add(error.message);
      // With a process id the program runs, and only a message or signal could not be sent.
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
    send: (message) => {
      if (child.connected) child.send(message);
    },
  };
}

/** The promise `listening`, which also rejects when the program exits first. The rejection may stay unhandled. */
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
      // Null is a valid message.
      const report = message as { listening?: Address; listenError?: { code: string; port: number } } | null;
      const { listening, listenError } = report ?? {};
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
    // The group has ended. macOS reports EPERM when only an exited process is left of it.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
