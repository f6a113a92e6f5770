import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Identifies one process, also against a later process with the same process id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Where the process id is valid: this machine and, on Linux, its PID namespace; 8 hexadecimal digits. */
  readonly host: string;
  /** When the process started, and on Linux after which boot; 12 hexadecimal digits. */
  readonly start: string;
}

const digest = (text: string, digits: number) => createHash("sha256").update(text).digest("hex").slice(0, digits);

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostDigest(), start: startDigest(pid) ?? digest("", 12) };
}

/**
 * Whether a process still runs; undefined when that can't be known from here. For example, it may run in another container
 * that shares the folder for temporary files.
 */
export function isRunning({ pid, host, start }: ProcessIdentity): boolean | undefined {
  return host === hostDigest() ? startDigest(pid) === start : undefined;
}

function hostDigest(): string {
  return digest(`${hostname()} ${quietly(() => readlinkSync("/proc/self/ns/pid")) ?? ""}`, 8);
}

/** Undefined when there is no process with this id. */
function startDigest(pid: number): string | undefined {
  const started = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return started === undefined ? undefined : digest(started, 12);
}

/**
 * The id of the boot, and the clock ticks from the boot to the start: field 22, counted from behind the name in brackets.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
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
