import { create, update } from "../plan-fixture";
import type { Case } from "./case";

const GROUP = "aws_lb_target_group";
const RULE = "gate-health-check-loosened";
const check = (values: object) => ({ health_check: [values] });

/** Health checks that detect less. */
export const HEALTH_CHECKS: readonly Case[] = [
  ...["interval", "timeout", "unhealthy_threshold"].map((name): Case => ({
    rule: RULE,
    when: `${name} is raised`,
    trips: [update(GROUP, check({ [name]: 5 }), check({ [name]: 30 }))],
    says: new RegExp(`^${name} goes from 5 to 30: an unhealthy task is found later$`),
    silent: [update(GROUP, check({ [name]: 30 }), check({ [name]: 5 }))],
  })),
  {
    rule: RULE,
    when: "it is turned off",
    trips: [update(GROUP, check({ enabled: true }), check({ enabled: false }))],
    says: /every task counts as healthy/,
    silent: [update(GROUP, check({ enabled: false }), check({ enabled: true }))],
  },
  ...["path", "matcher", "protocol", "port"].map((name): Case => ({
    rule: RULE,
    when: `${name} changes`,
    trips: [update(GROUP, check({ [name]: "a" }), check({ [name]: "b" }))],
    says: new RegExp(`^${name} changes: it checks something else$`),
    level: "caution",
    silent: [create(GROUP, check({ [name]: "b" }))],
  })),
];
