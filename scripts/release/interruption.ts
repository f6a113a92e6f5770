import type { Clock } from "./clock";

/** One Ctrl-C can arrive twice: from the terminal, and forwarded by `npm run`. Milliseconds. */
const SAME_PRESS_MS = 1_000;

/** The wish of a person (or of CI) to end the release: once to stop it properly, twice to leave at once. */
export class Interruption {
  private readonly stopRequest = new AbortController();
  private readonly leaveRequest = new AbortController();
  private requestedAt: number | undefined;

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Aborts with the first request. */
  get stop(): AbortSignal {
    return this.stopRequest.signal;
  }

  /** Aborts with the second request. */
  get leave(): AbortSignal {
    return this.leaveRequest.signal;
  }

  /** A SIGINT or SIGTERM came. */
  request(): void {
    const now = this.clock.now();
    if (this.requestedAt === undefined) {
      this.requestedAt = now;
      this.stopRequest.abort();
    } else if (now - this.requestedAt >= SAME_PRESS_MS) {
      this.leaveRequest.abort();
    }
  }
}
