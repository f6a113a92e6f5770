import type { MathExpression } from "./expression";
import {
  type Compiled,
  type CompiledScalar,
  type CompiledSeries,
  constant,
  finite,
  type Frame,
  mapped,
  scalar,
  type Scope,
  type Series,
  series,
} from "./value";

/** The context of a function call. */
interface Call {
  readonly scope: Scope;
  /** Compiles an argument. */
  compile(argument: MathExpression): Compiled;
  /** Throws an ExpressionError with the function's position. */
  fail(problem: string): never;
}

type MathFunction = (args: readonly MathExpression[], call: Call) => Compiled;

/**
 * A function that reduces one series to a single number, and an array of series to one series. A slot in which no series
 * of the array has data stays without data. A single number without a value, e.g. the minimum of no numbers, is NaN.
 */
function folding(fold: (present: readonly number[], all: number) => number): MathFunction {
  const over = (values: Series) =>
    finite(
      fold(
        values.filter((x) => !Number.isNaN(x)),
        values.length,
      ),
    );
  return (args, call) => {
    const argument = call.compile(only(args, call));
    if (argument.kind === "scalar") return call.fail("this function takes a metric or an array of metrics");
    if (argument.kind === "series") return scalar((frame) => over(argument.values(frame)));
    return series((frame) => {
      const rows = argument.list.map((item) => item.values(frame));
      return Array.from({ length: frame.slots }, (_, slot) => {
        const column = rows.map((values) => values[slot] ?? NaN);
        return column.every(Number.isNaN) ? NaN : over(column);
      });
    });
  };
}

/** A function of one number, applied to every point. */
function pointwise(f: (x: number) => number): MathFunction {
  return (args, call) => mapped(call.compile(only(args, call)), f);
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
    const argument = call.compile(only(args, call));
    return argument.kind === "list" ? scalar(() => argument.list.length) : call.fail("METRIC_COUNT takes an array");
  },
  PERIOD: (args, call) => {
    const argument = only(args, call);
    return argument.kind === "id" && call.scope.metrics.has(argument.id)
      ? scalar(() => call.scope.period)
      : call.fail("PERIOD takes the id of a metric");
  },
  TIME_SERIES: (args, call) => {
    const argument = call.compile(only(args, call));
    return argument.kind === "scalar" ? constant(argument) : call.fail("TIME_SERIES takes a number");
  },
  FILL: fill,
  IF: choose,
};

/**
 * Compiles the call of a function of metric math.
 * @throws ExpressionError for an unknown function or wrong arguments
 */
export function compileCall(name: string, args: readonly MathExpression[], call: Call): Compiled {
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
function metrics(args: readonly MathExpression[], call: Call): Compiled {
  const part = args.length === 0 ? "" : only(args, call);
  const text = typeof part === "string" ? part : part.kind === "text" ? part.value : undefined;
  if (text === undefined) return call.fail("METRICS takes no argument or a text in quotes");
  return {
    kind: "list",
    list: [...call.scope.metrics].filter(([id]) => id.includes(text)).map(([, metric]) => metric),
  };
}

/** FILL(m, number | m2 | REPEAT | LINEAR): gives missing points a value. */
function fill(args: readonly MathExpression[], call: Call): Compiled {
  const [subject, filler, ...more] = args;
  if (!subject || !filler || more.length > 0) return call.fail(`FILL takes two arguments, not ${args.length}`);
  const argument = call.compile(subject);
  if (argument.kind === "scalar") return call.fail("FILL takes a metric or an array of metrics");
  const filling = fillingOf(filler, call);
  const filled = ({ values }: CompiledSeries) => series((frame) => filling(values(frame), frame));
  return argument.kind === "series" ? filled(argument) : { kind: "list", list: argument.list.map(filled) };
}

function fillingOf(filler: MathExpression, call: Call): (values: Series, frame: Frame) => Series {
  if (filler.kind === "keyword") return filler.name === "REPEAT" ? repeat : interpolate;
  const by = call.compile(filler);
  if (by.kind === "list") return call.fail("FILL fills with a number, a metric, REPEAT or LINEAR");
  return (values, frame) => {
    const at = pointsOf(by, frame);
    return values.map((x, slot) => (Number.isNaN(x) ? at(slot) : x));
  };
}

/** The points of a series by slot, or a number in every slot. */
function pointsOf(compiled: CompiledScalar | CompiledSeries, frame: Frame): (slot: number) => number {
  if (compiled.kind === "scalar") {
    const number = finite(compiled.value(frame));
    return () => number;
  }
  const values = compiled.values(frame);
  return (slot) => values[slot] ?? NaN;
}

/** Fills a gap with the last value before it. */
function repeat(values: Series): Series {
  let last = NaN;
  return values.map((x) => (last = Number.isNaN(x) ? last : x));
}

/** Fills a gap on a straight line between the values around it. A gap at the start or end stays. */
function interpolate(values: Series): Series {
  const filled = [...values];
  let before = -1;
  values.forEach((to, after) => {
    if (Number.isNaN(to)) return;
    const from = values[before] ?? NaN;
    for (let slot = before + 1; slot < after; slot += 1) {
      filled[slot] = from + ((to - from) * (slot - before)) / (after - before);
    }
    before = after;
  });
  return filled;
}

/**
 * IF(condition, then, else?), for each slot. Without a condition there is no point. If the condition is true and `then`
 * has no value, the point is 0. If it is false and `else` has no value, there is no point.
 */
function choose(args: readonly MathExpression[], call: Call): Compiled {
  const [condition, then, otherwise, ...more] = args;
  if (!condition || !then || more.length > 0) return call.fail(`IF takes two or three arguments, not ${args.length}`);
  const test = call.compile(condition);
  const yes = call.compile(then);
  const no = otherwise ? call.compile(otherwise) : scalar(() => NaN);
  if (test.kind === "list" || yes.kind === "list" || no.kind === "list") return call.fail("IF takes no arrays");
  if (test.kind === "scalar") {
    // The result is a series when either branch is one, so that its kind does not depend on the data.
    if (otherwise && yes.kind === "scalar" && no.kind === "scalar") {
      return scalar((frame) => chosen(test.value(frame), yes.value, no.value)?.(frame) ?? NaN);
    }
    const whenTrue = yes.kind === "scalar" ? constant(yes) : yes;
    const whenFalse = no.kind === "scalar" ? constant(no) : no;
    return series(
      (frame) =>
        chosen(test.value(frame), whenTrue.values, whenFalse.values)?.(frame) ??
        new Array<number>(frame.slots).fill(NaN),
    );
  }
  return series((frame) => {
    const trueAt = pointsOf(yes, frame);
    const falseAt = pointsOf(no, frame);
    return test.values(frame).map((x, slot) => {
      if (Number.isNaN(x)) return NaN;
      if (x === 0) return falseAt(slot);
      const point = trueAt(slot);
      return Number.isNaN(point) ? 0 : point;
    });
  });
}

/** The branch for a single number; undefined when the number has no value. */
function chosen<T>(test: number, yes: T, no: T): T | undefined {
  if (Number.isNaN(test)) return undefined;
  return test !== 0 ? yes : no;
}
