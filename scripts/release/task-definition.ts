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

/** Fields of RegisterTaskDefinition's input in the SDK. */
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
  // When the SDK adds a field, this list doesn't compile until somebody has decided about the field.
} satisfies Record<keyof RegisterTaskDefinitionRequest, true>;

/** Fields that DescribeTaskDefinition returns and RegisterTaskDefinition doesn't accept, in the SDK. */
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

/** The next revision can't be made from the live one. */
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

/** Changes for the next revision. */
export interface RevisionChange {
  /** Names of the containers that get the image. The first one is behind the load balancer and also gets the variables. */
  readonly containers: readonly [string, ...string[]];
  /** `<repository>@sha256:…`. */
  readonly image: string;
  readonly environment: readonly EnvironmentVariable[];
  /** Paths of fields to leave out, e.g. `containerDefinitions[api].newField`. */
  readonly without?: readonly string[];
}

/**
 * Input of RegisterTaskDefinition for a revision. It has all fields, including those that the SDK doesn't know, without the
 * read-only ones: known ones, and records of ECS about the revision (`isRecord`). Pure.
 *
 * @param tags of the revision. AWS's own (`aws:…`) are left out because they can't be set; so is the lineage
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

/** Names of unknown top-level fields that are treated as records of ECS about the revision. Pure. */
export function recordsOf(definition: RawTaskDefinition): readonly string[] {
  return Object.entries(definition)
    .filter(
      ([field, value]) =>
        !isAbsent(value) && !Object.hasOwn(READ_ONLY_FIELDS, field) && isRecord(field, value, definition),
    )
    .map(([field]) => field);
}

/**
 * Whether an unknown field is a record of ECS about the revision: when or by whom something was done (like `registeredAt`
 * and `registeredBy`), or a value with the revision's ARN. Other unknown fields are sent, and ECS must register them.
 */
function isRecord(field: string, value: unknown, { taskDefinitionArn }: RawTaskDefinition): boolean {
  if (Object.hasOwn(REGISTER_FIELDS, field)) return false;
  if (/[a-z](At|By)$/.test(field)) return typeof value === "number" || typeof value === "string";
  return typeof value === "string" && taskDefinitionArn !== undefined && value.includes(taskDefinitionArn);
}

/**
 * The next revision: with the new image in the containers and the environment variables, otherwise unchanged. Pure.
 *
 * @throws TaskDefinitionError when a container or a field to leave out doesn't exist, or a variable is already a secret
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
  // The type still holds: requested-changes.ts refuses to leave out required fields.
  return prune(input, "") as RawRegistration;
}

/** Whether a field with this path exists; paths are those of `differences`. Pure. */
export function hasField(value: unknown, path: string, at = ""): boolean {
  if (at !== "" && at === path) return !isAbsent(value);
  const members = typeof value === "object" ? membersOf(value) : undefined;
  return members?.entries.some(({ label, values: [member] }) => hasField(member, path, childPath(at, label))) ?? false;
}

/**
 * The container of this name.
 *
 * @throws TaskDefinitionError with the names of the existing containers
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

/** Sets existing variables in place and appends new ones, so that a diff shows no other changes. */
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
