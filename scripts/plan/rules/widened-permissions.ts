import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { stringsOf, textOf, valueAt } from "../json-values";
import { readPolicy, shortList, type Statement } from "../policy";
import { liftedDenials, newGrants } from "../policy-difference";
import { allowsAnybody, widenedResources, wildcardsIn } from "../policy-width";
import { doubtfulTokens, openTokens } from "../token-trust";
import {
  IDENTITY_POLICY_ATTRIBUTES,
  isPolicyUnknown,
  POLICY_ATTRIBUTES,
  policyTextsAt,
  RESOURCE_POLICY_ATTRIBUTES,
  statementsAt,
} from "./policy-attributes";
import {
  caution,
  compare,
  danger,
  isComparable,
  isSubjectDestroyed,
  nameOf,
  unknownUntilApply,
  type Assessment,
  type Rule,
} from "./rule";

interface Sides {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

function sidesOf(change: Change, attribute: string): Sides {
  return { before: statementsAt(change.before, attribute), after: statementsAt(change.after, attribute) };
}

/** Lets `assess` compare the policies in an attribute; reports policies that are unreadable or not known yet. */
function assessPolicy(
  change: Change,
  attribute: string,
  assess: (sides: Sides) => readonly Assessment[],
): readonly Assessment[] {
  const unreadable = policyTextsAt(change.after, attribute).some(
    (text) => text !== "" && readPolicy(text) === undefined,
  );
  return [
    ...assess(sidesOf(change, attribute)),
    ...(unreadable ? caution("the policy can't be read") : []),
    ...(isPolicyUnknown(change, attribute) ? unknownUntilApply("the policy") : []),
  ];
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

const trustWidened: Rule = {
  id: "security-trust-widened",
  types: ["aws_iam_role"],
  check: (change) =>
    assessPolicy(change, "assume_role_policy", ({ before, after }) =>
      newGrants(before, after).flatMap((statement) => {
        const open = openTrust(statement);
        if (open !== undefined) return danger(open);
        return change.kind === "create"
          ? doubtfulTokens(statement).flatMap(caution)
          : danger(
              `more principals may assume the role: ${shortList(statement.principals)}${conditionsInWords(statement)}`,
            );
      }),
    ),
};

function openTrust(statement: Statement): string | undefined {
  return allowsAnybody(statement) ? "anybody may assume the role" : openTokens(statement);
}

function conditionsInWords({ conditions }: Statement): string {
  const keys = Object.entries(conditions).map(([key, values]) => `${key} ${shortList(values)}`);
  return keys.length === 0 ? ", without a condition" : `, if ${keys.join(" and ")}`;
}

const resourceWidened: Rule = {
  id: "security-resource-policy-widened",
  types: Object.keys(RESOURCE_POLICY_ATTRIBUTES),
  check: (change) =>
    // A new VPC endpoint adds a second way to the service. Its policy can only restrict that way, and so does a policy that
    // replaces the default one, which allows everything.
    change.kind === "create" && ["aws_vpc_endpoint", "aws_vpc_endpoint_policy"].includes(change.type)
      ? []
      : assessPolicy(change, RESOURCE_POLICY_ATTRIBUTES[change.type] ?? "", ({ before, after }) =>
          newGrants(before, after).flatMap((statement) => {
            if (allowsAnybody(statement)) return danger(`anybody may do ${shortList(statement.actions)}`);
            return change.kind === "create"
              ? []
              : danger(
                  `more principals may do ${shortList(statement.actions)}: ${shortList(statement.principals)}${conditionsInWords(statement)}`,
                );
          }),
        ),
};

const denialLifted: Rule = {
  id: "security-denial-lifted",
  types: Object.keys(POLICY_ATTRIBUTES),
  check: (change, context) => {
    const attribute = POLICY_ATTRIBUTES[change.type] ?? "";
    const destroyed = change.kind === "delete" && !isSubjectDestroyed(change, context);
    // The rules above report a policy that is not known yet; reporting it again here adds nothing.
    if (!destroyed && (!isComparable(change) || isPolicyUnknown(change, attribute))) return [];
    const { before, after } = sidesOf(change, attribute);
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
    const path = [change.type === "aws_iam_role" ? "managed_policy_arns" : "policy_arn"];
    const before = stringsOf(valueBefore(change, path));
    return [
      ...stringsOf(valueAt(change.after, path))
        .filter((name) => POWERFUL.test(name) && !before.includes(name))
        .flatMap((name) => danger(`${name} allows nearly everything`)),
      ...(valueAfter(change, path) === UNKNOWN && change.kind !== "create" ? unknownUntilApply(nameOf(path)) : []),
    ];
  },
};

const boundaryRemoved: Rule = {
  id: "security-boundary-removed",
  types: ["aws_iam_role", "aws_iam_user"],
  check: (change) =>
    compare(change, ["permissions_boundary"], (before, after) => {
      if (textOf(before) === "") return [];
      const [now = ""] = stringsOf(after);
      if (now === "") return danger("no boundary limits its permissions any more");
      return POWERFUL.test(now)
        ? danger(`${now} as its boundary limits almost nothing`)
        : caution("another boundary limits its permissions");
    }),
};

/** An AWS account, or a principal in one. AWS services have names such as `sns.amazonaws.com`. */
const ACCOUNT = /^\d{12}$|arn:aws[\w-]*:(?:iam|sts)::/;

const functionOpened: Rule = {
  id: "security-function-opened",
  types: ["aws_lambda_permission", "aws_lambda_function_url"],
  check: (change) => {
    const [path, open] =
      change.type === "aws_lambda_permission"
        ? [["principal"] as const, "*"]
        : [["authorization_type"] as const, "NONE"];
    const after = textOf(valueAt(change.after, path));
    if (after === valueBefore(change, path)) return [];
    if (after === open) return danger("anybody may call the function");
    return ACCOUNT.test(after) ? caution(`${after} may call the function`) : [];
  },
};

/** Rules about permissions and trust that become wider. */
export const PERMISSION_RULES: readonly Rule[] = [
  widened,
  trustWidened,
  resourceWidened,
  denialLifted,
  managedPolicy,
  boundaryRemoved,
  functionOpened,
];
