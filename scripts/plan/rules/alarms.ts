import { stringsOf, textOf, UNKNOWN, valueAfter, valueBefore, type Json } from "../change";
import { ALARM_METRIC_RULES } from "./alarm-metrics";
import { describeLoss } from "./loss";
import { unknownUntilApply, caution, compare, danger, isComparable, compareRemoved, same, type Rule } from "./rule";

const ALARM = ["aws_cloudwatch_metric_alarm"];

const destroyed: Rule = {
  id: "gate-alarm-destroyed",
  types: ALARM,
  check: (change) => {
    if (change.kind === "forget") return caution(describeLoss(change));
    if (change.kind === "delete") return danger(`${describeLoss(change)}: what it watched goes unwatched`);
    if (change.kind !== "replace") return [];
    // CloudWatch knows alarms by name: made first, the new one is the old one, and then it is deleted.
    return change.createsFirst && same(valueBefore(change, ["alarm_name"]), valueAfter(change, ["alarm_name"]))
      ? danger(`${describeLoss(change)} by one of the same name, which destroying the old one deletes`)
      : caution(`${describeLoss(change)}: the new one begins without data`);
  },
};

const threshold: Rule = {
  id: "gate-threshold-loosened",
  types: ALARM,
  check: (change) =>
    compare(change, ["threshold"], (before, after) => {
      const operator = valueAfter(change, ["comparison_operator"]);
      if (typeof before !== "number" || typeof after !== "number" || typeof operator !== "string") {
        return caution("the threshold changes its nature");
      }
      const looser = operator.startsWith("Less") ? after < before : after > before;
      return looser ? danger(`it fires at ${after} instead of ${before}: later, or not at all`) : [];
    }),
};

const evaluation: Rule = {
  id: "gate-evaluation-lengthened",
  types: ALARM,
  check: (change) => {
    if (!isComparable(change)) return [];
    const paths = ["evaluation_periods", "datapoints_to_alarm"];
    const [n, m] = paths.map((path) => valueBefore(change, [path]));
    const [newN, newM] = paths.map((path) => valueAfter(change, [path]));
    if (newN === UNKNOWN || newM === UNKNOWN) return unknownUntilApply("the number of periods");
    const before = datapoints(n, m);
    const after = datapoints(newN, newM);
    if (before === undefined || after === undefined) return [];
    if (after.needed > before.needed) {
      return danger(`${after.needed} bad periods are needed to fire instead of ${before.needed}`);
    }
    if (after.needed === before.needed && after.of < before.of) {
      return danger(`${after.needed} bad periods must fall within ${after.of} instead of ${before.of}`);
    }
    return after.of > before.of ? caution(`it looks at ${after.of} periods instead of ${before.of}`) : [];
  },
};

/** M of N; without M it is N (PutMetricAlarm). */
function datapoints(n: unknown, m: unknown): { readonly needed: number; readonly of: number } | undefined {
  if (typeof n !== "number") return undefined;
  return { needed: typeof m === "number" && m > 0 ? m : n, of: n };
}

const missingData: Rule = {
  id: "gate-missing-data-changed",
  types: ALARM,
  check: (change) =>
    compare(change, ["treat_missing_data"], (before, after) => {
      // When nothing is said (PutMetricAlarm).
      const [was, is] = [word(before, "missing"), word(after, "missing")];
      return was === is ? [] : danger(`missing data counts as ${is} instead of ${was}`);
    }),
};

const comparison: Rule = {
  id: "gate-comparison-changed",
  types: ALARM,
  check: (change) =>
    compare(change, ["comparison_operator"], (before, after) => {
      const [was, is] = [word(before, "nothing"), word(after, "nothing")];
      const stricter = is === was.replace(/Than(?=Threshold$)/, "ThanOrEqualTo");
      return stricter ? [] : danger(`it compares by ${is} instead of ${was}`);
    }),
};

const actions: Rule = {
  id: "gate-actions-disabled",
  types: ALARM,
  check: (change) => [
    // Enabled when nothing is said (PutMetricAlarm).
    ...compare(change, ["actions_enabled"], (before, after) =>
      before !== false && after === false ? danger("its actions are turned off: nobody is told when it fires") : [],
    ),
    ...(stringsOf(valueBefore(change, ["alarm_actions"])).length === 0
      ? []
      : compareRemoved(change, ["alarm_actions"], (gone) => danger(`who is told by ${gone} is told no more`))),
  ],
};

function word(value: Json | undefined, fallback: string): string {
  return textOf(value) || fallback;
}

/** What weakens the alarms that gate a release. */
export const ALARM_RULES: readonly Rule[] = [
  destroyed,
  threshold,
  evaluation,
  missingData,
  comparison,
  actions,
  ...ALARM_METRIC_RULES,
];
