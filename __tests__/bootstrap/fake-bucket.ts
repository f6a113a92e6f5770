import type { BucketPort } from "../../scripts/bootstrap/bucket-port";
import type { FoundBucket } from "../../scripts/command/state-bucket";
import { NOTHING_SET, type BucketChange, type BucketState } from "../../scripts/bootstrap/bucket-state";

export const ACCOUNT = "123456789012";

/** An S3 of one bucket, which remembers what is written. */
export class FakeBucket implements BucketPort {
  /** Every call that changes something, in order. */
  readonly calls: string[] = [];
  state: BucketState = NOTHING_SET;
  /** When set, the call of that name fails with it. */
  readonly failures = new Map<string, Error>();

  constructor(public found: FoundBucket = { kind: "absent" }) {}

  account(): Promise<string> {
    return this.answer("account", ACCOUNT);
  }

  find(): Promise<FoundBucket> {
    return this.answer("find", this.found);
  }

  create(bucket: string): Promise<void> {
    this.calls.push(`create ${bucket}`);
    this.found = { kind: "ours" };
    return this.answer("create", undefined);
  }

  read(): Promise<BucketState> {
    return this.answer("read", this.state);
  }

  write(_bucket: string, _account: string, change: BucketChange): Promise<void> {
    const failing = this.failures.get(change.setting);
    if (failing) return Promise.reject(failing);
    this.calls.push(change.setting);
    this.state = { ...this.state, ...written(change) };
    return Promise.resolve();
  }

  private answer<T>(name: string, value: T): Promise<T> {
    const failing = this.failures.get(name);
    return failing ? Promise.reject(failing) : Promise.resolve(value);
  }
}

function written(change: BucketChange): Partial<BucketState> {
  switch (change.setting) {
    case "public access":
      return { publicAccess: change.value };
    case "lifecycle":
      return { lifecycle: change.value };
    default:
      return { [change.setting]: change.value };
  }
}
