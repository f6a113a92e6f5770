import type { Difference } from "../differences";
import { forPeople } from "./words";

/**
 * How the new revision differs from the live one, a line each. Pure.
 *
 * @param from the live revision, e.g. `tasks-api-staging:7`
 * @param unchanged what stays as it is though one might think otherwise
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
