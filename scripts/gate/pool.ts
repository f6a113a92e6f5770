import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { rejectOnAbort } from "../command/abort";
import { LAUNCHER } from "../command/launcher";
import type { SimulationInput } from "./simulate";
import type { Task, TaskResult } from "./work";

/** The most worker threads. More would not make a table of seconds noticeably faster. */
const MOST_WORKERS = 8;

/** Computes tasks; the results have the order of the tasks. */
export type PerformAll = (
  input: SimulationInput,
  tasks: readonly Task[],
  onDone: (done: number) => void,
  signal: AbortSignal,
) => Promise<readonly TaskResult[]>;

/**
 * Computes tasks in worker threads, one for each processor.
 * @throws the error of a thread; the signal's reason when it aborts
 */
export const performInThreads: PerformAll = async (input, tasks, onDone, signal) => {
  const results: TaskResult[] = [];
  let next = 0;
  let done = 0;
  const workers = new Set<Worker>();
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(LAUNCHER, { argv: [path.join(__dirname, "worker.ts")], workerData: input });
      workers.add(worker);
      let current = -1;
      const give = () => {
        current = next;
        const task = tasks[current];
        if (!task) return resolve();
        next += 1;
        worker.postMessage(task);
      };
      worker.on("message", (result: TaskResult) => {
        results[current] = result;
        done += 1;
        onDone(done);
        give();
      });
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("a thread of the simulation ended early")));
      give();
    });
  try {
    const count = Math.min(tasks.length, MOST_WORKERS, availableParallelism());
    await Promise.race([rejectOnAbort(signal), Promise.all(Array.from({ length: count }, work))]);
    return results;
  } finally {
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
};
