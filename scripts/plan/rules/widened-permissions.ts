import { hasTrue, stringsOf, UNKNOWN, valueAfter, valueAt, valueBefore, type Change, type Json } from "../change";
import { shortList, readPolicy, type Statement } from "../policy";
import { isNegated, isSimple, liftedDenials, newGrants } from "../policy-difference";
import { allowsAnybody, widenedResources, wildcardsIn } from "../policy-width";
import {
  unknownUntilApply,
  caution,
  compare,
  danger,
  isSubjectDestroyed,
  isComparable,
  nameOf,
  type Assessment,
  type Rule,
} from "./rule";

/** Where permissions of a principal are written; after a `*` in each of a list. */
const IDENTITY_POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_iam_policy: "policy",
  aws_iam_role_policy: "policy",
  aws_iam_user_policy: "policy",
  aws_iam_group_policy: "policy",
  aws_iam_role: "inline_policy.*.policy",
};
/** Where a resource says who may do what with it. */
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
  aws_sns_topic: "policy",
  aws_s3_bucket: "policy",
  aws_secretsmanager_secret: "policy",
};
/** Where policies are written; after a `*` in each of a list. */
export const POLICY_ATTRIBUTES: Readonly<Record<string, string>> = {
  ...IDENTITY_POLICY_ATTRIBUTES,
  ...RESOURCE_POLICY_ATTRIBUTES,
};

interface Sides {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

/** The statements on both sides of the policies that are written at a place. */
function sidesOf(change: Change, place: string): Sides {
  return { before: statementsAt(change.before, place), after: statementsAt(change.after, place) };
}

/** The statements of the policies that are written at a place of `POLICIES`; none of what is no policy. */
export function statementsAt(side: Json, place: string): readonly Statement[] {
  return textsAt(side, place).flatMap((text) => readPolicy(text) ?? []);
}

function textsAt(side: Json, place: string): readonly string[] {
  const [attribute = "", , inner] = place.split(".");
  const value = valueAt(side, [attribute]);
  if (inner === undefined) return stringsOf(value);
  return (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((one) => stringsOf(valueAt(one, [inner])));
}

/** Lets `assess` speak of both sides of the policies at a place; of what is unreadable or unknown it can't tell. */
function assessPolicy(
  change: Change,
  place: string,
  assess: (sides: Sides) => readonly Assessment[],
): readonly Assessment[] {
  if (change.kind !== "create" && !isComparable(change)) return [];
  const unreadable = textsAt(change.after, place).some((text) => text !== "" && readPolicy(text) === undefined);
  return [
    ...assess(sidesOf(change, place)),
    ...(unreadable ? caution("the policy can't be read") : []),
    ...(isPolicyUnknown(change, place) ? unknownUntilApply("the policy") : []),
  ];
}

/** Whether a policy at a place of `POLICIES` is only known after apply. */
export function isPolicyUnknown(change: Change, place: string): boolean {
  const [attribute = "", ...inner] = place.split(".");
  const mask = valueAt(change.afterUnknown, [attribute]) ?? false;
  // What a new role says nothing of itself is unknown as a whole, and will be nothing.
  return hasTrue(mask) && !(change.kind === "create" && mask === true && inner.length > 0);
}

const widened: Rule = {
  id: "security-permissions-widened",
  types: Object.keys(IDENTITY_POLICY_ATTRIBUTES),
  check: (change) =>
    assessPolicy(change, IDENTITY_POLICY_ATTRIBUTES[change.type] ?? "", ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const wide = wildcardsIn(statement);
        if (wide.length > 0) return wide.flatMap((words) => danger(`allows ${words}`));
        const wider = widenedResources(before, statement);
        if (wider.length > 0) return danger(`allows ${shortList(statement.actions)} on ${shortList(wider)}`);
        return change.kind === "create"
          ? []
          : caution(`allows more: ${shortList(statement.actions)} on ${shortList(statement.resources)}`);
      }),
    ),
};

/** GitHub's tokens are anybody's on GitHub until `sub` says whose. */
const OIDC_SUBJECT = /token\.actions\.githubusercontent\.com:sub$/;

const trustWidened: Rule = {
  id: "security-trust-widened",
  types: ["aws_iam_role"],
  check: (change) =>
    assessPolicy(change, "assume_role_policy", ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const open = openTrust(statement);
        if (open !== undefined) return danger(open);
        return change.kind === "create"
          ? []
          : danger(`more may take the role on: ${shortList(statement.principals)}${conditionsInWords(statement)}`);
      }),
    ),
};

function openTrust(statement: Statement): string | undefined {
  if (allowsAnybody(statement)) return "anybody may take the role on";
  const { principals, conditions } = statement;
  if (!principals.some((who) => who.startsWith("Federated:") && who.includes("token.actions.githubusercontent.com"))) {
    return undefined;
  }
  const subjects = Object.entries(conditions).filter(
    ([key]) => OIDC_SUBJECT.test(key) && !isNegated(key) && isSimple(key),
  );
  if (subjects.length === 0) return "any workflow on GitHub may take the role on: no condition on its subject";
  const wide = subjects.flatMap(([, values]) => values).filter((value) => /^(repo:)?[^:]*[*?]/.test(value));
  return wide.length > 0 ? `workflows of other repositories may take the role on: ${shortList(wide)}` : undefined;
}

function conditionsInWords({ conditions }: Statement): string {
  const keys = Object.entries(conditions).map(([key, values]) => `${key} ${shortList(values)}`);
  return keys.length === 0 ? ", without a condition" : `, if ${keys.join(" and ")}`;
}

const resourceWidened: Rule = {
  id: "security-resource-policy-widened",
  types: Object.keys(RESOURCE_POLICY_ATTRIBUTES),
  check: (change) =>
    // A new endpoint is a way beside the one there was: its policy only takes away.
    change.kind === "create" && change.type === "aws_vpc_endpoint"
      ? []
      : assessPolicy(change, RESOURCE_POLICY_ATTRIBUTES[change.type] ?? "", ({ before, after }) =>
          newGrants(before, after).flatMap((statement) => {
            if (allowsAnybody(statement)) return danger(`anybody may do ${shortList(statement.actions)}`);
            return change.kind === "create"
              ? []
              : danger(
                  `more may do ${shortList(statement.actions)}: ${shortList(statement.principals)}${conditionsInWords(statement)}`,
                );
          }),
        ),
};

const denialLifted: Rule = {
  id: "security-denial-lifted",
  types: Object.keys(POLICY_ATTRIBUTES),
  check: (change, context) => {
    const place = POLICY_ATTRIBUTES[change.type] ?? "";
    const destroyed = change.kind === "delete" && !isSubjectDestroyed(change, context);
    // What an unknown policy may do is doubted by the rules above: once is enough.
    if (!destroyed && (!isComparable(change) || isPolicyUnknown(change, place))) return [];
    const { before, after } = sidesOf(change, place);
    return liftedDenials(before, after).flatMap((statement) =>
      danger(`no longer forbids ${shortList(statement.actions)}${conditionsInWords(statement)}`),
    );
  },
};

const POWERFUL = /\/(AdministratorAccess|PowerUserAccess|\w+FullAccess)$/;

const managedPolicy: Rule = {
  id: "security-powerful-policy-attached",
  types: [
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
    "aws_iam_role",
  ],
  check: (change) => {
    if (change.kind !== "create" && !isComparable(change)) return [];
    const path = [change.type === "aws_iam_role" ? "managed_policy_arns" : "policy_arn"];
    const before = stringsOf(valueBefore(change, path));
    return [
      ...stringsOf(valueAt(change.after, path))
        .filter((name) => POWERFUL.test(name) && !before.includes(name))
        .flatMap((name) => danger(`${name} allows next to everything`)),
      ...(valueAfter(change, path) === UNKNOWN && change.kind !== "create" ? unknownUntilApply(nameOf(path)) : []),
    ];
  },
};

const boundaryRemoved: Rule = {
  id: "security-boundary-removed",
  types: ["aws_iam_role", "aws_iam_user"],
  check: (change) =>
    compare(change, ["permissions_boundary"], (before, after) => {
      if (before === undefined || before === "") return [];
      const [now = ""] = stringsOf(after);
      if (now === "") return danger("nothing bounds its permissions any more");
      return POWERFUL.test(now)
        ? danger(`${now} bounds next to nothing`)
        : caution("another policy bounds its permissions");
    }),
};

/** An account, or somebody in it; AWS's services have names. */
const ACCOUNT = /^\d{12}$|^arn:aws[\w-]*:(?:iam|sts)::/;

const functionOpened: Rule = {
  id: "security-function-opened",
  types: ["aws_lambda_permission", "aws_lambda_function_url"],
  check: (change) => {
    if (change.kind !== "create" && !isComparable(change)) return [];
    const [path, open] =
      change.type === "aws_lambda_permission"
        ? [["principal"] as const, "*"]
        : [["authorization_type"] as const, "NONE"];
    const [before, after] = [valueBefore(change, path), valueAfter(change, path)];
    if (after === before) return [];
    if (after === open) return danger("anybody may call the function");
    return change.type === "aws_lambda_permission" && typeof after === "string" && ACCOUNT.test(after)
      ? caution(`${after} may call the function`)
      : [];
  },
};

/** Wider permissions and trust. */
export const PERMISSION_RULES: readonly Rule[] = [
  widened,
  trustWidened,
  resourceWidened,
  denialLifted,
  managedPolicy,
  boundaryRemoved,
  functionOpened,
];
