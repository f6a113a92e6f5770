import { type BinaryOperator, ExpressionError, type MathExpression } from "./expression";
import { compileCall } from "./functions";
import {
  type Compiled,
  type CompiledScalar,
  type CompiledSeries,
  finite,
  mapped,
  scalar,
  type Scope,
  series,
  seriesListOf,
} from "./value";

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

/**
 * Combines two expressions. Where only one of two series has a value, the other one counts as 0; where none has, there
 * is no point. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @returns undefined for two lists, which CloudWatch does not combine
 */
function combined(operator: BinaryOperator, left: Compiled, right: Compiled): Compiled | undefined {
  const operate = OPERATORS[operator];
  // NaN is a number without a value. A comparison with NaN would give 0 or 1, but there must be no value.
  const apply = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : operate(a, b));
  if (right.kind === "scalar") {
    if (left.kind !== "scalar") return withNumber(left, right, apply);
    return scalar((frame) => apply(left.value(frame), right.value(frame)));
  }
  if (left.kind === "scalar") return withNumber(right, left, (a, b) => apply(b, a));
  const pair = (a: CompiledSeries, b: CompiledSeries) =>
    series((frame) => {
      const others = b.values(frame);
      return a.values(frame).map((x, slot) => {
        const y = others[slot] ?? NaN;
        if (!Number.isNaN(x)) return finite(operate(x, Number.isNaN(y) ? 0 : y));
        return Number.isNaN(y) ? NaN : finite(operate(0, y));
      });
    });
  if (left.kind === "series") {
    if (right.kind === "series") return pair(left, right);
    return { kind: "list", list: right.list.map((item) => pair(left, item)) };
  }
  if (right.kind === "series") return { kind: "list", list: left.list.map((item) => pair(item, right)) };
  return undefined;
}

/** Combines every point of one or several series with the same number. */
function withNumber(
  compiled: Exclude<Compiled, CompiledScalar>,
  { value }: CompiledScalar,
  apply: (point: number, number: number) => number,
): Compiled {
  const over = ({ values }: CompiledSeries) =>
    series((frame) => {
      const y = value(frame);
      return values(frame).map((x) => finite(apply(x, y)));
    });
  return compiled.kind === "series" ? over(compiled) : { kind: "list", list: compiled.list.map(over) };
}

/**
 * Compiles a parsed expression to functions that compute it.
 * @throws ExpressionError for an unknown id or function, or operands of the wrong kind
 */
export function compileExpression(expression: MathExpression, scope: Scope): Compiled {
  const fail = (problem: string): never => {
    throw new ExpressionError(scope.expression, expression.position, problem);
  };
  const compile = (part: MathExpression) => compileExpression(part, scope);
  switch (expression.kind) {
    case "number":
      return scalar(() => expression.value);
    case "id":
      return scope.resolve(expression.id) ?? fail(`there is no metric or expression with the id "${expression.id}"`);
    case "minus":
      return mapped(compile(expression.operand), (x) => -x);
    case "array":
      return { kind: "list", list: expression.items.flatMap((item) => seriesListOf(compile(item))) };
    case "binary":
      return (
        combined(expression.operator, compile(expression.left), compile(expression.right)) ??
        fail(`"${expression.operator}" does not take two arrays`)
      );
    case "call":
      return compileCall(expression.name, expression.args, { scope, fail, compile });
    case "text":
    case "keyword":
      return fail("this has a meaning only as the argument of a function");
  }
}
