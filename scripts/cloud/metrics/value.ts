/** Values of one metric by slot, oldest first; undefined where there is no data. */
export type Series = readonly (number | undefined)[];

/**
 * The result of an expression. Its kind depends on the expression alone, never on the data. A scalar NaN means no
 * value.
 */
export type Value =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "series"; readonly values: Series }
  | { readonly kind: "list"; readonly list: readonly Series[] };

/** The context in which an expression is computed. */
export interface Scope {
  /** The expression's text, for messages. */
  readonly expression: string;
  /** Number of slots (periods) of every series. */
  readonly slots: number;
  /** Seconds of one slot. */
  readonly period: number;
  /** The metrics of the request by id, without the expressions. */
  readonly metrics: ReadonlyMap<string, Series>;
  /** Computes the value of a metric or of another expression; undefined for an unknown id. */
  resolve(id: string): Value | undefined;
}

/** The number when it is finite; undefined otherwise: a division by zero gives no point. */
export function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** A series with the number in every slot; without data when the number is not finite. */
export function constant(value: number, { slots }: Pick<Scope, "slots">): Series {
  return Array.from({ length: slots }, () => finite(value));
}

/** A value as a list of series; a scalar becomes a series. */
export function seriesListOf(value: Value, scope: Scope): readonly Series[] {
  if (value.kind === "list") return value.list;
  return [value.kind === "series" ? value.values : constant(value.value, scope)];
}
