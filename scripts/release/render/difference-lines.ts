import type { Difference } from "../task-definition";
import { oneLine } from "./words";

/**
 * How the new revision differs from the live one, a line each. Pure.
 *
 * @param from the live revision, e.g. `tasks-api-staging:7`
 */
export function differenceLines(from: string, changes: readonly Difference[]): readonly string[] {
  if (changes.length === 0) return [`no change against ${from}`];
  const lines = [
    `new revision, against ${from}:`,
    ...changes.flatMap(({ path, from: before, to: after }) => [
      ...(before === undefined ? [] : [`  - ${path}: ${before}`]),
      ...(after === undefined ? [] : [`  + ${path}: ${after}`]),
    ]),
  ];
  return lines.map(oneLine);
}
