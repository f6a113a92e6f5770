import { limitOf, type MetricLine, parseLimit, type ParsedLimit } from "../../../stacks/gate/limit";
import type { Change } from "../change";
import { isRecord, recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import { caution, danger, same, type Assessment, type Rule } from "./rule";

/**
 * Reads the limit of an alarm whose metric math the stacks have made, with these numbers or with others.
 * @returns undefined for any other alarm, and when a part of the metric math is not known yet
 */
function limitIn(alarm: Json): ParsedLimit | undefined {
  return parseLimit(recordsIn(valueAt(alarm, ["metric_query"])).map(lineOf));
}

function lineOf(query: JsonRecord): MetricLine {
  const expression = textOf(query["expression"]);
  const metric = valueAt(query, ["metric", 0]);
  return {
    id: textOf(query["id"]),
    ...(expression !== "" && { expression }),
    ...(isRecord(metric) && {
      metric: {
        namespace: textOf(metric["namespace"]),
        metricName: textOf(metric["metric_name"]),
        dimensions: textsOf(metric["dimensions"]),
        period: Number(metric["period"]),
        statistic: textOf(metric["stat"]),
      },
    }),
    returnData: query["return_data"] === true,
  };
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(isRecord(value) ? value : {}).map(([name, text]) => [name, textOf(text)]));
}

/** The limits of an alarm that judges the same before and after, with the same or other numbers; undefined for any other change. */
export function limitsOf(change: Change): { readonly before: ParsedLimit; readonly after: ParsedLimit } | undefined {
  const [before, after] = [limitIn(change.before), limitIn(change.after)];
  return before && after && same(subjectOf(before), subjectOf(after)) ? { before, after } : undefined;
}

/** What a limit is about, without its numbers. */
function subjectOf({ judged: { bad, targetGroup, otherTargetGroup, loadBalancer } }: ParsedLimit): Json {
  return [bad.kind, targetGroup, otherTargetGroup, loadBalancer];
}

/** Numbers of requests for which two limits are compared: some of each size, from one to a hundred million. */
const REQUESTS: readonly number[] = Array.from({ length: 8 }, (_, power) =>
  [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9].map((factor) => Math.round(factor * 10 ** power)),
).flat();
/** The number of requests that an example names, when it shows the difference. */
const EXAMPLE = 1000;

/** Rule about alarms whose limit lets more bad requests pass. */
export const ALARM_LIMIT_RULE: Rule = {
  id: "gate-limit-loosened",
  types: ["aws_cloudwatch_metric_alarm"],
  check: (change) => {
    const limits = limitsOf(change);
    return limits ? [...wider(limits), ...longer(limits), ...slower(limits), ...moreForgiving(limits)] : [];
  },
};

interface Limits {
  readonly before: ParsedLimit;
  readonly after: ParsedLimit;
}

/** Compares numbers of bad requests that fire the alarm, and not the numbers of the limit: one may rise and another fall. */
function wider({ before, after }: Limits): readonly Assessment[] {
  const fewest = (requests: number, limit: ParsedLimit) => Math.floor(limitOf(requests, limit)) + 1;
  const isWider = (requests: number) => fewest(requests, after) > fewest(requests, before);
  const example = [EXAMPLE, ...REQUESTS].find(isWider);
  if (example === undefined) return [];
  return danger(
    `its limit is wider: of ${example} requests, ${fewest(example, after)} bad ones fire it instead of ` +
      `${fewest(example, before)} (${inWords(after)} instead of ${inWords(before)})`,
  );
}

function longer({ before, after }: Limits): readonly Assessment[] {
  return after.windowSeconds > before.windowSeconds
    ? danger(
        `it counts the requests of ${after.windowSeconds} s instead of ${before.windowSeconds} s: good time in its window ` +
          "hides a fault that begins later",
      )
    : [];
}

function slower({ before, after }: Limits): readonly Assessment[] {
  const [was, is] = [slowSecondsIn(before.judged.bad), slowSecondsIn(after.judged.bad)];
  return is > was ? danger(`an answer is bad after ${is} s instead of ${was} s`) : [];
}

/** The seconds after which an answer is bad; 0 for a limit that doesn't judge the time. */
function slowSecondsIn({ slowSeconds = 0 }: { readonly kind: string; readonly slowSeconds?: number }): number {
  return slowSeconds;
}

function moreForgiving({ before: { compare: was }, after: { compare: is } }: Limits): readonly Assessment[] {
  if (!is) return [];
  if (!was) {
    return danger(
      `bad requests of the other version now excuse those of this one, up to ${percent(is.maxShare)} of the requests`,
    );
  }
  return [
    ...(is.maxShare > was.maxShare
      ? danger(
          `bad requests of the other version excuse up to ${percent(is.maxShare)} of the requests instead of ` +
            percent(was.maxShare),
        )
      : []),
    ...(is.sigmas < was.sigmas
      ? danger(
          `bad requests of the other version excuse those of this one from ${is.sigmas} standard deviations on instead of ` +
            `${was.sigmas}`,
        )
      : []),
    ...fewerCompared(was.requestRatio, is.requestRatio),
  ];
}

/**
 * A share of fewer requests is a larger one, so it excuses more. It is no danger when the ratio follows the strategy, which has
 * a rule of its own.
 */
function fewerCompared(was: number | undefined, is: number | undefined): readonly Assessment[] {
  if (is === undefined || is >= (was ?? Infinity)) return [];
  const before = was === undefined ? "all of them in the window" : `${was}`;
  return caution(
    `the bad requests of the other version are a share of at most ${is} of its requests for each one of this version, ` +
      `instead of ${before}; that is right for a strategy that first shifts ${firstShift(is)} % of the traffic, and excuses ` +
      "too much with a smaller first shift",
  );
}

/** Percent of the traffic that the new version gets when the other one has so many requests for each of its own. */
function firstShift(requestRatio: number): number {
  return Number((100 / (1 + requestRatio)).toFixed(2));
}

function inWords({ normalShare, sigmas, allowance }: ParsedLimit): string {
  return `${percent(normalShare)} + ${sigmas} standard deviations + ${allowance}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(9))} %`;
}

/** What an alarm monitors: metrics of a target group. */
export interface Monitored {
  readonly targetGroup: string;
  readonly metrics: readonly string[];
}

/** What an alarm monitors; undefined for one that has metric math of another form, or no target group. */
export function monitoredBy(alarm: Json): Monitored | undefined {
  const limit = limitIn(alarm);
  if (limit) return { targetGroup: limit.judged.targetGroup, metrics: BAD_METRICS[limit.judged.bad.kind] };
  const metric = textOf(valueAt(alarm, ["metric_name"]));
  const targetGroup = textOf(valueAt(alarm, ["dimensions", "TargetGroup"]));
  return metric === "" || targetGroup === "" ? undefined : { targetGroup, metrics: [metric] };
}

const BAD_METRICS: Readonly<Record<ParsedLimit["judged"]["bad"]["kind"], readonly string[]>> = {
  failedRequests: ["HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount"],
  slowRequests: ["TargetResponseTime"],
};
