import type { BucketChange, BucketState } from "./bucket-state";

/** What S3 says of a bucket's name. */
export type Found =
  | { readonly kind: "absent" }
  /** Of this account. `region` is absent where S3 doesn't tell it. */
  | { readonly kind: "ours"; readonly region?: string }
  /** Of another account, or not for this identity to see. */
  | { readonly kind: "foreign" };

/** What the command needs of AWS. Every call may throw the SDK's errors. */
export interface BucketPort {
  /** Id of the account whose credentials these are. */
  account(): Promise<string>;
  find(bucket: string, account: string): Promise<Found>;
  /** Makes it, without access lists. */
  create(bucket: string): Promise<void>;
  read(bucket: string, account: string): Promise<BucketState>;
  write(bucket: string, account: string, change: BucketChange): Promise<void>;
}
