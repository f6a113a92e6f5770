import { combinationProblems } from "./config/checks";
import { CDKTF_KEYS, readContext } from "./config/context";
import { DEFAULTS } from "./config/defaults";
import { ConfigError } from "./config/error";
import { isObject, merge, valueAt } from "./config/merge";
import { idleNetworkKeys } from "./config/network-checks";
import { closest, schemaProblems, unknownKey, type Problem } from "./config/problems";
import { listOf } from "./config/rules";
import { configSchema, NAME, type Config } from "./config/schema";
import { textProblems } from "./config/text-checks";
import { doubts } from "./config/warnings";

/** Where the configuration comes from. */
export interface ConfigSource {
  /** Environment chosen; default: `ENVIRONMENT`, else `staging`. */
  readonly environment?: string;
  /** The `context` object; default: `CDKTF_CONTEXT_JSON` (the cdktf CLI sets it), else cdktf.json in `directory`. */
  readonly context?: unknown;
  /** Folder of cdktf.json; default: the current one. */
  readonly directory?: string;
}

/** Leaves room for the project in the names of target groups. */
const MAX_ENVIRONMENT_NAME = 20;
const OWN_KEYS = ["defaults", "environments"];

/**
 * The configuration of one environment: built-in defaults, under `context.defaults`, under
 * `context.environments[<environment>]`.
 * @throws ConfigError with every problem found
 */
export function loadConfig(source: ConfigSource = {}): Config {
  return configOf(contextOf(source), environmentOf(source));
}

/**
 * What is no mistake for certain, but one had better know, of the environment chosen; and what would be refused of the
 * others. One line each.
 * @throws ConfigError as `loadConfig` does, for the environment chosen
 */
export function configWarnings(source: ConfigSource = {}): string[] {
  const context = contextOf(source);
  const environment = environmentOf(source);
  const config = configOf(context, environment);
  const others = Object.keys(valueAt(context, ["environments"]) ?? {}).filter((other) => other !== environment);
  return [
    ...doubts(config).map((doubt) => describe(doubt, context, environment)),
    ...others.flatMap((other) =>
      refusalsOf(context, other).map((problem) => `${problem} (refused once ENVIRONMENT is ${other})`),
    ),
  ];
}

function contextOf(source: ConfigSource): unknown {
  return source.context ?? readContext(source.directory ?? ".");
}

function environmentOf(source: ConfigSource): string {
  return source.environment ?? (process.env["ENVIRONMENT"] || "staging");
}

function refusalsOf(context: unknown, environment: string): readonly string[] {
  try {
    configOf(context, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function configOf(context: unknown, environment: string): Config {
  if (!isObject(context)) throw new ConfigError(["context: must be an object with defaults and environments"]);

  const problems = contextProblems(context, environment);
  const layers = [valueAt(context, ["defaults"]) ?? {}, valueAt(context, ["environments", environment])];
  if (!layers.every(isObject)) throw new ConfigError(problems);
  const settings = layers.reduce<unknown>((below, layer) => merge(below, layer), DEFAULTS);

  // Every value that is not named in a problem has the type that the schema gives it: nothing in it converts.
  const config = { ...(settings as Config), environment };
  const wrong = onePerPlace([
    ...layers.flatMap((layer) => textProblems(layer)),
    ...schemaProblems(configSchema, settings),
  ]);
  wrong.push(...combinationProblems(config, wrong), ...layers.flatMap(idleNetworkKeys));
  problems.push(...wrong.map((problem) => describe(problem, context, environment)));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The first problem of each place: what comes after it says the same in other words. */
function onePerPlace(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.path.join("\0"), problem])).values()].reverse();
}

/** What is wrong around the settings: the keys of the context, and the environment's name. */
function contextProblems(context: Readonly<Record<string, unknown>>, environment: string): string[] {
  const problems = Object.keys(context)
    .filter((key) => ![...OWN_KEYS, ...CDKTF_KEYS].includes(key))
    .map((key) => `${printed(key)}: ${unknownKey([key], OWN_KEYS).text}`);
  for (const key of OWN_KEYS) {
    if (context[key] !== undefined && !isObject(context[key])) problems.push(`${key}: must be an object`);
  }
  const environments = isObject(context["environments"]) ? context["environments"] : {};
  const names = Object.keys(environments);
  for (const name of names) {
    if (!NAME.test(name) || name.length > MAX_ENVIRONMENT_NAME) {
      const allowed = `at most ${MAX_ENVIRONMENT_NAME} lower-case letters, digits and single hyphens, starting with a letter`;
      problems.push(`environments.${printed(name)}: not a name for an environment; must be ${allowed}`);
    }
    if (!isObject(environments[name])) problems.push(`environments.${printed(name)}: must be an object`);
    // Rights are given by prefix: with those of `prod` one could change all that is of `prod-eu`, its roles too.
    const shorter = names.find((other) => name.startsWith(`${other}-`));
    if (shorter !== undefined) {
      problems.push(
        `environments.${printed(name)}: begins as everything of the environment ${shorter} is called; choose another name`,
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
  return `${(written ?? inEnvironment).map(printed).join(".")}: ${text}`;
}

/** A key that has no characters which a terminal would obey, or which can't be told from others. */
function printed(key: PropertyKey): string {
  const text = String(key);
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(text) && text === text.normalize("NFC") ? text : JSON.stringify(text);
}

export { ConfigError } from "./config/error";
export { configSchema, type Config } from "./config/schema";
export { PREDEFINED_STRATEGIES, type PredefinedStrategy } from "./config/strategies";
