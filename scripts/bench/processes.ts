import { execFile } from "node:child_process";

/** Wall milliseconds between two samples. */
const SAMPLE_MS = 200;

/** A process, as `ps` reports it. */
export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  /** Resident set size, including shared pages. */
  readonly kib: number;
}

/** Parses the output of `ps -o pid=,ppid=,rss=`; other lines are ignored. */
export function readProcesses(table: string): ProcessMemory[] {
  return table.split("\n").flatMap((line) => {
    const [, pid, parent, kib] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), kib: Number(kib) }];
  });
}

/** Memory of a process alone, and together with its descendants, in KiB. */
export interface TreeMemory {
  readonly own: number;
  readonly tree: number;
}

/** Returns the memory of a process and its descendants; 0 when the process does not exist. */
export function treeMemory(processes: readonly ProcessMemory[], root: number): TreeMemory {
  const own = processes.find(({ pid }) => pid === root)?.kib ?? 0;
  const below = processes
    .filter(({ parent, pid }) => parent === root && pid !== root)
    .map(({ pid }) => treeMemory(processes, pid).tree);
  return { own, tree: below.reduce((sum, kib) => sum + kib, own) };
}

/**
 * Samples the memory of a process and its descendants several times a second.
 * @returns stops sampling, and returns the peak of each figure
 */
export function watchMemory(pid: number): () => TreeMemory {
  let peak: TreeMemory = { own: 0, tree: 0 };
  const sample = () => {
    execFile("ps", ["-A", "-o", "pid=,ppid=,rss="], (_, table) => {
      const { own, tree } = treeMemory(readProcesses(table), pid);
      peak = { own: Math.max(peak.own, own), tree: Math.max(peak.tree, tree) };
    });
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS).unref();
  return () => {
    clearInterval(timer);
    return peak;
  };
}
