import type { PlannedChange } from "./terraform";

/** An attribute that moto forgets or makes up, so that Terraform wants to set it again. */
export interface Drift {
  readonly type: string;
  readonly attribute: string;
  readonly reason: string;
}

const REFERRING =
  "moto keeps descriptions of rules that name a range, but forgets those of rules that name a security group";

/** All of them. What a plan shows beside these is a fault of the stacks. */
export const EMULATOR_DRIFT: readonly Drift[] = [
  {
    type: "aws_ecs_service",
    attribute: "availability_zone_rebalancing",
    reason: "moto keeps no availability zone rebalancing; AWS answers DISABLED, the provider's default",
  },
  { type: "aws_vpc_security_group_ingress_rule", attribute: "description", reason: REFERRING },
  { type: "aws_vpc_security_group_egress_rule", attribute: "description", reason: REFERRING },
];

/** One line an attribute that a plan would change and that is not the emulator's doing. Empty: the plan is empty. */
export function changesBut(drift: readonly Drift[], changes: readonly PlannedChange[]): string[] {
  return changes.flatMap(({ address, type, actions, attributes }) => {
    const isKnown = (attribute: string) => drift.some((one) => one.type === type && one.attribute === attribute);
    const others = actions.join() === "update" ? attributes.filter((attribute) => !isKnown(attribute)) : attributes;
    if (others.length > 0) return others.map((attribute) => `${actions.join("+")} ${address}: ${attribute}`);
    return actions.join() === "update" && attributes.length > 0 ? [] : [`${actions.join("+")} ${address}`];
  });
}
