import { RandomStream } from "../../../scripts/gate/random";
import { historyQueries } from "../../../scripts/gate/history/series";
import { LOAD_BALANCER, SUFFIXES } from "../gates";

export const SOURCE = { loadBalancer: LOAD_BALANCER, targetGroups: SUFFIXES };
export const START = Date.parse("2026-01-05T00:00:00Z");
export const DAY = 1_440;

/** What a service's traffic is like in a minute; the minute is counted from the start. */
export interface TrafficAt {
  readonly rps: number;
  readonly failed?: number;
  readonly slow?: number;
  /** The target group that gets the traffic; default: the first. */
  readonly group?: 0 | 1;
}

/** A result of GetMetricData. */
export interface Result {
  Id: string;
  Label: string;
  Timestamps: (string | number)[];
  Values: number[];
  StatusCode: string;
}

/** An answer of GetMetricData about traffic, as CloudWatch has it: nothing for minutes without. */
export function answer(minutes: number, at: (minute: number) => TrafficAt): { MetricDataResults: Result[] } {
  const results = historyQueries(SOURCE, 1.5).map(({ Id, Label }): Result => ({
    Id,
    Label,
    Timestamps: [],
    Values: [],
    StatusCode: "Complete",
  }));
  const put = (id: string, minute: number, value: number) => {
    const result = results.find(({ Id }) => Id === id);
    result?.Timestamps.push(new Date(START + minute * 60_000).toISOString());
    result?.Values.push(value);
  };
  const random = new RandomStream(3, 1, 4);
  for (let minute = 0; minute < minutes; minute += 1) {
    const { rps, failed = 0, slow = 0, group = 0 } = at(minute);
    const requests = random.poisson(rps * 60);
    if (requests === 0) continue;
    const suffix = `_${group + 1}`;
    const bad = random.binomial(requests, failed);
    put(`requests${suffix}`, minute, requests);
    if (bad > 0) put(`failed${suffix}`, minute, bad);
    put(`answers${suffix}`, minute, requests);
    put(`slow${suffix}`, minute, (100 * random.binomial(requests, slow)) / requests);
    put(`average${suffix}`, minute, 0.12);
    put(`p50${suffix}`, minute, 0.1);
    put(`p90${suffix}`, minute, 0.2);
    put(`p99${suffix}`, minute, 0.4);
  }
  return { MetricDataResults: results };
}

/** The result with an id. */
export function resultOf({ MetricDataResults }: { MetricDataResults: Result[] }, id: string): Result {
  const found = MetricDataResults.find(({ Id }) => Id === id);
  if (!found) throw new Error(`no result ${id}`);
  return found;
}
