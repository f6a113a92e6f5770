import type { StateBucketPort } from "../command/state-bucket";
import type { BucketChange, BucketState } from "./bucket-state";

/** The calls to AWS that the command makes. Each one may throw the SDK's errors. */
export interface BucketPort extends Pick<StateBucketPort, "account" | "find"> {
  /** Creates the bucket with access lists disabled, and resolves when it exists. */
  create(bucket: string): Promise<void>;
  read(bucket: string, account: string): Promise<BucketState>;
  write(bucket: string, account: string, change: BucketChange): Promise<void>;
}
