import { execFileSync } from "node:child_process";

/** Interval between two checks for npm, in wall milliseconds. */
const CHECK_MS = 500;
/** Shells that npm may run a script with. */
const SHELLS = /^-?(.*\/)?(sh|bash|dash|ash|zsh|ksh)$/;

/** A process, as `ps` reports it. */
export interface ProcessLine {
  readonly parent: number;
  /** Name or path of the program. */
  readonly program: string;
}

/** Parses the output of `ps -o ppid=,comm=` for one process; undefined when the output has another form. */
export function readProcessLine(line: string): ProcessLine | undefined {
  const [, parent, program] = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line) ?? [];
  return parent === undefined || program === undefined ? undefined : { parent: Number(parent), program };
}

/**
 * Returns the processes that must be alive as long as npm is: our parent and, when that is a shell, the shell's parent.
 * npm runs scripts with a shell; some shells replace themselves with the script, others stay and wait for it.
 */
export function processesOfNpm(parent: number, line: ProcessLine | undefined): number[] {
  return line && SHELLS.test(line.program) ? [parent, line.parent] : [parent];
}

/**
 * Calls `onGone` when the npm that started this process has ended: after a SIGKILL, npm cannot forward a signal. Does
 * nothing when npm did not start this process. Does not keep the process alive.
 * @returns stops watching
 */
export function watchNpm(onGone: () => void): () => void {
  if (process.env["npm_lifecycle_event"] === undefined) return () => undefined;
  const watched = processesOfNpm(process.ppid, parentLine());
  const timer = setInterval(() => {
    if (process.ppid === watched[0] && watched.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, CHECK_MS).unref();
  return () => clearInterval(timer);
}

function parentLine(): ProcessLine | undefined {
  try {
    const args = ["-o", "ppid=,comm=", "-p", String(process.ppid)];
    return readProcessLine(execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    // Without ps, only the parent is watched.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
