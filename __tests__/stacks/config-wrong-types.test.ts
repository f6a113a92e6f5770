import { ConfigError, configSchema, loadConfig } from "../../stacks/config";
import { keysOf } from "../policy/schema-keys";

/** Every key that one can write and every section above one, as dotted paths. */
const PATHS = [
  ...new Set(
    keysOf(configSchema).flatMap((path) => path.split(".").map((_, i, keys) => keys.slice(0, i + 1).join("."))),
  ),
];
/** Of every kind that JSON has. */
const VALUES = [null, [], [null], "x", "", 5, -1, true, {}, { a: null }];

/** The key that decides which keys a section has, where there is one. */
function kindOf(path: string): object {
  const [section, key = ""] = path.split(".");
  if (section === "state") return { backend: "s3" };
  if (section !== "ci") return {};
  if (key === "subjects") return { provider: "oidc" };
  return { provider: /^(project|projectId|issuer|audience|thumbprints)$/.test(key) ? "gitlab" : "github" };
}

/** Key paths of the problems that loading ends in; empty when the value is taken. Throws on anything but a ConfigError. */
function refusedAt(path: string, value: unknown): readonly string[] {
  const nested = (keys: readonly string[]): unknown =>
    keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const [section = "", ...keys] = path.split(".");
  const settings = keys.length > 0 ? { ...kindOf(path), ...(nested(keys) as object) } : nested(keys);
  try {
    loadConfig({
      environment: "staging",
      context: { defaults: { project: "carts-api" }, environments: { staging: { [section]: settings } } },
    });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.split(":")[0]?.replace("environments.staging.", "") ?? "");
  }
}

describe("a value of the wrong type", () => {
  it.each(PATHS)("at %s is accepted, or refused with its place", (path) => {
    const [section] = path.split(".");
    for (const value of VALUES) {
      const refused = refusedAt(path, value);
      const named = refused.filter((place) => place.split(".")[0] === section);
      expect({ value, refused, isNamed: named.length > 0 }).toEqual({ value, refused, isNamed: refused.length > 0 });
    }
  });

  it.each(PATHS)("at %s is refused in itself when it is null", (path) => {
    expect(refusedAt(path, null)).toContain(path);
  });
});
