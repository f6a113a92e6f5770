import { create, destroy, keep, replace, update } from "../plan-fixture";
import type { Case } from "./case";

const TABLE = "aws_dynamodb_table";
const BUCKET_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration";
const BLOCK = "aws_s3_bucket_public_access_block";
const algorithm = (sse_algorithm: string, kms_master_key_id = "") => ({
  rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm, kms_master_key_id }] }],
});

const switchedOff = (rule: string, type: string, on: object, off: object, says: RegExp): Case => ({
  rule,
  when: `${type} goes from ${JSON.stringify(on)} to ${JSON.stringify(off)}`,
  trips: [update(type, on, off)],
  says,
  silent: [update(type, off, on), update(type, { ...on, tags: {} }, { ...on, tags: { a: "b" } }, { name: "other" })],
});

/** The protection is destroyed; a replaced one is created again, and a forgotten one stays. */
const guard = (rule: string, type: string, says: RegExp): readonly Case[] => [
  {
    rule,
    when: `${type} is destroyed`,
    trips: [destroy(type)],
    says: new RegExp(`^is destroyed: ${says.source}$`),
    silent: [create(type)],
  },
  {
    rule,
    when: `${type} is replaced`,
    trips: [replace(type, {}, {}, { replace_paths: [["bucket"]] })],
    says: /^is replaced, because bucket can't be changed in place$/,
    level: "caution",
    silent: [keep(type)],
  },
  {
    rule,
    when: `${type} is forgotten`,
    trips: [{ ...destroy(type), change: { actions: ["forget"], before: {}, after: null } }],
    says: /^is removed from the state: it stays/,
    level: "caution",
    silent: [keep(type)],
  },
];

/** A protection of a bucket that is destroyed too protects nothing any more. */
const guardOfBucket = (rule: string, type: string, says: RegExp): readonly Case[] => [
  ...guard(rule, type, says),
  {
    rule,
    when: `the ${type} of a bucket that stays is destroyed`,
    trips: [keep("aws_s3_bucket", { bucket: "a" }), destroy(type, { bucket: "a" })],
    says,
    silent: [destroy("aws_s3_bucket", { bucket: "a" }), destroy(type, { bucket: "a" })],
  },
];

const ownKey = (type: string, at: (key: string | null) => object): readonly Case[] => [
  switchedOff(
    "security-own-key-removed",
    type,
    at("arn:key"),
    at(null),
    /^no longer encrypted with a customer managed key$/,
  ),
  {
    rule: "security-own-key-removed",
    when: `${type} gets another key`,
    trips: [update(type, at("arn:key"), at("arn:other"))],
    says: /^encrypted with another key$/,
    level: "caution",
    silent: [update(type, at(""), at("arn:key"))],
  },
];

const NO_MISTAKE = /^nothing prevents an accidental destroy any more$/;
const ENCRYPTION = /stored data is no longer encrypted in the same way/;
const SEEN = /nobody can see afterwards who connected/;
const FIREWALL = /requests are no longer filtered/;
const PUBLIC = /the bucket can be made public/;
const VERSIONS = /objects that are overwritten or deleted are lost/;

/** Protections that are turned off. */
export const PROTECTIONS: readonly Case[] = [
  {
    rule: "security-firewall-fails-open",
    when: "a switch that was not set is turned on",
    trips: [update("aws_lb", {}, { enable_waf_fail_open: true })],
    says: /^requests pass unfiltered whenever the firewall doesn't answer$/,
    silent: [update("aws_lb", {}, { enable_waf_fail_open: false })],
  },
  switchedOff(
    "security-versioning-off",
    "aws_s3_bucket",
    { versioning: [{ enabled: true }] },
    { versioning: [{ enabled: false }] },
    VERSIONS,
  ),
  ...["aws:kms", "aws:kms:dsse"].map((name) =>
    switchedOff(
      "security-encryption-off",
      "aws_s3_bucket",
      { server_side_encryption_configuration: [algorithm(name)] },
      { server_side_encryption_configuration: [algorithm("AES256")] },
      ENCRYPTION,
    ),
  ),
  {
    rule: "security-tags-mutable",
    when: "a repository no longer says that tags can't be moved",
    trips: [update("aws_ecr_repository", { image_tag_mutability: "IMMUTABLE" }, {})],
    says: /^a tag can be moved to another image$/,
    silent: [
      update("aws_ecr_repository", { image_tag_mutability: "MUTABLE" }, {}),
      update("aws_ecr_repository", {}, { image_tag_mutability: "MUTABLE" }, { name: "other" }),
    ],
  },
  ...ownKey("aws_s3_bucket", (key) => ({ server_side_encryption_configuration: [algorithm("aws:kms", key ?? "")] })),
  ...(
    [
      ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
      ["IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
      ["MUTABLE_WITH_EXCLUSION", "MUTABLE"],
      ["IMMUTABLE_WITH_EXCLUSION", null],
    ] as const
  ).map(([before, after]) =>
    switchedOff(
      "security-tags-mutable",
      "aws_ecr_repository",
      { image_tag_mutability: before },
      { image_tag_mutability: after },
      /^a tag can be moved to another image$/,
    ),
  ),
  switchedOff(
    "security-deletion-protection-off",
    "aws_lb",
    { enable_deletion_protection: true },
    { enable_deletion_protection: false },
    NO_MISTAKE,
  ),
  switchedOff(
    "security-deletion-protection-off",
    TABLE,
    { deletion_protection_enabled: true },
    { deletion_protection_enabled: null },
    NO_MISTAKE,
  ),
  switchedOff(
    "security-recovery-off",
    TABLE,
    { point_in_time_recovery: [{ enabled: true }] },
    { point_in_time_recovery: [{ enabled: false }] },
    /^lost items can't be restored$/,
  ),
  switchedOff(
    "security-recovery-off",
    TABLE,
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 35 }] },
    { point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 1 }] },
    /^point_in_time_recovery\.recovery_period_in_days goes from 35 to 1: lost items/,
  ),
  switchedOff(
    "security-encryption-off",
    TABLE,
    { server_side_encryption: [{ enabled: true }] },
    { server_side_encryption: [] },
    ENCRYPTION,
  ),
  switchedOff(
    "security-encryption-off",
    "aws_kms_key",
    { enable_key_rotation: true },
    { enable_key_rotation: false },
    ENCRYPTION,
  ),
  ...["aws:kms", "aws:kms:dsse"].map((name) =>
    switchedOff("security-encryption-off", BUCKET_ENCRYPTION, algorithm(name), algorithm("AES256"), ENCRYPTION),
  ),
  ...guardOfBucket("security-encryption-off", BUCKET_ENCRYPTION, ENCRYPTION),
  ...["access_logs", "connection_logs"].map((name) =>
    switchedOff("security-logs-off", "aws_lb", { [name]: [{ enabled: true }] }, { [name]: [] }, SEEN),
  ),
  switchedOff("security-logs-off", "aws_flow_log", { traffic_type: "ALL" }, { traffic_type: "REJECT" }, SEEN),
  ...["aws_flow_log", "aws_wafv2_web_acl_logging_configuration"].flatMap((type) =>
    guard("security-logs-off", type, SEEN),
  ),
  {
    rule: "security-logs-off",
    when: "flow logs are replaced by others that show more",
    trips: [replace("aws_flow_log", { traffic_type: "REJECT" }, { traffic_type: "ALL" })],
    says: /^is replaced$/,
    level: "caution",
    silent: [update("aws_flow_log", { traffic_type: "REJECT" }, { traffic_type: "ALL" })],
  },
  switchedOff(
    "security-versioning-off",
    "aws_s3_bucket_versioning",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
    VERSIONS,
  ),
  ...guardOfBucket("security-versioning-off", "aws_s3_bucket_versioning", VERSIONS),
  ...["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].map((name) =>
    switchedOff("security-public-access-allowed", BLOCK, { [name]: true }, { [name]: false }, PUBLIC),
  ),
  ...guardOfBucket("security-public-access-allowed", BLOCK, PUBLIC),
  switchedOff(
    "security-tags-mutable",
    "aws_ecr_repository",
    { image_tag_mutability: "IMMUTABLE" },
    { image_tag_mutability: "MUTABLE" },
    /^a tag can be moved to another image$/,
  ),
  switchedOff(
    "security-scan-off",
    "aws_ecr_repository",
    { image_scanning_configuration: [{ scan_on_push: true }] },
    { image_scanning_configuration: [{ scan_on_push: false }] },
    /^images are no longer scanned$/,
  ),
  switchedOff(
    "security-invalid-headers-passed",
    "aws_lb",
    { drop_invalid_header_fields: true },
    { drop_invalid_header_fields: false },
    /^malformed headers reach the service$/,
  ),
  ...["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"].flatMap((type) =>
    guard("security-firewall-off", type, FIREWALL),
  ),
  switchedOff(
    "security-firewall-fails-open",
    "aws_lb",
    { enable_waf_fail_open: false },
    { enable_waf_fail_open: true },
    /^requests pass unfiltered whenever the firewall doesn't answer$/,
  ),
  switchedOff(
    "security-shell-opened",
    "aws_ecs_service",
    { enable_execute_command: false },
    { enable_execute_command: true },
    /^principals with the permission get a shell in running tasks$/,
  ),
  ...ownKey("aws_sns_topic", (key) => ({ kms_master_key_id: key })),
  ...ownKey("aws_cloudwatch_log_group", (key) => ({ kms_key_id: key })),
  ...ownKey("aws_lambda_function", (key) => ({ kms_key_arn: key })),
  ...ownKey(TABLE, (key) => ({ server_side_encryption: [{ enabled: true, kms_key_arn: key }] })),
  ...ownKey(BUCKET_ENCRYPTION, (key) => algorithm("aws:kms", key ?? "")),
];
