import { inOrder, judge, type Finding } from "./judge";
import type { ActionInvocation, Plan } from "./plan-json";
import type { Surroundings } from "./rules/rule";

/** Actions whose name says that they stop or remove something, e.g. `aws_ec2_stop_instance`. */
const HARMFUL_ACTION =
  /(?:^|_)(?:stop|terminate|delete|destroy|remove|purge|reboot|restart|disable|failover|detach)(?:_|$)/;

/**
 * Everything there is to say of a whole plan, the dangers first: what the rules say of its resources, and what is in it
 * beside them. Pure.
 */
export function judgePlan(plan: Plan, options: Omit<Surroundings, "changes"> = {}): readonly Finding[] {
  return inOrder([
    ...judge(plan.changes, options),
    ...plan.actions.map(runsAction),
    ...plan.failedChecks.map(({ address, says }): Finding => ({
      rule: "check-fails",
      address,
      level: "caution",
      says: `a check of the configuration doesn't hold: ${says}`,
    })),
    ...plan.unread.map((what): Finding => ({
      rule: "plan-part-not-read",
      address: "the plan",
      level: "caution",
      says: `this plan holds ${what}, which this review doesn't read`,
    })),
  ]);
}

function runsAction({ address, type, trigger }: ActionInvocation): Finding {
  const harmful = HARMFUL_ACTION.test(type);
  return {
    rule: "runs-action",
    address,
    level: harmful ? "danger" : "caution",
    says: `runs at ${trigger}: ${harmful ? "it stops or removes something, and" : "it"} does more than the plan shows`,
  };
}
