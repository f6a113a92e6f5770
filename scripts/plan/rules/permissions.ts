import { UNKNOWN, stringsOf, valueAfter, valueBefore, type Change, type Path } from "../change";
import { few, liftedDenials, newGrants, readPolicy, wildcardsIn, type Statement } from "../policy";
import { cannotTell, caution, compare, danger, isComparable, type Opinion, type Rule } from "./rule";

/** Where permissions of a principal are written. */
const GRANTS: Readonly<Record<string, Path>> = {
  aws_iam_policy: ["policy"],
  aws_iam_role_policy: ["policy"],
  aws_iam_user_policy: ["policy"],
  aws_iam_group_policy: ["policy"],
};
/** Where a resource says who may do what with it. */
const RESOURCE_POLICIES: Readonly<Record<string, Path>> = {
  aws_s3_bucket_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_kms_key_policy: ["policy"],
  aws_sns_topic_policy: ["policy"],
  aws_sqs_queue_policy: ["policy"],
  aws_ecr_repository_policy: ["policy"],
  aws_secretsmanager_secret_policy: ["policy"],
  aws_cloudwatch_log_resource_policy: ["policy_document"],
};

interface Sides {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

/** Reads both sides of a policy and lets `judge` speak; unreadable or unknown ones end as "cannot tell". */
function judgePolicy(change: Change, path: Path, judge: (sides: Sides) => readonly Opinion[]): readonly Opinion[] {
  if (change.kind !== "create" && !isComparable(change)) return [];
  const text = valueAfter(change, path);
  const what = "the policy";
  if (text === UNKNOWN) return cannotTell(what);
  if (text === undefined || text === "") return [];
  const after = readPolicy(text);
  if (after === undefined) return caution(`${what} can't be read`);
  return judge({ before: readPolicy(valueBefore(change, path)) ?? [], after });
}

const widened: Rule = {
  id: "door-permissions-widened",
  types: Object.keys(GRANTS),
  check: (change) =>
    judgePolicy(change, GRANTS[change.type] ?? [], ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const wide = wildcardsIn(statement);
        if (wide.length > 0) return wide.flatMap((words) => danger(`allows ${words}`));
        return change.kind === "create"
          ? []
          : caution(`allows more: ${few(statement.actions)} on ${few(statement.resources)}`);
      }),
    ),
};

/** GitHub's tokens are anybody's on GitHub until `sub` says whose. */
const OIDC_SUBJECT = /token\.actions\.githubusercontent\.com:sub$/;

const trustWidened: Rule = {
  id: "door-trust-widened",
  types: ["aws_iam_role"],
  check: (change) =>
    judgePolicy(change, ["assume_role_policy"], ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const open = openTrust(statement);
        if (open !== undefined) return danger(open);
        return change.kind === "create"
          ? []
          : danger(`more may take the role on: ${few(statement.principals)}${conditionsInWords(statement)}`);
      }),
    ),
};

function openTrust({ principals, conditions }: Statement): string | undefined {
  if (principals.includes("*")) return "anybody may take the role on";
  if (!principals.some((who) => who.startsWith("Federated:") && who.includes("token.actions.githubusercontent.com"))) {
    return undefined;
  }
  const subjects = Object.entries(conditions).filter(([key]) => OIDC_SUBJECT.test(key));
  if (subjects.length === 0) return "any workflow on GitHub may take the role on: no condition on its subject";
  const wide = subjects.flatMap(([, values]) => values).filter((value) => /^(repo:)?[^:]*[*?]/.test(value));
  return wide.length > 0 ? `workflows of other repositories may take the role on: ${few(wide)}` : undefined;
}

function conditionsInWords({ conditions }: Statement): string {
  const keys = Object.entries(conditions).map(([key, values]) => `${key} ${few(values)}`);
  return keys.length === 0 ? ", without a condition" : `, if ${keys.join(" and ")}`;
}

const resourceWidened: Rule = {
  id: "door-resource-policy-widened",
  types: Object.keys(RESOURCE_POLICIES),
  check: (change) =>
    judgePolicy(change, RESOURCE_POLICIES[change.type] ?? [], ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const anybody = statement.principals.includes("*") || statement.negated.includes("NotPrincipal");
        if (anybody && Object.keys(statement.conditions).length === 0) {
          return danger(`anybody may do ${few(statement.actions)}`);
        }
        return change.kind === "create"
          ? []
          : danger(
              `more may do ${few(statement.actions)}: ${few(statement.principals)}${conditionsInWords(statement)}`,
            );
      }),
    ),
};

const POLICIES = { ...GRANTS, ...RESOURCE_POLICIES };

const denialLifted: Rule = {
  id: "door-denial-lifted",
  types: Object.keys(POLICIES),
  check: (change) => {
    const path = POLICIES[change.type] ?? [];
    // What an unknown policy may do is doubted by the rules above: once is enough.
    if (!isComparable(change) || valueAfter(change, path) === UNKNOWN) return [];
    return judgePolicy(change, path, ({ before, after }) =>
      liftedDenials(before, after).flatMap((statement) =>
        danger(`no longer forbids ${few(statement.actions)}${conditionsInWords(statement)}`),
      ),
    );
  },
};

const POWERFUL = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$/;

const managedPolicy: Rule = {
  id: "door-powerful-policy-attached",
  types: ["aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_policy_attachment"],
  check: (change) => {
    if (change.kind !== "create" && !isComparable(change)) return [];
    const arn = valueAfter(change, ["policy_arn"]);
    if (arn === UNKNOWN) return change.kind === "create" ? [] : cannotTell("policy_arn");
    return stringsOf(arn)
      .filter((name) => POWERFUL.test(name))
      .flatMap((name) => danger(`${name} allows next to everything`));
  },
};

const boundaryRemoved: Rule = {
  id: "door-boundary-removed",
  types: ["aws_iam_role", "aws_iam_user"],
  check: (change) =>
    compare(change, ["permissions_boundary"], (before, after) =>
      before !== undefined && before !== "" && (after === undefined || after === "")
        ? danger("nothing bounds its permissions any more")
        : [],
    ),
};

const functionOpened: Rule = {
  id: "door-function-opened",
  types: ["aws_lambda_permission"],
  check: (change) =>
    change.kind !== "delete" && change.kind !== "forget" && valueAfter(change, ["principal"]) === "*"
      ? danger("anybody may call the function")
      : [],
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
