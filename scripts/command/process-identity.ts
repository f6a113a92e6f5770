import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells one process from every other, also from a later one with the same process id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Among whose processes the id means anything: this machine, and on Linux the namespace; 8 hexadecimal digits. */
  readonly place: string;
  /** When it started, and since which start of the machine; 12 hexadecimal digits. */
  readonly birth: string;
}

const digest = (text: string, digits: number) => createHash("sha256").update(text).digest("hex").slice(0, digits);

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, place: placeOf(), birth: birthOf(pid) ?? digest("", 12) };
}

/**
 * Whether a process still runs; undefined: it ran where we can't see it, e.g. in a container with the same folder for
 * temporary files.
 */
export function isRunning({ pid, place, birth }: ProcessIdentity): boolean | undefined {
  return place === placeOf() ? birthOf(pid) === birth : undefined;
}

function placeOf(): string {
  return digest(`${hostname()} ${quietly(() => readlinkSync("/proc/self/ns/pid")) ?? ""}`, 8);
}

/** Undefined: there is no process with this id. */
function birthOf(pid: number): string | undefined {
  const started = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return started === undefined ? undefined : digest(started, 12);
}

/** Clock ticks after the boot, with the boot's id (proc_pid_stat(5): field 22, counted behind the name in brackets). */
function startOnLinux(pid: number): string | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const boot = quietly(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? "";
  const ticks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return ticks === undefined ? undefined : `${boot} ${ticks}`;
}

function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { LC_ALL: "C" } });
  return (stdout as string | null)?.trim() || undefined;
}

function quietly<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
