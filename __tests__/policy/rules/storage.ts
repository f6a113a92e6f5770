import { at, list, type Block } from "../estate";
import { accompanied, adding, every, json, none, set, statement, without, type Rule } from "../rule";
import { allowed, isAnyone, refusesWithoutTls, statementsOf } from "../statements";

const BUCKET = "aws_s3_bucket";
const BLOCK = "aws_s3_bucket_public_access_block";
const ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration";
const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration";
const POLICY = "aws_s3_bucket_policy";
const TABLE = "aws_dynamodb_table";
const REPOSITORY = "aws_ecr_repository";
const KEY = "aws_kms_key";
const LOGS = "aws_cloudwatch_log_group";

/** How a bucket is encrypted. */
const algorithm = (block: Block) => at(block, "rule.apply_server_side_encryption_by_default.sse_algorithm");

/** Rules for stored data: buckets, the table, images, logs, and their keys. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    id: "bucket-not-public",
    title: "No bucket can be made public",
    scanners: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6", "AVD-AWS-0087", "AVD-AWS-0094"],
    check: accompanied(BUCKET, BLOCK, (block) =>
      ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].every(
        (flag) => block[flag] === true,
      ),
    ),
    breach: set(BLOCK, "restrict_public_buckets", false),
  },
  {
    id: "bucket-policy-not-for-anyone",
    title: "No bucket's policy allows anything to everybody",
    scanners: ["CKV_AWS_70"],
    check: allowed({ [POLICY]: "policy" }, ({ principal }) => !isAnyone(principal)),
    breach: statement(POLICY, "policy", { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }),
  },
  {
    id: "bucket-tls-only",
    title: "A bucket accepts only TLS",
    scanners: ["CKV_AWS_379"],
    check: every(BUCKET, (_, estate, bucket) => {
      const arn = `\${${bucket.type}.${bucket.name}.arn}`;
      return estate
        .referrers(bucket)
        .some(({ type, block }) => type === POLICY && refusesWithoutTls(block["policy"], "s3:*", [arn, `${arn}/*`]));
    }),
    breach: [
      json(POLICY, "policy", (document) => (document["Statement"] = [])),
      ...[
        { Principal: { AWS: "arn:aws:iam::123456789012:root" } },
        { Action: "s3:GetObject" },
        { Resource: "arn:aws:s3:::one" },
        { Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } },
      ].map((change) =>
        json(POLICY, "policy", (document) =>
          Object.assign(list(document["Statement"]).find((one) => at(one, "Effect") === "Deny") as object, change),
        ),
      ),
    ],
  },
  {
    id: "bucket-encrypted",
    title: "Every bucket is encrypted",
    scanners: ["CKV_AWS_19", "AVD-AWS-0088"],
    check: accompanied(BUCKET, ENCRYPTION, (block) => ["AES256", "aws:kms"].includes(String(algorithm(block)))),
    breach: without(ENCRYPTION),
  },
  {
    id: "bucket-customer-key",
    title: "Every bucket is encrypted with a customer-managed key",
    scanners: ["CKV_AWS_145", "AVD-AWS-0132"],
    check: accompanied(BUCKET, ENCRYPTION, (block) => algorithm(block) === "aws:kms"),
    breach: adding(BUCKET, { bucket: "another" }),
  },
  {
    id: "bucket-versioned",
    title: "Every bucket keeps old versions",
    scanners: ["CKV_AWS_21", "AVD-AWS-0090"],
    check: accompanied(
      BUCKET,
      "aws_s3_bucket_versioning",
      (block) => at(block, "versioning_configuration.status") === "Enabled",
    ),
    breach: set("aws_s3_bucket_versioning", "versioning_configuration.status", "Suspended"),
  },
  {
    id: "bucket-lifecycle",
    title: "Objects in a bucket expire",
    scanners: ["CKV2_AWS_61"],
    check: accompanied(BUCKET, LIFECYCLE, (block) => at(block, "rule.status") === "Enabled"),
    breach: without(LIFECYCLE),
  },
  {
    id: "bucket-uploads-end",
    title: "Incomplete uploads are deleted",
    scanners: ["CKV_AWS_300"],
    check: every(LIFECYCLE, (block) => at(block, "rule.abort_incomplete_multipart_upload") !== undefined),
    breach: set(LIFECYCLE, "rule.abort_incomplete_multipart_upload", undefined),
  },
  {
    id: "bucket-without-acls",
    title: "No bucket has ACLs",
    scanners: ["CKV2_AWS_65"],
    check: (estate) => [
      ...accompanied(
        BUCKET,
        "aws_s3_bucket_ownership_controls",
        (block) => at(block, "rule.object_ownership") === "BucketOwnerEnforced",
      )(estate),
      ...none("aws_s3_bucket_acl", "aws_s3_object_acl")(estate),
      ...every(BUCKET, (block) => block["acl"] === undefined && block["grant"] === undefined)(estate),
    ],
    breach: [
      set("aws_s3_bucket_ownership_controls", "rule.object_ownership", "ObjectWriter"),
      adding("aws_s3_bucket_acl", { bucket: "another", acl: "public-read" }),
      set(BUCKET, "acl", "public-read"),
    ],
  },
  {
    id: "bucket-access-logging",
    title: "Every bucket has access logs",
    scanners: ["CKV_AWS_18", "AVD-AWS-0089"],
    check: accompanied(BUCKET, "aws_s3_bucket_logging"),
    breach: adding(BUCKET, { bucket: "another" }),
  },
  {
    id: "table-encrypted",
    title: "The table is encrypted with a KMS key",
    scanners: [],
    check: every(TABLE, (block) => at(block, "server_side_encryption.enabled") === true),
    breach: set(TABLE, "server_side_encryption.enabled", false),
  },
  {
    id: "table-customer-key",
    title: "The table is encrypted with a customer-managed key",
    scanners: ["CKV_AWS_119", "AVD-AWS-0025"],
    check: every(TABLE, (block) => at(block, "server_side_encryption.kms_key_arn") !== undefined),
    breach: set(TABLE, "server_side_encryption.kms_key_arn", undefined),
  },
  {
    id: "table-recovery",
    title: "The table can be restored to any second of the last 35 days",
    scanners: ["CKV_AWS_28", "AVD-AWS-0024"],
    check: every(TABLE, (block) => at(block, "point_in_time_recovery.enabled") === true),
    breach: set(TABLE, "point_in_time_recovery.enabled", false),
  },
  {
    id: "table-kept",
    title: "Neither DynamoDB nor Terraform deletes the table",
    scanners: [],
    check: every(
      TABLE,
      (block) => block["deletion_protection_enabled"] === true && at(block, "lifecycle.prevent_destroy") === true,
    ),
    breach: set(TABLE, "deletion_protection_enabled", false),
  },
  {
    id: "images-immutable",
    title: "Image tags are immutable",
    scanners: ["CKV_AWS_51", "AVD-AWS-0031"],
    check: every(REPOSITORY, (block) => block["image_tag_mutability"] === "IMMUTABLE"),
    breach: set(REPOSITORY, "image_tag_mutability", "MUTABLE"),
  },
  {
    id: "images-scanned",
    title: "Every image is scanned when it is pushed",
    scanners: ["CKV_AWS_163", "AVD-AWS-0030"],
    check: every(REPOSITORY, (block) => at(block, "image_scanning_configuration.scan_on_push") === true),
    breach: set(REPOSITORY, "image_scanning_configuration.scan_on_push", false),
  },
  {
    id: "images-customer-key",
    title: "Images are encrypted with a KMS key",
    scanners: ["CKV_AWS_136", "AVD-AWS-0033"],
    check: every(REPOSITORY, (block) => at(block, "encryption_configuration.encryption_type") === "KMS"),
    breach: set(REPOSITORY, "encryption_configuration", [{ encryption_type: "AES256" }]),
  },
  {
    id: "images-kept",
    title: "A repository with images in it can't be destroyed",
    scanners: [],
    check: every(REPOSITORY, (block) => block["force_delete"] !== true),
    breach: set(REPOSITORY, "force_delete", true),
  },
  {
    id: "images-expire-by-number",
    title: "Images expire only by number, so that images in long use stay",
    scanners: [],
    check: every("aws_ecr_lifecycle_policy", (block) =>
      list(at(JSON.parse(String(block["policy"])), "rules")).every(
        (rule) => at(rule, "selection.countType") === "imageCountMoreThan",
      ),
    ),
    breach: json("aws_ecr_lifecycle_policy", "policy", (document) =>
      list(document["rules"]).push({
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 1 },
      }),
    ),
  },
  {
    id: "key-rotates",
    title: "Every key is rotated",
    scanners: ["CKV_AWS_7", "AVD-AWS-0065"],
    check: every(KEY, (block) => block["enable_key_rotation"] === true),
    breach: set(KEY, "enable_key_rotation", false),
  },
  {
    id: "key-policy",
    title: "Every key has its own policy",
    scanners: ["CKV2_AWS_64"],
    check: every(KEY, (block) => typeof block["policy"] === "string"),
    breach: set(KEY, "policy", undefined),
  },
  {
    id: "key-not-for-anyone",
    title: "No key's policy allows everybody to use it",
    scanners: ["CKV_AWS_33"],
    check: allowed({ [KEY]: "policy" }, ({ principal }) => !isAnyone(principal)),
    breach: statement(KEY, "policy", {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "kms:Decrypt",
      Resource: "*",
    }),
  },
  {
    id: "key-for-services-of-the-account",
    title: "CloudWatch Logs can use a key only for this account's log groups",
    scanners: [],
    check: (estate) =>
      statementsOf(estate, { [KEY]: "policy" })
        .filter(
          ({ principal, conditions }) =>
            String(at(principal, "Service")).startsWith("logs.") && Object.keys(conditions).length === 0,
        )
        .map(({ path }) => path),
    breach: statement(KEY, "policy", {
      Effect: "Allow",
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: "*",
    }),
  },
  {
    id: "logs-expire",
    title: "Every log group has a retention time",
    scanners: ["CKV_AWS_66"],
    check: every(LOGS, (block) => Number(block["retention_in_days"]) > 0),
    breach: set(LOGS, "retention_in_days", undefined),
  },
  {
    id: "logs-for-a-year",
    title: "Logs are kept for a year",
    scanners: ["CKV_AWS_338"],
    check: every(LOGS, (block) => Number(block["retention_in_days"]) >= 365),
    breach: adding(LOGS, { name: "short", retention_in_days: 7 }),
  },
  {
    id: "logs-customer-key",
    title: "Logs are encrypted with a customer-managed key",
    scanners: ["CKV_AWS_158", "AVD-AWS-0017"],
    check: every(LOGS, (block) => block["kms_key_id"] !== undefined),
    breach: set(LOGS, "kms_key_id", undefined, "task-definition"),
  },
];
