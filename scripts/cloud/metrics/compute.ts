import { type BinaryOperator, ExpressionError, type MathExpression } from "./expression";
import { callFunction } from "./functions";
import { finite, type Scope, type Series, seriesListOf, type Value } from "./value";

/** The operators on two numbers; comparisons and logic give 1 or 0. */
const OPERATORS: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "<=": (a, b) => Number(a <= b),
  ">=": (a, b) => Number(a >= b),
  "<": (a, b) => Number(a < b),
  ">": (a, b) => Number(a > b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

/** Applies `f` to every number of a value; the kind of value stays. */
function mapValue(value: Value, f: (x: number) => number): Value {
  const mapSeries = (values: Series) => values.map((x) => (x === undefined ? undefined : finite(f(x))));
  if (value.kind === "scalar") return { kind: "scalar", value: Number.isNaN(value.value) ? NaN : f(value.value) };
  if (value.kind === "series") return { kind: "series", values: mapSeries(value.values) };
  return { kind: "list", list: value.list.map(mapSeries) };
}

/**
 * Combines two values. Where only one of two series has a value, the other one counts as 0; where none has, there is no
 * point. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @returns undefined for two lists, which CloudWatch does not combine
 */
function combine(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  // NaN is a scalar without a value. A comparison with NaN would give 0 or 1, but there must be no value.
  const apply = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : OPERATORS[operator](a, b));
  if (right.kind === "scalar") return mapValue(left, (x) => apply(x, right.value));
  if (left.kind === "scalar") return mapValue(right, (x) => apply(left.value, x));
  const pair = (a: Series, b: Series): Series =>
    a.map((x, slot) => {
      const y = b[slot];
      return x === undefined && y === undefined ? undefined : finite(apply(x ?? 0, y ?? 0));
    });
  if (left.kind === "series" && right.kind === "series") {
    return { kind: "series", values: pair(left.values, right.values) };
  }
  if (left.kind === "list" && right.kind === "series") {
    return { kind: "list", list: left.list.map((values) => pair(values, right.values)) };
  }
  if (left.kind === "series" && right.kind === "list") {
    return { kind: "list", list: right.list.map((values) => pair(left.values, values)) };
  }
  return undefined;
}

/**
 * Computes a parsed expression.
 * @throws ExpressionError for an unknown id or function, or operands of the wrong kind
 */
export function compute(expression: MathExpression, scope: Scope): Value {
  const fail = (problem: string): never => {
    throw new ExpressionError(scope.expression, expression.position, problem);
  };
  switch (expression.kind) {
    case "number":
      return { kind: "scalar", value: expression.value };
    case "id":
      return scope.resolve(expression.id) ?? fail(`there is no metric or expression with the id "${expression.id}"`);
    case "minus":
      return mapValue(compute(expression.operand, scope), (x) => -x);
    case "array":
      return { kind: "list", list: expression.items.flatMap((item) => seriesListOf(compute(item, scope), scope)) };
    case "binary":
      return (
        combine(expression.operator, compute(expression.left, scope), compute(expression.right, scope)) ??
        fail(`"${expression.operator}" does not take two arrays`)
      );
    case "call":
      return callFunction(expression.name, expression.args, {
        scope,
        fail,
        compute: (argument) => compute(argument, scope),
      });
    case "text":
    case "keyword":
      return fail("this has a meaning only as the argument of a function");
  }
}
