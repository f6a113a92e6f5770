import { at, list, type Block, type Estate } from "./estate";
import type { Check } from "./rule";

/** One statement of a policy, with its construct. */
export interface PolicyStatement {
  readonly path: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principal: unknown;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Attributes that contain a policy, by resource type: policies of roles, and policies of resources. */
export const IDENTITY_POLICIES = { aws_iam_role_policy: "policy", aws_iam_policy: "policy" };
export const TRUST_POLICIES = { aws_iam_role: "assume_role_policy" };
export const RESOURCE_POLICIES = {
  aws_s3_bucket_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_kms_key: "policy",
  aws_ecr_repository_policy: "policy",
  aws_vpc_endpoint: "policy",
};

/** Every statement of the policies of these kinds. */
export function statementsOf(estate: Estate, kinds: Readonly<Record<string, string>>): PolicyStatement[] {
  return Object.entries(kinds).flatMap(([type, attribute]) =>
    estate.all(type).flatMap(({ path, block }) => {
      const text = block[attribute];
      if (typeof text !== "string") return [];
      return list(at(JSON.parse(text), "Statement")).map((one) => read(path, one as Block));
    }),
  );
}

/** Checks that `holds` is true for every statement of these policies that allows something. */
export function allowed(
  kinds: Readonly<Record<string, string>>,
  holds: (statement: PolicyStatement) => boolean,
): Check {
  return (estate) =>
    statementsOf(estate, kinds)
      .filter((one) => one.effect === "Allow" && !holds(one))
      .map(({ path }) => path);
}

/** Whether the principal is everybody. */
export function isAnyone(principal: unknown): boolean {
  return principal === "*" || list(at(principal, "AWS")).includes("*");
}

/** Values of a condition's key under the operator. */
export function condition({ conditions }: PolicyStatement, operator: string, key: string): string[] {
  return list(conditions[operator]?.[key]).map(String);
}

/** Whether the action, which may have wildcards, includes any of these. */
export function covers(action: string, concrete: readonly string[]): boolean {
  const pattern = new RegExp(`^${action.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
  return concrete.some((one) => pattern.test(one));
}

/** Whether it is all resources, or all of one kind: `*`, `arn:aws:s3:::*`, `arn:…:role/*`. */
export function isEverything(resource: string): boolean {
  // The first part is the bucket's name for S3, and the kind of the resource for other services.
  if (/^arn:[^:]*:s3:/.test(resource)) return /^arn:([^:]*:){4}\*(\/\*)?$/.test(resource);
  return /^(\*|arn:([^:]*:){4}([\w-]+[/:])?\*)$/.test(resource);
}

/** Whether a statement denies the action to everybody, only because there is no TLS. */
export function refusesWithoutTls(policy: unknown, action: string, resources: readonly string[]): boolean {
  return list(at(JSON.parse(String(policy)), "Statement"))
    .map((one) => read("", one as Block))
    .some(
      (one) =>
        one.effect === "Deny" &&
        isAnyone(one.principal) &&
        one.actions.some((refused) => refused === action || refused === "*") &&
        resources.every((resource) => one.resources.includes(resource)) &&
        JSON.stringify(one.conditions) === '{"Bool":{"aws:SecureTransport":"false"}}',
    );
}

function read(path: string, one: Block): PolicyStatement {
  return {
    path,
    effect: String(one["Effect"]),
    actions: list(one["Action"]).map(String),
    resources: list(one["Resource"]).map(String),
    principal: one["Principal"],
    conditions: (one["Condition"] ?? {}) as PolicyStatement["conditions"],
  };
}
