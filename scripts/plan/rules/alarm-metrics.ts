import type { Change } from "../change";
import { isMasked, isRecord, recordsIn, textOf, valueAt, type Json, type JsonRecord, type Path } from "../json-values";
import { limitsOf } from "./alarm-limits";
import {
  caution,
  compare,
  danger,
  inWords,
  isComparable,
  isLess,
  same,
  unknownUntilApply,
  type Assessment,
  type Rule,
} from "./rule";

const ALARM = ["aws_cloudwatch_metric_alarm"];

const period: Rule = {
  id: "gate-period-lengthened",
  types: ALARM,
  check: (change) => {
    // Another rule compares the windows of limits.
    if (!isComparable(change) || limitsOf(change)) return [];
    const before = periodsOf(change.before);
    return periodsOf(change.after).flatMap(({ id, path, seconds: to }): readonly Assessment[] => {
      if (isMasked(change.afterUnknown, path)) return unknownUntilApply("period");
      // A renamed query has no counterpart before. Its period is compared with the longest period before.
      const longest = Math.max(...before.map(({ seconds }) => Number(seconds ?? 0)));
      const from = before.find((one) => one.id === id)?.seconds || longest;
      return from !== 0 && isLess(from, to)
        ? danger(
            `a period is ${inWords(to)} s instead of ${inWords(from)} s: it detects a bad version later, and its average includes more good time`,
          )
        : [];
    });
  },
};

/**
 * The periods of an alarm, in seconds, with their paths: its own, and those of its queries, which are identified by their id. One
 * that isn't set is 0 or missing.
 */
function periodsOf(
  side: Json,
): readonly { readonly id: string; readonly path: Path; readonly seconds: Json | undefined }[] {
  const at = (id: string, path: Path) => ({ id, path, seconds: valueAt(side, path) });
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

function queriesOf(side: Json): readonly JsonRecord[] {
  return recordsIn(valueAt(side, ["metric_query"]));
}

/** Attributes that select the metric. Another metric is neither looser nor stricter, so a person must check it. */
const SUBJECT = ["metric_name", "namespace", "unit", "threshold_metric_id", "evaluate_low_sample_count_percentiles"];

const subject: Rule = {
  id: "gate-metric-changed",
  types: ALARM,
  check: (change) => [
    ...SUBJECT.flatMap((name) => compare(change, [name], () => caution(`it monitors something else: ${name} changes`))),
    ...compare(change, ["dimensions"], () =>
      danger("its dimensions change: it no longer monitors what the release changes, or not only that"),
    ),
    ...statistics(change),
    ...compare(change, ["metric_query"], () =>
      same(formula(change.before), formula(change.after)) || limitsOf(change)
        ? []
        : danger("its queries change: it compares another value with the threshold"),
    ),
  ],
};

/** What the queries compute: without their order, their labels, and their periods, which another rule compares. */
function formula(side: Json): Json {
  return queriesOf(side)
    .map((query): JsonRecord => {
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
  if (was === undefined || is === undefined) return caution("it monitors something else: statistic changes");
  const downwards = textOf(valueAt(change.after, ["comparison_operator"])).startsWith("Less");
  return (downwards ? is > was : is < was) ? danger(`it uses ${after} instead of ${before}: it detects less`) : [];
}

/** The percentile at which a statistic lies among the samples; undefined when that can't be compared with the other one. */
function strength(statistic: string | undefined, other: string | undefined): number | undefined {
  if (statistic === "Minimum") return 0;
  if (statistic === "Maximum") return 100;
  const percentile = (value = "") => /^p(\d+(?:\.\d+)?)$/.exec(value)?.[1];
  if (statistic === "Average") return 50;
  const value = percentile(statistic);
  // An average may lie above or below any percentile.
  return value === undefined || other === "Average" ? undefined : Number(value);
}

/** Rules about the metrics of alarms. */
export const ALARM_METRIC_RULES: readonly Rule[] = [period, subject];
