import { isRecord, stringsOf, UNKNOWN, valueAfter, valueBefore, type Change, type Json, type Path } from "../change";
import { lostHow } from "./loss";
import { cannotTell, caution, compare, danger, isComparable, same, type Opinion, type Rule } from "./rule";

const ALARM = ["aws_cloudwatch_metric_alarm"];

const destroyed: Rule = {
  id: "gate-alarm-destroyed",
  types: ALARM,
  check: (change) => {
    if (change.kind === "delete" || change.kind === "forget") {
      return danger(`${lostHow(change)}: what it watched goes unwatched`);
    }
    if (change.kind !== "replace") return [];
    // CloudWatch knows alarms by name: made first, the new one is the old one, and then it is deleted.
    return change.createsFirst && same(valueBefore(change, ["alarm_name"]), valueAfter(change, ["alarm_name"]))
      ? danger(`${lostHow(change)} by one of the same name, which destroying the old one deletes`)
      : caution(`${lostHow(change)}: the new one begins without data`);
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

const period: Rule = {
  id: "gate-period-lengthened",
  types: ALARM,
  check: (change) => periodPaths(change).flatMap(({ before, after }) => longerPeriod(change, before, after)),
};

function longerPeriod(change: Change, before: Path, after: Path): readonly Opinion[] {
  const [from, to] = [valueBefore(change, before), valueAfter(change, after)];
  if (to === UNKNOWN) return cannotTell("period");
  return typeof from === "number" && typeof to === "number" && to > from
    ? danger(
        `a period is ${to} s instead of ${from} s: it sees a bad version later, and an average over more good time`,
      )
    : [];
}

/** Where periods are: the alarm's own, and those of its queries, which belong together by their id. */
function periodPaths(change: Change): readonly { readonly before: Path; readonly after: Path }[] {
  if (!isComparable(change)) return [];
  const old = queries(valueBefore(change, ["metric_query"]));
  const inQueries = queries(valueAfter(change, ["metric_query"])).flatMap(({ id, index }) => {
    const was = old.find((query) => query.id === id);
    const tails: readonly Path[] = [["period"], ["metric", 0, "period"]];
    return was === undefined
      ? []
      : tails.map((tail) => ({
          before: ["metric_query", was.index, ...tail],
          after: ["metric_query", index, ...tail],
        }));
  });
  return [{ before: ["period"], after: ["period"] }, ...inQueries];
}

function queries(value: unknown): readonly { readonly id: Json | undefined; readonly index: number }[] {
  if (!Array.isArray(value)) return [];
  return value.map((query: unknown, index) => ({ id: isRecord(query) ? query["id"] : undefined, index }));
}

const evaluation: Rule = {
  id: "gate-evaluation-lengthened",
  types: ALARM,
  check: (change) => {
    if (!isComparable(change)) return [];
    const paths = ["evaluation_periods", "datapoints_to_alarm"];
    const [n, m] = paths.map((path) => valueBefore(change, [path]));
    const [newN, newM] = paths.map((path) => valueAfter(change, [path]));
    if (newN === UNKNOWN || newM === UNKNOWN) return cannotTell("the number of periods");
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
    compare(change, ["treat_missing_data"], (before, after) =>
      danger(`missing data counts as ${word(after, "missing")} instead of ${word(before, "missing")}`),
    ),
};

const comparison: Rule = {
  id: "gate-comparison-changed",
  types: ALARM,
  check: (change) =>
    compare(change, ["comparison_operator"], (before, after) =>
      danger(`it compares by ${word(after, "nothing")} instead of ${word(before, "nothing")}`),
    ),
};

const actions: Rule = {
  id: "gate-actions-disabled",
  types: ALARM,
  check: (change) => [
    // Enabled when nothing is said (PutMetricAlarm).
    ...compare(change, ["actions_enabled"], (before, after) =>
      before !== false && after === false ? danger("its actions are turned off: nobody is told when it fires") : [],
    ),
    ...(stringsOf(valueBefore(change, ["alarm_actions"])).length === 0 ? [] : actionsRemoved(change)),
  ],
};

function actionsRemoved(change: Change): readonly Opinion[] {
  return compare(change, ["alarm_actions"], (before, after) => {
    const gone = stringsOf(before).filter((action) => !stringsOf(after).includes(action));
    return gone.length > 0 ? danger(`${gone.length} of its actions are removed: who they told is told no more`) : [];
  });
}

/** What an alarm looks at. Another metric is neither looser nor stricter: a person has to look. */
const SUBJECT = [
  "metric_name",
  "namespace",
  "dimensions",
  "statistic",
  "extended_statistic",
  "unit",
  "metric_query",
  "threshold_metric_id",
  "evaluate_low_sample_count_percentiles",
];

const subject: Rule = {
  id: "gate-metric-changed",
  types: ALARM,
  check: (change) =>
    SUBJECT.flatMap((name) => compare(change, [name], () => caution(`it looks at something else: ${name} changes`))),
};

/** Health checks feed the alarm on unhealthy hosts, and keep traffic from tasks that can't serve. */
const healthCheck: Rule = {
  id: "gate-health-check-loosened",
  types: ["aws_lb_target_group"],
  check: (change) => [
    ...["interval", "timeout", "unhealthy_threshold"].flatMap((name) =>
      compare(change, ["health_check", 0, name], (before, after) =>
        typeof before === "number" && typeof after === "number" && after > before
          ? danger(`${name} goes from ${before} to ${after}: a sick task is found later`)
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

function word(value: Json | undefined, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

/** What weakens the alarms that gate a release. */
export const ALARM_RULES: readonly Rule[] = [
  destroyed,
  threshold,
  period,
  evaluation,
  missingData,
  comparison,
  actions,
  subject,
  healthCheck,
];
