import { CDKTF_KEYS } from "./context";
import { environmentProblems } from "./environment-checks";
import { isObject, valueAt } from "./merge";
import { closest, quotedList, unknownKey } from "./problems";
import { printableKey } from "./problem-lines";
import { NAME } from "./schema";

/** Leaves room for the project in the names of target groups. */
const MAX_ENVIRONMENT_NAME = 20;
const OWN_KEYS = ["defaults", "environments"];

/**
 * Problems of the context outside of the settings themselves: its keys, and the names of the environments.
 * @param environment the chosen one
 * @returns one line for each problem, with its place
 */
export function contextProblems(context: Readonly<Record<string, unknown>>, environment: string): string[] {
  const environments = isObject(context["environments"]) ? context["environments"] : {};
  return [
    ...Object.keys(context)
      .filter((key) => ![...OWN_KEYS, ...CDKTF_KEYS].includes(key))
      .map((key) => `${printableKey(key)}: ${unknownKey([key], OWN_KEYS).text}`),
    ...OWN_KEYS.filter((key) => context[key] !== undefined && !isObject(context[key])).map(
      (key) => `${key}: must be an object`,
    ),
    ...Object.keys(environments).flatMap((name) => nameProblems(name, context)),
    ...environmentProblems(context),
    ...choiceProblems(environment, Object.keys(environments)),
  ];
}

function nameProblems(name: string, context: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(`environments.${printableKey(name)}: ${text}`);
  const environment = valueAt(context, ["environments", name]);
  const project = valueAt(environment, ["project"]) ?? valueAt(context, ["defaults", "project"]);
  const own = typeof project === "string" && name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
  if (!NAME.test(name) || own.length > MAX_ENVIRONMENT_NAME) {
    const allowed = `at most ${MAX_ENVIRONMENT_NAME} lower-case letters, digits and single hyphens, starting with a letter`;
    problem(`not a name for an environment; must be ${allowed}`);
  }
  if (!isObject(environment)) problem("must be an object");
  return problems;
}

function choiceProblems(environment: string, names: readonly string[]): string[] {
  if (names.includes(environment)) return [];
  const meant = closest(environment, names);
  return [
    `environments: there is no ${JSON.stringify(environment)}; ENVIRONMENT or --environment must be ${quotedList(names)}` +
      (meant === undefined ? "" : ` (did you mean ${meant}?)`),
  ];
}
