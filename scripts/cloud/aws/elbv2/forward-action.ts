import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { WeightedTargetGroup } from "../../template";

/** A forward action as ELB describes it: the short form stands beside the long one only with a single target group. */
export function forwardAction(forward: readonly WeightedTargetGroup[]): Action {
  const [only, ...others] = forward;
  return {
    Type: "forward",
    ...(only && others.length === 0 && { TargetGroupArn: only.targetGroupArn }),
    ForwardConfig: {
      TargetGroups: forward.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}
