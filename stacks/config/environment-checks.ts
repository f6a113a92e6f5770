import { prefixOf } from "../names";
import { DEFAULTS } from "./defaults";
import { isObject, merge, valueAt } from "./merge";
import { printableKey } from "./problem-lines";

/** What decides whether two environments meet in an account. */
interface Identity {
  readonly environment: string;
  /** Start of its names; empty when the project's name is of a wrong type, which the schema reports. */
  readonly prefix: string;
  readonly repository: unknown;
  readonly account: unknown;
  readonly region: unknown;
}

/** Two environments that may be in one account. */
interface Pair {
  readonly one: Identity;
  readonly other: Identity;
  /** Whether `one` is written after `other`. Each two environments are two pairs. */
  readonly isLater: boolean;
}

function identityOf(context: unknown, environment: string): Identity {
  const layers = [valueAt(context, ["defaults"]), valueAt(context, ["environments", environment])];
  const settings = layers.reduce<unknown>((base, layer) => merge(base, layer), DEFAULTS);
  const project = valueAt(settings, ["project"]);
  return {
    environment,
    prefix: typeof project === "string" ? prefixOf({ project, environment }) : "",
    repository: valueAt(settings, ["registry", "repository"]) ?? project,
    account: valueAt(settings, ["account"]),
    region: valueAt(settings, ["region"]),
  };
}

function pairsIn(context: unknown): readonly Pair[] {
  const environments = valueAt(context, ["environments"]);
  const all = Object.keys(isObject(environments) ? environments : {}).map((name) => identityOf(context, name));
  return all
    .flatMap((one, index) => all.map((other, at) => ({ one, other, isLater: index > at })))
    .filter(
      ({ one, other }) => one.account === undefined || other.account === undefined || one.account === other.account,
    );
}

/** Whether the names of the first one start as all names of the other one. */
function meetInNames({ one, other, isLater }: Pair): boolean {
  if (one.prefix === "") return false;
  return (isLater && one.prefix === other.prefix) || one.prefix.startsWith(`${other.prefix}-`);
}

/** Whether both have one image repository, but names of their own. */
function meetInRepository(pair: Pair): boolean {
  const { one, other, isLater } = pair;
  return (
    isLater &&
    !meetInNames(pair) &&
    typeof one.repository === "string" &&
    one.repository === other.repository &&
    one.region === other.region
  );
}

/**
 * The environments that can't be in one account: permissions are granted by name prefix, so those of `prod` would include
 * everything of `prod-eu`, also its roles; and a repository belongs to one state.
 * @returns one line for each pair
 */
export function environmentProblems(context: unknown): string[] {
  const pairs = pairsIn(context);
  return [
    ...pairs
      .filter(meetInNames)
      .map(
        ({ one, other }) =>
          `environments.${printableKey(one.environment)}: its names start with ${other.prefix}-, as every name in the environment ${printableKey(other.environment)} does; choose another name`,
      ),
    ...pairs
      .filter((pair) => meetInRepository(pair) && pair.one.account !== undefined && pair.other.account !== undefined)
      .map(repositoryText),
  ];
}

/** As `environmentProblems`, for pairs whose accounts are not known, in a context without those problems. */
export function environmentWarnings(context: unknown): string[] {
  return pairsIn(context)
    .filter(meetInRepository)
    .map((pair) => `${repositoryText(pair)}, or set account in both if they have accounts of their own`);
}

function repositoryText({ one, other }: Pair): string {
  return `environments.${printableKey(one.environment)}.registry.repository: ${String(one.repository)} is also the repository of ${printableKey(other.environment)}; choose another name`;
}
