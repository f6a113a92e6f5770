import { prefixOf } from "../names";
import { DEFAULTS } from "./defaults";
import { isObject, merge, valueAt } from "./merge";
import { printableKey } from "./problem-lines";

/** What decides whether two environments meet in an account. Values of a wrong type are left out: the schema reports them. */
interface Identity {
  readonly environment: string;
  /** Start of its names. */
  readonly prefix?: string;
  readonly repository?: unknown;
  readonly account?: unknown;
  readonly region?: unknown;
}

/** How two environments meet: in their names, or only in their image repository. */
interface Meeting {
  readonly environment: string;
  readonly other: string;
  readonly kind: "prefix" | "repository";
  /** Whether both are known to be in one account; else it is not known in which they are. */
  readonly isKnown: boolean;
  /** The prefix of the other one, or the repository. */
  readonly name: string;
}

function identityOf(context: unknown, environment: string): Identity {
  const layers = [valueAt(context, ["defaults"]), valueAt(context, ["environments", environment])].filter(isObject);
  const settings = layers.reduce<unknown>((base, layer) => merge(base, layer), DEFAULTS);
  const project = valueAt(settings, ["project"]);
  return {
    environment,
    ...(typeof project === "string" && { prefix: prefixOf({ project, environment }) }),
    repository: valueAt(settings, ["registry", "repository"]) ?? project,
    account: valueAt(settings, ["account"]),
    region: valueAt(settings, ["region"]),
  };
}

/** The environments of a context that would meet in one account, each pair once. */
function meetings(context: unknown): Meeting[] {
  const environments = valueAt(context, ["environments"]);
  const all = Object.keys(isObject(environments) ? environments : {}).map((name) => identityOf(context, name));
  return all.flatMap((one) =>
    all.flatMap((other): Meeting[] => {
      if (one === other || (one.account !== undefined && other.account !== undefined && one.account !== other.account))
        return [];
      const pair = {
        environment: one.environment,
        other: other.environment,
        isKnown: one.account !== undefined && one.account === other.account,
      };
      const isSame = one.prefix === other.prefix && all.indexOf(one) > all.indexOf(other);
      if (
        one.prefix !== undefined &&
        other.prefix !== undefined &&
        (isSame || one.prefix.startsWith(`${other.prefix}-`))
      )
        return [{ ...pair, kind: "prefix", name: other.prefix }];
      const { repository } = one;
      return all.indexOf(one) > all.indexOf(other) &&
        typeof repository === "string" &&
        repository === other.repository &&
        one.region === other.region
        ? [{ ...pair, kind: "repository", name: repository }]
        : [];
    }),
  );
}

/**
 * The environments that can't be in one account: permissions are granted by name prefix, so those of `prod` would include
 * everything of `prod-eu`, also its roles; and a repository belongs to one state.
 * @returns one line for each pair
 */
export function environmentProblems(context: unknown): string[] {
  return meetings(context)
    .filter(({ kind, isKnown }) => kind === "prefix" || isKnown)
    .map((meeting) => `environments.${printableKey(meeting.environment)}${textOf(meeting)}`);
}

/** As `environmentProblems`, for pairs whose accounts are not known. */
export function environmentWarnings(context: unknown): string[] {
  return meetings(context)
    .filter(({ kind, isKnown }) => kind === "repository" && !isKnown)
    .map(
      (meeting) =>
        `environments.${printableKey(meeting.environment)}${textOf(meeting)}, or set account in both if they have accounts of their own`,
    );
}

function textOf({ kind, other, name }: Meeting): string {
  return kind === "prefix"
    ? `: its names start with ${name}-, as every name in the environment ${printableKey(other)} does; choose another name`
    : `.registry.repository: ${name} is also the repository of ${printableKey(other)}; choose another name`;
}
