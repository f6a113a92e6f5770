import type { Clock } from "../clock";

/**
 * Shortest time between SIGTERM and SIGKILL, in wall seconds. Closing connections takes real time, and with a fast
 * clock every task would be killed before it is done.
 */
const MIN_STOP_WALL_SECONDS = 2;

/** A task that can be stopped. */
export interface Stoppable {
  /** Resolves when it has exited. */
  readonly exited: Promise<unknown>;
  /** Sends SIGTERM. */
  terminate(): void;
  /** Sends SIGKILL. */
  kill(): void;
}

/** Sends SIGTERM to a task, and SIGKILL after `timeoutSeconds` of simulated time; resolves when it has exited. */
export async function stopInTime(task: Stoppable, clock: Clock, timeoutSeconds: number): Promise<void> {
  task.terminate();
  const timeoutMs = Math.max(timeoutSeconds, MIN_STOP_WALL_SECONDS * clock.speed) * 1000;
  const cancel = clock.after(timeoutMs, () => task.kill());
  await task.exited;
  cancel();
}
