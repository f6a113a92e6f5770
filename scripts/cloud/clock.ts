/** A sleep was aborted, because the cloud or the caller stops. */
export class ClockStopped extends Error {
  constructor() {
    super("the clock was stopped");
    this.name = "ClockStopped";
  }
}

/** Cancels something scheduled; a second call does nothing. */
export type Cancel = () => void;

/** The cloud's only source of time. All times are simulated milliseconds since the Unix epoch. */
export interface Clock {
  /** The current simulated time, in milliseconds since the Unix epoch (may have a fraction). */
  now(): number;
  /** Largest number of simulated milliseconds that pass in one wall millisecond. */
  readonly speed: number;
  /**
   * Registers a piece of work of this machine for the cloud, until the returned function is called.
   * @param options `lasting`: it counts in the backlog for as long as it lasts, because its waits on purpose are left out
   */
  work(options?: { readonly lasting?: boolean }): () => void;
  /** Runs `action` once, `delayMs` simulated milliseconds from now. Does not keep the process alive. */
  after(delayMs: number, action: () => void): Cancel;
  /** Runs `action` every `periodMs` simulated milliseconds, first after one period; runs never overlap. */
  every(periodMs: number, action: () => void): Cancel;
  /** Resolves after `delayMs` simulated milliseconds; rejects with ClockStopped when the signal aborts. */
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

/** Largest interval between two readings of the wall clock while timers are pending, in wall milliseconds. */
const READING_INTERVAL_MS = 5;
/** Node's longest timer, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Largest step of the clock between two readings, however far apart they are, in wall milliseconds. */
const LONGEST_STEP_MS = 25;
/** With more pieces of work than this under way, the machine counts as overloaded. */
const MAX_WORK = 8;
/**
 * Wall milliseconds after which a piece of work no longer counts: it probably waits on purpose, not for this machine.
 */
const MAX_WORK_MS = 100;
/** With more pieces of lasting work than this under way, the machine has a backlog. */
const MAX_BACKLOG = 64;
/** Wall milliseconds after which a piece of lasting work no longer counts: what it waits for probably hangs. */
const MAX_BACKLOG_MS = 5_000;

/**
 * The wall clock at up to `speed` times its speed. It slows down in three cases:
 *
 * - While the process can't run (the machine is paused, asleep or busy), simulated time stands still. Otherwise all
 *   timeouts would pass at once, although the responses have arrived and are only not read yet.
 * - While the machine is overloaded with work, simulated time passes at most as fast as wall time. Otherwise a busy
 *   machine would look like a slow service.
 * - While the machine has a backlog, simulated time stands still. Otherwise more would come with the time than it can do.
 */
export class WallClock implements Clock {
  private time: number;
  private readAt: number;
  /** Number of pending timers. */
  private pending = 0;
  /** Reads the clock regularly while timers are pending. */
  private reader: NodeJS.Timeout | undefined;
  /** When each piece of work began, oldest first, without those that no longer count. */
  private readonly underWay = new Set<Piece>();
  /** The same of lasting work. */
  private readonly backlog = new Set<Piece>();

  /**
   * @param speed simulated seconds in one wall second, greater than 0
   * @param wall gives the wall time in milliseconds
   * @param startsAt the simulated time now, in milliseconds since the Unix epoch
   */
  constructor(
    readonly speed: number,
    private readonly wall: () => number = () => performance.now(),
    startsAt: number = Date.now(),
  ) {
    if (!(speed > 0)) throw new RangeError(`speed must be greater than 0, not ${speed}`);
    this.time = startsAt;
    this.readAt = wall();
  }

  now(): number {
    const wallNow = this.wall();
    this.time += Math.min(wallNow - this.readAt, LONGEST_STEP_MS) * this.speedAt(wallNow);
    this.readAt = wallNow;
    return this.time;
  }

  work({ lasting = false }: { readonly lasting?: boolean } = {}): () => void {
    const piece = { startedAt: this.wall() };
    this.underWay.add(piece);
    if (lasting) this.backlog.add(piece);
    return () => {
      this.underWay.delete(piece);
      this.backlog.delete(piece);
    };
  }

  after(delayMs: number, action: () => void): Cancel {
    const due = this.now() + delayMs;
    let timer: NodeJS.Timeout;
    // A timer of Node may fire up to a millisecond early, and this clock may have stood still meanwhile. So the time is
    // checked again before the action runs.
    const arm = () => {
      timer = setTimeout(fire, Math.min(Math.max(0, (due - this.now()) / this.speed), LONGEST_TIMER_MS)).unref();
    };
    const fire = () => {
      if (this.now() < due) return arm();
      done();
      action();
    };
    const done = this.addPending();
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

  /** Counts a pending timer until the returned function is called. */
  private addPending(): () => void {
    this.pending += 1;
    this.reader ??= setInterval(() => this.now(), READING_INTERVAL_MS).unref();
    let removed = false;
    return () => {
      if (removed) return;
      removed = true;
      this.pending -= 1;
      if (this.pending > 0) return;
      clearInterval(this.reader);
      this.reader = undefined;
    };
  }

  private speedAt(wallNow: number): number {
    forgetOld(this.backlog, wallNow - MAX_BACKLOG_MS);
    if (this.backlog.size > MAX_BACKLOG) return 0;
    forgetOld(this.underWay, wallNow - MAX_WORK_MS);
    return this.underWay.size <= MAX_WORK ? this.speed : Math.min(this.speed, 1);
  }
}

/** A piece of work; when it began, in wall milliseconds. */
interface Piece {
  readonly startedAt: number;
}

/** Removes the pieces that began at a time or earlier. @param pieces oldest first */
function forgetOld(pieces: Set<Piece>, until: number): void {
  for (const piece of pieces) {
    if (piece.startedAt > until) break;
    pieces.delete(piece);
  }
}

/** A clock for tests: its time changes only with `step`. */
export class SteppedClock implements Clock {
  readonly speed: number = 1;
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

  /** Does nothing: work takes no time on this clock. */
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
   * Moves time forward by `ms` and runs everything that becomes due, in order. Promises settle after each action, so
   * that what they schedule within the step runs too.
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

/** Lets pending promise reactions run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
