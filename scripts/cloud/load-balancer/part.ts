import type { WeightedTargetGroup } from "../template";

/** A task behind a target group: its address in AWS, and the address on which it listens on this machine. */
export interface Target {
  /** Private IPv4 address, as DescribeTargetHealth shows it. */
  readonly id: string;
  readonly port: number;
  /** The address of the process or container on this machine. */
  readonly address: { readonly host: string; readonly port: number };
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

/** A change of the target groups or weights to which a listener forwards. */
export interface ForwardChange {
  readonly listenerArn: string;
  readonly forward: readonly WeightedTargetGroup[];
}

/** The load balancer. Its methods throw AwsError for a listener or target group that does not exist. */
export interface LoadBalancerPart {
  /** Base URL of a listener on this machine, e.g. http://127.0.0.1:40123. */
  url(listenerArn: string): string;
  forward(listenerArn: string): readonly WeightedTargetGroup[];
  setForward(listenerArn: string, forward: readonly WeightedTargetGroup[]): void;
  register(targetGroupArn: string, target: Target): void;
  /** Starts draining; resolves when the target is removed, after the deregistration delay. */
  deregister(targetGroupArn: string, targetId: string): Promise<void>;
  health(targetGroupArn: string): readonly TargetHealth[];
}
