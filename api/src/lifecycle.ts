/** Where the process is in its life: health answers 503 before and after `ready`. */
type Phase = "starting" | "ready" | "draining";

/** The phase, shared by the health route and the one who moves it. It only goes forward. */
export class Lifecycle {
  private current: Phase = "starting";

  get phase(): Phase {
    return this.current;
  }

  /** The service listens and may get traffic. */
  ready(): void {
    if (this.current === "starting") this.current = "ready";
  }

  /** The service is to stop: no new traffic, please. */
  drain(): void {
    this.current = "draining";
  }
}
