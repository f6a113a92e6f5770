import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AwsPort } from "./aws-port";
import { readRequests, type MinuteCount } from "./canary-traffic";
import type { ReleaseEvent } from "./events";
import { explain } from "./failure";
import {
  judgeTraffic,
  trafficWarning,
  type CanaryVerdict,
  type LowTrafficPolicy,
  type OwnTraffic,
} from "./low-traffic";
import { isEnded, weightsOf, type Snapshot, type TargetView } from "./snapshot";

/** Where the requests of a canary are counted, and what judges them. */
export interface CanarySubject {
  /** Dimensions of the new version's target group; absent when not known. */
  readonly group?: { readonly loadBalancer: string; readonly next: string };
  /** Definitions of the watched alarms that may measure the new version. */
  readonly alarms: readonly (MetricAlarm | CompositeAlarm)[];
}

/** The canary of a deployment, as it was planned. */
export interface CanaryPlan {
  /** @param target of the deployment, once the new version gets traffic */
  readonly subjectOf: (target: TargetView | undefined) => CanarySubject;
  readonly policy: LowTrafficPolicy;
  /** Minutes from the first shift of traffic to the last one; undefined when not known. */
  readonly shiftMinutes: number | undefined;
  /** Whether another run may send requests to it that can't be told from those of users. */
  readonly mayHaveProbes?: boolean;
}

/** Dependencies of a canary's check. */
export interface CanaryDeps {
  readonly aws: Pick<AwsPort, "getMetricData">;
  readonly emit: (event: ReleaseEvent) => void;
  /** Stops the deployment and rolls it back; absent for a deployment that this run didn't create. */
  readonly stop?: () => void;
  /** Gives what the release itself has sent so far; absent when it sends nothing. */
  readonly own?: () => OwnTraffic;
}

/** What came of it. */
export interface CanaryResult {
  readonly verdict: CanaryVerdict;
  /** Whether the deployment was stopped for it. */
  readonly stopped: boolean;
}

/**
 * How long before the last shift the verdict is given, in milliseconds: a stop has to reach CodeDeploy, and each earlier second leaves
 * out requests that become visible later.
 */
const LEAD_MS = 45_000;
/** CloudWatch shows a minute's data of a load balancer about this long after its end, in milliseconds. */
const PUBLICATION_MS = 90_000;
const MINUTE_MS = 60_000;
/**
 * How long CloudWatch keeps the data of single minutes, in milliseconds
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention).
 */
const KEPT_MS = 15 * 24 * 60 * MINUTE_MS;

/** The first shift of traffic. Milliseconds. */
interface Shift {
  /** By AWS's clock. */
  readonly at: number;
  /** By this machine's clock. */
  readonly seenAt: number;
}

/**
 * Says before the last shift what the gate could have noticed with the requests of the canary. Give it every snapshot. It reads the
 * requests in the background, so that a slow answer of CloudWatch doesn't delay the watch.
 *
 * A run that attaches to a deployment may see it first when all traffic has moved. Then it says the same of the requests that
 * CloudWatch showed before the last shift.
 */
export class CanaryCheck {
  private shift: Shift | undefined;
  private target: TargetView | undefined;
  private now: Pick<Snapshot, "at" | "awsTime"> = { at: 0, awsTime: 0 };
  private hasSeenWeights = false;
  /** Whether all traffic had moved when the deployment was seen first. */
  private isPast = false;
  private reading: Promise<void> = Promise.resolve();
  private isReading = false;
  private isOver = false;
  private isTold = false;
  private isHopeless = false;
  private stopped = false;
  private newest = 0;
  private verdict: CanaryVerdict = {
    ...{ traffic: "unknown", noticed: [] },
    why: "CloudWatch gave no answer before the last shift",
  };

  constructor(
    private readonly deps: CanaryDeps,
    private readonly plan: CanaryPlan,
    private readonly intervalMs: number,
  ) {
    if (plan.shiftMinutes === undefined) this.giveUp("not known how the deployment moves the traffic");
  }

  /** What came of it; undefined when no part of the traffic moved, or all of it at once. */
  get result(): CanaryResult | undefined {
    return this.shift && this.isTold ? { verdict: this.verdict, stopped: this.stopped } : undefined;
  }

  see(snapshot: Snapshot): void {
    if (this.isOver || (this.plan.shiftMinutes ?? NaN) <= 0) return;
    this.now = snapshot;
    const weights = weightsOf(snapshot.target);
    const share = weights?.new ?? 0;
    if (!this.shift) {
      const isFirst = !this.hasSeenWeights;
      this.hasSeenWeights ||= weights !== undefined;
      if (share <= 0) return;
      if (isOver(snapshot) && !(isFirst && share >= 100 && hasSucceeded(snapshot))) return;
      this.shift = shiftIn(snapshot, isFirst);
      this.isPast = isFirst && share >= 100;
      if (isFirst && startOfShift(snapshot) === undefined)
        this.giveUp("AWS doesn't say when the traffic began to move");
      if (snapshot.awsTime - this.shift.at > KEPT_MS)
        this.giveUp("CloudWatch keeps the data of single minutes for 15 days");
    }
    this.target = snapshot.target;
    if (share >= 100 && !this.isPast) return this.end();
    if (isOver(snapshot) && !(this.isPast && hasSucceeded(snapshot))) return this.cancel();
    if (this.isHopeless) {
      if (!this.isTold) this.tell();
    } else if (!this.isReading && !(this.isPast && this.isTold)) {
      this.reading = this.read(this.shift);
    }
    this.tellWhenDue();
  }

  /**
   * Tells what is known of a canary that was over before this run saw it. To be called at the end of the deployment.
   * @param patience gives a promise of the end of the wait for requests that are being read
   */
  async finish(patience: () => Promise<unknown>): Promise<void> {
    if (!this.isPast || this.isTold || this.isOver) return;
    await Promise.race([this.reading, patience()]);
    this.end();
  }

  /** The requests can't be known, so they are not read. */
  private giveUp(why: string): void {
    this.isHopeless = true;
    this.verdict = { ...this.verdict, why };
  }

  /** All traffic has moved: tells what is known, if it wasn't told. */
  private end(): void {
    this.isOver = true;
    if (!this.isTold) this.tell();
  }

  /** Nothing is told from now on. */
  cancel(): void {
    this.isOver = true;
  }

  /** Reads the requests once. Never throws. */
  private async read({ at }: Shift): Promise<void> {
    const { policy, shiftMinutes = NaN, mayHaveProbes = false } = this.plan;
    const { group, alarms } = this.plan.subjectOf(this.target);
    this.isReading = true;
    try {
      if (!group) throw new Error("not known which target group has the new version");
      const lastShift = at + shiftMinutes * MINUTE_MS;
      const read = await readRequests(this.deps.aws, group, at, lastShift);
      if (this.isOver) return;
      const minutes = this.isPast ? read.filter((minute) => visibleAt(minute) <= lastShift) : read;
      this.newest = newestEnd(minutes);
      const verdict = judgeTraffic(minutes, alarms, policy, this.deps.own?.());
      this.verdict = { ...verdict, ...(mayHaveProbes && { mayHaveProbes }) };
      if (this.isPast) this.tell();
    } catch (error) {
      if (this.isOver) return;
      // Earlier requests stay requests: an answer that is missing once takes nothing back.
      if (this.verdict.traffic === "unknown") this.verdict = { ...this.verdict, why: explain(error).message };
    } finally {
      this.isReading = false;
    }
    this.tellWhenDue();
  }

  private tellWhenDue(): void {
    if (this.isTold || this.isOver || !this.shift || this.isPast) return;
    const lead = Math.max(LEAD_MS, 3 * this.intervalMs);
    // Data of AWS shows that at least so much time has passed, by whatever clock it goes.
    const elapsed = Math.max(this.now.at - this.shift.seenAt, this.newest + PUBLICATION_MS - this.shift.at);
    const isDue = elapsed >= (this.plan.shiftMinutes ?? Infinity) * MINUTE_MS - lead && !this.isReading;
    if (this.verdict.traffic === "enough" || isDue) this.tell();
  }

  private tell(): void {
    this.isTold = true;
    const { policy } = this.plan;
    const { emit, stop } = this.deps;
    emit({ type: "canary", ...this.verdict, text: trafficWarning(this.verdict, policy) });
    if (this.verdict.traffic !== "low" || policy.action !== "stop" || !stop) return;
    if (this.isOver) {
      emit({ type: "warning", text: "not stopped for it, as gate.lowTraffic asks: all traffic had moved already" });
      return;
    }
    this.stopped = true;
    stop();
  }
}

/** When AWS says that the traffic began to move, in milliseconds since the Unix epoch; undefined when it doesn't. */
function startOfShift({ target }: Snapshot): number | undefined {
  return target?.events.find(({ name }) => name === "AllowTraffic")?.startedAt;
}

/** @param isFirst whether the traffic may have moved before this snapshot, which is the first one */
function shiftIn(snapshot: Snapshot, isFirst: boolean): Shift {
  const at = startOfShift(snapshot) ?? snapshot.awsTime;
  return { at, seenAt: isFirst ? snapshot.at - Math.max(0, snapshot.awsTime - at) : snapshot.at };
}

/** When CloudWatch shows a minute at the earliest, in milliseconds since the Unix epoch. */
function visibleAt({ at }: MinuteCount): number {
  return at + MINUTE_MS + PUBLICATION_MS;
}

function hasSucceeded({ deployment, rollback }: Snapshot): boolean {
  return deployment.status === "Succeeded" && rollback === undefined;
}

function isOver({ deployment, rollback }: Snapshot): boolean {
  return isEnded(deployment.status) || rollback !== undefined;
}

/** When the newest minute of these ended, in milliseconds since the Unix epoch; 0 without any. */
function newestEnd(minutes: readonly MinuteCount[]): number {
  return Math.max(0, ...minutes.map(({ at }) => at + MINUTE_MS));
}
