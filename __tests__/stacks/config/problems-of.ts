import { ConfigError, configWarnings, loadConfig } from "../../../stacks/config";

/** Where `problemsOf` and `warningsOf` read: settings of staging over defaults, beside other environments. */
export interface Written {
  readonly defaults?: unknown;
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Adds the one key that has to be set, unless these defaults are none. */
export const withProject = (defaults: unknown): unknown =>
  typeof defaults === "object" && !Array.isArray(defaults) ? { project: "carts-api", ...defaults } : defaults;

const source = (staging: unknown, { defaults = {}, others = {} }: Written) => ({
  environment: "staging",
  context: { defaults: withProject(defaults), environments: { staging, ...others } },
});

/** What is refused of an environment's settings; empty when they are taken. */
export function problemsOf(staging: unknown, written: Written = {}): readonly string[] {
  try {
    loadConfig(source(staging, written));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The warnings of a configuration that is accepted. */
export function warningsOf(staging: unknown, written: Written = {}): readonly string[] {
  return configWarnings(source(staging, written));
}
