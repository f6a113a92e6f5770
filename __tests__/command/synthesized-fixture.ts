import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** By stack, the outputs that it reads of other stacks. */
export type Reads = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Writes stacks of the environment `staging` as CDKTF does: a manifest, and a cdk.tf.json each. */
export function writeStacks(
  folder: string,
  stacks: Reads,
  options: { readonly forgetDependencies?: boolean; readonly docker?: string } = {},
): void {
  const manifest: Record<string, object> = {};
  for (const [name, reads] of Object.entries(stacks)) {
    const id = `staging-${name}`;
    const data: Record<string, object> = {};
    const values: string[] = [];
    for (const [other, outputs] of Object.entries(reads)) {
      const read = `cross-stack-reference-input-staging-${other}`;
      data[read] = { backend: "s3", config: { bucket: "state", key: other }, workspace: "${terraform.workspace}" };
      values.push(...outputs.map((output) => `\${data.terraform_remote_state.${read}.outputs.${output}}`));
    }
    mkdirSync(join(folder, "stacks", id), { recursive: true });
    const stack = {
      terraform: { backend: { s3: { bucket: "state", key: name } } },
      provider: options.docker === name ? { aws: [{}], docker: [{}] } : { aws: [{}] },
      ...(Object.keys(data).length > 0 && { data: { terraform_remote_state: data } }),
      resource: { thing: { one: { values } } },
    };
    writeFileSync(join(folder, "stacks", id, "cdk.tf.json"), JSON.stringify(stack));
    manifest[id] = {
      name: id,
      dependencies: options.forgetDependencies === true ? [] : Object.keys(reads).map((other) => `staging-${other}`),
      workingDirectory: `stacks/${id}`,
      synthesizedStackPath: `stacks/${id}/cdk.tf.json`,
    };
  }
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ version: "0.21.0", stacks: manifest }));
}
