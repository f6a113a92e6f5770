import { alters, becomes, each, falls, leaves, off, on, rises, rows, type Row } from "../in-place";

const BUCKET = "aws_s3_bucket";
const TABLE = "aws_dynamodb_table";
const KEY = "aws_kms_key";

/** What is kept, and who may touch it. */
export const STORAGE_ROWS: readonly Row[] = [
  ...rows("door-destroys-contents", BUCKET, on("force_destroy", "a destroy takes all that is in the bucket with it")),
  ...rows("door-destroys-contents", "aws_ecr_repository", on("force_delete", "a destroy takes all images with it")),
  ...rows(
    "door-destroys-contents",
    "aws_cloudwatch_log_group",
    off("skip_destroy", "a destroy takes its logs with it"),
  ),
  ...rows(
    "door-deletion-protection-off",
    "aws_cloudwatch_log_group",
    off("deletion_protection_enabled", "a mistaken destroy is no longer refused"),
  ),
  ...rows(
    "door-tags-mutable",
    "aws_ecr_repository",
    alters("image_tag_mutability_exclusion_filter", "other tags may lead to another image tomorrow"),
  ),
  ...rows(
    "door-public-access-allowed",
    BUCKET,
    becomes(
      "acl",
      ["public-read", "public-read-write", "authenticated-read"],
      "anybody may read what is in the bucket",
    ),
    alters("acl", "others may read or write what is in the bucket"),
    alters("grant", "others may read or write what is in the bucket"),
  ),
  ...rows(
    "door-public-access-allowed",
    "aws_s3_bucket_ownership_controls",
    leaves("rule.object_ownership", ["BucketOwnerEnforced"], "access lists of single objects count again"),
    alters("rule.object_ownership", "others may own what they write"),
  ),
  ...rows(
    "changes-storage",
    BUCKET,
    ...each(
      [
        "cors_rule logging replication_configuration website request_payer lifecycle_rule object_lock_configuration",
        "object_lock_enabled server_side_encryption_configuration versioning",
      ].join(" "),
      (attribute) => alters(attribute, "what is in it is kept, found or shown otherwise"),
    ),
  ),
  ...rows(
    "door-versioning-off",
    "aws_s3_bucket_versioning",
    leaves("versioning_configuration.mfa_delete", ["Enabled"], "versions are deleted without a second factor"),
  ),
  ...rows(
    "changes-storage",
    "aws_s3_bucket_lifecycle_configuration",
    alters("transition_default_minimum_object_size", "other objects are moved to slower storage"),
  ),
  ...rows(
    "door-key-weakened",
    KEY,
    off("is_enabled", "what it encrypted can't be read: tasks, logs and messages that need it fail"),
    falls("deletion_window_in_days", "there is less time to take a deletion back"),
    rises("rotation_period_in_days", "the key is changed less often", "care"),
  ),
  ...rows(
    "changes-storage",
    "aws_kms_alias",
    alters("target_key_id", "who uses it by this name uses another key, and can't read what the old one encrypted"),
  ),
  ...rows(
    "changes-storage",
    "aws_ssm_parameter",
    ...each("value insecure_value value_wo_version type key_id", (attribute) =>
      alters(attribute, "tasks that start from now on read something else"),
    ),
  ),
  ...rows(
    "changes-storage",
    "aws_secretsmanager_secret",
    falls("recovery_window_in_days", "there is less time to take a deletion back", "danger"),
    alters("replica", "copies in other regions come or go"),
    alters("kms_key_id", "who may read the secret may not be able to use the other key"),
  ),
  ...rows("changes-storage", TABLE, off("ttl.enabled", "items that were to go by themselves stay", "care")),
];
