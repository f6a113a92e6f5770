import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig, type Config } from "../../stacks/config";
import { ACCESS_STACK, STACKS, type StackName } from "../../stacks/names";
import { synthesizeInto } from "../synthesis";

/** A block of a resource in the JSON. */
export type Block = Readonly<Record<string, unknown>>;
interface Json {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: Readonly<Record<string, { readonly value: string; readonly sensitive?: boolean }>>;
  readonly provider: Readonly<Record<string, readonly Block[]>>;
  readonly terraform: { readonly required_version?: string; readonly backend: Readonly<Record<string, Block>> };
}

/** In place of a stack that the configuration leaves out. */
const EMPTY: Json = { provider: {}, terraform: { backend: {} } };

/** One synthesized stack, asked for what it holds. */
export class Template {
  constructor(readonly json: Json) {}

  /** All resources of a type, by the last part of their address. */
  resources(type: string): Readonly<Record<string, Block>> {
    return this.json.resource?.[type] ?? {};
  }

  /** The resources of a type, without their addresses. */
  all(type: string): readonly Block[] {
    return Object.values(this.resources(type));
  }

  /** The only resource of a type. */
  only(type: string): Block {
    const [found, ...others] = this.all(type);
    if (!found || others.length > 0) throw new Error(`expected one ${type}, found ${this.all(type).length}`);
    return found;
  }

  /** The resource of a type whose attributes include `attributes`, with its address as `address`. */
  find(type: string, attributes: Block): Block {
    for (const [name, block] of Object.entries(this.resources(type))) {
      const matches = Object.entries(attributes).every(([key, value]) => block[key] === value);
      if (matches) return { ...block, address: `${type}.${name}` };
    }
    throw new Error(`no ${type} with ${JSON.stringify(attributes)}`);
  }
}

/** The synthesized stacks of one environment. */
export interface Synthesized {
  readonly config: Config;
  readonly stacks: Readonly<Record<StackName, Template>>;
  readonly manifest: { readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>> };
  /** What a reference to another stack's value leads to there; anything else comes back as it is. */
  readonly follow: (value: unknown) => unknown;
}

/** A string that matches, wherever in an expected value. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

const synthesized = new Map<string, Synthesized>();

/**
 * Loads the configuration from `settings` (over the built-in defaults) and runs the real synthesis; once for the same
 * settings, for nobody changes what comes of it.
 */
export function synthesize(settings: Block = {}, environment = "staging"): Synthesized {
  const key = JSON.stringify([settings, environment]);
  const result = synthesized.get(key) ?? synthesizeAnew(settings, environment);
  synthesized.set(key, result);
  return result;
}

function synthesizeAnew(settings: Block, environment: string): Synthesized {
  const config = loadConfig({
    environment,
    context: { defaults: { project: "carts-api" }, environments: { [environment]: settings } },
  });
  const directory = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    const outdir = synthesizeInto(directory, config);
    const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(outdir, ...path), "utf8"));
    const manifest = read("manifest.json") as Synthesized["manifest"];
    const template = (name: StackName) => {
      const id = `${environment}-${name}`;
      return new Template(id in manifest.stacks ? (read("stacks", id, "cdk.tf.json") as Json) : EMPTY);
    };
    const names: readonly StackName[] = [...STACKS, ACCESS_STACK];
    const stacks = Object.fromEntries(names.map((name) => [name, template(name)])) as Synthesized["stacks"];
    return {
      config,
      stacks,
      manifest,
      follow: (value) => {
        const match =
          /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-[a-z]+-(\w+)\.outputs\.([\w-]+)\}$/.exec(
            String(value),
          );
        return match ? stacks[match[1] as StackName].json.output?.[match[2] ?? ""]?.value : value;
      },
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
