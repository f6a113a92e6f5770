import type { Config } from "../../stacks/config";
import { partitionOf } from "../../stacks/config/regions";
import { EXIT_CODES } from "../command/exit-codes";
import { stateBucketOf } from "../command/state-bucket";
import type { BucketPort } from "./bucket-port";
import { NOTHING_SET, type BucketChange } from "./bucket-state";
import { BootstrapError, explain } from "./error";
import { settingsOf } from "./settings";

/** What a run needs. */
export interface Bootstrap {
  readonly config: Config;
  readonly port: BucketPort;
  /** Tells what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Called with every line of the report. */
  readonly say: (line: string) => void;
}

/** The bucket's ARN. */
export function bucketArn(bucket: string, region: string): string {
  return `arn:${partitionOf(region).name}:s3:::${bucket}`;
}

/** Where the state is kept. @throws BootstrapError when that is no bucket */
export function placeOf(config: Config): { readonly name: string; readonly region: string } {
  const place = stateBucketOf(config);
  if (place) return place;
  throw new BootstrapError(
    "refused",
    `the environment ${config.environment} keeps its state in local files (state.backend is "local"): there is no ` +
      `bucket to make; set state.backend to "s3" in cdktf.json`,
  );
}

/**
 * Makes the state bucket what it must be, and says line by line what it did and what was right already. Running it
 * again changes nothing.
 * @returns the exit code
 */
export async function runBootstrap(bootstrap: Bootstrap): Promise<number> {
  try {
    await makeBucket(bootstrap);
    return EXIT_CODES.bootstrap.done.code;
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    bootstrap.say(`${error.kind}: ${error.message}`);
    return EXIT_CODES.bootstrap[error.kind].code;
  }
}

async function makeBucket({ config, port, dryRun, say }: Bootstrap): Promise<void> {
  const { name: bucket, region } = placeOf(config);
  const account = await reading("sts:GetCallerIdentity", port.account());
  if (config.account !== undefined && config.account !== account) {
    throw new BootstrapError(
      "refused",
      `these are credentials of the account ${account}, but the environment ${config.environment} is in ` +
        `${config.account} (account in cdktf.json); use its credentials`,
    );
  }
  const isThere = await requireOurs({ bucket, region, account, port });
  say(`state bucket ${bucket} in ${region}, account ${account}`);
  const state = isThere ? await reading("s3:GetBucket…", port.read(bucket, account)) : NOTHING_SET;
  const settings = settingsOf(state, bucketArn(bucket, region));

  const line = (status: string, name: string, meaning: string) =>
    say(`  ${status.padEnd(12)} ${name.padEnd(13)} ${meaning}`);
  if (isThere) line("right", "bucket", "is there, and is ours");
  else {
    line(dryRun ? "would make" : "made", "bucket", "is there, and is ours");
    if (!dryRun) await writing("s3:CreateBucket", port.create(bucket));
  }
  for (const { name, meaning, change } of settings) {
    if (change && !dryRun) await writing(PERMISSIONS[name], port.write(bucket, account, change));
    line(change ? (dryRun ? "would set" : "set") : "right", name, meaning);
  }
  const changes = settings.filter(({ change }) => change).length + (isThere ? 0 : 1);
  if (changes === 0) say("nothing to do");
  else say(dryRun ? `${changes} to do; nothing was changed (--dry-run)` : `done: ${changes} changed`);
}

/** Is the bucket there? @throws BootstrapError when it is somebody else's, or elsewhere */
async function requireOurs({
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
      `the bucket ${bucket} is not for the account ${account} to see: it is somebody else's (all of AWS shares the ` +
        `names of buckets), or this identity lacks s3:ListBucket on it; set state.bucket in cdktf.json to a name of ` +
        `your own, or use the identity that owns the bucket`,
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

/** IAM's name of what writes a setting. */
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
