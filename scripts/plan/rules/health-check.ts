import { caution, compare, danger, inWords, isLess, type Rule } from "./rule";

/** Health checks feed the alarm on unhealthy hosts, and keep traffic away from tasks that can't serve it. */
const healthCheck: Rule = {
  id: "gate-health-check-loosened",
  types: ["aws_lb_target_group"],
  check: (change) => [
    ...["interval", "timeout", "unhealthy_threshold"].flatMap((name) =>
      compare(change, ["health_check", 0, name], (before, after) =>
        isLess(before, after)
          ? danger(`${name} goes from ${inWords(before)} to ${inWords(after)}: an unhealthy task is found later`)
          : [],
      ),
    ),
    ...compare(change, ["health_check", 0, "enabled"], (_, after) =>
      after === false ? danger("it is turned off: every task counts as healthy") : [],
    ),
    ...["path", "matcher", "protocol", "port"].flatMap((name) =>
      compare(change, ["health_check", 0, name], () => caution(`${name} changes: it checks something else`)),
    ),
  ],
};

/** Rules about health checks that detect less. */
export const HEALTH_CHECK_RULES: readonly Rule[] = [healthCheck];
