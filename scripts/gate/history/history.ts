import { SERIES_NAMES, type SeriesName } from "./series";

/** A service's traffic of the past can't be used. The message says what is wrong, where, and what to do. */
export class HistoryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HistoryError";
  }
}

/** The figures of a target group by minute. Statistics of minutes without responses are NaN; counts are 0. */
export type MinuteFigures = Readonly<Record<SeriesName, Float64Array>>;

/** The traffic of a service in the past. */
export interface History {
  /** Start of the first minute, milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly minutes: number;
  /** A response that takes longer counts as slow. Undefined when the data doesn't say it. Seconds. */
  readonly slowSeconds: number | undefined;
  /** Both target groups. CodeDeploy swaps them, so their sum is the service's traffic. */
  readonly groups: readonly [MinuteFigures, MinuteFigures];
}

/** Figures of minutes without any traffic. */
export function emptyFigures(minutes: number): MinuteFigures {
  const array = (name: SeriesName) => {
    const values = new Float64Array(minutes);
    return isStatistic(name) ? values.fill(NaN) : values;
  };
  return Object.fromEntries(SERIES_NAMES.map((name) => [name, array(name)])) as Record<SeriesName, Float64Array>;
}

function isStatistic(name: SeriesName): boolean {
  return name === "average" || name === "p50" || name === "p90" || name === "p99";
}

/** A service's traffic by minute: the sum of its target groups. */
export interface ServiceMinutes {
  readonly startMs: number;
  readonly minutes: number;
  readonly slowSeconds: number | undefined;
  readonly requests: Float64Array;
  /** Responses with 5xx. */
  readonly failed: Float64Array;
  /** Failed connections to targets. */
  readonly refused: Float64Array;
  /** Responses whose time is known. */
  readonly answers: Float64Array;
  /** Those that were slow. */
  readonly slow: Float64Array;
  /** Sum of the response times. Seconds. */
  readonly seconds: Float64Array;
  /** Percentiles of the minute's busier target group; NaN without responses. Seconds. */
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly p99: Float64Array;
}

/** Adds the target groups up. */
export function serviceMinutes({ startMs, minutes, slowSeconds, groups }: History): ServiceMinutes {
  const array = () => new Float64Array(minutes);
  const sum: ServiceMinutes = {
    startMs,
    minutes,
    slowSeconds,
    requests: array(),
    failed: array(),
    refused: array(),
    answers: array(),
    slow: array(),
    seconds: array(),
    p50: array().fill(NaN),
    p90: array().fill(NaN),
    p99: array().fill(NaN),
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    let most = 0;
    for (const figures of groups) {
      const at = (name: SeriesName) => figures[name][minute] ?? 0;
      const answers = at("answers");
      add(sum.requests, minute, at("requests"));
      add(sum.failed, minute, at("failed"));
      add(sum.refused, minute, at("refused"));
      add(sum.answers, minute, answers);
      // A percentage of a whole number of responses.
      add(sum.slow, minute, Math.round((at("slow") / 100) * answers));
      add(sum.seconds, minute, answers > 0 ? answers * (at("average") || 0) : 0);
      if (answers <= most) continue;
      most = answers;
      for (const name of ["p50", "p90", "p99"] as const) sum[name][minute] = at(name);
    }
  }
  return sum;
}

function add(array: Float64Array, index: number, value: number): void {
  array[index] = (array[index] ?? 0) + value;
}
