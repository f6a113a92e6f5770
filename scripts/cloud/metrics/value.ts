/** Values of one metric by slot, oldest first; undefined where there is no data. */
export type Series = readonly (number | undefined)[];

/** What an expression yields; which of the three depends on the expression alone, never on the data. A scalar NaN: no value. */
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

/** A point that is no finite number is dropped: division by zero makes no point. */
export function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** A number in every slot; without data when it is no finite one. */
export function constant(value: number, { slots }: Pick<Scope, "slots">): Series {
  return Array.from({ length: slots }, () => finite(value));
}

/** The series of a value; a scalar becomes a series of its own. */
export function seriesListOf(value: Value, scope: Scope): readonly Series[] {
  if (value.kind === "list") return value.list;
  return [value.kind === "series" ? value.values : constant(value.value, scope)];
}
