import { BootstrapError } from "./error";

const SID = "RefuseWithoutTls";

interface Policy {
  readonly Statement?: unknown;
}

/**
 * The bucket policy with a statement that refuses requests without TLS, beside the statements it has; undefined when
 * it has one already. Pure.
 * @param policy the bucket's policy; undefined: none
 * @param bucketArn of the bucket
 * @throws BootstrapError when the policy can't be read
 */
export function policyWithTlsOnly(policy: string | undefined, bucketArn: string): string | undefined {
  const statement = {
    Sid: SID,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const read = policy === undefined ? {} : parse(policy);
  const given: unknown[] = Array.isArray(read.Statement)
    ? read.Statement
    : read.Statement === undefined
      ? []
      : [read.Statement];
  if (given.some((one) => refusesWithoutTls(one, bucketArn))) return undefined;
  const others = given.filter((one) => !isObject(one) || one["Sid"] !== SID);
  return JSON.stringify({ Version: "2012-10-17", ...read, Statement: [...others, statement] });
}

/** Does the statement refuse everything without TLS, on the bucket and on all that is in it, to everybody? */
function refusesWithoutTls(statement: unknown, bucketArn: string): boolean {
  if (!isObject(statement)) return false;
  const { Effect, Principal, Action, Resource, Condition } = statement;
  const isForAll = Principal === "*" || (isObject(Principal) && listOf(Principal["AWS"]).includes("*"));
  const conditions = isObject(Condition) ? Object.entries(Condition) : [];
  const [operator, test] = conditions[0] ?? [];
  const isWithoutTls =
    conditions.length === 1 &&
    operator === "Bool" &&
    isObject(test) &&
    Object.keys(test).length === 1 &&
    listOf(test["aws:SecureTransport"]).map(String).join() === "false";
  const resources = listOf(Resource);
  return (
    Effect === "Deny" &&
    isForAll &&
    listOf(Action).some((action) => action === "s3:*" || action === "*") &&
    [bucketArn, `${bucketArn}/*`].every((resource) => resources.includes(resource)) &&
    isWithoutTls
  );
}

function parse(policy: string): Policy {
  try {
    const read: unknown = JSON.parse(policy);
    if (isObject(read)) return read;
  } catch {
    // Told below.
  }
  throw new BootstrapError("refused", "the bucket has a policy that is not JSON; look at it before anything is added");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
