import type {
  ContainerDefinition,
  KeyValuePair,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { RawRegistration, RawTaskDefinition } from "./aws-port";
import { childPath, isAbsent, membersOf } from "./differences";
import { withoutLineage } from "./lineage";

/** Everything RegisterTaskDefinition takes, as far as the SDK knows. */
const REGISTER_FIELDS = {
  family: true,
  taskRoleArn: true,
  executionRoleArn: true,
  networkMode: true,
  containerDefinitions: true,
  volumes: true,
  placementConstraints: true,
  requiresCompatibilities: true,
  cpu: true,
  memory: true,
  tags: true,
  pidMode: true,
  ipcMode: true,
  proxyConfiguration: true,
  inferenceAccelerators: true,
  ephemeralStorage: true,
  runtimePlatform: true,
  enableFaultInjection: true,
  // A field the SDK learns and this list lacks doesn't compile: nobody would have decided about it.
} satisfies Record<keyof RegisterTaskDefinitionRequest, true>;

/** What DescribeTaskDefinition answers and RegisterTaskDefinition doesn't take, as far as the SDK knows. */
const READ_ONLY_FIELDS = {
  taskDefinitionArn: true,
  revision: true,
  status: true,
  requiresAttributes: true,
  compatibilities: true,
  registeredAt: true,
  registeredBy: true,
  deregisteredAt: true,
  deleteRequestedAt: true,
} satisfies Record<Exclude<keyof TaskDefinition, keyof RegisterTaskDefinitionRequest>, true>;

/** The live revision can't be carried over. */
class TaskDefinitionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TaskDefinitionError";
  }
}

/** An environment variable set by `--env`. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** What is new in the next revision. */
export interface RevisionChange {
  /** Names of the containers that get the image; the first is the one the load balancer reaches, which gets the variables. */
  readonly containers: readonly [string, ...string[]];
  /** `<repository>@sha256:…`. */
  readonly image: string;
  readonly environment: readonly EnvironmentVariable[];
  /** Paths of fields that are left out, as `unknown` names them. */
  readonly without?: readonly string[];
}

/**
 * A revision as RegisterTaskDefinition takes it, tags kept. Everything is carried over, also what the SDK doesn't know,
 * but what is read-only: known as such, or a record that ECS keeps of the revision (`isRecord`). Pure.
 *
 * @param tags of the revision; AWS's own (`aws:…`) can't be set, and what a release wrote of itself isn't the next one's
 */
export function registerInput(definition: RawTaskDefinition, tags: readonly Tag[]): RawRegistration {
  const kept = Object.fromEntries(
    Object.entries(definition).filter(
      ([field, value]) =>
        !isAbsent(value) && !Object.hasOwn(READ_ONLY_FIELDS, field) && !isRecord(field, value, definition),
    ),
  );
  const ownTags = withoutLineage(tags).filter((tag) => tag.key?.startsWith("aws:") !== true);
  return {
    ...kept,
    family: definition.family,
    containerDefinitions: definition.containerDefinitions,
    // RegisterTaskDefinition refuses an empty list of tags.
    ...(ownTags.length > 0 && { tags: ownTags }),
  };
}

/** Top-level fields that the SDK doesn't know, and that are taken for ECS's own records of the revision. Pure. */
export function recordsOf(definition: RawTaskDefinition): readonly string[] {
  return Object.entries(definition)
    .filter(
      ([field, value]) =>
        !isAbsent(value) && !Object.hasOwn(READ_ONLY_FIELDS, field) && isRecord(field, value, definition),
    )
    .map(([field]) => field);
}

/**
 * A field that nobody here knows and that tells of the revision instead of being part of it: when or by whom something was
 * done to it (`registeredAt`, `registeredBy`, `deleteRequestedAt` are of this kind), or a value that holds its own ARN.
 * ECS writes these itself. A field that is neither known nor of this kind is sent, and has to be in what was registered.
 */
function isRecord(field: string, value: unknown, { taskDefinitionArn }: RawTaskDefinition): boolean {
  if (Object.hasOwn(REGISTER_FIELDS, field)) return false;
  if (/[a-z](At|By)$/.test(field)) return typeof value === "number" || typeof value === "string";
  return typeof value === "string" && taskDefinitionArn !== undefined && value.includes(taskDefinitionArn);
}

/**
 * The next revision: the containers' image replaced, environment variables set, all else as it was. Pure.
 *
 * @throws TaskDefinitionError when a container isn't there, a variable is a secret in it, or a field that is to be left out
 *   isn't there
 */
export function nextRevision(input: RawRegistration, change: RevisionChange): RawRegistration {
  const [released] = change.containers;
  const images = new Set(change.containers.map((name) => containerOf(input, name)));
  const container = containerOf(input, released);
  const secrets = new Set((container.secrets ?? []).map((secret) => secret.name));
  const clash = change.environment.find(({ name }) => secrets.has(name));
  if (clash) {
    throw new TaskDefinitionError(
      `${clash.name} is a secret of container ${released}; it can't be a plain variable too`,
    );
  }
  const next = {
    ...input,
    containerDefinitions: (input.containerDefinitions ?? []).map((each) => ({
      ...each,
      ...(images.has(each) && { image: change.image }),
      ...(each === container &&
        change.environment.length > 0 && { environment: withVariables(container.environment, change.environment) }),
    })),
  };
  return (change.without ?? []).reduce<RawRegistration>(withoutField, next);
}

/** @throws TaskDefinitionError when there is no such field */
function withoutField(input: RawRegistration, path: string): RawRegistration {
  if (!hasField(input, path)) throw new TaskDefinitionError(`there is no field ${path} to leave out`);
  const prune = (value: unknown, at: string): unknown => {
    const members = typeof value === "object" ? membersOf(value) : undefined;
    if (!members) return value;
    const kept = members.entries.flatMap(({ label, values: [member] }) => {
      const its = childPath(at, label);
      return its === path ? [] : [[label, prune(member, its)] as const];
    });
    return members.kind === "object" ? Object.fromEntries(kept) : kept.map(([, member]) => member);
  };
  // Of its type still: the fields that a task definition can't be without aren't left out (requested-changes.ts).
  return prune(input, "") as RawRegistration;
}

/** Whether there is a field of this path, as `differences` names paths. Pure. */
export function hasField(value: unknown, path: string, at = ""): boolean {
  if (at !== "" && at === path) return !isAbsent(value);
  const members = typeof value === "object" ? membersOf(value) : undefined;
  return members?.entries.some(({ label, values: [member] }) => hasField(member, path, childPath(at, label))) ?? false;
}

/**
 * The container of this name.
 *
 * @throws TaskDefinitionError naming those that are there
 */
function containerOf(
  definition: Pick<TaskDefinition, "containerDefinitions" | "family">,
  name: string,
): ContainerDefinition {
  const containers = definition.containerDefinitions ?? [];
  const found = containers.find((container) => container.name === name);
  if (!found) {
    const names = containers.map((container) => container.name ?? "?").join(", ");
    throw new TaskDefinitionError(
      `task definition ${definition.family ?? "?"} has no container ${name}, only ${names}`,
    );
  }
  return found;
}

/** Sets variables in place and appends the new ones, so that a diff shows nothing else. */
function withVariables(
  current: readonly KeyValuePair[] | undefined,
  wanted: readonly EnvironmentVariable[],
): KeyValuePair[] {
  const values = new Map(wanted.map(({ name, value }) => [name, value]));
  const kept = (current ?? []).map((pair) => {
    const value = pair.name === undefined ? undefined : values.get(pair.name);
    return value === undefined ? pair : { ...pair, value };
  });
  const known = new Set(kept.map((pair) => pair.name));
  return [...kept, ...wanted.filter(({ name }) => !known.has(name)).map(({ name, value }) => ({ name, value }))];
}
