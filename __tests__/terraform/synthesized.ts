import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { readStacks, type SynthesizedStack } from "../../scripts/command/synthesized-stacks";
import type { Settings } from "../fixtures/configuration";
import { ownVariables } from "./emulated-account";
import { inWords, providerVersion } from "./provider-version";

/** An environment's stacks, synthesized by `main.ts` into a folder of their own. */
export interface Synthesized {
  /** What `npm run plan -- --synthesized` takes. */
  readonly folder: string;
  /** In the order of their deployment. */
  readonly stacks: readonly SynthesizedStack[];
  remove(): void;
}

/** Which hashicorp/aws these tests run with. */
const PROVIDER = providerVersion(boundVersion());
export const PROVIDER_IN_WORDS = inWords(PROVIDER);
/** Its version, for configurations of other owners. */
export const PROVIDER_VERSION = PROVIDER.instead ?? boundVersion();

/**
 * Synthesizes an environment as `npm run synth` does.
 * @param context as in cdktf.json
 * @throws with what the synthesis said
 */
export async function synthesizeEnvironment(context: Settings, environment = "staging"): Promise<Synthesized> {
  const folder = mkdtempSync(join(tmpdir(), "terraform-test-"));
  const { code, stdout, stderr } = await runProgram({
    command: process.execPath,
    args: [LAUNCHER, "main.ts"],
    directory: process.cwd(),
    environment: {
      ...ownVariables(),
      ENVIRONMENT: environment,
      CDKTF_OUTDIR: folder,
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  if (code !== 0) throw new Error(`the synthesis failed:\n${stdout}${stderr}`);
  const stacks = readStacks(folder, environment);
  for (const { directory } of stacks) writeOverride(directory);
  return { folder, stacks, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The bindings are for another version of the provider than an offline mirror may have: Terraform merges this over. */
export function writeOverride(directory: string): void {
  if (PROVIDER.instead === undefined) return;
  const aws = { source: "aws", version: PROVIDER.instead };
  writeFileSync(
    join(directory, "mirrored_provider_override.tf.json"),
    JSON.stringify({ terraform: { required_providers: { aws } } }),
  );
}

/** The version that the bindings are for, in their own words. */
function boundVersion(): string {
  const manifest = JSON.parse(readFileSync("node_modules/@cdktf/provider-aws/package.json", "utf8")) as {
    readonly cdktf: { readonly provider: { readonly version: string } };
  };
  return manifest.cdktf.provider.version;
}
