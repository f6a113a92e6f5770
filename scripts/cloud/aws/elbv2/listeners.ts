import type { Action, DescribeListenersOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { FIXED_RESPONSE_STATUS } from "../../load-balancer/part";
import type { WeightedTargetGroup } from "../../template";
import { listOf } from "../input";
import { operation } from "../operation";
import { listenerOf, loadBalancerOf } from "./find";
import { markedPage, pageInput } from "./paging";

/**
 * Describes listeners with their current weights, by ARN, or all listeners of the load balancer. Port and protocol are those on
 * this machine: a client connects to them, and there is no TLS.
 */
export const describeListeners = operation(
  "DescribeListeners",
  z.object({ LoadBalancerArn: z.string().optional(), ListenerArns: listOf(z.string()).optional(), ...pageInput }),
  ({ LoadBalancerArn, ListenerArns, ...paging }, backend): DescribeListenersOutput => {
    if ((LoadBalancerArn === undefined) === (ListenerArns === undefined)) {
      throw new AwsError("ValidationError", "You must specify either listener ARNs or a load balancer ARN");
    }
    if (LoadBalancerArn !== undefined) loadBalancerOf(LoadBalancerArn, backend);
    const { template, parts } = backend;
    const listeners = ListenerArns?.map((arn) => listenerOf(arn, backend)) ?? template.listeners;
    const page = markedPage(listeners, ({ arn }) => arn, paging);
    return {
      Listeners: page.items.map(({ arn }) => ({
        ListenerArn: arn,
        LoadBalancerArn: template.loadBalancer.arn,
        Port: Number(new URL(parts.loadBalancer.url(arn)).port),
        Protocol: "HTTP",
        DefaultActions: [actionOf(parts.loadBalancer.rules(arn).at(-1)?.forward ?? [])],
      })),
      NextMarker: page.marker,
    };
  },
);

/**
 * The action of a rule as ELB returns it: a fixed response without target groups, or else a forward. With a single target group it has both forms, TargetGroupArn and ForwardConfig
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html).
 */
export function actionOf(forward: readonly WeightedTargetGroup[]): Action {
  const [only, ...others] = forward;
  if (only === undefined)
    return { Type: "fixed-response", FixedResponseConfig: { StatusCode: String(FIXED_RESPONSE_STATUS) } };
  return {
    Type: "forward",
    ...(others.length === 0 && { TargetGroupArn: only.targetGroupArn }),
    ForwardConfig: {
      TargetGroups: forward.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}
