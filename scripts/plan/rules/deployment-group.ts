import { stringsOf, textOf, valueAfter, valueAt, valueBefore, type Json, type Path } from "../change";
import { shortList } from "../policy";
import { caution, compare, compareKnown, danger, isComparable, compareRemoved, same, type Rule } from "./rule";

const GROUP = ["aws_codedeploy_deployment_group"];
const ALARMS: Path = ["alarm_configuration", 0];
const ROLLBACK: Path = ["auto_rollback_configuration", 0];
const TEST_LISTENERS: Path = [
  ...["load_balancer_info", 0, "target_group_pair_info", 0],
  ...["test_traffic_route", 0, "listener_arns"],
];

const alarmRemoved: Rule = {
  id: "gate-alarm-removed",
  types: GROUP,
  check: (change) =>
    compareRemoved(change, [...ALARMS, "alarms"], (gone) => danger(`releases are no longer stopped by ${gone}`)),
};

const alarmsOff: Rule = {
  id: "gate-alarms-off",
  types: GROUP,
  check: (change) =>
    compare(change, [...ALARMS, "enabled"], (before, after) =>
      before === true && after !== true ? danger("no alarm stops a release any more") : [],
    ),
};

const pollFailureIgnored: Rule = {
  id: "gate-poll-failure-ignored",
  types: GROUP,
  check: (change) =>
    compare(change, [...ALARMS, "ignore_poll_alarm_failure"], (_, after) =>
      after === true ? danger("a release goes on when its alarms can't be read") : [],
    ),
};

const rollbackRemoved: Rule = {
  id: "gate-rollback-removed",
  types: GROUP,
  check: (change) => [
    ...compare(change, [...ROLLBACK, "enabled"], (before, after) =>
      before === true && after !== true ? danger("nothing is rolled back by itself any more") : [],
    ),
    ...compareRemoved(change, [...ROLLBACK, "events"], (gone) => danger(`no rollback any more on ${gone}`)),
  ],
};

const terminationWait: Rule = {
  id: "gate-termination-wait-shortened",
  types: GROUP,
  check: (change) =>
    compare(
      change,
      [
        "blue_green_deployment_config",
        0,
        "terminate_blue_instances_on_deployment_success",
        0,
        "termination_wait_time_in_minutes",
      ],
      (before, after) => {
        const [from, to] = [before, after].map((value) => (typeof value === "number" ? value : 0)) as [number, number];
        return to < from
          ? danger(`the old version is kept ${to} minutes instead of ${from}: less time to go back to it`)
          : [];
      },
    ),
};

const style: Rule = {
  id: "gate-style-changed",
  types: GROUP,
  check: (change) =>
    ["deployment_type", "deployment_option"].flatMap((name) =>
      compare(change, ["deployment_style", 0, name], (_, after) =>
        after === "BLUE_GREEN" || after === "WITH_TRAFFIC_CONTROL"
          ? []
          : danger("releases are no longer blue/green with traffic control"),
      ),
    ),
};

const route: Rule = {
  id: "gate-route-changed",
  types: GROUP,
  check: (change) => {
    if (!isComparable(change)) return [];
    const hadTest = stringsOf(valueBefore(change, TEST_LISTENERS)).length > 0;
    const hasTest = !same(valueAfter(change, TEST_LISTENERS) ?? [], []);
    if (hadTest && !hasTest) return danger("no test listener any more: nothing can be checked before it gets traffic");
    return compare(change, ["load_balancer_info"], () =>
      caution("other listeners or target groups: releases move traffic elsewhere"),
    );
  },
};

/** Who is told of releases, by the topic. */
const triggers: Rule = {
  id: "gate-triggers-removed",
  types: GROUP,
  check: (change) =>
    compareKnown(change, ["trigger_configuration"], (before, after) => {
      const now = triggersIn(after);
      const lost = triggersIn(before).filter((event) => !now.includes(event));
      return lost.length > 0
        ? danger(
            `nobody is told any more of ${shortList([...new Set(lost.map((event) => event.split(" ")[0] ?? ""))])}`,
          )
        : caution("others are told of releases as well");
    }),
};

/** `DeploymentFailure arn:…`, one for each event and topic. */
function triggersIn(value: Json | undefined): readonly string[] {
  const blocks = Array.isArray(value) ? (value as readonly Json[]) : [];
  return blocks.flatMap((block) =>
    stringsOf(valueAt(block, ["trigger_events"])).map(
      (event) => `${event} ${textOf(valueAt(block, ["trigger_target_arn"]))}`,
    ),
  );
}

/** What weakens the deployment group, apart from its strategy. */
export const GROUP_RULES: readonly Rule[] = [
  alarmRemoved,
  alarmsOff,
  pollFailureIgnored,
  rollbackRemoved,
  terminationWait,
  style,
  route,
  triggers,
];
