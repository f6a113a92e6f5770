import type { LifecycleRule, PublicAccessBlockConfiguration } from "@aws-sdk/client-s3";

/** The settings of a bucket, as S3 tells them; absent: not set. */
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

/** A bucket that was just made, or will be. */
export const NOTHING_SET: BucketState = { lifecycle: [] };

/** One setting to write. */
export type BucketChange =
  | { readonly setting: "ownership"; readonly value: "BucketOwnerEnforced" }
  | { readonly setting: "public access"; readonly value: PublicAccessBlockConfiguration }
  | { readonly setting: "versioning"; readonly value: "Enabled" }
  | { readonly setting: "encryption"; readonly value: "AES256" }
  | { readonly setting: "policy"; readonly value: string }
  | { readonly setting: "lifecycle"; readonly value: readonly LifecycleRule[] };

/** One setting of the bucket: what it must be, in words, and what to write when it isn't that. */
export interface Setting {
  readonly name: BucketChange["setting"];
  /** e.g. "every version of the state is kept". */
  readonly meaning: string;
  /** Absent: already right. */
  readonly change?: BucketChange;
}
