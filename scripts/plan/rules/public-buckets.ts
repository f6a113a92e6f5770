import { valueAfter, valueBefore } from "../change";
import { textOf, valueAt } from "../json-values";
import { danger, isSubjectCreated, same, type Rule } from "./rule";

const BLOCK = "aws_s3_bucket_public_access_block";
const SWITCHES = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
const PUBLIC = ["public-read", "public-read-write", "authenticated-read"];

/**
 * New settings that open an existing bucket. S3 blocks public access to new buckets by default, and a public access block with
 * fewer switches on replaces that default (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
const opened: Rule = {
  id: "security-public-access-allowed",
  types: [BLOCK, "aws_s3_bucket_acl"],
  check: (change, context) => {
    if (change.type === BLOCK) {
      const isExisting =
        textOf(valueAt(change.after, ["bucket"])) !== "" && !isSubjectCreated(change, "bucket", context);
      const less = SWITCHES.filter((name) => valueAt(change.after, [name]) !== true);
      return change.kind === "create" && less.length > 0 && isExisting
        ? danger(`${less.join(", ")} is off: the bucket can be made public`)
        : [];
    }
    const acl = valueAfter(change, ["acl"]);
    return PUBLIC.some((one) => one === acl) && !same(valueBefore(change, ["acl"]), acl)
      ? danger(`${textOf(valueAt(change.after, ["acl"]))}: anybody may read the objects`)
      : [];
  },
};

/** Rules about buckets that become public. */
export const PUBLIC_BUCKET_RULES: readonly Rule[] = [opened];
