/** Values of one metric by slot, oldest first; NaN where there is no data. */
export type Series = readonly number[];

/** The data of one evaluation. */
export interface Frame {
  /** Number of slots (periods) of every series. */
  readonly slots: number;
  /** The series of the metrics, in the order of the request. */
  readonly metrics: readonly Series[];
  /** Values of the lines that this evaluation has already computed, by the line's number. */
  readonly computed: (Series | number | undefined)[];
}

/** A compiled expression that gives one series. */
export interface CompiledSeries {
  readonly kind: "series";
  readonly values: (frame: Frame) => Series;
}

/** A compiled expression that gives a single number; NaN means no value. */
export interface CompiledScalar {
  readonly kind: "scalar";
  readonly value: (frame: Frame) => number;
}

/** A compiled expression that gives an array of series. */
interface CompiledList {
  readonly kind: "list";
  readonly list: readonly CompiledSeries[];
}

/** A compiled expression. Its kind depends on the expression alone, never on the data. */
export type Compiled = CompiledScalar | CompiledSeries | CompiledList;

/** The context in which an expression is compiled. */
export interface Scope {
  /** The expression's text, for messages. */
  readonly expression: string;
  /** Seconds of one slot. */
  readonly period: number;
  /** The metrics of the request by id, without the expressions. */
  readonly metrics: ReadonlyMap<string, CompiledSeries>;
  /** Gives the compiled metric or expression with this id; undefined for an unknown id. */
  resolve(id: string): Compiled | undefined;
}

/** The number when it is finite; NaN, which means no point, otherwise: a division by zero gives no point. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}

/** A compiled series. */
export function series(values: (frame: Frame) => Series): CompiledSeries {
  return { kind: "series", values };
}

/** A compiled single number. */
export function scalar(value: (frame: Frame) => number): CompiledScalar {
  return { kind: "scalar", value };
}

/** A series with the number in every slot; without data when the number is not finite. */
export function constant({ value }: CompiledScalar): CompiledSeries {
  return series((frame) => new Array<number>(frame.slots).fill(finite(value(frame))));
}

/** A compiled expression as a list of series; a single number becomes a series. */
export function seriesListOf(compiled: Compiled): readonly CompiledSeries[] {
  if (compiled.kind === "list") return compiled.list;
  return [compiled.kind === "series" ? compiled : constant(compiled)];
}

/** Applies `f` to every number of an expression; its kind stays. A slot without data stays without data. */
export function mapped(compiled: Compiled, f: (x: number) => number): Compiled {
  if (compiled.kind === "scalar") {
    const { value } = compiled;
    return scalar((frame) => {
      const x = value(frame);
      return Number.isNaN(x) ? NaN : f(x);
    });
  }
  const over = ({ values }: CompiledSeries) =>
    series((frame) => values(frame).map((x) => (Number.isNaN(x) ? NaN : finite(f(x)))));
  return compiled.kind === "series" ? over(compiled) : { kind: "list", list: compiled.list.map(over) };
}
