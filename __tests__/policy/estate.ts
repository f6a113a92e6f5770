import { valueAt } from "../../stacks/config/merge";

/** A block of the JSON. A test changes copies of it. */
export type Block = Record<string, unknown>;

/** The part of a stack's JSON that rules read. */
export interface StackJson {
  resource?: Record<string, Record<string, Block>>;
  data?: Record<string, Record<string, Block>>;
  output?: Record<string, { value?: unknown }>;
  provider?: Record<string, Block[]>;
  terraform: { backend: Record<string, Block>; required_providers: Record<string, Block> };
}

/** A resource and its place in the stacks. */
export interface Resource {
  readonly type: string;
  /** Last part of its Terraform address. */
  readonly name: string;
  /** Path of its construct without the environment, e.g. `service/load-balancer/security-group`. */
  readonly path: string;
  readonly block: Block;
}

/** All stacks of one environment, which the rules check. */
export class Estate {
  /** @param stacks by name without the environment, e.g. `service` */
  constructor(readonly stacks: Readonly<Record<string, StackJson>>) {}

  /** Every resource of a type in all stacks. */
  all(type: string): Resource[] {
    return Object.entries(this.stacks).flatMap(([stack, { resource }]) =>
      Object.entries(resource?.[type] ?? {}).map(([name, block]) => ({
        type,
        name,
        path: pathOf(block) ?? `${stack}/${name}`,
        block,
      })),
    );
  }

  /** Types of which there is a resource. */
  types(): string[] {
    return [...new Set(Object.values(this.stacks).flatMap(({ resource }) => Object.keys(resource ?? {})))];
  }

  /** The resources whose JSON refers to this one. */
  referrers({ type, name }: Resource): Resource[] {
    return this.types()
      .flatMap((other) => this.all(other))
      .filter(({ block }) => JSON.stringify(block).includes(`\${${type}.${name}.`));
  }

  /** Resolves a reference to another stack's value; gives any other value back unchanged. */
  follow(value: unknown): unknown {
    const [, stack = "", output = ""] =
      /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-[\w-]+-(\w+)\.outputs\.([\w-]+)\}$/.exec(
        String(value),
      ) ?? [];
    return this.stacks[stack]?.output?.[output]?.value ?? value;
  }

  /** A copy that may be changed. */
  copy(): Estate {
    return new Estate(structuredClone(this.stacks));
  }
}

/**
 * A value inside a block. A block that Terraform allows once may be an object or a list of one; this reads both.
 * @param path keys separated by dots
 */
export function at(block: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => valueAt(Array.isArray(value) ? value[0] : value, [key]), block);
}

/** The value as a list: empty for nothing, and one entry for a single value. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function pathOf(block: Block): string | undefined {
  const path = valueAt(block, ["//", "metadata", "path"]);
  // The environment's name may contain hyphens. The stack's name, at the end of its id, has none.
  return typeof path === "string" ? path.replace(/^[^/]*-/, "") : undefined;
}
