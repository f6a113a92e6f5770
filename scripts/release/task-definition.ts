import type {
  ContainerDefinition,
  KeyValuePair,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

/**
 * Everything RegisterTaskDefinition takes. What DescribeTaskDefinition answers beyond it (revision, status,
 * registeredAt, deleteRequestedAt and whatever comes next) is read-only, and refused when sent back.
 */
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
  // A field the SDK learns and this list lacks doesn't compile: it would be lost from revision to revision.
} satisfies Record<keyof RegisterTaskDefinitionRequest, true>;

/** The live revision can't be carried over. */
export class TaskDefinitionError extends Error {
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
  /** Name of the container the load balancer reaches; the others stay as they are. */
  readonly container: string;
  /** `<repository>@sha256:…`. */
  readonly image: string;
  readonly environment: readonly EnvironmentVariable[];
}

/**
 * The live revision as RegisterTaskDefinition takes it: by an allow list of fields, tags kept. Pure.
 *
 * @param tags of the live revision; AWS's own (`aws:…`) can't be set and are left out
 */
export function registerInput(live: TaskDefinition, tags: readonly Tag[]): RegisterTaskDefinitionRequest {
  const source: Record<string, unknown> = { ...live };
  const kept = Object.fromEntries(
    Object.keys(REGISTER_FIELDS).flatMap((field) => (source[field] === undefined ? [] : [[field, source[field]]])),
  );
  const ownTags = tags.filter((tag) => tag.key?.startsWith("aws:") !== true);
  return {
    ...kept,
    family: live.family,
    containerDefinitions: live.containerDefinitions,
    // RegisterTaskDefinition refuses an empty list of tags.
    ...(ownTags.length > 0 && { tags: ownTags }),
  };
}

/**
 * The next revision: the container's image replaced, environment variables set, all else as it was. Pure.
 *
 * @throws TaskDefinitionError when the container isn't there, or a variable is a secret in it
 */
export function nextRevision(
  input: RegisterTaskDefinitionRequest,
  change: RevisionChange,
): RegisterTaskDefinitionRequest {
  const container = containerOf(input, change.container);
  const secrets = new Set((container.secrets ?? []).map((secret) => secret.name));
  const clash = change.environment.find(({ name }) => secrets.has(name));
  if (clash) {
    throw new TaskDefinitionError(
      `${clash.name} is a secret of container ${change.container}; it can't be a plain variable too`,
    );
  }
  const next: ContainerDefinition = {
    ...container,
    image: change.image,
    ...(change.environment.length > 0 && { environment: withVariables(container.environment, change.environment) }),
  };
  return {
    ...input,
    containerDefinitions: (input.containerDefinitions ?? []).map((each) => (each === container ? next : each)),
  };
}

/**
 * The container that is released.
 *
 * @throws TaskDefinitionError naming those that are there
 */
export function containerOf(
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

/** One difference between two revisions; `from` is absent for something new, `to` for something gone. */
export interface Difference {
  /** e.g. `containerDefinitions[api].image`. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

/** Every difference between two revisions, in the order of the fields. Pure. */
export function differences(from: unknown, to: unknown, path = ""): readonly Difference[] {
  if (isBranch(from) && isBranch(to)) {
    const before = entriesOf(from);
    const after = entriesOf(to);
    const keys = [...new Set([...before.keys(), ...after.keys()])];
    return keys.flatMap((key) =>
      differences(before.get(key), after.get(key), key.startsWith("[") || path === "" ? path + key : `${path}.${key}`),
    );
  }
  const [a, b] = [asText(from), asText(to)];
  if (a === b) return [];
  return [{ path, ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) }];
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Children by key; members of a list by their name where they have one, so that an insertion isn't a change of all. */
function entriesOf(value: object): Map<string, unknown> {
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index): [string, unknown] => [`[${memberName(item) ?? index}]`, item])
    : Object.entries(value);
  return new Map(entries.filter(([, item]) => item !== undefined));
}

function memberName(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  if ("name" in item && typeof item.name === "string") return item.name;
  return "key" in item && typeof item.key === "string" ? item.key : undefined;
}

function asText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
