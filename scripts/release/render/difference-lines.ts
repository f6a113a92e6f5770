import type { Difference } from "../differences";
import { forPeople } from "./words";

/**
 * A line for each difference of the new revision from the live one. Pure.
 *
 * @param from the live revision, e.g. `orders-staging:7`
 * @param unchanged texts about containers that keep their image although they could get the new one
 */
export function differenceLines(
  from: string,
  changes: readonly Difference[],
  unchanged: readonly string[],
): readonly string[] {
  const same = unchanged.map((text) => `  = ${text}`);
  if (changes.length === 0) return [`no change against ${from}`, ...same].map(forPeople);
  const lines = [
    `new revision, against ${from}:`,
    ...changes.flatMap(({ path, from: before, to: after }) => [
      ...(before === undefined ? [] : [`  - ${path}: ${before}`]),
      ...(after === undefined ? [] : [`  + ${path}: ${after}`]),
    ]),
    ...same,
  ];
  return lines.map(forPeople);
}
