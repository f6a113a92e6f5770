import { SIGNAL_EXIT_CODES } from "./exit-codes";

/** Signals that ask a command to end: Ctrl-C, `kill`, and a terminal that is closed. */
export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const END_SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Calls `handle` for each signal that asks the command to end. None of them ends the process any more then.
 * @returns removes the handlers
 */
export function onEndSignal(handle: (signal: EndSignal) => void): () => void {
  const listeners = END_SIGNALS.map((signal) => [signal, () => handle(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

/** One Ctrl-C can arrive twice: from the terminal, and forwarded by `npm run`. Milliseconds. */
const SAME_PRESS_MS = 1_000;

/** The request of a person (or of CI) that the command ends: first in order, then at once. */
export class Interruption {
  private readonly stopRequest = new AbortController();
  private readonly leaveRequest = new AbortController();
  private requestedAt: number | undefined;

  /** @param clock its `now` gives milliseconds */
  constructor(private readonly clock: { readonly now: () => number }) {}

  /** Aborts with the first request: the command ends in order. */
  get stop(): AbortSignal {
    return this.stopRequest.signal;
  }

  /** Aborts with the second request or with `endAtOnce`: nothing is waited for any more. Its reason is an exit code. */
  get leave(): AbortSignal {
    return this.leaveRequest.signal;
  }

  /** Handles one request, such as Ctrl-C. The second one counts only when it can't be the first one, forwarded. */
  request(): void {
    const now = this.clock.now();
    if (this.requestedAt === undefined) {
      this.requestedAt = now;
      this.stopRequest.abort();
    } else if (now - this.requestedAt >= SAME_PRESS_MS) {
      this.endAtOnce(SIGNAL_EXIT_CODES.SIGINT);
    }
  }

  /** Skips the ending in order. */
  endAtOnce(exitCode: number): void {
    this.leaveRequest.abort(exitCode);
  }
}
