import type { Config } from "../../stacks/config";
import { namesOf } from "../../stacks/names";

/** Whether a bucket exists, and for whom. */
export type FoundBucket =
  | { readonly kind: "absent" }
  /** It belongs to this account. `region` is absent when S3 does not return it. */
  | { readonly kind: "ours"; readonly region?: string }
  /** It belongs to another account, or this identity may not access it. */
  | { readonly kind: "foreign" };

/** Read calls for the account and its state bucket. Each one may throw the SDK's errors. */
export interface StateBucketPort {
  /** Id of the account that the credentials belong to. */
  readonly account: () => Promise<string>;
  readonly find: (bucket: string, account: string) => Promise<FoundBucket>;
  /** The text of an object; undefined when it does not exist. */
  readonly readText: (bucket: string, key: string, account: string) => Promise<string | undefined>;
}

/** The bucket that holds an environment's state; undefined when the state is kept in local files. */
export function stateBucketOf(config: Config): { readonly name: string; readonly region: string } | undefined {
  if (config.state.backend !== "s3") return undefined;
  return { name: namesOf(config).stateBucket, region: config.state.region ?? config.region };
}
