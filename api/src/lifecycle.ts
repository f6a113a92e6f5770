/** The phase of the process. Health responds with 503 in all phases except `ready`. */
type Phase = "starting" | "ready" | "draining";

/** Holds the current phase. A phase never comes back. */
export class Lifecycle {
  private current: Phase = "starting";

  get phase(): Phase {
    return this.current;
  }

  /** Starts the phase `ready`: the service listens and can get traffic. */
  ready(): void {
    if (this.current === "starting") this.current = "ready";
  }

  /** Starts the phase `draining`: the service stops and should get no new traffic. */
  drain(): void {
    this.current = "draining";
  }
}
