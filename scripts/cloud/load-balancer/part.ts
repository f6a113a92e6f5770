import type { ErrorCause } from "../faults";
import type { RuleConditions, WeightedTargetGroup } from "../template";

/** A task behind a target group: its address in AWS, and the address on which it listens on this machine. */
export interface Target {
  /** Private IPv4 address, as DescribeTargetHealth shows it. */
  readonly id: string;
  readonly port: number;
  /** The address of the process or container on this machine. */
  readonly address: { readonly host: string; readonly port: number };
  /** The task behind the address; AWS's load balancer does not know it. Absent for a target that ECS did not register. */
  readonly task?: TargetTask;
}

/** The task behind a target. */
export interface TargetTask {
  readonly id: string;
  /** Digest of the task's image: `sha256:` and 64 hex digits. It tells the versions of a service apart. */
  readonly imageDigest: string;
}

/** An answer of the load balancer to a client, and who made it. */
export interface Answer {
  /** The Root of X-Amzn-Trace-Id: the client's own when it sent one, e.g. `1-67891233-abcdef012345678912345678`. */
  readonly traceId: string;
  readonly listenerArn: string;
  /** When the request arrived and its target group was chosen, in simulated milliseconds since the Unix epoch. */
  readonly arrivedAt: number;
  /** Private IPv4 address of the target to which the request was sent; absent when no target was chosen. */
  readonly targetId?: string;
  /** The task behind that target. */
  readonly task?: TargetTask;
  /**
   * The status that the client gets. When the client has gone, it is 460, as in ALB's logs
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
   */
  readonly status: number;
  /** Whether the target or the load balancer itself made the answer. */
  readonly source: "target" | "load-balancer";
  /** Why the load balancer answered in the place of a target, e.g. `the target closed the connection (ECONNRESET)`. */
  readonly targetError?: string;
  /** What made the answer, when it is an error that the local cloud plays in place of the target's program. */
  readonly played?: ErrorCause;
}

/** The states of a registered target. */
export type TargetHealthState = "initial" | "healthy" | "unhealthy" | "draining";

/** A registered target and its state. */
export interface TargetHealth {
  readonly target: Target;
  readonly state: TargetHealthState;
  /**
   * ELB's reason code, e.g. Target.ResponseCodeMismatch.
   * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
   */
  readonly reason?: string;
  readonly description?: string;
}

/**
 * The status of a default action that does not forward. The local cloud does not know what the listener of another owner
 * answers to requests that fit no rule.
 */
export const FIXED_RESPONSE_STATUS = 404;

/** A rule of a listener, with its current weights. */
export interface ListenerRule {
  readonly arn: string;
  /** 1 to 50000; of the default rule, which applies when no other does, `default`. */
  readonly priority: number | "default";
  readonly conditions: RuleConditions;
  /** The target groups that it forwards to. Empty for a default rule that gives a fixed response. */
  readonly forward: readonly WeightedTargetGroup[];
}

/** A change of the target groups or weights to which a rule of a listener forwards. */
export interface ForwardChange {
  readonly listenerArn: string;
  readonly ruleArn: string;
  readonly forward: readonly WeightedTargetGroup[];
}

/** The load balancer. Its methods throw AwsError for a listener, rule or target group that does not exist. */
export interface LoadBalancerPart {
  /** Base URL of a listener on this machine, e.g. http://127.0.0.1:40123. */
  url(listenerArn: string): string;
  /** The rules of a listener in the order in which they are evaluated: by priority, the default rule last. */
  rules(listenerArn: string): readonly ListenerRule[];
  /** Changes where a rule forwards to. */
  setForward(ruleArn: string, forward: readonly WeightedTargetGroup[]): void;
  register(targetGroupArn: string, target: Target): void;
  /** Starts draining; resolves when the target is removed, after the deregistration delay. */
  deregister(targetGroupArn: string, targetId: string): Promise<void>;
  health(targetGroupArn: string): readonly TargetHealth[];
}
