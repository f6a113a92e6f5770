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
  /** Simulated milliseconds that pass in one wall millisecond, at the most. */
  readonly speed: number;
  /** Tells that this machine has begun a piece of work for the cloud; the returned function tells that it is done. */
  work(): () => void;
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

/** How often a wall clock is looked at, at the least, while anything waits on it. Wall milliseconds. */
const BEAT_MS = 5;
/** Node's longest timer, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The most that passes between two looks, however long they are apart. Wall milliseconds. */
const LONGEST_STEP_MS = 25;
/** Pieces of work under way at once from which on the machine does not keep up. */
const MOST_WORK = 8;
/** Wall milliseconds after which a piece of work is rather waiting on purpose than for this machine. */
const WORK_MS = 100;

/**
 * The wall clock, run up to `speed` times as fast, and never faster than this machine keeps up with. While the process
 * cannot run (the machine is paused, asleep or busy), simulated time stands still: otherwise everything that waits in the
 * cloud would find at once that it has waited too long, for answers that are there and only not read yet. And while work
 * piles up, it passes no faster than on the wall: otherwise a busy machine would look like a slow service.
 */
export class WallClock implements Clock {
  private time = Date.now();
  private seenAt: number;
  /** How many wait on the clock, and what looks at it as long as any does. */
  private waiting = 0;
  private beat: NodeJS.Timeout | undefined;
  /** When each piece of work began, oldest first; those that rather wait are taken out. */
  private readonly underWay = new Set<{ readonly startedAt: number }>();

  /**
   * @param speed simulated seconds in one wall second, greater than 0
   * @param wall gives wall milliseconds
   */
  constructor(
    readonly speed: number,
    private readonly wall: () => number = () => performance.now(),
  ) {
    if (!(speed > 0)) throw new RangeError(`speed must be greater than 0, not ${speed}`);
    this.seenAt = wall();
  }

  now(): number {
    const wallNow = this.wall();
    const speed = this.keepsUp(wallNow) ? this.speed : Math.min(this.speed, 1);
    this.time += Math.min(wallNow - this.seenAt, LONGEST_STEP_MS) * speed;
    this.seenAt = wallNow;
    return this.time;
  }

  work(): () => void {
    const piece = { startedAt: this.wall() };
    this.underWay.add(piece);
    return () => void this.underWay.delete(piece);
  }

  after(delayMs: number, action: () => void): Cancel {
    const due = this.now() + delayMs;
    let timer: NodeJS.Timeout;
    // Node rounds delays to whole milliseconds and may fire one early, and this clock may have stood still meanwhile:
    // check again before acting.
    const arm = () => {
      timer = setTimeout(fire, Math.min(Math.max(0, (due - this.now()) / this.speed), LONGEST_TIMER_MS)).unref();
    };
    const fire = () => {
      if (this.now() < due) return arm();
      done();
      action();
    };
    const done = this.wait();
    arm();
    return () => {
      clearTimeout(timer);
      done();
    };
  }

  every(periodMs: number, action: () => void): Cancel {
    return everyOn(this, periodMs, action);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** One more waits, until the returned function is called. */
  private wait(): () => void {
    this.waiting += 1;
    this.beat ??= setInterval(() => this.now(), BEAT_MS).unref();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.waiting -= 1;
      if (this.waiting > 0) return;
      clearInterval(this.beat);
      this.beat = undefined;
    };
  }

  private keepsUp(wallNow: number): boolean {
    for (const piece of this.underWay) {
      if (wallNow - piece.startedAt < WORK_MS) break;
      this.underWay.delete(piece);
    }
    return this.underWay.size <= MOST_WORK;
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

  /** Work takes no time on this clock. */
  work(): () => void {
    return () => undefined;
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
