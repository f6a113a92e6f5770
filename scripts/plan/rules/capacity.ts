import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { recordsIn, textOf, valueAt, type Json } from "../json-values";
import {
  caution,
  compare,
  danger,
  inWords,
  isComparable,
  same,
  type Assessment,
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
    if (typeof after !== "number") return [];
    if (after === 0) return danger("no task will run");
    return typeof before === "number" && after < before
      ? fewer(before, after)(`${tasks(after)} will run instead of ${before}: each gets more of the traffic`)
      : [];
  });
}

function mostTasks(change: Change): readonly Assessment[] {
  return compare(change, ["max_capacity"], (before, after) => {
    const fewest = valueBefore(change, ["min_capacity"]);
    if (typeof after !== "number") return [];
    if (after === 0 || (typeof fewest === "number" && after < fewest)) {
      return danger(`at most ${after} tasks may run, and the minimum was ${inWords(fewest)}`);
    }
    return typeof before === "number" && after < before
      ? fewer(
          before,
          after,
        )(
          `at most ${after} tasks may run, not ${before}: no more tasks are added when the load exceeds what they can handle`,
        )
      : [];
  });
}

function fewestTasks(change: Change): readonly Assessment[] {
  return compare(change, ["min_capacity"], (before, after) => {
    if (typeof before !== "number" || typeof after !== "number" || after >= before) return [];
    return after === 0
      ? danger("all tasks may be removed")
      : caution(`as few as ${after} tasks may run, not ${before}`);
  });
}

/** New limits for an existing service: they may reduce its number of tasks. */
function newLimits(change: Change, { changes }: RuleContext): readonly Assessment[] {
  if (change.kind !== "create") return [];
  const [, cluster, name] = textOf(valueAt(change.after, ["resource_id"])).split("/");
  const service = changes.find(
    (other) =>
      other.type === SERVICE &&
      other.kind !== "create" &&
      valueBefore(other, ["name"]) === name &&
      [cluster, undefined].includes(
        textOf(valueBefore(other, ["cluster"]))
          .split("/")
          .at(-1) || undefined,
      ),
  );
  const running = service && valueBefore(service, ["desired_count"]);
  const [most, fewest] = ["max_capacity", "min_capacity"].map((limit) => valueAt(change.after, [limit]));
  if (typeof running !== "number") return [];
  if (typeof most === "number" && most < running)
    return fewer(running, most)(`at most ${most} tasks may run, not ${running}`);
  return typeof fewest === "number" && fewest < running
    ? caution(`as few as ${fewest} tasks may run, not ${running}`)
    : [];
}

function tasks(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}

/** When half of the tasks or fewer remain, each gets at least twice the traffic. */
function fewer(before: number, after: number): typeof danger {
  return after * 2 <= before ? danger : caution;
}

/** Scaling steps that remove many tasks, or all. */
function steps(change: Change): readonly Assessment[] {
  if (change.kind !== "create" && !isComparable(change)) return [];
  const path = ["step_scaling_policy_configuration"];
  const before = valueBefore(change, path);
  const after = valueAfter(change, path);
  if (after === UNKNOWN || same(before, after)) return [];
  const type = textOf(valueAt(after ?? null, [0, "adjustment_type"]));
  const adjustments = recordsIn(valueAt(after ?? null, [0, "step_adjustment"])).map(
    (step) => step["scaling_adjustment"],
  );
  const lowest = Math.min(...adjustments.map(Number));
  if (type === "ExactCapacity" && lowest <= 0) return danger("a step of it removes all tasks");
  if (type === "PercentChangeInCapacity" && lowest <= -50)
    return danger(`a step of it removes ${-lowest} % of the tasks`);
  if (change.kind === "create") return [];
  return caution("its steps change: tasks are added and removed in another way");
}

function scheduled(change: Change, { changes }: RuleContext): readonly Assessment[] {
  if (change.kind !== "create" && !isComparable(change)) return [];
  const at = (side: Json, name: string) => valueAt(side, ["scalable_target_action", 0, name]);
  const target = changes.find(
    (other) =>
      other.type === TARGET &&
      other.kind !== "create" &&
      valueBefore(other, ["resource_id"]) === valueAt(change.after, ["resource_id"]),
  );
  const usual = (name: string) => at(change.before, name) ?? (target && valueBefore(target, [name]));
  const when = textOf(valueAt(change.after, ["schedule"]));
  return (["max_capacity", "min_capacity"] as const).flatMap((name): readonly Assessment[] => {
    const [before, after] = [usual(name), at(change.after, name)];
    if (typeof after !== "number" || same(at(change.before, name), after)) return [];
    if (after === 0) {
      return name === "max_capacity"
        ? danger(`no task may run from ${when} on`)
        : danger(`all tasks may be removed from ${when} on`);
    }
    if (typeof before !== "number" || after >= before) return [];
    const says = `${name === "max_capacity" ? "at most" : "as few as"} ${after} tasks may run from ${when} on, not ${before}`;
    return name === "max_capacity" ? fewer(before, after)(says) : caution(says);
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
