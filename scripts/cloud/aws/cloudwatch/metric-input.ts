import { z } from "zod";
import { isPeriod } from "../../metrics/periods";
import { statisticOf } from "../../metrics/statistic";
import { integer, listOf } from "../input";

/** The input of dimensions. Gives their values by name. */
export const dimensionsInput = listOf(z.object({ Name: z.string(), Value: z.string() })).transform(
  (list): Record<string, string> => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])),
);

/** True when both have the same dimensions with the same values. */
export function sameDimensions(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Why the local cloud cannot compute a statistic; undefined when it can. */
export function statisticProblem(name: string): string | undefined {
  try {
    statisticOf(name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A period in seconds. */
export const periodInput = integer.refine(isPeriod, { error: "must be 1, 5, 10, 20, 30 or a multiple of 60 seconds" });
