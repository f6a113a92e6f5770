import type { LifecycleRule, PublicAccessBlockConfiguration } from "@aws-sdk/client-s3";

/** The settings of a bucket, as S3 returns them. A setting that is not set is absent. */
export interface BucketState {
  readonly ownership?: string | undefined;
  readonly publicAccess?: PublicAccessBlockConfiguration | undefined;
  readonly versioning?: string | undefined;
  /** Algorithm of the default encryption. */
  readonly encryption?: string | undefined;
  /** The bucket policy's JSON. */
  readonly policy?: string | undefined;
  readonly lifecycle: readonly LifecycleRule[];
}

/** The settings of a new bucket. */
export const NOTHING_SET: BucketState = { lifecycle: [] };

/** A setting and the value to write. */
export type BucketChange =
  | { readonly setting: "ownership"; readonly value: "BucketOwnerEnforced" }
  | { readonly setting: "public access"; readonly value: PublicAccessBlockConfiguration }
  | { readonly setting: "versioning"; readonly value: "Enabled" }
  | { readonly setting: "encryption"; readonly value: "AES256" }
  | { readonly setting: "policy"; readonly value: string }
  | { readonly setting: "lifecycle"; readonly value: readonly LifecycleRule[] };

/** A setting that the bucket must have. */
export interface Setting {
  readonly name: BucketChange["setting"];
  /** What the setting does, for the report: "every version of the state is kept". */
  readonly meaning: string;
  /** What to write; absent when the bucket has the setting. */
  readonly change?: BucketChange;
}
