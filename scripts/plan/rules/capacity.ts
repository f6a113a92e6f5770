import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { recordsIn, textOf, valueAt, type Json } from "../json-values";
import {
  caution,
  compare,
  danger,
  inWords,
  isComparable,
  isLess,
  nameOf,
  same,
  type Assessment,
  unknownUntilApply,
  type Rule,
  type RuleContext,
} from "./rule";

const SERVICE = "aws_ecs_service";
const TARGET = "aws_appautoscaling_target";
const POLICY = "aws_appautoscaling_policy";
const SCHEDULED = "aws_appautoscaling_scheduled_action";
const PROVIDERS = "aws_ecs_cluster_capacity_providers";

const capacity: Rule = {
  id: "loses-capacity",
  types: [SERVICE, TARGET, POLICY, SCHEDULED, PROVIDERS],
  check: (change, context) => {
    switch (change.type) {
      case SERVICE:
        return [...desiredCount(change), ...strategy(change, "capacity_provider_strategy")];
      case TARGET:
        return [...mostTasks(change), ...fewestTasks(change), ...newLimits(change, context)];
      case POLICY:
        return steps(change);
      case SCHEDULED:
        return scheduled(change, context);
      default:
        return strategy(change, "default_capacity_provider_strategy");
    }
  },
};

function desiredCount(change: Change): readonly Assessment[] {
  return compare(change, ["desired_count"], (before, after) => {
    if (after === 0) return danger("no task will run");
    return isLess(after, before)
      ? fewer(
          before,
          after,
        )(
          `${inWords(after)} ${after === 1 ? "task" : "tasks"} will run instead of ${inWords(before)}: each gets more of the traffic`,
        )
      : [];
  });
}

function mostTasks(change: Change): readonly Assessment[] {
  return compare(change, ["max_capacity"], (before, after) => {
    const fewest = valueBefore(change, ["min_capacity"]);
    if (after === 0 || isLess(after, fewest)) {
      return danger(`at most ${inWords(after)} tasks may run, and the minimum was ${inWords(fewest)}`);
    }
    return isLess(after, before)
      ? fewer(
          before,
          after,
        )(
          `at most ${inWords(after)} tasks may run, not ${inWords(before)}: no more tasks are added when the load exceeds what they can handle`,
        )
      : [];
  });
}

function fewestTasks(change: Change): readonly Assessment[] {
  return compare(change, ["min_capacity"], (before, after) => {
    if (!isLess(after, before)) return [];
    return after === 0
      ? danger("all tasks may be removed")
      : caution(`as few as ${inWords(after)} tasks may run, not ${inWords(before)}`);
  });
}

/** New limits for an existing service: they may reduce its number of tasks. */
function newLimits(change: Change, { changes }: RuleContext): readonly Assessment[] {
  if (change.kind !== "create") return [];
  const [, cluster, name] = textOf(valueAt(change.after, ["resource_id"])).split("/");
  const service = changes.find(
    (other) =>
      other.type === SERVICE &&
      valueBefore(other, ["name"]) === name &&
      // A service has the name or the ARN of its cluster, or none in the default cluster.
      [cluster, ""].includes(
        textOf(valueBefore(other, ["cluster"]))
          .split("/")
          .at(-1),
      ),
  );
  const running = service && valueBefore(service, ["desired_count"]);
  const [most, fewest] = ["max_capacity", "min_capacity"].map((limit) => valueAt(change.after, [limit]));
  if (isLess(most, running)) {
    return fewer(running, most)(`at most ${inWords(most)} tasks may run, not ${inWords(running)}`);
  }
  return isLess(fewest, running) ? caution(`as few as ${inWords(fewest)} tasks may run, not ${inWords(running)}`) : [];
}

/** When half of the tasks or fewer remain, each gets at least twice the traffic. */
function fewer(before: Json | undefined, after: Json | undefined): typeof danger {
  return Number(after) * 2 <= Number(before) ? danger : caution;
}

/** Scaling steps that remove many tasks, or all. */
function steps(change: Change): readonly Assessment[] {
  if (change.kind !== "create" && !isComparable(change)) return [];
  const path = ["step_scaling_policy_configuration"];
  const after = valueAfter(change, path);
  if (after === UNKNOWN) return unknownUntilApply(nameOf(path));
  if (same(valueBefore(change, path), after)) return [];
  const type = textOf(valueAt(change.after, [...path, 0, "adjustment_type"]));
  const adjustments = recordsIn(valueAt(change.after, [...path, 0, "step_adjustment"]));
  const lowest = Math.min(...adjustments.map((step) => Number(step["scaling_adjustment"])));
  if (type === "ExactCapacity" && lowest <= 0) return danger("a step of it removes all tasks");
  if (type === "PercentChangeInCapacity" && lowest <= -50)
    return danger(`a step of it removes ${-lowest} % of the tasks`);
  if (change.kind === "create") return [];
  return caution("its steps change: tasks are added and removed in another way");
}

function scheduled(change: Change, { changes }: RuleContext): readonly Assessment[] {
  const at = (side: Json, name: string) => valueAt(side, ["scalable_target_action", 0, name]);
  const target = changes.find(
    (other) => other.type === TARGET && valueBefore(other, ["resource_id"]) === valueAt(change.after, ["resource_id"]),
  );
  const usual = (name: string) => at(change.before, name) ?? (target && valueBefore(target, [name]));
  const when = textOf(valueAt(change.after, ["schedule"]));
  return (["max_capacity", "min_capacity"] as const).flatMap((name): readonly Assessment[] => {
    const [before, after] = [usual(name), at(change.after, name)];
    if (same(at(change.before, name), after)) return [];
    if (after === 0) {
      return name === "max_capacity"
        ? danger(`no task may run from ${when} on`)
        : danger(`all tasks may be removed from ${when} on`);
    }
    if (!isLess(after, before)) return [];
    const says = `${inWords(after)} tasks may run from ${when} on, not ${inWords(before)}`;
    return name === "max_capacity" ? fewer(before, after)(`at most ${says}`) : caution(`as few as ${says}`);
  });
}

/** Capacity providers. AWS stops tasks on Spot with a two-minute warning (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html). */
function strategy(change: Change, attribute: string): readonly Assessment[] {
  return compare(change, [attribute], (before, after) => {
    const spotProviders = (side: Json | undefined) =>
      recordsIn(side).filter(({ capacity_provider: name }) => /SPOT/.test(textOf(name))).length;
    return spotProviders(after) > spotProviders(before)
      ? danger("its tasks run on Spot: AWS may stop any of them with a two-minute warning")
      : caution(`${attribute} changes: tasks run on other capacity`);
  });
}

/** Rules about the number of tasks and where they run. */
export const CAPACITY_RULES: readonly Rule[] = [capacity];
