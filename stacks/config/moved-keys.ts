import { isObject, valueAt } from "./merge";

/**
 * Refuses keys that have another name now, with what to write instead, so that no setting is lost.
 * @returns one line for each place where an old key is written
 */
export function movedKeys(context: unknown, environment: string): string[] {
  return [["defaults"], ["environments", environment]].flatMap((layer) => {
    const github = valueAt(context, [...layer, "github"]);
    if (github === undefined) return [];
    const ci = { provider: "github", ...(isObject(github) && github) };
    return [`${[...layer, "github"].join(".")}: is called ci now; write "ci": ${JSON.stringify(ci)} instead`];
  });
}

/** A layer of the configuration without the keys that `movedKeys` refuses, so that they are refused only once. */
export function withoutMovedKeys(layer: unknown): unknown {
  if (!isObject(layer)) return layer;
  return Object.fromEntries(Object.entries(layer).filter(([key]) => key !== "github"));
}
