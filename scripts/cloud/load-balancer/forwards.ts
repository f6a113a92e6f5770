import type { WeightedTargetGroup } from "../template";

/** Percent of a listener's traffic that goes to one target group; 0 when all weights are 0 or there are none. */
export function percentTo(forward: readonly WeightedTargetGroup[], targetGroupArn: string): number {
  const total = forward.reduce((sum, { weight }) => sum + weight, 0);
  const own = forward
    .filter((one) => one.targetGroupArn === targetGroupArn)
    .reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : (own / total) * 100;
}
