import { readFileSync } from "node:fs";
import { join } from "node:path";
import { combinationProblems } from "./config/checks";
import { DEFAULTS } from "./config/defaults";
import { isObject, merge, valueAt } from "./config/merge";
import { idleNetworkKeys } from "./config/network-checks";
import { closest, schemaProblems, unknownKey, type Problem } from "./config/problems";
import { listOf } from "./config/rules";
import { configSchema, NAME, type Config } from "./config/schema";

/** Wrong configuration: `problems` has one entry a problem, each naming the key path, the value and what is allowed. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`configuration refused:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/** Where the configuration comes from. */
export interface ConfigSource {
  /** Environment chosen; default: `ENVIRONMENT`, else `staging`. */
  readonly environment?: string;
  /** The `context` object; default: `CDKTF_CONTEXT_JSON` (the cdktf CLI sets it), else cdktf.json in `directory`. */
  readonly context?: unknown;
  /** Folder of cdktf.json; default: the current one. */
  readonly directory?: string;
}

/** Keys of `context` that are CDKTF's own: its CLI adds the first, `cdktf init` writes the others. Not ours, not wrong. */
const CDKTF_KEYS = ["cdktfRelativeModules", "excludeStackIdFromLogicalIds", "allowSepCharsInLogicalIds"];
/** Leaves room for the project in the names of target groups. */
const MAX_ENVIRONMENT_NAME = 20;
const OWN_KEYS = ["defaults", "environments"];

/**
 * The configuration of one environment: built-in defaults, under `context.defaults`, under
 * `context.environments[<environment>]`.
 * @throws ConfigError with every problem found
 */
export function loadConfig(source: ConfigSource = {}): Config {
  const environment = source.environment ?? (process.env["ENVIRONMENT"] || "staging");
  const context = source.context ?? readContext(source.directory ?? ".");
  if (!isObject(context)) throw new ConfigError(["context: must be an object with defaults and environments"]);

  const problems = contextProblems(context, environment);
  const layers = [valueAt(context, ["defaults"]) ?? {}, valueAt(context, ["environments", environment])];
  if (!layers.every(isObject)) throw new ConfigError(problems);
  const settings = layers.reduce<unknown>((below, layer) => merge(below, layer), DEFAULTS);

  // Every value that is not named in a problem has the type that the schema gives it: nothing in it converts.
  const config = { ...(settings as Config), environment };
  const wrong = schemaProblems(configSchema, settings);
  wrong.push(...combinationProblems(config, wrong), ...layers.flatMap(idleNetworkKeys));
  problems.push(...wrong.map((problem) => describe(problem, context, environment)));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readContext(directory: string): unknown {
  const fromCli = process.env["CDKTF_CONTEXT_JSON"];
  const file = join(directory, "cdktf.json");
  try {
    if (fromCli) return JSON.parse(fromCli);
    return (JSON.parse(readFileSync(file, "utf8")) as { context?: unknown }).context ?? {};
  } catch (error) {
    const where = fromCli ? "CDKTF_CONTEXT_JSON" : file;
    throw new ConfigError([
      `${where}: ${error instanceof Error ? error.message : String(error)}; it must be there and be JSON`,
    ]);
  }
}

/** What is wrong around the settings: the keys of the context, and the environment's name. */
function contextProblems(context: Readonly<Record<string, unknown>>, environment: string): string[] {
  const problems = Object.keys(context)
    .filter((key) => ![...OWN_KEYS, ...CDKTF_KEYS].includes(key))
    .map((key) => `${key}: ${unknownKey([key], OWN_KEYS).text}`);
  for (const key of OWN_KEYS) {
    if (context[key] !== undefined && !isObject(context[key])) problems.push(`${key}: must be an object`);
  }
  const environments = isObject(context["environments"]) ? context["environments"] : {};
  const names = Object.keys(environments);
  for (const name of names) {
    if (!NAME.test(name) || name.length > MAX_ENVIRONMENT_NAME) {
      const allowed = `at most ${MAX_ENVIRONMENT_NAME} lower-case letters, digits and single hyphens, starting with a letter`;
      problems.push(`environments.${name}: not a name for an environment; must be ${allowed}`);
    }
    if (!isObject(environments[name])) problems.push(`environments.${name}: must be an object`);
    // Rights are given by prefix: with those of `prod` one could change all that is of `prod-eu`, its roles too.
    const shorter = names.find((other) => name.startsWith(`${other}-`));
    if (shorter !== undefined) {
      problems.push(
        `environments.${name}: begins as everything of the environment ${shorter} is called; choose another name`,
      );
    }
  }
  if (!names.includes(environment)) {
    const meant = closest(environment, names);
    problems.push(
      `environments: no ${JSON.stringify(environment)} there; ENVIRONMENT must be ${listOf(names)}` +
        (meant === undefined ? "" : ` (did you mean ${meant}?)`),
    );
  }
  return problems;
}

/** Puts the place before the problem: where the value was written, so that one finds it. */
function describe({ path, text }: Problem, context: unknown, environment: string): string {
  const inDefaults = ["defaults", ...path];
  const inEnvironment = ["environments", environment, ...path];
  const written = [inEnvironment, inDefaults].find((candidate) => valueAt(context, candidate) !== undefined);
  return `${(written ?? inEnvironment).map(String).join(".")}: ${text}`;
}

export { configSchema, type Config, type Settings } from "./config/schema";
export { PREDEFINED_STRATEGIES, shapeOf, type PredefinedStrategy, type StrategyShape } from "./config/strategies";
