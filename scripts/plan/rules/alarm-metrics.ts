import { isMasked, isRecord, textOf, valueAt, type Change, type Json, type Path } from "../change";
import { unknownUntilApply, caution, compare, danger, isComparable, same, type Assessment, type Rule } from "./rule";

const ALARM = ["aws_cloudwatch_metric_alarm"];

const period: Rule = {
  id: "gate-period-lengthened",
  types: ALARM,
  check: (change) => {
    if (!isComparable(change)) return [];
    const before = periodsOf(change.before);
    return periodsOf(change.after).flatMap(({ id, path, seconds: to }): readonly Assessment[] => {
      if (isMasked(change.afterUnknown, path)) return unknownUntilApply("period");
      // A query of another name takes the place of some of those that were: it may not be longer than the longest.
      const from =
        before.find((one) => one.id === id)?.seconds ?? Math.max(0, ...before.flatMap(({ seconds = 0 }) => seconds));
      return to !== undefined && from > 0 && to > from
        ? danger(
            `a period is ${to} s instead of ${from} s: it sees a bad version later, and an average over more good time`,
          )
        : [];
    });
  },
};

/** Where periods are, and what they are: the alarm's own, and those of its queries, which are known by their id. */
function periodsOf(side: Json): readonly { readonly id: string; readonly path: Path; readonly seconds?: number }[] {
  const at = (id: string, path: Path) => {
    const seconds = valueAt(side, path);
    return { id, path, ...(typeof seconds === "number" && seconds > 0 && { seconds }) };
  };
  return [
    at("", ["period"]),
    ...queriesOf(side).flatMap((query, index) => {
      const id = textOf(query["id"]);
      return [
        at(id, ["metric_query", index, "period"]),
        at(`${id} metric`, ["metric_query", index, "metric", 0, "period"]),
      ];
    }),
  ];
}

function queriesOf(side: Json): readonly Readonly<Record<string, Json>>[] {
  const queries = valueAt(side, ["metric_query"]);
  return Array.isArray(queries) ? (queries as readonly Json[]).filter(isRecord) : [];
}

/** What an alarm looks at, beside its statistic. Another metric is neither looser nor stricter: a person has to look. */
const SUBJECT = ["metric_name", "namespace", "unit", "threshold_metric_id", "evaluate_low_sample_count_percentiles"];

const subject: Rule = {
  id: "gate-metric-changed",
  types: ALARM,
  check: (change) => [
    ...SUBJECT.flatMap((name) => compare(change, [name], () => caution(`it looks at something else: ${name} changes`))),
    ...compare(change, ["dimensions"], () =>
      danger("its dimensions change: it no longer watches what the release changes, or not that alone"),
    ),
    ...statistics(change),
    ...compare(change, ["metric_query"], () =>
      same(formula(change.before), formula(change.after))
        ? []
        : danger("its queries change: what it compares with the threshold is something else"),
    ),
  ],
};

/** What is computed: the queries without their order, and without what other rules judge or nobody computes with. */
function formula(side: Json): Json {
  return queriesOf(side)
    .map((query): Readonly<Record<string, Json>> => {
      const metric = valueAt(query, ["metric", 0]);
      return { ...query, label: null, period: null, metric: isRecord(metric) ? { ...metric, period: null } : null };
    })
    .sort((one, other) => textOf(one["id"]).localeCompare(textOf(other["id"])));
}

function statistics(change: Change): readonly Assessment[] {
  const names = ["statistic", "extended_statistic"];
  if (!isComparable(change)) return [];
  const unknown = names.filter((name) => isMasked(change.afterUnknown, [name]));
  if (unknown.length > 0) return unknown.flatMap((name) => unknownUntilApply(name));
  const [before, after] = [change.before, change.after].map((side) =>
    names.map((name) => textOf(valueAt(side, [name]))).find((value) => value !== ""),
  );
  if (same(before, after)) return [];
  const [was, is] = [strength(before, after), strength(after, before)];
  if (was === undefined || is === undefined) return caution("it looks at something else: statistic changes");
  const downwards = textOf(valueAt(change.after, ["comparison_operator"])).startsWith("Less");
  return (downwards ? is > was : is < was) ? danger(`it looks at ${after} instead of ${before}: it misses more`) : [];
}

/** How high a statistic is among the samples; undefined when that can't be compared with the other one. */
function strength(statistic: string | undefined, other: string | undefined): number | undefined {
  if (statistic === "Minimum") return 0;
  if (statistic === "Maximum") return 100;
  const percentile = (value = "") => /^p(\d+(?:\.\d+)?)$/.exec(value)?.[1];
  // An average may lie above or below any percentile.
  if (statistic === "Average") return percentile(other) === undefined ? 50 : undefined;
  const value = percentile(statistic);
  return value === undefined || other === "Average" ? undefined : Number(value);
}

/** What weakens an alarm by what it looks at. */
export const ALARM_METRIC_RULES: readonly Rule[] = [period, subject];
