import { create, destroy, keep, update } from "../plan-fixture";
import type { Case } from "./case";

const table = (values: object) => ({ name: "tasks", ...values });
const switchedOff = (rule: string, type: string, on: object, off: object): Case => ({
  rule,
  when: `${type} goes from ${JSON.stringify(on)} to ${JSON.stringify(off)}`,
  trips: [update(type, on, off)],
  says: /./,
  silent: [update(type, off, on), update(type, { ...on, tags: {} }, { ...on, tags: { a: "b" } })],
});
const guardGone = (rule: string, type: string): Case => ({
  rule,
  when: `${type} is destroyed`,
  trips: [destroy(type)],
  says: /is destroyed/,
  silent: [create(type)],
});

/** What turns a protection off. */
export const PROTECTIONS: readonly Case[] = [
  {
    rule: "door-https-off",
    when: "HTTPS becomes HTTP",
    trips: [update("aws_lb_listener", { protocol: "HTTPS" }, { protocol: "HTTP" })],
    says: /reads along/,
    silent: [update("aws_lb_listener", { protocol: "HTTP" }, { protocol: "HTTPS" })],
  },
  {
    rule: "door-redirect-removed",
    when: "HTTP is served instead of redirected",
    trips: [
      update("aws_lb_listener", { default_action: [{ type: "redirect" }] }, { default_action: [{ type: "forward" }] }),
    ],
    says: /no longer sent from HTTP to HTTPS/,
    silent: [
      update("aws_lb_listener", { default_action: [{ type: "forward" }] }, { default_action: [{ type: "redirect" }] }),
    ],
  },
  {
    rule: "door-tls-weakened",
    when: "older TLS is let in",
    trips: [
      update(
        "aws_lb_listener",
        { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
        { ssl_policy: "ELBSecurityPolicy-2016-08" },
      ),
    ],
    says: /lets TLS 1\.0 in/,
    silent: [
      update(
        "aws_lb_listener",
        { ssl_policy: "ELBSecurityPolicy-2016-08" },
        { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      ),
    ],
  },
  switchedOff(
    "door-deletion-protection-off",
    "aws_lb",
    { enable_deletion_protection: true },
    { enable_deletion_protection: false },
  ),
  switchedOff(
    "door-deletion-protection-off",
    "aws_dynamodb_table",
    table({ deletion_protection_enabled: true }),
    table({ deletion_protection_enabled: null }),
  ),
  switchedOff(
    "door-recovery-off",
    "aws_dynamodb_table",
    { point_in_time_recovery: [{ enabled: true }] },
    { point_in_time_recovery: [{ enabled: false }] },
  ),
  switchedOff(
    "door-encryption-off",
    "aws_dynamodb_table",
    { server_side_encryption: [{ enabled: true }] },
    { server_side_encryption: [] },
  ),
  switchedOff("door-encryption-off", "aws_kms_key", { enable_key_rotation: true }, { enable_key_rotation: false }),
  switchedOff("door-logs-off", "aws_lb", { access_logs: [{ enabled: true }] }, { access_logs: [] }),
  guardGone("door-logs-off", "aws_flow_log"),
  switchedOff(
    "door-versioning-off",
    "aws_s3_bucket_versioning",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
  ),
  switchedOff(
    "door-public-access-allowed",
    "aws_s3_bucket_public_access_block",
    { block_public_policy: true },
    { block_public_policy: false },
  ),
  guardGone("door-public-access-allowed", "aws_s3_bucket_public_access_block"),
  {
    rule: "door-public-access-allowed",
    when: "the bucket stays and its block goes",
    trips: [keep("aws_s3_bucket", { bucket: "a" }), destroy("aws_s3_bucket_public_access_block", { bucket: "a" })],
    says: /made public/,
    silent: [destroy("aws_s3_bucket", { bucket: "a" }), destroy("aws_s3_bucket_public_access_block", { bucket: "a" })],
  },
  switchedOff(
    "door-tags-mutable",
    "aws_ecr_repository",
    { image_tag_mutability: "IMMUTABLE" },
    { image_tag_mutability: "MUTABLE" },
  ),
  switchedOff(
    "door-scan-off",
    "aws_ecr_repository",
    { image_scanning_configuration: [{ scan_on_push: true }] },
    { image_scanning_configuration: [{ scan_on_push: false }] },
  ),
  switchedOff(
    "door-invalid-headers-passed",
    "aws_lb",
    { drop_invalid_header_fields: true },
    { drop_invalid_header_fields: false },
  ),
  guardGone("door-firewall-off", "aws_wafv2_web_acl_association"),
  switchedOff(
    "door-shell-opened",
    "aws_ecs_service",
    { enable_execute_command: false },
    { enable_execute_command: true },
  ),
  switchedOff("door-own-key-removed", "aws_sns_topic", { kms_master_key_id: "arn:key" }, { kms_master_key_id: "" }),
];
