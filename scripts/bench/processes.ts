import { execFile } from "node:child_process";

/** Wall milliseconds between two looks. */
const LOOK_MS = 200;

/** A process, as `ps` tells it. */
export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** Resident set: what it holds in memory, shared pages included. */
  readonly kib: number;
}

/** Reads what `ps -o pid=,ppid=,rss=` prints; lines that are none are left out. */
export function readProcesses(table: string): ProcessMemory[] {
  return table.split("\n").flatMap((line) => {
    const [, pid, parent, kib] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), kib: Number(kib) }];
  });
}

/** Memory of a process alone, and of it with all that it has started, in KiB. */
export interface TreeMemory {
  readonly own: number;
  readonly tree: number;
}

/** The memory of one process and its descendants; all 0 when it is not there. */
export function treeMemory(processes: readonly ProcessMemory[], root: number): TreeMemory {
  const own = processes.find(({ pid }) => pid === root)?.kib ?? 0;
  const below = processes
    .filter(({ parent, pid }) => parent === root && pid !== root)
    .map(({ pid }) => treeMemory(processes, pid).tree);
  return { own, tree: below.reduce((sum, kib) => sum + kib, own) };
}

/**
 * Looks at a process and its descendants several times a second.
 * @returns ends it, and gives the most that either held
 */
export function watchMemory(pid: number): () => TreeMemory {
  let most: TreeMemory = { own: 0, tree: 0 };
  const look = () => {
    execFile("ps", ["-A", "-o", "pid=,ppid=,rss="], (_, table) => {
      const { own, tree } = treeMemory(readProcesses(table), pid);
      most = { own: Math.max(most.own, own), tree: Math.max(most.tree, tree) };
    });
  };
  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    return most;
  };
}
