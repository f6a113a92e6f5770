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
import { isEnded, weightsOf, type Snapshot } from "./snapshot";

/** The canary of a deployment, as it was planned. */
export interface CanaryPlan {
  /** Dimensions of the new version's target group; absent when not known. */
  readonly group?: { readonly loadBalancer: string; readonly next: string };
  /** Definitions of the watched alarms that may measure the new version. */
  readonly alarms: readonly (MetricAlarm | CompositeAlarm)[];
  readonly policy: LowTrafficPolicy;
  /** Minutes from the first shift of traffic to the last one. */
  readonly shiftMinutes: number;
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
 */
export class CanaryCheck {
  private shift: Shift | undefined;
  private now: { readonly at: number } = { at: 0 };
  private isReading = false;
  private isOver = false;
  private isTold = false;
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
  ) {}

  /** What came of it; undefined when no part of the traffic moved, or all of it at once. */
  get result(): CanaryResult | undefined {
    return this.shift && this.isTold ? { verdict: this.verdict, stopped: this.stopped } : undefined;
  }

  see(snapshot: Snapshot): void {
    if (this.isOver || this.plan.shiftMinutes <= 0) return;
    this.now = snapshot;
    const share = weightsOf(snapshot.target)?.new ?? 0;
    if (!this.shift) {
      if (share <= 0 || isOver(snapshot)) return;
      const step = snapshot.target?.events.find(({ name }) => name === "AllowTraffic");
      this.shift = { at: step?.startedAt ?? snapshot.awsTime, seenAt: snapshot.at };
    }
    if (share >= 100) return this.end();
    if (isOver(snapshot)) return this.cancel();
    if (!this.isReading) void this.read(this.shift);
    this.tellWhenDue();
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
    const { group, alarms, policy, shiftMinutes } = this.plan;
    this.isReading = true;
    try {
      if (!group) throw new Error("not known which target group has the new version");
      const minutes = await readRequests(this.deps.aws, group, at, at + shiftMinutes * MINUTE_MS);
      if (this.isOver) return;
      this.newest = newestEnd(minutes);
      this.verdict = judgeTraffic(minutes, alarms, policy, this.deps.own?.());
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
    if (this.isTold || this.isOver || !this.shift) return;
    const lead = Math.max(LEAD_MS, 3 * this.intervalMs);
    // Data of AWS shows that at least so much time has passed, by whatever clock it goes.
    const elapsed = Math.max(this.now.at - this.shift.seenAt, this.newest + PUBLICATION_MS - this.shift.at);
    const isDue = elapsed >= this.plan.shiftMinutes * MINUTE_MS - lead && !this.isReading;
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

function isOver({ deployment, rollback }: Snapshot): boolean {
  return isEnded(deployment.status) || rollback !== undefined;
}

/** When the newest minute of these ended, in milliseconds since the Unix epoch; 0 without any. */
function newestEnd(minutes: readonly MinuteCount[]): number {
  return Math.max(0, ...minutes.map(({ at }) => at + MINUTE_MS));
}
