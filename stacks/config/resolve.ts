import { combinationProblems } from "./checks";
import { contextProblems } from "./context-checks";
import { DEFAULTS } from "./defaults";
import { ConfigError } from "./error";
import { isObject, merge, valueAt } from "./merge";
import { movedKeys, withoutMovedKeys } from "./moved-keys";
import { unusedNetworkKeys } from "./network-checks";
import { problemLine } from "./problem-lines";
import { schemaProblems, type ConfigProblem } from "./problems";
import { configSchema, type Config } from "./schema";
import { meetingRules, unusedLoadBalancerKeys } from "./shared-load-balancer-checks";
import { textProblems } from "./text-checks";

/**
 * Merges the built-in defaults, `context.defaults` and `context.environments[<environment>]`, and checks the result.
 * @throws ConfigError with every problem found
 */
export function resolveConfig(context: unknown, environment: string): Config {
  if (!isObject(context)) throw new ConfigError(["context: must be an object with defaults and environments"]);
  const outside = contextProblems(context, environment);
  const layers = [valueAt(context, ["defaults"]) ?? {}, valueAt(context, ["environments", environment])];
  if (!layers.every(isObject)) throw new ConfigError(outside);
  const settings = layers.reduce<unknown>((base, layer) => merge(base, withoutMovedKeys(layer)), DEFAULTS);

  // The schema converts nothing: a value without a problem already has the type that the schema gives it.
  const config = { ...(settings as Config), environment };
  const problems = firstPerPath([
    ...layers.flatMap((layer) => textProblems(layer)),
    ...schemaProblems(configSchema, settings),
  ]);
  problems.push(
    ...combinationProblems(config, problems),
    ...layers.flatMap(unusedNetworkKeys),
    ...unusedLoadBalancerKeys(layers[0], layers[1]),
    ...meetingRules(settings, otherSettings(context, environment)).refused,
  );
  const lines = [
    ...outside,
    ...movedKeys(context, environment),
    ...problems.map((problem) => problemLine(problem, context, environment)),
  ];
  if (lines.length > 0) throw new ConfigError(lines);
  return config;
}

/** The merged settings of the other environments, by name. They are not checked. */
export function otherSettings(context: unknown, environment: string): Readonly<Record<string, unknown>> {
  const environments = valueAt(context, ["environments"]);
  const defaults = merge(DEFAULTS, valueAt(context, ["defaults"]));
  return Object.fromEntries(
    Object.entries(isObject(environments) ? environments : {})
      .filter(([name]) => name !== environment)
      .map(([name, settings]) => [name, merge(defaults, settings)]),
  );
}

/** Keeps the first problem of each path: later ones repeat it in other words. */
function firstPerPath(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.path.join("\0"), problem])).values()].reverse();
}
