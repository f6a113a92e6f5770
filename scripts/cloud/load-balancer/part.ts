import type { WeightedTargetGroup } from "../template";

/** A task behind a target group: how AWS names it, and where it really listens. */
export interface Target {
  /** Private IPv4 address, as DescribeTargetHealth shows it. */
  readonly id: string;
  readonly port: number;
  /** Where the process or container listens on this machine. */
  readonly address: { readonly host: string; readonly port: number };
}

/** How a registered target stands. */
export type TargetHealthState = "initial" | "healthy" | "unhealthy" | "draining";

/** A registered target and how it stands. */
export interface TargetHealth {
  readonly target: Target;
  readonly state: TargetHealthState;
  /** Reason code as ELB names it: Elb.RegistrationInProgress, Target.ResponseCodeMismatch, Target.Timeout, Target.FailedHealthChecks, Target.DeregistrationInProgress. */
  readonly reason?: string;
  readonly description?: string;
}

/** One change of where a listener sends its traffic. */
export interface ForwardChange {
  readonly listenerArn: string;
  readonly forward: readonly WeightedTargetGroup[];
}

/** The load balancer. It throws AwsError for a listener or target group that it does not have. */
export interface LoadBalancerPart {
  /** Base URL on this machine of a listener, e.g. http://127.0.0.1:40123. */
  url(listenerArn: string): string;
  forward(listenerArn: string): readonly WeightedTargetGroup[];
  setForward(listenerArn: string, forward: readonly WeightedTargetGroup[]): void;
  register(targetGroupArn: string, target: Target): void;
  /** Starts draining; resolves when the target is gone: the deregistration delay has passed. */
  deregister(targetGroupArn: string, targetId: string): Promise<void>;
  health(targetGroupArn: string): readonly TargetHealth[];
}
