import { valueBefore, type Change } from "../change";
import { textOf, type Json, type Path } from "../json-values";
import { describeLoss } from "./loss";
import {
  caution,
  compare,
  danger,
  inWords,
  isLess,
  isLost,
  isSubjectDestroyed,
  nameOf,
  type Assessment,
  type Rule,
} from "./rule";

/** A setting that protects while it has the value `on`. Any other value is a danger. */
interface Switch {
  readonly type: string;
  readonly path: Path;
  readonly on: Json;
}

/** A number that protects more the higher it is. A lower value is a danger. */
interface Measure {
  readonly type: string;
  readonly path: Path;
}

/** A resource that is itself a protection. Its loss is a danger. */
interface Guard {
  readonly type: string;
}

const on = (type: string, ...path: Path): Switch => ({ type, path, on: true });
const off = (type: string, ...path: Path): Switch => ({ type, path, on: false });
const guard = (type: string): Guard => ({ type });

const BUCKET_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration";
const BUCKET_KEY: Path = ["rule", 0, "apply_server_side_encryption_by_default", 0];
/** In the bucket itself. */
const INLINE_BUCKET_KEY: Path = ["server_side_encryption_configuration", 0, ...BUCKET_KEY];

/** The protections, one for each rule, with the consequence of turning it off. */
const PROTECTIONS: readonly {
  readonly id: string;
  readonly says: string;
  readonly of: readonly (Switch | Measure | Guard)[];
}[] = [
  {
    id: "security-deletion-protection-off",
    says: "nothing prevents an accidental destroy any more",
    of: [on("aws_lb", "enable_deletion_protection"), on("aws_dynamodb_table", "deletion_protection_enabled")],
  },
  {
    id: "security-recovery-off",
    says: "lost items can't be restored",
    of: [
      on("aws_dynamodb_table", "point_in_time_recovery", 0, "enabled"),
      { type: "aws_dynamodb_table", path: ["point_in_time_recovery", 0, "recovery_period_in_days"] },
    ],
  },
  {
    id: "security-encryption-off",
    says: "stored data is no longer encrypted in the same way",
    of: [
      on("aws_dynamodb_table", "server_side_encryption", 0, "enabled"),
      on("aws_kms_key", "enable_key_rotation"),
      ...["aws:kms", "aws:kms:dsse"].flatMap((algorithm) => [
        { type: BUCKET_ENCRYPTION, path: [...BUCKET_KEY, "sse_algorithm"], on: algorithm },
        { type: "aws_s3_bucket", path: [...INLINE_BUCKET_KEY, "sse_algorithm"], on: algorithm },
      ]),
      guard(BUCKET_ENCRYPTION),
    ],
  },
  {
    id: "security-logs-off",
    says: "nobody can see afterwards who connected",
    of: [
      on("aws_lb", "access_logs", 0, "enabled"),
      on("aws_lb", "connection_logs", 0, "enabled"),
      { type: "aws_flow_log", path: ["traffic_type"], on: "ALL" },
      guard("aws_flow_log"),
      guard("aws_wafv2_web_acl_logging_configuration"),
    ],
  },
  {
    id: "security-versioning-off",
    says: "objects that are overwritten or deleted are lost",
    of: [
      { type: "aws_s3_bucket_versioning", path: ["versioning_configuration", 0, "status"], on: "Enabled" },
      on("aws_s3_bucket", "versioning", 0, "enabled"),
      guard("aws_s3_bucket_versioning"),
    ],
  },
  {
    id: "security-public-access-allowed",
    says: "the bucket can be made public",
    of: [
      ...["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].map((name) =>
        on("aws_s3_bucket_public_access_block", name),
      ),
      guard("aws_s3_bucket_public_access_block"),
    ],
  },
  {
    id: "security-public-access-allowed",
    says: "buckets of the account can be made public",
    of: [
      ...["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].map((name) =>
        on("aws_s3_account_public_access_block", name),
      ),
      guard("aws_s3_account_public_access_block"),
    ],
  },
  {
    id: "security-scan-off",
    says: "images are no longer scanned",
    of: [on("aws_ecr_repository", "image_scanning_configuration", 0, "scan_on_push")],
  },
  {
    id: "security-invalid-headers-passed",
    says: "malformed headers reach the service",
    of: [on("aws_lb", "drop_invalid_header_fields")],
  },
  {
    id: "security-firewall-off",
    says: "requests are no longer filtered",
    of: [guard("aws_wafv2_web_acl"), guard("aws_wafv2_web_acl_association")],
  },
  {
    id: "security-firewall-fails-open",
    says: "requests pass unfiltered whenever the firewall doesn't answer",
    of: [off("aws_lb", "enable_waf_fail_open")],
  },
  {
    id: "security-shell-opened",
    says: "principals with the permission get a shell in running tasks",
    of: [off("aws_ecs_service", "enable_execute_command")],
  },
];

const switches = PROTECTIONS.map(({ id, says, of }): Rule => ({
  id,
  types: [...new Set(of.map(({ type }) => type))],
  check: (change, context) =>
    of
      .filter(({ type }) => type === change.type)
      .flatMap((protection): readonly Assessment[] => {
        if (!("path" in protection)) return isSubjectDestroyed(change, context) ? [] : guardLost(change, says);
        const { path } = protection;
        if (!("on" in protection)) {
          return compare(change, path, (before, after) =>
            isLess(after, before)
              ? danger(`${nameOf(path)} goes from ${inWords(before)} to ${inWords(after)}: ${says}`)
              : [],
          );
        }
        // A protection that was off already can't be turned off.
        if ((valueBefore(change, path) ?? false) !== protection.on) return [];
        return compare(change, path, (_, after) => ((after ?? false) === protection.on ? [] : danger(says)));
      }),
}));

/** Only a destroyed protection is a danger: a replaced one is created again, and a forgotten one stays. */
function guardLost(change: Change, says: string): readonly Assessment[] {
  if (!isLost(change)) return [];
  if (change.kind === "delete" && valueBefore(change, ["skip_destroy"]) === true)
    return caution("is removed from the state, and its skip_destroy keeps it: Terraform no longer manages it");
  return change.kind === "delete" ? danger(`${describeLoss(change)}: ${says}`) : caution(describeLoss(change));
}

/** How far tags can be moved to another image, the strictest last; the filters of an exclusion are for the other tags. */
const MUTABILITY = ["MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION", "IMMUTABLE"];

const tagsMutable: Rule = {
  id: "security-tags-mutable",
  types: ["aws_ecr_repository"],
  check: (change) =>
    compare(change, ["image_tag_mutability"], (before, after) => {
      // A repository that sets none is mutable.
      const [was, is] = [before, after].map((value) => MUTABILITY.indexOf(textOf(value) || "MUTABLE"));
      return isLess(is, was) ? danger("a tag can be moved to another image") : [];
    }),
};

/** The attribute that refers to a customer managed key, by resource type. */
const KEYS: Readonly<Record<string, Path>> = {
  aws_sns_topic: ["kms_master_key_id"],
  aws_cloudwatch_log_group: ["kms_key_id"],
  aws_dynamodb_table: ["server_side_encryption", 0, "kms_key_arn"],
  aws_lambda_function: ["kms_key_arn"],
  [BUCKET_ENCRYPTION]: [...BUCKET_KEY, "kms_master_key_id"],
  aws_s3_bucket: [...INLINE_BUCKET_KEY, "kms_master_key_id"],
};

const ownKeyRemoved = Object.entries(KEYS).map(([type, path]): Rule => ({
  id: "security-own-key-removed",
  types: [type],
  check: (change) =>
    compare(change, path, (before, after) => {
      if (before === undefined || before === "") return [];
      return after === undefined || after === ""
        ? danger("no longer encrypted with a customer managed key")
        : caution("encrypted with another key");
    }),
}));

/** Rules about protections that are turned off. */
export const PROTECTION_RULES: readonly Rule[] = [...switches, tagsMutable, ...ownKeyRemoved];
