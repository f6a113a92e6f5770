import { type Change, UNKNOWN, valueAfter, valueBefore } from "../change";
import { textOf, valueAt, type Json } from "../json-values";
import { ALARM_LIMIT_RULE, monitoredBy } from "./alarm-limits";
import { ALARM_METRIC_RULES } from "./alarm-metrics";
import { describeLoss } from "./loss";
import {
  caution,
  compare,
  compareRemoved,
  danger,
  isComparable,
  same,
  unknownUntilApply,
  type Rule,
  type RuleContext,
} from "./rule";

const ALARM = ["aws_cloudwatch_metric_alarm"];

const destroyed: Rule = {
  id: "gate-alarm-destroyed",
  types: ALARM,
  check: (change, context) => {
    if (change.kind === "forget") return caution(describeLoss(change));
    if (change.kind === "delete") return danger(`${describeLoss(change)}: ${monitoredInstead(change, context)}`);
    if (change.kind !== "replace") return [];
    // An alarm is identified by its name: creating the new one first updates the old one, and destroying the old one deletes it
    // (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    return change.createsFirst && same(valueBefore(change, ["alarm_name"]), valueAfter(change, ["alarm_name"]))
      ? danger(`${describeLoss(change)} by one with the same name, which is deleted when the old one is destroyed`)
      : caution(`${describeLoss(change)}: the new one starts without data`);
  },
};

/** What monitors the metrics of a destroyed alarm from now on, in words. */
function monitoredInstead(change: Change, { changes }: RuleContext): string {
  const was = monitoredBy(change.before);
  const created = changes.flatMap((other) => {
    if (!was || other.kind !== "create" || !ALARM.includes(other.type)) return [];
    const is = monitoredBy(other.after);
    const shared = is?.targetGroup === was.targetGroup ? is.metrics.filter((one) => was.metrics.includes(one)) : [];
    return shared.length > 0 ? [{ name: textOf(valueAt(other.after, ["alarm_name"])) || other.address, shared }] : [];
  });
  if (!was || created.length === 0) return "its metrics are no longer monitored";
  const shared = new Set(created.flatMap((one) => one.shared));
  const lost = was.metrics.filter((metric) => !shared.has(metric));
  const names = created.map(({ name }) => name).join(", ");
  return (
    `${names}, which is created, monitors ${[...shared].join(", ")} of the same target group on another condition; ` +
    (lost.length === 0 ? "compare the two" : `no longer monitored: ${lost.join(", ")}`)
  );
}

const threshold: Rule = {
  id: "gate-threshold-loosened",
  types: ALARM,
  check: (change) =>
    compare(change, ["threshold"], (before, after) => {
      const operator = valueAfter(change, ["comparison_operator"]);
      if (typeof before !== "number" || typeof after !== "number" || typeof operator !== "string") {
        return caution("the threshold is no longer a number, or becomes one");
      }
      // Stryker disable next-line EqualityOperator: the two values differ, or they would not be compared.
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
      return danger(`${after.needed} bad periods must occur within ${after.of} instead of ${before.of}`);
    }
    return after.of > before.of ? caution(`it evaluates ${after.of} periods instead of ${before.of}`) : [];
  },
};

/**
 * The alarm fires when M of N periods are bad; the default of M is N
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
 */
function datapoints(n: unknown, m: unknown): { readonly needed: number; readonly of: number } | undefined {
  if (typeof n !== "number") return undefined;
  return { needed: Number(m) > 0 ? Number(m) : n, of: n };
}

const missingData: Rule = {
  id: "gate-missing-data-changed",
  types: ALARM,
  check: (change) =>
    compare(change, ["treat_missing_data"], (before, after) => {
      // The default is `missing` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
      const [was, is] = [word(before, "missing"), word(after, "missing")];
      return was === is ? [] : danger(`missing data is treated as ${is} instead of ${was}`);
    }),
};

const comparison: Rule = {
  id: "gate-comparison-changed",
  types: ALARM,
  check: (change) =>
    compare(change, ["comparison_operator"], (before, after) => {
      const [was, is] = [word(before, "nothing"), word(after, "nothing")];
      const stricter = is === was.replace(/Than(?=Threshold)/, "ThanOrEqualTo");
      return stricter ? [] : danger(`it compares with ${is} instead of ${was}`);
    }),
};

const actions: Rule = {
  id: "gate-actions-disabled",
  types: ALARM,
  check: (change) => [
    // Actions are enabled by default (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    ...compare(change, ["actions_enabled"], (_before, after) =>
      after === false ? danger("its actions are turned off: nobody is notified when it fires") : [],
    ),
    ...compareRemoved(change, ["alarm_actions"], (removed) => danger(`it no longer notifies ${removed}`)),
  ],
};

function word(value: Json | undefined, fallback: string): string {
  return textOf(value) || fallback;
}

/** Rules about metric alarms that detect less, or notify nobody. */
export const ALARM_RULES: readonly Rule[] = [
  destroyed,
  threshold,
  evaluation,
  missingData,
  comparison,
  actions,
  ALARM_LIMIT_RULE,
  ...ALARM_METRIC_RULES,
];
