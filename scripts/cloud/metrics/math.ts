import type { MetricDataQuery, MetricQuery } from "../template";
import { compute } from "./compute";
import { ExpressionError, type MathExpression, parseExpression } from "./expression";
import type { Datapoint } from "./part";
import type { Scope, Series, Value } from "./value";

/** Reads the published datapoints of a metric, as MetricsPart.read does. */
export type ReadMetric = (query: MetricQuery, boundaries: readonly number[]) => readonly Datapoint[];

/** Parsed and checked metric math: several lines, each with an id. */
export interface MetricMath {
  /** The period of all its metrics, in seconds. */
  readonly period: number;
  /** The metrics that it reads. */
  readonly metrics: readonly MetricQuery[];
  /**
   * Computes the points of one line, oldest first.
   * @param boundaries where periods begin and end, oldest first
   * @throws ExpressionError for operands of the wrong kind, or a line that does not give exactly one series
   */
  evaluate(id: string, read: ReadMetric, boundaries: readonly number[]): readonly Datapoint[];
}

interface Line {
  readonly text: string;
  readonly parsed: MathExpression;
}

/**
 * Parses the lines of metric math and checks that their ids are unique and their periods equal.
 * @param queries the lines of an alarm or of GetMetricData
 * @throws ExpressionError for an expression that can't be parsed; Error for lines that don't fit together
 */
export function compileMath(queries: readonly MetricDataQuery[]): MetricMath {
  const metrics = new Map<string, MetricQuery>();
  const lines = new Map<string, Line>();
  for (const { id, metric, expression } of queries) {
    if (metrics.has(id) || lines.has(id)) throw new Error(`metric math: the id "${id}" is used twice`);
    if (metric) metrics.set(id, metric);
    else if (expression !== undefined) lines.set(id, { text: expression, parsed: parseExpression(expression) });
    else throw new Error(`metric math: "${id}" has neither a metric nor an expression`);
  }
  const periods = [...new Set([...metrics.values()].map(({ period }) => period))];
  const [period] = periods;
  if (period === undefined) throw new Error("metric math: there is no metric to compute from");
  if (periods.length > 1) throw new Error(`metric math: all metrics need the same period, not ${periods.join(", ")}`);
  return {
    period,
    metrics: [...metrics.values()],
    evaluate(id, read, boundaries) {
      const starts = boundaries.slice(0, -1);
      const series = new Map([...metrics].map(([key, query]) => [key, seriesOf(starts, read(query, boundaries))]));
      const values = evaluateLine(id, lines, { slots: starts.length, period, metrics: series });
      return starts.flatMap((at, slot) => {
        const value = values[slot];
        return value === undefined ? [] : [{ at, value, sampleCount: 1 }];
      });
    },
  };
}

function seriesOf(starts: readonly number[], points: readonly Datapoint[]): Series {
  const byStart = new Map(points.map(({ at, value }) => [at, value]));
  return starts.map((at) => byStart.get(at));
}

function evaluateLine(
  id: string,
  lines: ReadonlyMap<string, Line>,
  base: Pick<Scope, "slots" | "period" | "metrics">,
): Series {
  const underWay: string[] = [];
  const resolve = (name: string): Value | undefined => {
    const metric = base.metrics.get(name);
    if (metric) return { kind: "series", values: metric };
    const line = lines.get(name);
    if (!line) return undefined;
    if (underWay.includes(name)) {
      throw new Error(`metric math: expressions refer to each other in a circle: ${[...underWay, name].join(" → ")}`);
    }
    underWay.push(name);
    const value = compute(line.parsed, { ...base, expression: line.text, resolve });
    underWay.pop();
    return value;
  };
  const value = resolve(id);
  if (!value) throw new Error(`metric math: there is no line with the id "${id}"`);
  if (value.kind === "series") return value.values;
  const list = value.kind === "list" ? value.list : [];
  const [single] = list;
  if (single && list.length === 1) return single;
  const found = value.kind === "scalar" ? "a single number" : `${list.length} time series`;
  throw new ExpressionError(lines.get(id)?.text ?? id, 1, `it yields ${found}; one time series is needed`);
}
