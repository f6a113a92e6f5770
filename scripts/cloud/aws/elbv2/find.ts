import { AwsError } from "../../aws-error";
import type { ListenerTemplate, LoadBalancerTemplate, TargetGroupTemplate } from "../../template";
import type { AwsBackend } from "../operation";

/** The load balancer with an ARN. @throws AwsError LoadBalancerNotFoundException */
export function loadBalancerOf(arn: string, { template }: AwsBackend): LoadBalancerTemplate {
  if (arn === template.loadBalancer.arn) return template.loadBalancer;
  throw new AwsError("LoadBalancerNotFoundException", `Load balancer '${arn}' not found`);
}

/** The listener with an ARN. @throws AwsError ListenerNotFoundException */
export function listenerOf(arn: string, { template }: AwsBackend): ListenerTemplate {
  const listener = template.listeners.find((candidate) => candidate.arn === arn);
  if (listener) return listener;
  throw new AwsError("ListenerNotFoundException", `Listener '${arn}' not found`);
}

/** The target group with an ARN. @throws AwsError TargetGroupNotFoundException */
export function targetGroupOf(arn: string, { template }: AwsBackend): TargetGroupTemplate {
  const group = template.targetGroups.find((candidate) => candidate.arn === arn);
  if (group) return group;
  throw new AwsError("TargetGroupNotFoundException", `Target group '${arn}' not found`);
}
