import { valueAfter, valueBefore } from "../change";
import { recordsIn, stringsOf, textOf, valueAt, type Json, type Path } from "../json-values";
import { shortList } from "../policy";
import { caution, compare, compareKnown, compareRemoved, danger, isComparable, same, type Rule } from "./rule";

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
    compareRemoved(change, [...ALARMS, "alarms"], (removed) => danger(`${removed} no longer stops releases`)),
};

const alarmsOff: Rule = {
  id: "gate-alarms-off",
  types: GROUP,
  check: (change) =>
    compare(change, [...ALARMS, "enabled"], (before) =>
      before === true ? danger("alarms no longer stop a release") : [],
    ),
};

const pollFailureIgnored: Rule = {
  id: "gate-poll-failure-ignored",
  types: GROUP,
  check: (change) =>
    compare(change, [...ALARMS, "ignore_poll_alarm_failure"], (_, after) =>
      after === true ? danger("a release continues when CodeDeploy can't read its alarms") : [],
    ),
};

const rollbackRemoved: Rule = {
  id: "gate-rollback-removed",
  types: GROUP,
  check: (change) => [
    ...compare(change, [...ROLLBACK, "enabled"], (before) =>
      before === true ? danger("a failed release is no longer rolled back automatically") : [],
    ),
    ...compareRemoved(change, [...ROLLBACK, "events"], (removed) =>
      danger(`no automatic rollback on ${removed} any more`),
    ),
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
          ? danger(`the old version is kept ${to} minutes instead of ${from}: less time to roll back to it`)
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
    if (hadTest && !hasTest)
      return danger("the test listener is removed: new versions can no longer be checked before they get traffic");
    return compare(change, ["load_balancer_info"], () =>
      caution("other listeners or target groups: releases shift traffic to other places"),
    );
  },
};

const triggers: Rule = {
  id: "gate-triggers-removed",
  types: GROUP,
  check: (change) =>
    compareKnown(change, ["trigger_configuration"], (before, after) => {
      const now = triggersIn(after);
      const lost = triggersIn(before).filter((event) => !now.includes(event));
      return lost.length > 0
        ? danger(
            `no notifications are sent any more about ${shortList([...new Set(lost.map((event) => event.split(" ")[0] ?? ""))])}`,
          )
        : caution("more notifications about releases are sent");
    }),
};

/** The notifications of a deployment group: `<event> <topic>`, e.g. `DeploymentFailure arn:…`. */
function triggersIn(value: Json | undefined): readonly string[] {
  return recordsIn(value).flatMap((block) =>
    stringsOf(valueAt(block, ["trigger_events"])).map(
      (event) => `${event} ${textOf(valueAt(block, ["trigger_target_arn"]))}`,
    ),
  );
}

/** Rules about deployment groups, apart from their strategy. */
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
