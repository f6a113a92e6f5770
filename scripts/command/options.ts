import { InvalidArgumentError } from "commander";
import { UsageError } from "./command-line";

/**
 * Reads the value of a text option.
 * @throws InvalidArgumentError when the value is blank
 */
export function text(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}

/**
 * Reads one value of a repeatable text option and adds it to the values before it.
 * @throws InvalidArgumentError when the value is blank
 */
export function texts(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, text(value)];
}

/** Which numbers an option takes. `above` excludes its own value, `from` and `to` include theirs. */
export type NumberRange = { readonly whole?: boolean; readonly to?: number } & (
  { readonly above: number } | { readonly from: number }
);

/**
 * The reader of a number option. It takes decimal notation only: no sign, no exponent, no blanks, no other base.
 * @returns a function that throws InvalidArgumentError when the value is no such number or outside the range
 */
export function number(range: NumberRange): (value: string) => number {
  const { whole = false, to = Infinity } = range;
  return (value) => {
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    const isAbove = "above" in range ? parsed > range.above : parsed >= range.from;
    if (isAbove && parsed <= to && Number.isFinite(parsed) && (!whole || Number.isInteger(parsed))) return parsed;
    throw new InvalidArgumentError(`It must be a ${whole ? "whole number" : "number"} ${rangeWords(range)}.`);
  };
}

function rangeWords(range: NumberRange): string {
  const { to } = range;
  if ("above" in range) return `greater than ${range.above}${to === undefined ? "" : ` and at most ${to}`}`;
  return to === undefined ? `of at least ${range.from}` : `from ${range.from} to ${to}`;
}

/**
 * The reader of a share option: a number from 0 to 1, or percent such as 0.1%.
 * @param range the shares that the option takes
 * @returns a function that throws InvalidArgumentError when the value is no such share
 */
export function share(range: {
  readonly above?: 0;
  readonly below?: 1;
  readonly to?: number;
}): (value: string) => number {
  const { to: most = 1 } = range;
  return (value) => {
    const [, digits = "", percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(value) ?? [];
    const given = digits === "" ? Number.NaN : Number(digits);
    // 99.9 / 100 is 0.9990000000000001.
    const parsed = percent === "%" ? Number((given / 100).toPrecision(15)) : given;
    const isAbove = range.above === undefined ? parsed >= 0 : parsed > 0;
    const isBelow = range.below === undefined ? parsed <= most : parsed < 1;
    if (isAbove && isBelow) return parsed;
    const from = range.above === undefined ? "of at least 0" : "greater than 0";
    const to = range.below === undefined ? `at most ${most}` : "less than 1";
    throw new InvalidArgumentError(`It must be a share ${from} and ${to}, such as 0.001, or percent, such as 0.1%.`);
  };
}

/** Reads a TCP port; 0 stands for any free one. */
export const port = number({ whole: true, from: 0, to: 65_535 });

/** Name and value of an option such as `--env NAME=VALUE`. */
export interface NameAndValue {
  readonly name: string;
  readonly value: string;
}

/**
 * The reader of a repeatable option of environment variables, NAME=VALUE; the value may be empty. The value may also be
 * a secret, so errors don't repeat it: they would leave it in the log.
 * @param option its flag, for errors
 * @returns a function that throws UsageError when the value has another form, or names a variable again
 */
export function variables(
  option: string,
): (value: string, before?: readonly NameAndValue[]) => readonly NameAndValue[] {
  return (given, before = []) => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(given) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(
        `option '${option}' must be NAME=VALUE: a name of letters, digits and _ that doesn't start with a digit`,
      );
    }
    if (before.some((other) => other.name === name)) throw new UsageError(`option '${option}' gives ${name} twice`);
    return [...before, { name, value }];
  };
}
