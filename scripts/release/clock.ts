import { setTimeout as wait } from "node:timers/promises";

/** Source of time for the release; tests provide their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `wake` aborts. Never rejects. */
  sleep(milliseconds: number, wake?: AbortSignal): Promise<void>;
  /** Calls `action` after `milliseconds`. Returns a function that cancels it. */
  after(milliseconds: number, action: () => void): () => void;
}

/** Node runs a timer that is longer than this at once: https://nodejs.org/api/timers.html */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, wake) => {
    try {
      await wait(Math.min(milliseconds, MAX_TIMER_MS), undefined, wake && { signal: wake });
    } catch {
      // `wake` has aborted: the sleep ends early, as documented.
    }
  },
  after: (milliseconds, action) => {
    const timer = setTimeout(action, Math.min(milliseconds, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
