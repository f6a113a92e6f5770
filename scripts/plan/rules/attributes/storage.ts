import {
  attributeRules,
  changes,
  changesFrom,
  changesTo,
  decreases,
  each,
  increases,
  turnsOff,
  turnsOn,
  type AttributeRule,
} from "../attribute-rules";

const BUCKET = "aws_s3_bucket";
const TABLE = "aws_dynamodb_table";
const KEY = "aws_kms_key";

/** Attributes of buckets, tables, repositories, logs, keys and secrets. */
export const STORAGE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "security-destroys-contents",
    BUCKET,
    turnsOn("force_destroy", "destroying the bucket also deletes its objects"),
  ),
  ...attributeRules(
    "security-destroys-contents",
    "aws_ecr_repository",
    turnsOn("force_delete", "destroying the repository also deletes its images"),
  ),
  ...attributeRules(
    "security-destroys-contents",
    "aws_cloudwatch_log_group",
    turnsOff("skip_destroy", "destroying the log group also deletes its logs"),
  ),
  ...attributeRules(
    "security-deletion-protection-off",
    "aws_cloudwatch_log_group",
    turnsOff("deletion_protection_enabled", "nothing prevents an accidental destroy any more"),
  ),
  ...attributeRules(
    "security-tags-mutable",
    "aws_ecr_repository",
    changes("image_tag_mutability_exclusion_filter", "other tags can be moved to another image"),
  ),
  ...attributeRules(
    "security-public-access-allowed",
    BUCKET,
    changesTo("acl", ["public-read", "public-read-write", "authenticated-read"], "anybody may read the objects"),
    changes("acl", "other accounts may read or write the objects"),
    changes("grant", "other accounts may read or write the objects"),
  ),
  ...attributeRules(
    "security-public-access-allowed",
    "aws_s3_bucket_ownership_controls",
    changesFrom("rule.object_ownership", ["BucketOwnerEnforced"], "access lists of single objects are in effect again"),
    changes("rule.object_ownership", "other accounts may own the objects that they write"),
  ),
  ...attributeRules(
    "changes-storage",
    BUCKET,
    ...each(
      [
        "cors_rule logging replication_configuration website request_payer lifecycle_rule object_lock_configuration",
        "object_lock_enabled server_side_encryption_configuration versioning",
      ].join(" "),
      (attribute) => changes(attribute, "its objects are stored or served in another way"),
    ),
  ),
  ...attributeRules(
    "security-versioning-off",
    "aws_s3_bucket_versioning",
    changesFrom("versioning_configuration.mfa_delete", ["Enabled"], "versions can be deleted without a second factor"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_s3_bucket_lifecycle_configuration",
    changes("transition_default_minimum_object_size", "other objects are moved to slower storage"),
  ),
  ...attributeRules(
    "security-key-weakened",
    KEY,
    turnsOff("is_enabled", "data that it encrypted can't be read: tasks, logs and messages that need it fail"),
    decreases("deletion_window_in_days", "there is less time to cancel a deletion"),
    increases("rotation_period_in_days", "the key is rotated less often", "caution"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_kms_alias",
    changes("target_key_id", "users of the alias use another key, and can't read data that the old key encrypted"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_ssm_parameter",
    ...each("value insecure_value value_wo_version type key_id", (attribute) =>
      changes(attribute, "tasks that start from now on read another value"),
    ),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_secretsmanager_secret",
    decreases("recovery_window_in_days", "there is less time to cancel a deletion", "danger"),
    changes("replica", "copies in other regions are added or removed"),
    changes("kms_key_id", "readers of the secret may lack permission for the new key"),
  ),
  ...attributeRules(
    "changes-storage",
    TABLE,
    turnsOff("ttl.enabled", "expired items are no longer deleted", "caution"),
  ),
];
