import { at, list, type Block, type Estate } from "./estate";
import type { Check } from "./rule";

/** One statement of a policy, with the construct it stands in. */
export interface PolicyStatement {
  readonly path: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principal: unknown;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Attributes that hold a policy, by resource type: what a role may do, and who may use a resource. */
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

/** Every statement of these policies that allows something is as `holds` says. */
export function allowed(
  kinds: Readonly<Record<string, string>>,
  holds: (statement: PolicyStatement) => boolean,
): Check {
  return (estate) =>
    statementsOf(estate, kinds)
      .filter((one) => one.effect === "Allow" && !holds(one))
      .map(({ path }) => path);
}

/** Does the principal name everybody? */
export function isAnyone(principal: unknown): boolean {
  return principal === "*" || list(at(principal, "AWS")).includes("*");
}

/** Values of a condition's key under the operator. */
export function condition({ conditions }: PolicyStatement, operator: string, key: string): string[] {
  return list(conditions[operator]?.[key]).map(String);
}

/** Does the action, which may have wildcards, let one do any of these? */
export function covers(action: string, concrete: readonly string[]): boolean {
  const pattern = new RegExp(`^${action.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
  return concrete.some((one) => pattern.test(one));
}

/** Is it everything there is, or everything of one kind: `*`, `arn:aws:s3:::*`, `arn:…:role/*`? */
export function isEverything(resource: string): boolean {
  // Of S3 a bucket's name comes first, of others the kind of a resource.
  if (/^arn:[^:]*:s3:/.test(resource)) return /^arn:([^:]*:){4}\*(\/\*)?$/.test(resource);
  return /^(\*|arn:([^:]*:){4}([\w-]+[/:])?\*)$/.test(resource);
}

/** Is one of the statements a refusal of the action to everybody, and for no other reason than that there is no TLS? */
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
