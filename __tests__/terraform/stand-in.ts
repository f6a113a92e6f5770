import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../../scripts/command/synthesized-stacks";
import { ACCOUNT, REGION } from "./emulated-account";
import type { Terraform } from "./terraform";

/** What a stack gives the others, by what it is of: the values that an apply would have put into its state. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/^\$\{aws_ecr_repository\.[\w-]+\.arn\}$/, `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/carts-api`],
  [/^\$\{aws_ecr_repository\.[\w-]+\.repository_url\}$/, `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/carts-api`],
  [/^\$\{docker_registry_image\.[\w-]+\.sha256_digest\}$/, `sha256:${"a".repeat(64)}`],
  [/^\$\{aws_kms_key\.[\w-]+\.arn\}$/, `arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`],
];

/**
 * Puts the outputs of a stack that can't be applied here where Terraform would have put them: into its state in S3.
 * The stacks that need them read them from there, as ever.
 */
async function standInFor(stack: SynthesizedStack, s3: S3Client): Promise<void> {
  const { output = {} } = JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as {
    output?: Record<string, { readonly value: string; readonly sensitive?: boolean }>;
  };
  const { bucket: Bucket, key: Key } = (stack.backend as { s3: { bucket: string; key: string } }).s3;
  const outputs = Object.fromEntries(
    Object.entries(output).map(([name, { value, sensitive }]) => [
      name,
      { value: valueOf(value), type: "string", ...(sensitive && { sensitive }) },
    ]),
  );
  const state = { version: 4, terraform_version: "1.10.0", serial: 1, lineage: randomUUID(), outputs, resources: [] };
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(state) }));
}

/**
 * Applies the stacks in their order. One that needs Docker gets its outputs put into its state instead.
 * @param applied called after each apply
 */
export async function applyStacks(
  { stacks }: { readonly stacks: readonly SynthesizedStack[] },
  terraform: Terraform,
  s3: S3Client,
  applied: (stack: SynthesizedStack) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const stack of stacks) {
    if (stack.needsDocker) {
      await standInFor(stack, s3);
      continue;
    }
    await terraform.init(stack.directory);
    await terraform.apply(stack.directory);
    await applied(stack);
  }
}

/** References become values, also inside a text such as `repository@digest`. */
function valueOf(text: string): string {
  return text.replace(/\$\{[^}]+\}/g, (reference) => {
    const value = VALUES.find(([pattern]) => pattern.test(reference))?.[1];
    if (value === undefined) throw new Error(`no value for ${reference}: add one to the list of this file`);
    return value;
  });
}
