import type { TimeZone } from "../../cloud/alarms/time-zone";
import type { HistoryFigures } from "../report/types";
import type { ServiceMinutes } from "./history";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A shorter time without requests is usual for a small service. */
const GAP_MINUTES = 60;

/** Counts of some minutes. */
interface Sums {
  minutes: number;
  requests: number;
  bad: number;
  answers: number;
  slow: number;
}

/** What a service's traffic was like. */
export type Profile = Pick<
  HistoryFigures,
  "from" | "to" | "requests" | "normal" | "quietMinutes" | "gaps" | "hours" | "hoursOfDay"
>;

/** Says what a service's traffic was like, by hour and by hour of the day. */
export function profileOf(service: ServiceMinutes, zone: TimeZone): Profile {
  const total = emptySums();
  const hours = new Map<number, Sums>();
  const hoursOfDay = new Map<number, Sums>();
  const gaps: { from: string; to: string }[] = [];
  let quietMinutes = 0;
  let quietSince = 0;
  for (let minute = 0; minute <= service.minutes; minute += 1) {
    const time = service.startMs + minute * MINUTE_MS;
    const isOver = minute === service.minutes;
    if (isOver || (service.requests[minute] ?? 0) > 0) {
      if (minute - quietSince >= GAP_MINUTES) {
        gaps.push({ from: isoTime(service.startMs + quietSince * MINUTE_MS), to: isoTime(time) });
      }
      quietSince = minute + 1;
      if (isOver) break;
    } else {
      quietMinutes += 1;
    }
    const local = time + zone.offsetAt(time);
    const hour = Math.floor(local / HOUR_MS) * HOUR_MS - zone.offsetAt(time);
    for (const sums of [total, sumsAt(hours, hour), sumsAt(hoursOfDay, hourOfDay(local))]) add(sums, service, minute);
  }
  return {
    from: isoTime(service.startMs),
    to: isoTime(service.startMs + service.minutes * MINUTE_MS),
    requests: total.requests,
    normal: {
      failedShare: share(total.bad, total.requests),
      slowShare: service.slowSeconds === undefined ? null : share(total.slow, total.answers),
      slowSeconds: service.slowSeconds ?? null,
      responseSeconds: responseSeconds(service),
    },
    quietMinutes,
    gaps,
    hours: [...hours]
      .filter(([, { requests }]) => requests > 0)
      .map(([at, sums]) => ({ at: isoTime(at), ...figures(sums) })),
    hoursOfDay: [...hoursOfDay]
      .sort(([one], [other]) => one - other)
      .map(([hour, sums]) => ({ hour, minutes: sums.minutes, ...figures(sums) })),
  };
}

/** The time as ISO 8601 has it, in UTC and whole seconds. @param time milliseconds since the Unix epoch */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

/** @param local milliseconds of local time */
export function hourOfDay(local: number): number {
  return new Date(local).getUTCHours();
}

/** See {@link usualBadShare}. */
const USUAL = 0.9;
/** In so many requests, a share of 1 in 1,000 shows within about a fifth of it. */
const POOL_REQUESTS = 20_000;
/** Fewer requests don't show a share of 1 in 1,000 at all. */
const FEWEST_REQUESTS = 2_000;

/** When none of n requests is bad, the share is below 3/n with 95 % confidence: e to the power of -3 is 5 %. */
const NONE_OF_ALL = 3;

/**
 * The share of bad requests that is usual: in nine tenths of the traffic, it is no higher. Single outages don't count. It is
 * no smaller than what so many requests can show.
 * @returns undefined when there are too few requests to tell
 */
export function usualBadShare(service: ServiceMinutes): number | undefined {
  const pools: { requests: number; bad: number }[] = [];
  let pool = { requests: 0, bad: 0 };
  for (let minute = 0; minute < service.minutes; minute += 1) {
    pool.requests += service.requests[minute] ?? 0;
    pool.bad += badAt(service, minute);
    if (pool.requests < POOL_REQUESTS) continue;
    pools.push(pool);
    pool = { requests: 0, bad: 0 };
  }
  if (pools.length === 0 && pool.requests >= FEWEST_REQUESTS) pools.push(pool);
  pools.sort((one, other) => share(one.bad, one.requests) - share(other.bad, other.requests));
  const all = pools.reduce((sum, { requests }) => sum + requests, 0);
  let seen = 0;
  const usual = pools.find(({ requests }) => (seen += requests) >= USUAL * all);
  return usual && Math.max(share(usual.bad, usual.requests), NONE_OF_ALL / all);
}

function badAt({ failed, refused }: ServiceMinutes, minute: number): number {
  return (failed[minute] ?? 0) + (refused[minute] ?? 0);
}

function emptySums(): Sums {
  return { minutes: 0, requests: 0, bad: 0, answers: 0, slow: 0 };
}

function sumsAt(map: Map<number, Sums>, key: number): Sums {
  const known = map.get(key) ?? emptySums();
  map.set(key, known);
  return known;
}

function add(sums: Sums, service: ServiceMinutes, minute: number): void {
  sums.minutes += 1;
  sums.requests += service.requests[minute] ?? 0;
  sums.bad += badAt(service, minute);
  sums.answers += service.answers[minute] ?? 0;
  sums.slow += service.slow[minute] ?? 0;
}

function figures({ minutes, requests, bad, answers, slow }: Sums) {
  return { rps: requests / (minutes * 60), failedShare: share(bad, requests), slowShare: share(slow, answers) };
}

/** Failed connections may be more than requests, because the load balancer tries again. */
function share(part: number, all: number): number {
  return all > 0 ? Math.min(1, part / all) : 0;
}

function responseSeconds({ answers, p50, p90, p99, minutes }: ServiceMinutes) {
  const median = (values: Float64Array): number | undefined => {
    const known = Array.from({ length: minutes }, (_, minute) => minute).filter(
      (minute) => (answers[minute] ?? 0) > 0 && Number.isFinite(values[minute]),
    );
    known.sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
    const all = known.reduce((sum, minute) => sum + (answers[minute] ?? 0), 0);
    let seen = 0;
    const middle = known.find((minute) => (seen += answers[minute] ?? 0) >= all / 2);
    return middle === undefined ? undefined : values[middle];
  };
  const [first, second, third] = [p50, p90, p99].map(median);
  return first === undefined || second === undefined || third === undefined
    ? null
    : { p50: first, p90: second, p99: third };
}
