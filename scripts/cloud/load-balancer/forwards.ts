import type { WeightedTargetGroup } from "../template";
import type { ListenerRule } from "./part";

/** Percent of a rule's traffic that goes to one target group; 0 when all weights are 0 or there are none. */
export function percentTo(forward: readonly WeightedTargetGroup[], targetGroupArn: string): number {
  const total = forward.reduce((sum, { weight }) => sum + weight, 0);
  const own = forward
    .filter((one) => one.targetGroupArn === targetGroupArn)
    .reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : (own / total) * 100;
}

/** The rules that forward to one of these target groups, also with the weight 0. A shared listener has others too. */
export function rulesTo(rules: readonly ListenerRule[], targetGroupArns: readonly string[]): readonly ListenerRule[] {
  return rules.filter(({ forward }) => forward.some(({ targetGroupArn }) => targetGroupArns.includes(targetGroupArn)));
}
