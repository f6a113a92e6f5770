import type { Change } from "../change";
import { hasTrue, recordsIn, stringsOf, valueAt, type Json } from "../json-values";
import { readPolicy, type Statement } from "../policy";

/**
 * Attributes that hold the permissions of a principal, by resource type. `a.*.b` stands for the member `b` of every element
 * of the list `a`.
 */
export const IDENTITY_POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_iam_policy: "policy",
  aws_iam_role_policy: "policy",
  aws_iam_user_policy: "policy",
  aws_iam_group_policy: "policy",
  aws_iam_role: "inline_policy.*.policy",
};

/** Attributes that hold the policy of a resource: who may do what with it. By resource type. */
export const RESOURCE_POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_s3_bucket_policy: "policy",
  aws_kms_key: "policy",
  aws_kms_key_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue_policy: "policy",
  aws_ecr_repository_policy: "policy",
  aws_secretsmanager_secret_policy: "policy",
  aws_cloudwatch_log_resource_policy: "policy_document",
  aws_vpc_endpoint: "policy",
  aws_vpc_endpoint_policy: "policy",
  aws_sqs_queue: "policy",
  aws_sns_topic: "policy",
  aws_s3_bucket: "policy",
  aws_secretsmanager_secret: "policy",
};

/** Attributes that hold a policy of either kind, by resource type. */
export const POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  ...IDENTITY_POLICY_ATTRIBUTES,
  ...RESOURCE_POLICY_ATTRIBUTES,
};

/** The statements of all policies in an attribute of `POLICY_ATTRIBUTES`; none for a text that is no policy. */
export function statementsAt(side: Json, attribute: string): readonly Statement[] {
  return policyTextsAt(side, attribute)
    .map(readPolicy)
    .filter((statements) => statements !== undefined)
    .flat();
}

/** The texts of all policies in an attribute of `POLICY_ATTRIBUTES`. */
export function policyTextsAt(side: Json, attribute: string): readonly string[] {
  const [name = "", , member] = attribute.split(".");
  const value = valueAt(side, [name]);
  return member === undefined ? stringsOf(value) : recordsIn(value).flatMap((one) => stringsOf(one[member]));
}

/** Whether a policy in an attribute of `POLICY_ATTRIBUTES` is only known after apply. */
export function isPolicyUnknown(change: Change, attribute: string): boolean {
  const [name = "", ...inner] = attribute.split(".");
  const mask = valueAt(change.afterUnknown, [name]) ?? false;
  // For a new role without inline policies, Terraform marks the whole list as unknown; it will be empty.
  return hasTrue(mask) && !(change.kind === "create" && mask === true && inner.length > 0);
}
