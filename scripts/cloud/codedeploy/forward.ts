import type { ListenerTemplate, Template, WeightedTargetGroup } from "../template";
import type { TaskSetPair } from "./task-sets";

/**
 * A forward action with `percent` percent of the traffic on green and the rest on blue. Both target groups always stay
 * in the action, in the order of their ARNs, so that only the weights change.
 */
export function forwardTo({ blue, green }: TaskSetPair, percent: number): readonly WeightedTargetGroup[] {
  const weight = Math.round(percent);
  return inOrder([
    { targetGroupArn: green.targetGroupArn, weight },
    { targetGroupArn: blue.targetGroupArn, weight: 100 - weight },
  ]);
}

/**
 * The listeners before the first deployment. A rule of a production listener that forwards to one of the deployment
 * group's target groups also has the idle one, with weight 0. Recorded from AWS: both are there from the creation of the stacks
 * on.
 */
export function initialListeners({ listeners, targetGroups, deploymentGroup }: Template): readonly ListenerTemplate[] {
  const pair = targetGroups.filter(({ name }) => deploymentGroup.targetGroupNames.includes(name));
  const withIdle = (forward: readonly WeightedTargetGroup[]) => {
    const [live, ...others] = forward;
    const isOfPair = others.length === 0 && pair.some(({ arn }) => arn === live?.targetGroupArn);
    const weightOf = (arn: string) => (arn === live?.targetGroupArn ? 100 : 0);
    return isOfPair ? inOrder(pair.map(({ arn }) => ({ targetGroupArn: arn, weight: weightOf(arn) }))) : forward;
  };
  return listeners.map((listener) => {
    if (!deploymentGroup.productionListenerArns.includes(listener.arn)) return listener;
    const rules = listener.rules?.map((rule) => ({ ...rule, forward: withIdle(rule.forward) }));
    return { ...listener, forward: withIdle(listener.forward), ...(rules && { rules }) };
  });
}

function inOrder(forward: readonly WeightedTargetGroup[]): readonly WeightedTargetGroup[] {
  return [...forward].sort((a, b) => (a.targetGroupArn < b.targetGroupArn ? -1 : 1));
}
