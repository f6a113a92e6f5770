import { valueAt } from "./merge";
import type { ConfigProblem } from "./problems";

/**
 * One line for a problem: its place, then what is wrong. The place is where the value stands in the context: in the
 * environment, or in the defaults.
 */
export function problemLine({ path, text }: ConfigProblem, context: unknown, environment: string): string {
  const inDefaults = ["defaults", ...path];
  const inEnvironment = ["environments", environment, ...path];
  const written = [inEnvironment, inDefaults].find((candidate) => valueAt(context, candidate) !== undefined);
  return `${(written ?? inEnvironment).map(printableKey).join(".")}: ${text}`;
}

/** A key, as a JSON string when it has characters that control a terminal or that look like others. */
export function printableKey(key: PropertyKey): string {
  const text = String(key);
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(text) && text === text.normalize("NFC") ? text : JSON.stringify(text);
}
