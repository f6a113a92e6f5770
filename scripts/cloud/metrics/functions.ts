import type { MathExpression } from "./expression";
import { constant, finite, type Scope, type Series, type Value } from "./value";

/** The context of a function call. */
interface Call {
  readonly scope: Scope;
  /** Computes an argument. */
  compute(argument: MathExpression): Value;
  /** Throws an ExpressionError with the function's position. */
  fail(problem: string): never;
}

type MathFunction = (args: readonly MathExpression[], call: Call) => Value;

/**
 * A function that reduces one series to a scalar, and an array of series to one series. A slot in which no series of
 * the array has data stays without data. A scalar without a value, e.g. the minimum of no numbers, is NaN.
 */
function folding(fold: (present: readonly number[], all: number) => number): MathFunction {
  return (args, call) => {
    const value = call.compute(only(args, call));
    if (value.kind === "scalar") return call.fail("this function takes a metric or an array of metrics");
    const at = (values: Series) => {
      const present = values.filter((x) => x !== undefined);
      return finite(fold(present, values.length));
    };
    if (value.kind === "series") return { kind: "scalar", value: at(value.values) ?? NaN };
    const values = Array.from({ length: call.scope.slots }, (_, slot) => {
      const column = value.list.map((series) => series[slot]);
      return column.some((x) => x !== undefined) ? at(column) : undefined;
    });
    return { kind: "series", values };
  };
}

/** A function of one number, applied to every point. */
function pointwise(f: (x: number) => number): MathFunction {
  const mapSeries = (values: Series) => values.map((x) => (x === undefined ? undefined : f(x)));
  return (args, call) => {
    const value = call.compute(only(args, call));
    if (value.kind === "scalar") return { kind: "scalar", value: f(value.value) };
    if (value.kind === "series") return { kind: "series", values: mapSeries(value.values) };
    return { kind: "list", list: value.list.map(mapSeries) };
  };
}

/**
 * The functions of metric math that the local cloud supports. AVG counts missing values as 0.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SUM: folding((present) => present.reduce((sum, x) => sum + x, 0)),
  AVG: folding((present, all) => present.reduce((sum, x) => sum + x, 0) / all),
  MIN: folding((present) => Math.min(...present)),
  MAX: folding((present) => Math.max(...present)),
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  DATAPOINT_COUNT: folding((present) => present.length),
  METRICS: metrics,
  METRIC_COUNT: (args, call) => {
    const value = call.compute(only(args, call));
    return value.kind === "list"
      ? { kind: "scalar", value: value.list.length }
      : call.fail("METRIC_COUNT takes an array");
  },
  PERIOD: (args, call) => {
    const argument = only(args, call);
    return argument.kind === "id" && call.scope.metrics.has(argument.id)
      ? { kind: "scalar", value: call.scope.period }
      : call.fail("PERIOD takes the id of a metric");
  },
  TIME_SERIES: (args, call) => {
    const value = call.compute(only(args, call));
    return value.kind === "scalar"
      ? { kind: "series", values: constant(value.value, call.scope) }
      : call.fail("TIME_SERIES takes a number");
  },
  FILL: fill,
  IF: choose,
};

/**
 * Calls a function of metric math.
 * @throws ExpressionError for an unknown function or wrong arguments
 */
export function callFunction(name: string, args: readonly MathExpression[], call: Call): Value {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known) {
    const names = Object.keys(FUNCTIONS).join(", ");
    return call.fail(`the function "${name}" is not supported by the local cloud, which knows ${names}`);
  }
  return known(args, call);
}

function only(args: readonly MathExpression[], call: Call): MathExpression {
  const [argument, ...more] = args;
  if (!argument || more.length > 0) return call.fail(`this function takes one argument, not ${args.length}`);
  return argument;
}

/** METRICS() gives every metric of the request, METRICS("text") those whose id contains the text. */
function metrics(args: readonly MathExpression[], call: Call): Value {
  const part = args.length === 0 ? "" : only(args, call);
  const text = typeof part === "string" ? part : part.kind === "text" ? part.value : undefined;
  if (text === undefined) return call.fail("METRICS takes no argument or a text in quotes");
  return {
    kind: "list",
    list: [...call.scope.metrics].filter(([id]) => id.includes(text)).map(([, series]) => series),
  };
}

/** FILL(m, number | m2 | REPEAT | LINEAR): gives missing points a value. */
function fill(args: readonly MathExpression[], call: Call): Value {
  const [subject, filler, ...more] = args;
  if (!subject || !filler || more.length > 0) return call.fail(`FILL takes two arguments, not ${args.length}`);
  const value = call.compute(subject);
  if (value.kind === "scalar") return call.fail("FILL takes a metric or an array of metrics");
  let fillSeries: (values: Series) => Series;
  if (filler.kind === "keyword") {
    fillSeries = filler.name === "REPEAT" ? repeat : interpolate;
  } else {
    const by = call.compute(filler);
    if (by.kind === "list") return call.fail("FILL fills with a number, a metric, REPEAT or LINEAR");
    const at = (slot: number) => (by.kind === "scalar" ? finite(by.value) : by.values[slot]);
    fillSeries = (values) => values.map((x, slot) => x ?? at(slot));
  }
  return value.kind === "series"
    ? { kind: "series", values: fillSeries(value.values) }
    : { kind: "list", list: value.list.map(fillSeries) };
}

/** Fills a gap with the last value before it. */
function repeat(values: Series): Series {
  let last: number | undefined;
  return values.map((x) => (last = x ?? last));
}

/** Fills a gap on a straight line between the values around it. A gap at the start or end stays. */
function interpolate(values: Series): Series {
  return values.map((x, slot) => {
    if (x !== undefined) return x;
    const before = values.findLastIndex((y, at) => at < slot && y !== undefined);
    const after = values.findIndex((y, at) => at > slot && y !== undefined);
    const from = values[before];
    const to = values[after];
    if (from === undefined || to === undefined) return undefined;
    return from + ((to - from) * (slot - before)) / (after - before);
  });
}

/**
 * IF(condition, then, else?), for each slot. Without a condition there is no point. If the condition is true and `then`
 * has no value, the point is 0. If it is false and `else` has no value, there is no point.
 */
function choose(args: readonly MathExpression[], call: Call): Value {
  const [condition, then, otherwise, ...more] = args;
  if (!condition || !then || more.length > 0) return call.fail(`IF takes two or three arguments, not ${args.length}`);
  const test = call.compute(condition);
  const yes = call.compute(then);
  const no = otherwise && call.compute(otherwise);
  if (test.kind === "list" || yes.kind === "list" || no?.kind === "list") return call.fail("IF takes no arrays");
  if (test.kind === "scalar") {
    const chosen = Number.isNaN(test.value) ? undefined : test.value !== 0 ? yes : no;
    const value = chosen ?? { kind: "scalar", value: NaN };
    // The result is a series when either branch is one, so that its kind does not depend on the data.
    const isScalar = yes.kind === "scalar" && no?.kind === "scalar";
    if (isScalar || value.kind === "series") return value;
    return { kind: "series", values: constant(value.value, call.scope) };
  }
  const at = (value: typeof yes, slot: number) => (value.kind === "scalar" ? finite(value.value) : value.values[slot]);
  const values = test.values.map((x, slot) => {
    if (x === undefined) return undefined;
    return x !== 0 ? (at(yes, slot) ?? 0) : no && at(no, slot);
  });
  return { kind: "series", values };
}
