import { Agent } from "node:http";
import type { Cancel, Clock } from "../clock";
import { effectOf, type FaultEffect, type Faults, hasBegun } from "../faults";
import type { TargetGroupTemplate } from "../template";
import type { Exchange } from "./exchange";
import { afterCheck, type CheckResult, type Health, type HealthThresholds, matcherOf, REGISTERED } from "./health";
import type { Target, TargetHealth } from "./part";
import type { Probe } from "./probe";
import type { TargetGroupPublisher } from "./publisher";
import { pathOf } from "./rule-conditions";

/** From registration to the first health check, in simulated milliseconds: ALB does not wait for a whole interval. */
const FIRST_CHECK_MS = 1_000;

/**
 * Wall milliseconds after which an unused connection to a target is closed. It is shorter than servers keep one open (Node and
 * uvicorn 5 s, Gunicorn 2 s). Otherwise a target may close a connection while this machine is too busy to notice it, and
 * the next request on that connection fails with a 502, which AWS would not show.
 */
const IDLE_CONNECTION_WALL_MS = 1_000;

const DRAINING = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
} as const;

/** A registered target: its health, its connections, and the exchanges under way. */
export interface RegisteredTarget {
  readonly target: Target;
  /** Simulated milliseconds since the Unix epoch. ECS registers a target as soon as its task listens. */
  readonly registeredAt: number;
  /** Keeps connections to the target open for the next request. */
  readonly agent: Agent;
  readonly inFlight: Set<Exchange>;
  health: Health;
  /** Set while draining; resolves when the target is removed. */
  drained?: Promise<void>;
  /** Set while draining: removes the target at once. */
  finish?: () => void;
  /** End its health checks and timers. */
  readonly cancels: Cancel[];
  readonly checks: AbortController;
}

/** Dependencies of a target group. */
export interface TargetGroupTools {
  readonly clock: Clock;
  readonly probe: Probe;
  readonly faults: Pick<Faults, "of" | "backgroundShare">;
  /** Gives numbers in [0, 1), which choose the requests that a fault affects. */
  readonly random: () => number;
}

/**
 * Shortest time after its registration in which a target that was never healthy does not become unhealthy, in wall
 * milliseconds. A program may listen first, and answer its health check with 503 until it is ready. With the cloud's clock at
 * speed 25, three checks every 30 s are over after less than four seconds of this machine.
 */
const MIN_INITIAL_WALL_MS = 10_000;

/** One target group: its registered targets, their health, and the choice of the next target. */
export class TargetGroup {
  private readonly entries = new Map<string, RegisteredTarget>();
  private readonly thresholds: HealthThresholds;
  private routable: readonly RegisteredTarget[] = [];
  private turn = 0;

  /**
   * @throws RangeError for a matcher or a path of the health check that cannot be used
   */
  constructor(
    readonly template: TargetGroupTemplate,
    readonly publisher: TargetGroupPublisher,
    private readonly tools: TargetGroupTools,
  ) {
    const { healthyThreshold, unhealthyThreshold, matcher, path } = template.healthCheck;
    if (/[^\x21-\xff]/.test(path)) {
      throw new RangeError(`target group ${template.name}: the health check path "${path}" must be percent-encoded`);
    }
    this.thresholds = { healthyThreshold, unhealthyThreshold, matches: matcherOf(matcher) };
  }

  /** The target for the next request, by round robin; undefined when there is none. */
  next(): RegisteredTarget | undefined {
    this.turn = this.turn + 1 < this.routable.length ? this.turn + 1 : 0;
    return this.routable[this.turn];
  }

  /** The effect of a target's fault, and of background errors, on a request. @param url path and query of the request */
  effectOn(entry: RegisteredTarget, url: string): FaultEffect {
    const { faults, clock, random } = this.tools;
    const fault = faults.of(entry.target.task?.imageDigest);
    const { backgroundShare } = faults;
    if (!fault && backgroundShare === 0) return { kind: "none" };
    if (pathOf(url) === pathOf(this.template.healthCheck.path)) return { kind: "none" };
    return effectOf(fault, clock.now() - entry.registeredAt, backgroundShare, random);
  }

  /** Registers a target and starts its health checks. It replaces a target with the same id. */
  register(target: Target): void {
    const former = this.entries.get(target.id);
    if (former) this.release(former);
    const entry: RegisteredTarget = {
      target,
      registeredAt: this.tools.clock.now(),
      agent: new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_WALL_MS }),
      inFlight: new Set(),
      health: REGISTERED,
      cancels: [],
      checks: new AbortController(),
    };
    this.entries.set(target.id, entry);
    const check = () => void this.check(entry);
    entry.cancels.push(
      this.tools.clock.after(FIRST_CHECK_MS, () => {
        check();
        entry.cancels.push(this.tools.clock.every(this.template.healthCheck.interval * 1_000, check));
      }),
    );
    this.updateRoutable();
  }

  /**
   * Starts draining; resolves when the deregistration delay has passed. The target is listed as draining for the whole
   * delay, even without exchanges under way.
   * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
   */
  deregister(targetId: string): Promise<void> {
    const entry = this.entries.get(targetId);
    if (!entry) return Promise.resolve();
    entry.drained ??= new Promise((resolve) => {
      endChecks(entry);
      entry.finish = () => {
        this.remove(entry);
        resolve();
      };
      entry.cancels.push(this.tools.clock.after(this.template.deregistrationDelay * 1_000, entry.finish));
    });
    this.updateRoutable();
    closeIfIdle(entry);
    return entry.drained;
  }

  /** Has to be called when an exchange with a target is over. */
  exchangeEnded(entry: RegisteredTarget, exchange: Exchange): void {
    entry.inFlight.delete(exchange);
    if (entry.drained) closeIfIdle(entry);
  }

  /** Ends exchanges on which no byte has moved for `idleMs` of simulated time. */
  expire(now: number, idleMs: number): void {
    for (const { inFlight } of this.entries.values()) for (const exchange of inFlight) exchange.expire(now, idleMs);
  }

  health(): readonly TargetHealth[] {
    return [...this.entries.values()].map(({ target, health: { state, reason, description }, drained }) => ({
      target,
      ...(drained ? DRAINING : { state, reason, description }),
    }));
  }

  /** Publishes the host counts; nothing without a registered target. */
  publishHosts(): void {
    const registered = [...this.entries.values()].filter(({ drained }) => !drained);
    if (registered.length === 0) return;
    const count = (state: Health["state"]) => registered.filter(({ health }) => health.state === state).length;
    this.publisher.hosts(count("healthy"), count("unhealthy"));
  }

  /** Removes all targets at once. */
  close(): void {
    for (const entry of [...this.entries.values()]) this.release(entry);
  }

  private async check(entry: RegisteredTarget): Promise<void> {
    const { path, timeout } = this.template.healthCheck;
    const { target, checks } = entry;
    const isFault = this.failsChecks(entry);
    const result: CheckResult = isFault
      ? { kind: "answered", status: 503 }
      : await this.tools.probe({ target, path, timeout, signal: checks.signal });
    const before = entry.health.state;
    const mayStillStart = before === "initial" && !isFault && this.isNew(entry);
    const unhealthyThreshold = mayStillStart ? Infinity : this.thresholds.unhealthyThreshold;
    entry.health = afterCheck(entry.health, result, { ...this.thresholds, unhealthyThreshold });
    if (entry.health.state !== before) this.updateRoutable();
  }

  private isNew({ registeredAt }: RegisteredTarget): boolean {
    const { clock } = this.tools;
    return clock.now() - registeredAt < MIN_INITIAL_WALL_MS * clock.speed;
  }

  private failsChecks({ target, registeredAt }: RegisteredTarget): boolean {
    const fault = this.tools.faults.of(target.task?.imageDigest);
    return fault?.kind === "unhealthy" && hasBegun(fault, this.tools.clock.now() - registeredAt);
  }

  /** Removes a target at once; a pending deregistration resolves. */
  private release(entry: RegisteredTarget): void {
    if (entry.finish) entry.finish();
    else this.remove(entry);
  }

  private remove(entry: RegisteredTarget): void {
    endChecks(entry);
    this.entries.delete(entry.target.id);
    entry.finish = undefined;
    for (const exchange of [...entry.inFlight]) exchange.cutOff();
    entry.agent.destroy();
    this.updateRoutable();
  }

  /**
   * Updates the targets that get requests: the healthy ones, or all when none is healthy (fail open); never draining
   * ones.
   * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  private updateRoutable(): void {
    const registered = [...this.entries.values()].filter(({ drained }) => !drained);
    const healthy = registered.filter(({ health }) => health.state === "healthy");
    this.routable = healthy.length > 0 ? healthy : registered;
    this.publishHosts();
  }
}

/** Closes the idle connections to a draining target that has no exchange under way. */
function closeIfIdle({ inFlight, agent }: RegisteredTarget): void {
  if (inFlight.size === 0) agent.destroy();
}

function endChecks(entry: RegisteredTarget): void {
  entry.checks.abort();
  for (const cancel of entry.cancels.splice(0)) cancel();
}
