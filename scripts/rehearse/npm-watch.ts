import { execFileSync } from "node:child_process";

/** How often npm is looked for. Wall milliseconds. */
const WATCH_MS = 500;
/** What npm may start a script with, in between. */
const SHELLS = /^-?(.*\/)?(sh|bash|dash|ash|zsh|ksh)$/;

/** A process, as `ps` tells it. */
export interface ProcessLine {
  readonly parent: number;
  /** Name or path of the program. */
  readonly program: string;
}

/** Reads what `ps -o ppid=,comm=` prints of one process; undefined when it prints something else. */
export function readProcessLine(line: string): ProcessLine | undefined {
  const [, parent, program] = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line) ?? [];
  return parent === undefined || program === undefined ? undefined : { parent: Number(parent), program };
}

/**
 * The processes that must live for npm to be there: our parent and, when that is only the shell that npm runs scripts
 * with (some shells make room for the script, some wait for it), the shell's parent.
 */
export function processesOfNpm(parent: number, line: ProcessLine | undefined): number[] {
  return line && SHELLS.test(line.program) ? [parent, line.parent] : [parent];
}

/**
 * Calls `onGone` when npm, having started us, is gone: it cannot pass on a SIGKILL. Does nothing where npm did not start
 * us. Does not keep the process alive.
 * @returns ends the watch
 */
export function watchNpm(onGone: () => void): () => void {
  if (process.env["npm_lifecycle_event"] === undefined) return () => undefined;
  const watched = processesOfNpm(process.ppid, parentLine());
  const timer = setInterval(() => {
    if (process.ppid === watched[0] && watched.every(lives)) return;
    clearInterval(timer);
    onGone();
  }, WATCH_MS).unref();
  return () => clearInterval(timer);
}

function parentLine(): ProcessLine | undefined {
  try {
    const question = ["-o", "ppid=,comm=", "-p", String(process.ppid)];
    return readProcessLine(execFileSync("ps", question, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    // No ps on this machine: the parent alone is watched.
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
