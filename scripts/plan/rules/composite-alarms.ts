import { textOf } from "../json-values";
import { compareAlarmRules } from "./composite-alarm-rule";
import { describeLoss } from "./loss";
import { caution, compare, danger, type Rule } from "./rule";

const COMPOSITE = ["aws_cloudwatch_composite_alarm"];

const rule: Rule = {
  id: "gate-composite-weakened",
  types: COMPOSITE,
  check: (change) => {
    if (change.kind === "delete") return danger(`${describeLoss(change)}: its alarms are no longer combined`);
    return compare(change, ["alarm_rule"], (before, after) => {
      switch (compareAlarmRules(textOf(before), textOf(after))) {
        case "never":
          return danger("its rule can't be met any more: it never fires");
        case "misses":
          return danger("there are states in which it fired before, and no longer does");
        case "unknown":
          return caution("its rule changes: it fires in other states");
        case "no":
          return [];
      }
    });
  },
};

/** Rules about composite alarms that fire less. */
export const COMPOSITE_RULES: readonly Rule[] = [rule];
