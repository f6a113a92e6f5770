import {
  changes,
  changesTo,
  each,
  decreases,
  changesFrom,
  turnsOff,
  turnsOn,
  increases,
  attributeRules,
  type AttributeRule,
} from "../attribute-rules";

const BUCKET = "aws_s3_bucket";
const TABLE = "aws_dynamodb_table";
const KEY = "aws_kms_key";

/** What is kept, and who may touch it. */
export const STORAGE_ATTRIBUTES: readonly AttributeRule[] = [
  ...attributeRules(
    "security-destroys-contents",
    BUCKET,
    turnsOn("force_destroy", "a destroy takes all that is in the bucket with it"),
  ),
  ...attributeRules(
    "security-destroys-contents",
    "aws_ecr_repository",
    turnsOn("force_delete", "a destroy takes all images with it"),
  ),
  ...attributeRules(
    "security-destroys-contents",
    "aws_cloudwatch_log_group",
    turnsOff("skip_destroy", "a destroy takes its logs with it"),
  ),
  ...attributeRules(
    "security-deletion-protection-off",
    "aws_cloudwatch_log_group",
    turnsOff("deletion_protection_enabled", "a mistaken destroy is no longer refused"),
  ),
  ...attributeRules(
    "security-tags-mutable",
    "aws_ecr_repository",
    changes("image_tag_mutability_exclusion_filter", "other tags may lead to another image tomorrow"),
  ),
  ...attributeRules(
    "security-public-access-allowed",
    BUCKET,
    changesTo(
      "acl",
      ["public-read", "public-read-write", "authenticated-read"],
      "anybody may read what is in the bucket",
    ),
    changes("acl", "others may read or write what is in the bucket"),
    changes("grant", "others may read or write what is in the bucket"),
  ),
  ...attributeRules(
    "security-public-access-allowed",
    "aws_s3_bucket_ownership_controls",
    changesFrom("rule.object_ownership", ["BucketOwnerEnforced"], "access lists of single objects count again"),
    changes("rule.object_ownership", "others may own what they write"),
  ),
  ...attributeRules(
    "changes-storage",
    BUCKET,
    ...each(
      [
        "cors_rule logging replication_configuration website request_payer lifecycle_rule object_lock_configuration",
        "object_lock_enabled server_side_encryption_configuration versioning",
      ].join(" "),
      (attribute) => changes(attribute, "what is in it is kept, found or shown otherwise"),
    ),
  ),
  ...attributeRules(
    "security-versioning-off",
    "aws_s3_bucket_versioning",
    changesFrom("versioning_configuration.mfa_delete", ["Enabled"], "versions are deleted without a second factor"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_s3_bucket_lifecycle_configuration",
    changes("transition_default_minimum_object_size", "other objects are moved to slower storage"),
  ),
  ...attributeRules(
    "security-key-weakened",
    KEY,
    turnsOff("is_enabled", "what it encrypted can't be read: tasks, logs and messages that need it fail"),
    decreases("deletion_window_in_days", "there is less time to take a deletion back"),
    increases("rotation_period_in_days", "the key is changed less often", "care"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_kms_alias",
    changes("target_key_id", "who uses it by this name uses another key, and can't read what the old one encrypted"),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_ssm_parameter",
    ...each("value insecure_value value_wo_version type key_id", (attribute) =>
      changes(attribute, "tasks that start from now on read something else"),
    ),
  ),
  ...attributeRules(
    "changes-storage",
    "aws_secretsmanager_secret",
    decreases("recovery_window_in_days", "there is less time to take a deletion back", "danger"),
    changes("replica", "copies in other regions come or go"),
    changes("kms_key_id", "who may read the secret may not be able to use the other key"),
  ),
  ...attributeRules(
    "changes-storage",
    TABLE,
    turnsOff("ttl.enabled", "items that were to go by themselves stay", "care"),
  ),
];
