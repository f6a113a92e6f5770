import type { Clock } from "./clock";
import type { ReleaseEvent } from "./events";
import { messageOf } from "../command/error-message";
import type { OwnTraffic } from "./low-traffic";
import { askedIn, LISTENER_WORDS, type ProbeListener, type ProbePlan, type ProbeTarget } from "./probe-plan";
import { ListenerUnreachable, type SendProbe } from "./probe-request";
import { eventStatus, isEnded, isUnread, weightsOf, type Snapshot } from "./snapshot";

/** What came of the requests through one listener. */
interface ProbeCount {
  readonly sent: number;
  /** Answered with another status than the expected one. */
  readonly failed: number;
  /** Without an answer, or not yet answered when the release stopped them. */
  readonly unanswered: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** What came of the requests that a release sent by itself. */
export type ProbeReport = Readonly<Record<ProbeListener, ProbeCount>>;

/** Dependencies of `Probes`. */
export interface ProbesDeps {
  readonly send: SendProbe;
  readonly clock: Clock;
  readonly emit: (event: ReleaseEvent) => void;
}

/** Shortest time between two requests, in milliseconds: 20 a second. */
const MIN_INTERVAL_MS = 50;
/** The most requests that wait for their answers at once. */
const MAX_OPEN = 10;
/** Timeout of one request, in milliseconds. */
const TIMEOUT_MS = 5_000;
/**
 * How long before the last shift the requests through production end, in milliseconds. Later ones would not be visible in CloudWatch
 * before it: a minute is shown about 90 s after its end, and the verdict is given 45 s before the shift.
 */
const UNSEEN_MS = 195_000;
/** The requests through production are spread over at least this time, in milliseconds, where the canary is as long. */
const MIN_SPREAD_MS = 60_000;
/** Nothing is sent through production in these milliseconds before the last shift. */
const LAST_SHIFT_MS = 10_000;
const MINUTE_MS = 60_000;

/** A request that was answered. `at`: when it was sent, by AWS's clock. `share`: the new version's part of the traffic then. */
interface Reached {
  readonly at: number;
  readonly share: number;
}

class Count {
  sent = 0;
  good = 0;
  failed = 0;
  unanswered = 0;
  readonly statuses = new Map<number, number>();
  /** Whether no more are sent. */
  isOver = false;
  isTold = false;

  get open(): number {
    return this.sent - this.good - this.failed - this.unanswered;
  }

  get report(): ProbeCount {
    return {
      sent: this.sent,
      failed: this.failed,
      unanswered: this.unanswered + this.open,
      statuses: Object.fromEntries(this.statuses),
    };
  }
}

/**
 * Sends GET requests to the service, so that the alarms have requests to judge: through the test listener after test traffic is
 * allowed, and through production during the canary. Give it every snapshot. It decides nothing, and never delays the watch.
 *
 * It never sends more than the plan's number in all (half of them, at most, through the test listener), nor faster than 20 a second.
 * A listener to which the first connection fails gets nothing more.
 */
export class Probes {
  private readonly abort = new AbortController();
  private isCancelled = false;
  private readonly counts: Readonly<Record<ProbeListener, Count>> = {
    testListener: new Count(),
    production: new Count(),
  };
  private readonly reached: Reached[] = [];
  private current: ProbeListener | undefined;
  private intervalMs = MIN_INTERVAL_MS;
  private until = Infinity;
  private lastSentAt = -Infinity;
  private cancelTimer: (() => void) | undefined;
  private share = 0;
  /** When the first shift began, by this machine's clock. */
  private shiftedAt = 0;
  /** From this machine's clock to AWS's, in milliseconds. */
  private awsOffset = 0;

  /** @param shiftMinutes from the first shift of traffic to the last one */
  constructor(
    private readonly deps: ProbesDeps,
    private readonly plan: ProbePlan,
    private readonly shiftMinutes: number,
  ) {}

  /** What came of them so far. */
  get report(): ProbeReport {
    return { testListener: this.counts.testListener.report, production: this.counts.production.report };
  }

  /** What the canary's check has to know of them. */
  get own(): OwnTraffic {
    const targets = [this.plan.testListener, this.plan.production].flatMap((target) => target?.requests ?? []);
    const [first, ...others] = targets;
    const asked = first ? askedIn({ requests: [first, ...others] }) : "";
    return {
      asked,
      reachedIn: (start) =>
        this.reached
          .filter(({ at }) => at >= start && at < start + MINUTE_MS)
          .reduce((sum, { share }) => sum + share, 0),
    };
  }

  see(snapshot: Snapshot): void {
    if (this.isCancelled) return;
    const { deployment, rollback, target } = snapshot;
    const share = weightsOf(target)?.new ?? 0;
    if (isEnded(deployment.status) || rollback !== undefined || share >= 100) return this.cancel();
    // Weights that can't be read may have changed.
    if (isUnread(snapshot, "steps")) return;
    this.share = share / 100;
    this.awsOffset = snapshot.awsTime - snapshot.at;
    const shift = target?.events.find(({ name }) => name === "AllowTraffic");
    this.shiftedAt = (shift?.startedAt ?? snapshot.awsTime) - this.awsOffset;
    if (share > 0) return this.begin("production");
    const isTestable = eventStatus(snapshot, "AllowTestTraffic") === "Succeeded";
    if (isTestable && shift?.status === "Pending") this.begin("testListener");
    else this.pause();
  }

  /** Sends nothing from now on, and ends what is under way. */
  cancel(): void {
    if (this.isCancelled) return;
    // Before the abort, whose effects would be counted as missing answers.
    this.isCancelled = true;
    this.pause();
    for (const listener of ["testListener", "production"] as const) this.end(listener);
    this.abort.abort();
  }

  /** Sends nothing until `begin`. */
  private pause(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.current = undefined;
  }

  private begin(listener: ProbeListener): void {
    const { clock, emit } = this.deps;
    const target = this.plan[listener];
    if (this.current === listener) return;
    this.pause();
    if (listener === "production") this.end("testListener");
    const count = this.counts[listener];
    if (!target || count.isOver || (listener === "production" && this.shiftMinutes <= 0)) return;
    this.current = listener;
    if (listener === "production" && count.sent === 0) {
      const canary = this.shiftMinutes * MINUTE_MS;
      const planned = Math.min(Math.max(canary - UNSEEN_MS, MIN_SPREAD_MS), canary - LAST_SHIFT_MS);
      this.until = this.shiftedAt + planned;
      const usable = Math.max(0, this.until - clock.now());
      this.intervalMs = Math.max(MIN_INTERVAL_MS, Math.floor(usable / Math.max(1, this.budget(listener))));
    }
    if (count.sent === 0) {
      emit({ type: "progress", text: `sending requests through ${LISTENER_WORDS[listener]}: ${askedIn(target)}` });
    }
    this.step();
  }

  /** The most requests through a listener. */
  private budget(listener: ProbeListener): number {
    const { maxRequests, production } = this.plan;
    if (listener === "testListener") return production ? Math.ceil(maxRequests / 2) : maxRequests;
    return maxRequests - this.counts.testListener.sent;
  }

  private step(): void {
    const listener = this.current;
    const target = listener && this.plan[listener];
    if (!target) return;
    const { clock } = this.deps;
    const count = this.counts[listener];
    const isLate = listener === "production" && clock.now() >= this.until;
    if (count.isOver || count.sent >= this.budget(listener) || isLate) return this.end(listener);
    const interval = listener === "production" ? this.intervalMs : MIN_INTERVAL_MS;
    // The second request waits for the answer to the first, which shows whether the listener can be reached.
    const isBusy = count.open >= (count.sent === 1 ? 1 : MAX_OPEN);
    const wait = this.lastSentAt + (count.sent === 0 ? MIN_INTERVAL_MS : interval) - clock.now();
    if (wait <= 0 && !isBusy) void this.send(listener, target);
    this.cancelTimer = clock.after(wait <= 0 ? interval : wait, () => this.step());
  }

  /** Sends one request. Never throws. */
  private async send(listener: ProbeListener, target: ProbeTarget): Promise<void> {
    const { clock, send, emit } = this.deps;
    const count = this.counts[listener];
    const { requests } = target;
    const request = requests[count.sent % requests.length] ?? requests[0];
    const isFirst = count.sent === 0;
    const now = clock.now();
    const reached = { at: now + this.awsOffset, share: listener === "production" ? this.share : 1 };
    this.lastSentAt = now;
    count.sent += 1;
    const { signal } = this.abort;
    try {
      const status = await send({ target, request, timeoutMs: TIMEOUT_MS, signal });
      if (this.isCancelled) return;
      count.statuses.set(status, (count.statuses.get(status) ?? 0) + 1);
      if (request.isExpected(status)) count.good += 1;
      else count.failed += 1;
      this.reached.push(reached);
    } catch (error) {
      if (this.isCancelled) return;
      count.unanswered += 1;
      if (isFirst && error instanceof ListenerUnreachable) {
        // Without a connection, nothing was sent.
        count.unanswered = 0;
        count.sent = 0;
        count.isOver = true;
        const words = `${LISTENER_WORDS[listener]} can't be reached from here (${messageOf(error)})`;
        emit({ type: "warning", text: `${words}: no requests are sent through it, as with gate.lowTraffic warn` });
      }
    }
    if (count.isOver) this.end(listener);
  }

  /** No more requests go through a listener. Says so when none was answered as it should be. */
  private end(listener: ProbeListener): void {
    const count = this.counts[listener];
    count.isOver = true;
    if (this.current === listener) this.pause();
    if (count.open > 0 && !this.isCancelled) return;
    if (count.isTold) return;
    count.isTold = true;
    // Those that the end cut off prove nothing.
    if (count.good === 0 && count.failed + count.unanswered > 0)
      this.deps.emit({ type: "warning", text: countWords(listener, count.report) });
  }
}

/** Whether requests were sent and none was answered as it should be. Pure. */
function areAllBad({ sent, failed, unanswered }: ProbeCount): boolean {
  return sent > 0 && failed + unanswered === sent;
}

/** A sentence for each listener through which requests were sent. Pure. */
export function probeSentences(report: ProbeReport): readonly string[] {
  return (["testListener", "production"] as const).flatMap((listener) =>
    report[listener].sent === 0 ? [] : [countWords(listener, report[listener])],
  );
}

function countWords(listener: ProbeListener, count: ProbeCount): string {
  const { sent, unanswered, statuses } = count;
  const results = [
    ...Object.entries(statuses).map(([status, number]) => `${number} answered ${status}`),
    ...(unanswered > 0 ? [`${unanswered} unanswered`] : []),
  ];
  const bad = areAllBad(count) ? "; none was answered as expected, and the alarms alone decide" : "";
  const requests = sent === 1 ? "1 request" : `${sent} requests`;
  return `this release sent ${requests} of its own through ${LISTENER_WORDS[listener]}: ${results.join(", ")}${bad}`;
}
