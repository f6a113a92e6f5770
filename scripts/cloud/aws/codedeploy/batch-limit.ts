import { AwsError } from "../../aws-error";

/** Refuses a batch that is longer than CodeDeploy takes. @throws AwsError of the type given */
export function requireBatch(items: readonly unknown[], limit: number, type = "BatchLimitExceededException"): void {
  if (items.length > limit) throw new AwsError(type, `A batch holds at most ${limit} items, not ${items.length}.`);
}
