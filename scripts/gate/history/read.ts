import { isObject } from "../../../stacks/config/merge";
import { emptyFigures, type History, HistoryError } from "./history";
import { PERIOD, readId, readLabel, SERIES, SERIES_NAMES, type SeriesName } from "./series";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;
/** CloudWatch keeps minutes for 15 days (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html). */
const MOST_DAYS = 31;
/** From so many datapoints on, times that are all some minutes apart are no chance. */
const ENOUGH_TO_TELL = 10;
/** CloudWatch began in 2009. Milliseconds taken for seconds are tens of thousands of years later. */
const [EARLIEST, LATEST] = [Date.UTC(2009, 0), Date.UTC(2200, 0)];
/** The share of the minutes with responses that may lack the other figures of the responses: CloudWatch's own gaps. */
const FEW_MINUTES = 0.01;
/** Larger numbers are no counts of requests in a minute. */
const LARGEST = 1e12;

/** How to get data that can be used. */
const HOW = "npm run gate -- --aws-cli prints the call that reads all of it";

/** One series of one target group. */
interface Part {
  readonly id: string;
  readonly label: string | undefined;
  /** By time, milliseconds since the Unix epoch. */
  readonly values: Map<number, number>;
  isComplete: boolean;
}

/**
 * Reads a service's traffic from an answer of GetMetricData, as the AWS CLI prints it, or from what `--save` has written,
 * which says `from`, `to` and `slowSeconds` beside it.
 * @param source names the data in errors
 * @throws HistoryError naming the key that can't be used
 */
export function readHistory(data: unknown, source: string): History {
  const fail = (where: string, what: string): never => {
    throw new HistoryError(`${source}: ${where === "" ? "" : `${where}: `}${what}`);
  };
  if (!isObject(data)) return fail("", `must hold the answer of get-metric-data, an object; ${HOW}`);
  const { MetricDataResults: results, NextToken, from, to, slowSeconds, period } = data;
  if (!Array.isArray(results)) return fail("MetricDataResults", `must be a list; ${HOW}`);
  if (typeof NextToken === "string" && NextToken !== "") {
    return fail("NextToken", "says that more data follows: save all pages; the AWS CLI does it without --no-paginate");
  }
  if (period !== undefined && period !== PERIOD) {
    return fail("period", `${JSON.stringify(period)} must be ${PERIOD}: alarms see minutes; ${HOW}`);
  }
  const parts = new Map<SeriesName, [Part?, Part?]>();
  const labelled: string[] = [];
  const seconds = new Set<number>();
  results.forEach((result: unknown, index) => {
    const where = `MetricDataResults[${index}]`;
    if (!isObject(result)) return fail(where, "must be an object");
    const { Id: id, Label: label, StatusCode: status = "Complete" } = result;
    if (typeof id !== "string" || id === "") return fail(`${where}.Id`, "must be the id of a query");
    if (label !== undefined && typeof label !== "string") return fail(`${where}.Label`, "must be a text");
    const said = label === undefined ? undefined : readLabel(label);
    if (said && !labelled.includes(said.targetGroup)) labelled.push(said.targetGroup);
    if (labelled.length > 2) {
      return fail(
        `${where}.Label`,
        `names a third target group: a service has two, ${labelled.slice(0, 2).join(" and ")}`,
      );
    }
    if (said?.slowSeconds !== undefined) seconds.add(said.slowSeconds);
    const byId = readId(id);
    const byLabel = said && { name: said.name, group: labelled.indexOf(said.targetGroup) === 0 ? 0 : 1 };
    if (byId && said && byId.name !== said.name) {
      return fail(`${where}.Label`, `says ${SERIES[said.name].metricName}, and the id "${id}" something else`);
    }
    const place = byId ?? byLabel;
    if (!place) {
      return fail(
        `${where}.Id`,
        `"${id}" is not known, nor is its label: the ids are ${SERIES_NAMES.join(", ")}, each with _1 or _2 for the ` +
          `target group, e.g. requests_1; ${HOW}`,
      );
    }
    if (status !== "Complete" && status !== "PartialData") {
      return fail(`${where}.StatusCode`, `CloudWatch answered ${String(status)} instead of data; read it again`);
    }
    const pair = parts.get(place.name) ?? [];
    parts.set(place.name, pair);
    const known = (pair[place.group] ??= { id, label, values: new Map(), isComplete: false });
    if (known.id !== id || known.label !== label) {
      return fail(
        where,
        `two services are mixed: "${label ?? id}" and "${known.label ?? known.id}" are both ${place.name} of target ` +
          `group ${place.group + 1}`,
      );
    }
    known.isComplete = status === "Complete";
    addValues(known.values, result, place.name, where, fail);
  });
  const missing = SERIES_NAMES.flatMap((name) =>
    ([0, 1] as const).flatMap((group) => (parts.get(name)?.[group] ? [] : [`${name}_${group + 1}`])),
  );
  if (missing.length > 0) {
    return fail(
      "MetricDataResults",
      `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing. CodeDeploy swaps the two target groups, so ` +
        `the data of both is needed, also of one without traffic; ${HOW}`,
    );
  }
  const all = [...parts.values()].flatMap((pair) => pair.flatMap((part) => part ?? []));
  const partial = all.find(({ isComplete }) => !isComplete);
  if (partial) return fail("MetricDataResults", `the data of ${partial.id} is not complete: read all pages`);
  if (seconds.size > 1) {
    return fail("MetricDataResults", `slow means two things: later than ${[...seconds].join(" s, and later than ")} s`);
  }
  const slow = slowSeconds ?? [...seconds][0];
  if (slow !== undefined && !(typeof slow === "number" && slow > 0 && slow < Infinity)) {
    return fail("slowSeconds", "must be a number of seconds above 0");
  }
  const range = rangeOf(all, { from, to, isByMinute: period === PERIOD }, fail);
  checkResponses(parts, fail);
  const history: History = {
    ...range,
    slowSeconds: slow,
    groups: [emptyFigures(range.minutes), emptyFigures(range.minutes)],
  };
  for (const [name, pair] of parts) {
    pair.forEach((part, group) => {
      const array = history.groups[group]?.[name];
      for (const [time, value] of part?.values ?? []) if (array) array[(time - range.startMs) / MINUTE_MS] = value;
    });
  }
  return history;
}

type Fail = (where: string, what: string) => never;

/** Refuses data whose responses have no other figures: they would look as if none were slow. */
function checkResponses(parts: ReadonlyMap<SeriesName, [Part?, Part?]>, fail: Fail): void {
  for (const name of ["slow", "average", "p50", "p90", "p99"] as const) {
    for (const group of [0, 1] as const) {
      const answers = [...(parts.get("answers")?.[group]?.values ?? [])].filter(([, count]) => count > 0);
      const values = parts.get(name)?.[group]?.values;
      const without = answers.filter(([time]) => values?.has(time) !== true);
      const [first] = without[0] ?? [];
      if (first === undefined || without.length <= FEW_MINUTES * answers.length) continue;
      fail(
        "MetricDataResults",
        `${name}_${group + 1} has no value for ${without.length} of the ${answers.length} minutes with responses, the first ` +
          `at ${new Date(first).toISOString()}: the data is not complete, or not of one time; ${HOW}`,
      );
    }
  }
}

function addValues(
  values: Map<number, number>,
  { Timestamps: times, Values: numbers }: Readonly<Record<string, unknown>>,
  name: SeriesName,
  where: string,
  fail: Fail,
): void {
  if (!Array.isArray(times)) return fail(`${where}.Timestamps`, "must be a list of times");
  if (!Array.isArray(numbers)) return fail(`${where}.Values`, "must be a list of numbers");
  if (times.length !== numbers.length) {
    return fail(where, `has ${times.length} Timestamps and ${numbers.length} Values; each time needs one value`);
  }
  if (times.length > MOST_DAYS * DAY_MINUTES) {
    return fail(where, `has ${times.length} datapoints, more than ${MOST_DAYS} days have minutes`);
  }
  const { unit } = SERIES[name];
  times.forEach((given: unknown, index) => {
    const time = timeOf(given);
    if (time === undefined) {
      return fail(
        `${where}.Timestamps[${index}]`,
        `${JSON.stringify(given)} is not a time with its offset from UTC, e.g. 2026-01-31T12:00:00Z`,
      );
    }
    if (time < EARLIEST || time >= LATEST) {
      return fail(
        `${where}.Timestamps[${index}]`,
        `${JSON.stringify(given)} is not between 2009 and 2200: a number must be of seconds since 1970`,
      );
    }
    if (time % MINUTE_MS !== 0) {
      return fail(
        `${where}.Timestamps[${index}]`,
        `${JSON.stringify(given)} is not the start of a minute: the period must be 60`,
      );
    }
    const value: unknown = numbers[index];
    const problem = problemOf(value, unit);
    if (problem !== undefined) return fail(`${where}.Values[${index}]`, `${JSON.stringify(value)} ${problem}`);
    const before = values.get(time);
    if (before !== undefined && before !== value) {
      return fail(
        `${where}.Timestamps[${index}]`,
        `${JSON.stringify(given)} is there twice, with the values ${before} and ${String(value)}: is this the data of two services?`,
      );
    }
    values.set(time, value as number);
  });
}

/** Milliseconds since the Unix epoch. A number is of seconds, as older versions of the AWS CLI print times. */
function timeOf(given: unknown): number | undefined {
  if (typeof given === "number") return Number.isFinite(given) ? given * 1_000 : undefined;
  if (typeof given !== "string") return undefined;
  const match = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.exec(given);
  const [, day = ""] = match ?? [];
  // Date.parse takes 31 February as 3 March.
  if (!match || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(8))) return undefined;
  const time = Date.parse(given.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time) ? undefined : time;
}

function problemOf(value: unknown, unit: (typeof SERIES)[SeriesName]["unit"]): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "is not a number";
  if (value < 0) return "is below 0";
  if (value > LARGEST) return "is too large";
  if (unit === "count" && !Number.isInteger(value))
    return "is not a whole number, as the statistics Sum and SampleCount are";
  return unit === "percent" && value > 100 ? "is above 100 %" : undefined;
}

/** The minutes that the data covers: those that the file says it was asked for, else those that have data. */
function rangeOf(
  parts: readonly Part[],
  said: { readonly from: unknown; readonly to: unknown; readonly isByMinute: boolean },
  fail: Fail,
): { readonly startMs: number; readonly minutes: number } {
  const requests = parts.filter(({ id, label }) => (readId(id) ?? readLabel(label ?? ""))?.name === "requests");
  let [first, last] = [Infinity, -Infinity];
  for (const { values } of parts) {
    for (const time of values.keys()) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }
  const hasRequests = requests.some(({ values }) => [...values.values()].some((count) => count > 0));
  if (!hasRequests) {
    return fail(
      "",
      "there is no request in this time: is it the service's environment, region and account? Without traffic, no gate notices anything",
    );
  }
  const times = requests.flatMap(({ values }) => [...values.keys()]);
  const minutes = times.reduce((step, time) => greatestDivisor(step, Math.abs(time - (times[0] ?? 0)) / MINUTE_MS), 0);
  if (!said.isByMinute && times.length >= ENOUGH_TO_TELL && minutes > 1) {
    return fail(
      "MetricDataResults",
      `the data is by ${minutes} minutes, and alarms see minutes: the period must be ${PERIOD}; ${HOW}`,
    );
  }
  const bound = (value: unknown, name: string): number | undefined => {
    if (value === undefined) return undefined;
    const time = timeOf(value);
    return time === undefined || time % MINUTE_MS !== 0
      ? fail(name, `${JSON.stringify(value)} is not the start of a minute, e.g. 2026-01-31T12:00:00Z`)
      : time;
  };
  const from = bound(said.from, "from");
  const to = bound(said.to, "to");
  if ((from !== undefined && first < from) || (to !== undefined && last >= to)) {
    return fail("", "there is data outside of the time from `from` to `to`");
  }
  // Before its first request, the service may not have existed.
  const endMs = to ?? last + MINUTE_MS;
  if (endMs - first > MOST_DAYS * DAY_MS) {
    const days = Math.ceil((endMs - first) / DAY_MS);
    return fail("MetricDataResults", `the data spans ${days} days; at most ${MOST_DAYS} can be used`);
  }
  return { startMs: first, minutes: (endMs - first) / MINUTE_MS };
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
