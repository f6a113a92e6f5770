/** Stops waiting: the cloud (or the one who waited) was stopped. */
export class ClockStopped extends Error {
  constructor() {
    super("the clock was stopped");
    this.name = "ClockStopped";
  }
}

/** Takes back something scheduled; calling it twice does nothing. */
export type Cancel = () => void;

/** The cloud's only source of time. All times are simulated milliseconds since the Unix epoch. */
export interface Clock {
  /** Simulated now, milliseconds since the Unix epoch (may have a fraction). */
  now(): number;
  /** Simulated milliseconds that pass in one wall millisecond. */
  readonly speed: number;
  /** Runs `action` once, `delayMs` simulated milliseconds from now. Does not keep the process alive. */
  after(delayMs: number, action: () => void): Cancel;
  /** Runs `action` every `periodMs` simulated milliseconds, first after one period; never two at once. */
  every(periodMs: number, action: () => void): Cancel;
  /** Resolves `delayMs` simulated milliseconds from now; rejects with ClockStopped when the signal aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

function sleepOn(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new ClockStopped());
      return;
    }
    const abort = () => {
      cancel();
      reject(new ClockStopped());
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function everyOn(clock: Clock, periodMs: number, action: () => void): Cancel {
  let cancelled = false;
  let next = clock.now() + periodMs;
  const arm = (): Cancel =>
    clock.after(Math.max(0, next - clock.now()), () => {
      if (cancelled) return;
      next += periodMs;
      cancel = arm();
      action();
    });
  let cancel = arm();
  return () => {
    cancelled = true;
    cancel();
  };
}

/** The wall clock, run `speed` times as fast. */
export class WallClock implements Clock {
  private readonly startedAt = Date.now();
  private readonly origin = performance.now();

  /** @param speed simulated seconds in one wall second, greater than 0 */
  constructor(readonly speed: number) {
    if (!(speed > 0)) throw new RangeError(`speed must be greater than 0, not ${speed}`);
  }

  now(): number {
    return this.startedAt + (performance.now() - this.origin) * this.speed;
  }

  after(delayMs: number, action: () => void): Cancel {
    // Node rounds delays to whole milliseconds and may fire one early: check again before acting.
    const due = this.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = () => {
      timer = setTimeout(fire, Math.max(0, (due - this.now()) / this.speed));
      timer.unref();
    };
    const fire = () => (this.now() < due ? arm() : action());
    arm();
    return () => clearTimeout(timer);
  }

  every(periodMs: number, action: () => void): Cancel {
    return everyOn(this, periodMs, action);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}

/** A clock for tests: time stands still until it is stepped. */
export class SteppedClock implements Clock {
  readonly speed = 1;
  private time: number;
  private sequence = 0;
  private readonly queue = new Map<number, { at: number; action: () => void }>();

  /** @param start simulated milliseconds since the Unix epoch; default: the start of a minute */
  constructor(start = 1_700_000_040_000) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Cancel {
    const key = this.sequence++;
    this.queue.set(key, { at: this.time + Math.max(0, delayMs), action });
    return () => void this.queue.delete(key);
  }

  every(periodMs: number, action: () => void): Cancel {
    return everyOn(this, periodMs, action);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /**
   * Moves time forward by `ms`, running everything that falls due in its order, and lets promises settle after each,
   * so that what they schedule is still run when it falls due within the step.
   */
  async step(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = [...this.queue].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      const [key, { at, action }] = due;
      this.queue.delete(key);
      this.time = Math.max(this.time, at);
      action();
      await settle();
    }
    this.time = end;
  }
}

/** Lets all promise reactions that are ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
