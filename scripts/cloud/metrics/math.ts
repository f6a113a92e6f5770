import type { MetricDataQuery, MetricQuery } from "../template";
import { compileExpression } from "./compile";
import { ExpressionError, type MathExpression, parseExpression } from "./expression";
import type { Datapoint } from "./part";
import { type Compiled, type CompiledSeries, scalar, type Series, series } from "./value";

/** Reads the published datapoints of a metric, as MetricsPart.read does. */
export type ReadMetric = (query: MetricQuery, boundaries: readonly number[]) => readonly Datapoint[];

/** Parsed metric math: several lines, each with an id. */
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

/**
 * Parses the lines of metric math and checks that their ids are unique and their periods equal.
 * @param queries the lines of an alarm or of GetMetricData
 * @throws ExpressionError for an expression that can't be parsed; Error for lines that don't fit together
 */
export function compileMath(queries: readonly MetricDataQuery[]): MetricMath {
  const metrics = new Map<string, MetricQuery>();
  const lines = new Map<string, { readonly text: string; readonly parsed: MathExpression }>();
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
  const compiledLine = compilerOf([...metrics.keys()], lines, period);
  const metricList = [...metrics.values()];
  return {
    period,
    metrics: metricList,
    evaluate(id, read, boundaries) {
      const line = compiledLine(id);
      const slots = Math.max(0, boundaries.length - 1);
      const series = metricList.map((query) => seriesOf(slots, boundaries, read(query, boundaries)));
      const points: Datapoint[] = [];
      line.values({ slots, metrics: series, computed: [] }).forEach((value, slot) => {
        if (!Number.isNaN(value)) points.push({ at: boundaries[slot] ?? NaN, value, sampleCount: 1 });
      });
      return points;
    },
  };
}

/** The values of datapoints by slot. Both the boundaries and the points are in the order of time. */
function seriesOf(slots: number, boundaries: readonly number[], points: readonly Datapoint[]): Series {
  const values = new Array<number>(slots).fill(NaN);
  let slot = 0;
  for (const { at, value } of points) {
    while (slot < slots && (boundaries[slot] ?? NaN) < at) slot += 1;
    if (slot < slots && boundaries[slot] === at) values[slot] = value;
  }
  return values;
}

/**
 * Compiles lines when they are asked for, each one once.
 * @param ids the ids of the metrics, in the order of a frame
 * @returns gives the compiled line with an id; throws as {@link MetricMath.evaluate} does
 */
function compilerOf(
  ids: readonly string[],
  lines: ReadonlyMap<string, { readonly text: string; readonly parsed: MathExpression }>,
  period: number,
): (id: string) => CompiledSeries {
  const metrics = new Map(ids.map((id, index) => [id, series(({ metrics: rows }) => rows[index] ?? [])]));
  const compiled = new Map<string, Compiled>();
  const underWay: string[] = [];
  let results = 0;
  const resolve = (id: string): Compiled | undefined => {
    const known = metrics.get(id) ?? compiled.get(id);
    if (known) return known;
    const line = lines.get(id);
    if (!line) return undefined;
    if (underWay.includes(id)) {
      throw new Error(`metric math: expressions refer to each other in a circle: ${[...underWay, id].join(" → ")}`);
    }
    underWay.push(id);
    try {
      const parts = compileExpression(line.parsed, { expression: line.text, period, metrics, resolve });
      const value = computedOnce(parts, () => results++);
      compiled.set(id, value);
      return value;
    } finally {
      underWay.pop();
    }
  };
  return (id) => {
    const value = resolve(id);
    if (!value) throw new Error(`metric math: there is no line with the id "${id}"`);
    if (value.kind === "series") return value;
    const list = value.kind === "list" ? value.list : [];
    const [single] = list;
    if (single && list.length === 1) return single;
    const found = value.kind === "scalar" ? "a single number" : `${list.length} time series`;
    throw new ExpressionError(lines.get(id)?.text ?? id, 1, `it yields ${found}; one time series is needed`);
  };
}

/**
 * Computes a line once an evaluation, however many others refer to it.
 * @param next gives an unused index of the frame's `computed`
 */
function computedOnce(compiled: Compiled, next: () => number): Compiled {
  const once = ({ values }: CompiledSeries) => {
    const index = next();
    return series((frame) => (frame.computed[index] ??= values(frame)) as Series);
  };
  if (compiled.kind === "list") return { kind: "list", list: compiled.list.map(once) };
  if (compiled.kind === "series") return once(compiled);
  const index = next();
  return scalar((frame) => (frame.computed[index] ??= compiled.value(frame)) as number);
}
