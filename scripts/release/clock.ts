import { setTimeout as wait } from "node:timers/promises";

/** Time as the release sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `wake` aborts. Never rejects. */
  sleep(milliseconds: number, wake?: AbortSignal): Promise<void>;
}

/** This machine's clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, wake) => {
    try {
      await wait(milliseconds, undefined, wake && { signal: wake });
    } catch {
      // Woken: that is what the signal is for.
    }
  },
};
