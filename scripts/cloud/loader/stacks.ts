import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { problemsOf, TemplateError } from "./error";

/** One synthesized stack. Its expressions are not resolved yet. */
export interface Stack {
  readonly name: string;
  /** The folder that CDKTF wrote the stack to. File names in the stack are relative to it. */
  readonly folder: string;
  /** Resources by type, then name. */
  readonly resources: Blocks;
  /** Data sources by type, then name. */
  readonly data: Blocks;
  /** Output values by name. */
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  /** Region of the AWS provider that has no alias; may be an expression. */
  readonly region?: string;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;
/** The attributes of one block. */
export type Block = Readonly<Record<string, unknown>>;

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.object({ name: z.string(), synthesizedStackPath: z.string() })),
});

const blocksSchema = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({});
const stackSchema = z.object({
  provider: z
    .object({ aws: z.array(z.object({ alias: z.string().optional(), region: z.string().optional() })).default([]) })
    .default({ aws: [] }),
  resource: blocksSchema,
  data: blocksSchema,
  output: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});

/**
 * Reads every stack that `outDirectory`/manifest.json names.
 * @throws TemplateError when a file is missing or does not have the shape that CDKTF writes
 */
export function readStacks(outDirectory: string): Stack[] {
  const manifest = read(path.join(outDirectory, "manifest.json"), manifestSchema);
  const stacks = Object.values(manifest.stacks).map(({ name, synthesizedStackPath }): Stack => {
    const { provider, resource, data, output } = read(path.join(outDirectory, synthesizedStackPath), stackSchema);
    const region = provider.aws.find(({ alias }) => alias === undefined)?.region;
    const folder = path.dirname(path.resolve(outDirectory, synthesizedStackPath));
    return { name, folder, resources: resource, data, outputs: output, ...(region === undefined ? {} : { region }) };
  });
  if (stacks.length === 0)
    throw new TemplateError(`${path.join(outDirectory, "manifest.json")} names no stack: run npm run synth`);
  return stacks;
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new TemplateError(`cannot read ${file} (${(error as Error).message}): run npm run synth`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw new TemplateError(`${file} is not what CDKTF writes: ${problemsOf(parsed.error)}: run npm run synth`);
  return parsed.data;
}
