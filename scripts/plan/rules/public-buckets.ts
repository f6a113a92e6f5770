import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { recordsIn, textOf, valueAt, type Json } from "../json-values";
import { shortList } from "../policy";
import {
  caution,
  compare,
  danger,
  isSubjectCreated,
  same,
  unknownUntilApply,
  type Assessment,
  type Rule,
} from "./rule";

const BLOCK = "aws_s3_bucket_public_access_block";
const ACCOUNT_BLOCK = "aws_s3_account_public_access_block";
const ACL = "aws_s3_bucket_acl";
const BUCKET = "aws_s3_bucket";
const PUBLIC = ["public-read", "public-read-write", "authenticated-read"];

/**
 * The switches of a public access block, with what each cuts when it is turned on
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
const SWITCHES: Readonly<Record<string, string>> = {
  block_public_acls: "uploads with a public access list are refused",
  block_public_policy: "a policy that makes a bucket public is refused",
  ignore_public_acls: "what only access lists make public can no longer be read",
  restrict_public_buckets: "a public policy is only in effect for AWS services and the account itself",
};

/**
 * New settings that open an existing bucket. S3 blocks public access to new buckets by default, and a public access block with
 * fewer switches on replaces that default (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
const opened: Rule = {
  id: "security-public-access-allowed",
  types: [BLOCK, ACCOUNT_BLOCK, ACL, BUCKET],
  check: (change, context) => {
    if (change.type === ACL || change.type === BUCKET) return accessList(change);
    if (change.kind !== "create") return [];
    const less = Object.keys(SWITCHES).filter((name) => valueAt(change.after, [name]) !== true);
    if (less.length === 0) return [];
    const says = `${less.join(", ")} is off`;
    // An account has no block unless somebody has made one, which the plan doesn't show.
    if (change.type === ACCOUNT_BLOCK) return caution(`${says}: a stricter block of the account is replaced`);
    const isExisting = textOf(valueAt(change.after, ["bucket"])) !== "" && !isSubjectCreated(change, "bucket", context);
    return isExisting ? danger(`${says}: the bucket can be made public`) : [];
  },
};

/** Access lists: a canned one (`acl`), or one with grants (`grant`, `access_control_policy`). */
function accessList(change: Change): readonly Assessment[] {
  const acl = valueAfter(change, ["acl"]);
  const isPublic = PUBLIC.some((one) => one === acl);
  // Attribute rules assess `acl` and `grant` of a bucket that exists.
  const canned = change.type === ACL || change.kind === "create";
  const known = publicGrants(change.before);
  const granted = publicGrants(change.after).filter((grant) => !known.includes(grant));
  return [
    ...(canned && isPublic && !same(valueBefore(change, ["acl"]), acl)
      ? danger(`${textOf(valueAt(change.after, ["acl"]))}: anybody may read the objects`)
      : []),
    ...(granted.length > 0 ? danger(`anybody gets ${shortList(granted)}`) : []),
    ...(change.kind === "update" && valueAfter(change, ["access_control_policy"]) === UNKNOWN
      ? unknownUntilApply("access_control_policy")
      : []),
  ];
}

/** Grantees that stand for anybody (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html). */
const ANYBODY = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)/;

/** What an access list grants to anybody. */
function publicGrants(side: Json): readonly string[] {
  const ofBucket = recordsIn(valueAt(side, ["grant"])).filter(({ uri }) => ANYBODY.test(textOf(uri)));
  const ofList = recordsIn(valueAt(side, ["access_control_policy", 0, "grant"])).filter((grant) =>
    ANYBODY.test(textOf(valueAt(grant, ["grantee", 0, "uri"]))),
  );
  return [
    ...ofBucket.flatMap(({ permissions }) => (Array.isArray(permissions) ? permissions.map(String) : [])),
    ...ofList.map(({ permission }) => textOf(permission)),
  ];
}

/** A switch that is turned on protects more, and takes public access away that somebody may use. */
const closed: Rule = {
  id: "cuts-public-access",
  types: [BLOCK, ACCOUNT_BLOCK],
  check: (change) =>
    Object.entries(SWITCHES).flatMap(([name, says]) => {
      // S3 blocks public access to a new bucket anyway; a new block of the account is one more for each of its buckets.
      if (change.kind === "create" && change.type === ACCOUNT_BLOCK && valueAfter(change, [name]) === true)
        return caution(`${name} is on: ${says}`);
      return compare(change, [name], (_, after) => (after === true ? caution(`${name} is turned on: ${says}`) : []));
    }),
};

/** Rules about buckets that become public, or are no longer public. */
export const PUBLIC_BUCKET_RULES: readonly Rule[] = [opened, closed];
