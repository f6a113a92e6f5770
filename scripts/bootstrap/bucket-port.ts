import type { StateBucketPort } from "../command/state-bucket";
import type { BucketChange, BucketState } from "./bucket-state";

/** What the command needs of AWS. Every call may throw the SDK's errors. */
export interface BucketPort extends Pick<StateBucketPort, "account" | "find"> {
  /** Makes it, without access lists. */
  create(bucket: string): Promise<void>;
  read(bucket: string, account: string): Promise<BucketState>;
  write(bucket: string, account: string, change: BucketChange): Promise<void>;
}
