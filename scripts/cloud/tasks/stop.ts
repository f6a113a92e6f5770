import type { Clock } from "../clock";

/**
 * Wall seconds that a task has after SIGTERM, however fast the clock runs: closing connections is real work, and a fast
 * clock would turn every polite stop into a kill.
 */
const STOP_FLOOR_WALL_SECONDS = 2;

/** What can be stopped. */
export interface Stoppable {
  /** Resolves when it has exited. */
  readonly exited: Promise<unknown>;
  /** SIGTERM. */
  ask(): void;
  /** SIGKILL. */
  kill(): void;
}

/** Asks a task to stop, and kills it after `timeoutSeconds` of simulated time; resolves when it has exited. */
export async function stopInTime(task: Stoppable, clock: Clock, timeoutSeconds: number): Promise<void> {
  task.ask();
  const patience = Math.max(timeoutSeconds, STOP_FLOOR_WALL_SECONDS * clock.speed) * 1000;
  const cancel = clock.after(patience, () => task.kill());
  await task.exited;
  cancel();
}
