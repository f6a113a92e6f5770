import { BootstrapError } from "./error";

const SID = "RefuseWithoutTls";

interface Policy {
  readonly Statement?: unknown;
}

/**
 * Adds a statement that denies requests without TLS to a bucket policy. The other statements stay. Pure.
 * @param policy the bucket's policy; undefined: it has none
 * @returns the new policy; undefined when the policy has such a statement already
 * @throws BootstrapError when the policy is not JSON
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
  const current = policy === undefined ? {} : parse(policy);
  const statements: unknown[] = Array.isArray(current.Statement)
    ? current.Statement
    : current.Statement === undefined
      ? []
      : [current.Statement];
  if (statements.some((each) => deniesWithoutTls(each, bucketArn))) return undefined;
  const others = statements.filter((each) => !isObject(each) || each["Sid"] !== SID);
  return JSON.stringify({ Version: "2012-10-17", ...current, Statement: [...others, statement] });
}

/** Whether the statement denies every action without TLS, to everybody, on the bucket and all its objects. */
function deniesWithoutTls(statement: unknown, bucketArn: string): boolean {
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
    const parsed: unknown = JSON.parse(policy);
    if (isObject(parsed)) return parsed;
  } catch {
    // Thrown below.
  }
  throw new BootstrapError("refused", "the bucket's policy is not JSON; correct or remove it, then run this again");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
