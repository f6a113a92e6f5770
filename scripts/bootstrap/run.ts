import type { Config } from "../../stacks/config";
import { partitionOf } from "../../stacks/config/regions";
import { EXIT_CODES } from "../command/exit-codes";
import { stateBucketOf } from "../command/state-bucket";
import type { BucketPort } from "./bucket-port";
import { NOTHING_SET, type BucketChange } from "./bucket-state";
import { BootstrapError, explain } from "./error";
import { settingsOf } from "./settings";

/** Dependencies and options of a run. */
export interface BootstrapInput {
  readonly config: Config;
  readonly port: BucketPort;
  /** Prints what would be done, and changes nothing. */
  readonly dryRun: boolean;
  /** Prints one line of the report. */
  readonly print: (line: string) => void;
}

/** The bucket's ARN. */
export function bucketArn(bucket: string, region: string): string {
  return `arn:${partitionOf(region).name}:s3:::${bucket}`;
}

/**
 * The name and region of the bucket that holds the state.
 * @throws BootstrapError when the state is kept in local files
 */
export function stateBucketOrRefuse(config: Config): { readonly name: string; readonly region: string } {
  const bucket = stateBucketOf(config);
  if (bucket) return bucket;
  throw new BootstrapError(
    "refused",
    `the environment ${config.environment} keeps its state in local files (state.backend is "local"): there is no ` +
      `bucket to create; set state.backend to "s3" in cdktf.json`,
  );
}

/**
 * Creates the state bucket and writes the settings that it doesn't have yet. Prints a line for each setting. A second run
 * changes nothing.
 * @returns the exit code
 */
export async function runBootstrap(input: BootstrapInput): Promise<number> {
  try {
    await setUpBucket(input);
    return EXIT_CODES.bootstrap.done.code;
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    input.print(`${error.kind}: ${error.message}`);
    return EXIT_CODES.bootstrap[error.kind].code;
  }
}

async function setUpBucket({ config, port, dryRun, print }: BootstrapInput): Promise<void> {
  const { name: bucket, region } = stateBucketOrRefuse(config);
  const account = await reading("sts:GetCallerIdentity", port.account());
  if (config.account !== undefined && config.account !== account) {
    throw new BootstrapError(
      "refused",
      `these are credentials of the account ${account}, but the environment ${config.environment} is in ` +
        `${config.account} (account in cdktf.json); use its credentials`,
    );
  }
  const exists = await bucketExists({ bucket, region, account, port });
  print(`state bucket ${bucket} in ${region}, account ${account}`);
  const state = exists ? await reading("s3:GetBucket…", port.read(bucket, account)) : NOTHING_SET;
  const settings = settingsOf(state, bucketArn(bucket, region));

  const line = (status: string, name: string, meaning: string) =>
    print(`  ${status.padEnd(12)} ${name.padEnd(13)} ${meaning}`);
  if (exists) line("ok", "bucket", "exists in this account");
  else {
    if (!dryRun) await writing("s3:CreateBucket", port.create(bucket));
    line(dryRun ? "would create" : "created", "bucket", "exists in this account");
  }
  for (const { name, meaning, change } of settings) {
    if (change && !dryRun) await writing(PERMISSIONS[name], port.write(bucket, account, change));
    line(change ? (dryRun ? "would set" : "set") : "ok", name, meaning);
  }
  const changes = settings.filter(({ change }) => change).length + (exists ? 0 : 1);
  if (changes === 0) print("nothing to do");
  else print(dryRun ? `${changes} to do; nothing was changed (--dry-run)` : `done: ${changes} changed`);
}

/**
 * Whether the bucket exists.
 * @throws BootstrapError when it belongs to another account, or is in another region
 */
async function bucketExists({
  bucket,
  region,
  account,
  port,
}: {
  readonly bucket: string;
  readonly region: string;
  readonly account: string;
  readonly port: BucketPort;
}): Promise<boolean> {
  const found = await reading("s3:ListBucket", port.find(bucket, account));
  if (found.kind === "foreign") {
    throw new BootstrapError(
      "refused",
      `the account ${account} can't access the bucket ${bucket}: it belongs to another account (bucket names are unique ` +
        `in all of AWS), or this identity lacks s3:ListBucket on it; set state.bucket in cdktf.json to another name, or ` +
        `use an identity of the account that owns the bucket`,
    );
  }
  if (found.kind === "ours" && found.region !== undefined && found.region !== region) {
    throw new BootstrapError(
      "refused",
      `the bucket ${bucket} is in ${found.region}, not in ${region}; set state.region in cdktf.json to ${found.region}, ` +
        `or state.bucket to another name`,
    );
  }
  return found.kind === "ours";
}

/** The IAM action that writes each setting. */
const PERMISSIONS: Readonly<Record<BucketChange["setting"], string>> = {
  ownership: "s3:PutBucketOwnershipControls",
  "public access": "s3:PutBucketPublicAccessBlock",
  versioning: "s3:PutBucketVersioning",
  encryption: "s3:PutEncryptionConfiguration",
  policy: "s3:PutBucketPolicy",
  lifecycle: "s3:PutLifecycleConfiguration",
};

async function reading<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new BootstrapError("refused", explain(operation, error));
  }
}

async function writing(operation: string, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    throw new BootstrapError("failed", explain(operation, error));
  }
}
