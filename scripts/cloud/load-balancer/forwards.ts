import type { LoadBalancerPart } from "./part";
import type { WeightedTargetGroup } from "../template";

/** One change of where a listener sends its traffic. */
export interface ForwardChange {
  readonly listenerArn: string;
  readonly forward: readonly WeightedTargetGroup[];
}

/** The same load balancer, which tells `listener` of every change of a listener's forward, once it is made. */
export function tellingForwards(
  loadBalancer: LoadBalancerPart,
  listener: (change: ForwardChange) => void,
): LoadBalancerPart {
  return {
    url: (listenerArn) => loadBalancer.url(listenerArn),
    forward: (listenerArn) => loadBalancer.forward(listenerArn),
    setForward: (listenerArn, forward) => {
      loadBalancer.setForward(listenerArn, forward);
      listener({ listenerArn, forward });
    },
    register: (targetGroupArn, target) => loadBalancer.register(targetGroupArn, target),
    deregister: (targetGroupArn, targetId) => loadBalancer.deregister(targetGroupArn, targetId),
    health: (targetGroupArn) => loadBalancer.health(targetGroupArn),
  };
}

/** Percent of a listener's traffic that goes to one target group; 0 when it forwards nowhere. */
export function percentTo(forward: readonly WeightedTargetGroup[], targetGroupArn: string): number {
  const total = forward.reduce((sum, { weight }) => sum + weight, 0);
  const own = forward
    .filter((one) => one.targetGroupArn === targetGroupArn)
    .reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : (own / total) * 100;
}
