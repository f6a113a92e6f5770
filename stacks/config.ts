import { readContext } from "./config/context";
import { environmentWarnings } from "./config/environment-checks";
import { ConfigError } from "./config/error";
import { unusedGateKeys } from "./config/gate-checks";
import { valueAt } from "./config/merge";
import { problemLine } from "./config/problem-lines";
import { otherSettings, resolveConfig } from "./config/resolve";
import type { Config } from "./config/schema";
import { meetingRules } from "./config/shared-load-balancer-checks";
import { warnings } from "./config/warnings";

/** Where the configuration comes from. */
export interface ConfigSource {
  /** The chosen environment; default: `ENVIRONMENT`, else `staging`. */
  readonly environment?: string;
  /** The `context` object; default: `CDKTF_CONTEXT_JSON` (the cdktf CLI sets it), else cdktf.json in `directory`. */
  readonly context?: unknown;
  /** Folder of cdktf.json; default: the current one. */
  readonly directory?: string;
}

/**
 * Loads the configuration of one environment: the built-in defaults, overridden by `context.defaults`, overridden by
 * `context.environments[<environment>]`.
 * @throws ConfigError with every problem found
 */
export function loadConfig(source: ConfigSource = {}): Config {
  return resolveConfig(contextOf(source), environmentOf(source));
}

/**
 * Finds what is allowed but probably not intended in the chosen environment, and what would be refused in the others.
 * @returns one line for each warning
 * @throws ConfigError as `loadConfig` does, for the chosen environment
 */
export function configWarnings(source: ConfigSource = {}): string[] {
  const context = contextOf(source);
  const environment = environmentOf(source);
  const config = resolveConfig(context, environment);
  const others = Object.keys(valueAt(context, ["environments"]) ?? {}).filter((other) => other !== environment);
  return [
    ...[
      ...warnings(config),
      ...unusedGateKeys(config, [valueAt(context, ["defaults"]), valueAt(context, ["environments", environment])]),
      ...meetingRules(config, otherSettings(context, environment)).warned,
    ].map((warning) => problemLine(warning, context, environment)),
    ...environmentWarnings(context),
    ...others.flatMap((other) =>
      refusalsOf(context, other).map((problem) => `${problem} (refused once ENVIRONMENT is ${other})`),
    ),
  ];
}

/** Whether the configuration gives a key itself, in its defaults or for the environment. Otherwise a built-in default counts. */
export function isGiven(path: readonly string[], source: ConfigSource = {}): boolean {
  const layers = [["defaults"], ["environments", environmentOf(source)]];
  return layers.some((layer) => valueAt(contextOf(source), [...layer, ...path]) !== undefined);
}

function contextOf(source: ConfigSource): unknown {
  return source.context ?? readContext(source.directory ?? ".");
}

function environmentOf(source: ConfigSource): string {
  return source.environment ?? (process.env["ENVIRONMENT"] || "staging");
}

function refusalsOf(context: unknown, environment: string): readonly string[] {
  try {
    resolveConfig(context, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

export { ConfigError } from "./config/error";
export { configSchema, type Config } from "./config/schema";
export { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "./config/strategies";
