import { ExpressionError, type BinaryOperator, type Expression } from "./expression";
import { callFunction } from "./functions";

/** Values of one metric by slot, oldest first; undefined where there is no data. */
export type Series = readonly (number | undefined)[];

/** What an expression yields. */
export type Value =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "series"; readonly values: Series }
  | { readonly kind: "list"; readonly list: readonly Series[] };

/** What an expression is computed from. */
export interface Scope {
  /** The expression's text, for messages. */
  readonly expression: string;
  /** Number of slots of every series. */
  readonly slots: number;
  /** Seconds of one slot. */
  readonly period: number;
  /** The metrics of the request by id, without the expressions. */
  readonly metrics: ReadonlyMap<string, Series>;
  /** The value of a metric or another expression; undefined when there is none of that id. */
  resolve(id: string): Value | undefined;
}

/** An operator on two numbers; comparisons and logic yield 1 or 0. */
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

/** A point that is no finite number is dropped: division by zero makes no point. */
export function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Applies `f` to every number of a value, keeping its shape. */
function mapValue(value: Value, f: (x: number) => number): Value {
  const mapSeries = (values: Series) => values.map((x) => (x === undefined ? undefined : finite(f(x))));
  if (value.kind === "scalar") return { kind: "scalar", value: f(value.value) };
  if (value.kind === "series") return { kind: "series", values: mapSeries(value.values) };
  return { kind: "list", list: value.list.map(mapSeries) };
}

/**
 * Combines two values. As the reference has it, a missing value counts as 0 where the other series has one; where
 * neither has, there is no point. Undefined for two lists, which CloudWatch does not combine.
 */
function combine(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  const apply = OPERATORS[operator];
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
 *
 * @throws ExpressionError for an unknown id or function, or operands that do not fit
 */
export function compute(expression: Expression, scope: Scope): Value {
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
      return { kind: "list", list: expression.items.flatMap((item) => listOf(compute(item, scope), scope)) };
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

/** The series of a value; a scalar becomes a series of its own. */
export function listOf(value: Value, scope: Scope): readonly Series[] {
  if (value.kind === "list") return value.list;
  return [value.kind === "series" ? value.values : Array.from({ length: scope.slots }, () => value.value)];
}
