import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { jsonOrUndefined } from "../command/json-text";
import type { RunProgram } from "../command/run-program";
import type { StateBucketPort } from "../command/state-bucket";
import type { SynthesizedStack } from "../command/synthesized-stacks";
import type { BucketFact, DeployFacts, ProgramFact } from "./checks";

/** Input of `collectFacts`. */
export interface FactsInput {
  readonly stacks: readonly SynthesizedStack[];
  /** Folder of package.json. */
  readonly root: string;
  readonly run: RunProgram;
  readonly variables: NodeJS.ProcessEnv;
  /** Connects to AWS; called once. */
  readonly connect: () => Promise<StateBucketPort>;
  /** Absent when the state is kept in local files. */
  readonly stateBucket?: { readonly name: string; readonly region: string };
}

/** Collects the facts about this machine and the account. Changes nothing; a failed call becomes a fact, not an error. */
export async function collectFacts(input: FactsInput): Promise<DeployFacts> {
  const { stacks, variables } = input;
  const terraform = variables["TERRAFORM_BINARY_NAME"] || "terraform";
  const [terraformFact, docker, aws] = await Promise.all([
    terraformVersion(input, terraform),
    stacks.some(({ needsDocker }) => needsDocker)
      ? programOutput(input, "docker", ["version", "--format", "{{.Server.Version}}"])
      : undefined,
    awsFacts(input),
  ]);
  return {
    node: nodeFact(input.root),
    terraform: terraformFact,
    ...(docker && { docker }),
    ...aws,
    locks: [...aws.locks, ...localLocks(stacks)],
  };
}

async function terraformVersion(input: FactsInput, program: string): Promise<ProgramFact> {
  const printed = await programOutput(input, program, ["version", "-json"]);
  if (!("version" in printed)) return printed;
  const parsed = z.object({ terraform_version: z.string() }).safeParse(jsonOrUndefined(printed.version));
  return parsed.success
    ? { version: parsed.data.terraform_version }
    : { failed: `its version can't be read: ${printed.version}` };
}

/** The output of a command that prints a version. */
async function programOutput(
  { run, root, variables }: FactsInput,
  command: string,
  args: readonly string[],
): Promise<ProgramFact> {
  try {
    const environment = { ...variables, CHECKPOINT_DISABLE: "1" };
    const { code, stdout, stderr } = await run({ command, args, directory: root, environment });
    if (code === 0 && stdout.trim() !== "") return { version: stdout.trim() };
    const [first = `it ended with ${code ?? "a signal"}`] = stderr.split("\n").filter((line) => line.trim() !== "");
    return { failed: first.trim() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { missing: command };
    return { failed: failureText(error) };
  }
}

/** cdktf-cli runs Terraform through a native module, which exists as a prebuilt file for some Node versions only. */
function nodeFact(root: string): DeployFacts["node"] {
  const { version, versions, platform, arch } = process;
  const prebuilds = join(
    root,
    "node_modules",
    "@cdktf",
    "node-pty-prebuilt-multiarch",
    "prebuilds",
    `${platform}-${arch}`,
  );
  const file = `node.abi${versions.modules}`;
  return {
    version,
    supported: [`${file}.node`, `${file}.musl.node`].some((name) => existsSync(join(prebuilds, name))),
  };
}

async function awsFacts({
  stacks,
  connect,
  stateBucket,
}: FactsInput): Promise<Pick<DeployFacts, "account" | "bucket" | "locks">> {
  let port: StateBucketPort;
  let id: string;
  try {
    port = await connect();
    id = await port.account();
  } catch (error) {
    return { account: { failed: failureText(error) }, locks: [] };
  }
  if (!stateBucket) return { account: { id }, locks: [] };
  let found: BucketFact["found"];
  try {
    found = await port.find(stateBucket.name, id);
  } catch (error) {
    found = { kind: "unknown", why: failureText(error) };
  }
  const bucket = { ...stateBucket, found };
  if (found.kind !== "ours") return { account: { id }, bucket, locks: [] };
  try {
    const locks = await Promise.all(
      stacks.map(async (stack) => {
        const key = s3Key(stack);
        const text = key === undefined ? undefined : await port.readText(stateBucket.name, `${key}.tflock`, id);
        return text === undefined ? [] : [{ stack, text }];
      }),
    );
    return { account: { id }, bucket, locks: locks.flat() };
  } catch (error) {
    return { account: { id }, bucket: { ...bucket, found: { kind: "unknown", why: failureText(error) } }, locks: [] };
  }
}

function s3Key({ backend }: SynthesizedStack): string | undefined {
  return z.object({ s3: z.object({ key: z.string() }) }).safeParse(backend).data?.s3.key;
}

/** Locks of states in local files: Terraform keeps each one in a hidden file beside the state. */
function localLocks(stacks: readonly SynthesizedStack[]): DeployFacts["locks"] {
  return stacks.flatMap((stack) => {
    const path = z.object({ local: z.object({ path: z.string() }) }).safeParse(stack.backend).data?.local.path;
    if (path === undefined) return [];
    const file = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.lock.info`);
    return existsSync(file) ? [{ stack, text: readFileSync(file, "utf8") }] : [];
  });
}

/** The message of an error. S3 answers a HEAD request without a body, so the SDK knows only the status then. */
function failureText(error: unknown): string {
  const {
    name = "",
    message = String(error),
    code = "",
    $metadata,
  } = error as Partial<NodeJS.ErrnoException> & {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  if (name === "Unknown" && $metadata?.httpStatusCode !== undefined) return `S3 answers ${$metadata.httpStatusCode}`;
  return [name === "Error" ? code : name, message].filter((text) => text !== "").join(": ");
}
