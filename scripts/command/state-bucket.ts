import type { Config } from "../../stacks/config";
import { namesOf } from "../../stacks/names";

/** What S3 says of a bucket's name. */
export type FoundBucket =
  | { readonly kind: "absent" }
  /** Of this account. `region` is absent where S3 doesn't tell it. */
  | { readonly kind: "ours"; readonly region?: string }
  /** Of another account, or not for this identity to see. */
  | { readonly kind: "foreign" };

/** Reads of the account and its state bucket. Every call may throw the SDK's errors. */
export interface StateBucketPort {
  /** Id of the account whose credentials these are. */
  readonly account: () => Promise<string>;
  readonly find: (bucket: string, account: string) => Promise<FoundBucket>;
  /** The text of an object; undefined when there is none. */
  readonly readText: (bucket: string, key: string, account: string) => Promise<string | undefined>;
}

/** The bucket that keeps an environment's state, and its region; undefined when the state is kept in local files. */
export function stateBucketOf(config: Config): { readonly name: string; readonly region: string } | undefined {
  if (config.state.backend !== "s3") return undefined;
  return { name: namesOf(config).stateBucket, region: config.state.region ?? config.region };
}
