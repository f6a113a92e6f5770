import { setTimeout as wait } from "node:timers/promises";

/** Time as the release sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `wake` aborts. Never rejects. */
  sleep(milliseconds: number, wake?: AbortSignal): Promise<void>;
  /** Calls `action` after `milliseconds`, unless what is returned is called before. */
  after(milliseconds: number, action: () => void): () => void;
}

/** Longer than this no timer of Node's runs: it would be over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** This machine's clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, wake) => {
    try {
      await wait(Math.min(milliseconds, LONGEST_TIMER_MS), undefined, wake && { signal: wake });
    } catch {
      // Woken: that is what the signal is for.
    }
  },
  after: (milliseconds, action) => {
    const timer = setTimeout(action, Math.min(milliseconds, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
