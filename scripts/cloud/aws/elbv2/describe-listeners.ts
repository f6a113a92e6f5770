import type { DescribeListenersOutput, ProtocolEnum } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { listOf } from "../input";
import { operation } from "../operation";
import { listenerOf, loadBalancerOf } from "./find";
import { forwardAction } from "./forward-action";
import { markedPage, pageInput } from "./paging";

/** Describes listeners with the weights they have now, by ARN or all of the load balancer. */
export const describeListeners = operation(
  "DescribeListeners",
  z.object({ LoadBalancerArn: z.string().optional(), ListenerArns: listOf(z.string()).optional(), ...pageInput }),
  ({ LoadBalancerArn, ListenerArns, ...paging }, cloud): DescribeListenersOutput => {
    if ((LoadBalancerArn === undefined) === (ListenerArns === undefined)) {
      throw new AwsError("ValidationError", "You must specify either listener ARNs or a load balancer ARN");
    }
    if (LoadBalancerArn !== undefined) loadBalancerOf(LoadBalancerArn, cloud);
    const { template, parts } = cloud;
    const listeners = ListenerArns?.map((arn) => listenerOf(arn, cloud)) ?? template.listeners;
    const page = markedPage(listeners, ({ arn }) => arn, paging);
    return {
      Listeners: page.items.map(({ arn, port, protocol }) => ({
        ListenerArn: arn,
        LoadBalancerArn: template.loadBalancer.arn,
        Port: port,
        Protocol: protocol as ProtocolEnum,
        DefaultActions: [forwardAction(parts.loadBalancer.forward(arn))],
      })),
      NextMarker: page.marker,
    };
  },
);
