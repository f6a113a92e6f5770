import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "./error-message";

/** A synthesized stack: what plan and deploy need of it. */
export interface SynthesizedStack {
  /** CDKTF's id, e.g. staging-network. */
  readonly id: string;
  /** Without the environment, e.g. network. */
  readonly name: string;
  /** Folder of its cdk.tf.json; Terraform runs there. */
  readonly directory: string;
  /** Ids of the stacks it reads from. */
  readonly dependencies: readonly string[];
  /** The outputs of other stacks that it reads. */
  readonly reads: readonly { readonly stack: string; readonly output: string }[];
  /** The value of `terraform.backend`. */
  readonly backend: Readonly<Record<string, unknown>>;
  /** The `terraform_remote_state` data sources, by name. */
  readonly remoteStates: Readonly<Record<string, { readonly config?: Readonly<Record<string, unknown>> }>>;
  /** Whether it can only be planned with a Docker daemon. */
  readonly needsDocker: boolean;
}

/** The synthesized stacks can't be read, or a stack does not exist. */
export class StacksError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StacksError";
  }
}

const manifestSchema = z.object({
  stacks: z.record(
    z.string(),
    z.object({ dependencies: z.array(z.string()), workingDirectory: z.string(), synthesizedStackPath: z.string() }),
  ),
});
const settings = z.record(z.string(), z.unknown());
const stackSchema = z.object({
  terraform: z.object({ backend: settings.optional() }).optional(),
  provider: settings.optional(),
  data: z
    .object({ terraform_remote_state: z.record(z.string(), z.object({ config: settings.optional() })).optional() })
    .optional(),
});

/** CDKTF names the data source of another stack's state with this prefix and the stack's id. */
const READ_PREFIX = "cross-stack-reference-input-";
const READ = /data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;

/**
 * Reads the synthesized stacks.
 * @param folder cdktf.out
 * @returns the stacks in an order in which each one comes after those it reads from
 * @throws StacksError when a file can't be read or has an unknown format
 */
export function readStacks(folder: string, environment: string): readonly SynthesizedStack[] {
  const manifest = parse(manifestSchema, join(folder, "manifest.json"));
  const stacks = Object.entries(manifest.stacks).map(([id, entry]) => readStack(folder, environment, id, entry));
  return sortByDependency(stacks);
}

function readStack(
  folder: string,
  environment: string,
  id: string,
  entry: z.infer<typeof manifestSchema>["stacks"][string],
): SynthesizedStack {
  const file = join(folder, entry.synthesizedStackPath);
  const stack = parse(stackSchema, file);
  const reads = [...readFileSync(file, "utf8").matchAll(READ)].map(([, read = "", output = ""]) => ({
    stack: read.startsWith(READ_PREFIX) ? read.slice(READ_PREFIX.length) : read,
    output,
  }));
  return {
    id,
    name: id.startsWith(`${environment}-`) ? id.slice(environment.length + 1) : id,
    directory: join(folder, entry.workingDirectory),
    // CDKTF may not list every stack that is read from.
    dependencies: [...new Set([...entry.dependencies, ...reads.map((read) => read.stack)])],
    reads: [...new Map(reads.map((read) => [`${read.stack} ${read.output}`, read])).values()],
    backend: stack.terraform?.backend ?? {},
    remoteStates: stack.data?.terraform_remote_state ?? {},
    needsDocker: stack.provider?.["docker"] !== undefined,
  };
}

function parse<T>(schema: z.ZodType<T>, file: string): T {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new StacksError(`${file}: ${messageOf(error)}; synthesize the stacks first`);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new StacksError(
    `${file}: not as CDKTF 0.21 writes it: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
  );
}

/**
 * Sorts stacks so that each one comes after those it depends on; otherwise their order stays. Pure.
 * @throws StacksError when they depend on each other in a circle
 */
export function sortByDependency<T extends { readonly id: string; readonly dependencies: readonly string[] }>(
  stacks: readonly T[],
): readonly T[] {
  const sorted: T[] = [];
  const isSorted = (id: string) => sorted.some((stack) => stack.id === id);
  let left = stacks;
  while (left.length > 0) {
    const ready = left.filter(({ dependencies }) =>
      dependencies.every((id) => isSorted(id) || !stacks.some((stack) => stack.id === id)),
    );
    if (ready.length === 0)
      throw new StacksError(`stacks depend on each other: ${left.map(({ id }) => id).join(", ")}`);
    sorted.push(...ready);
    left = left.filter(({ id }) => !isSorted(id));
  }
  return sorted;
}

/**
 * Selects stacks by name, with or without the environment. Without names, it returns all stacks.
 * @throws StacksError for a name that no stack has
 */
export function chooseStacks(
  stacks: readonly SynthesizedStack[],
  names: readonly string[],
): readonly SynthesizedStack[] {
  const unknown = names.filter((name) => !stacks.some((stack) => hasName(stack, name)));
  if (unknown.length > 0) {
    throw new StacksError(`no stack ${unknown.join(", ")}; there are ${stacks.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? stacks : stacks.filter((stack) => names.some((name) => hasName(stack, name)));
}

/** Whether the stack has this name, given with or without the environment. */
export function hasName(stack: Pick<SynthesizedStack, "id" | "name">, name: string): boolean {
  return stack.id === name || stack.name === name;
}
