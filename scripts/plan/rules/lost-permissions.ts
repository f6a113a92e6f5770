import { valueBefore, type Change } from "../change";
import { stringsOf, textOf, valueAt, type Json } from "../json-values";
import { readPolicy, shortList, type Statement } from "../policy";
import { lostGrants, newDenials } from "../policy-difference";
import { isPolicyUnknown, POLICY_ATTRIBUTES, RESOURCE_POLICY_ATTRIBUTES, statementsAt } from "./policy-attributes";
import {
  caution,
  danger,
  isComparable,
  isSubjectCreated,
  isSubjectDestroyed,
  type Assessment,
  type Rule,
  type RuleContext,
} from "./rule";

/** Attachments of a managed policy to a role, and to several. */
const ATTACHMENTS = ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"];
const CODEDEPLOY = /Service:codedeploy\./;

const lost: Rule = {
  id: "loses-permissions",
  types: [...Object.keys(POLICY_ATTRIBUTES), ...ATTACHMENTS],
  check: (change, context) => {
    const destroyed = change.kind === "delete" && !isSubjectDestroyed(change, context);
    if (ATTACHMENTS.includes(change.type)) {
      const policy = textOf(valueBefore(change, ["policy_arn"]));
      const left = destroyed || change.kind === "update" ? rolesOf(change.before) : [];
      const kept = rolesOf(change.after);
      return left.some((role) => !kept.includes(role) && isCodeDeploy(role, context))
        ? danger(`CodeDeploy's role loses ${policy}: releases fail`)
        : [];
    }
    const attribute = POLICY_ATTRIBUTES[change.type] ?? "";
    // `security-permissions-widened` and its like report a policy that is not known yet.
    if (!destroyed && (!isComparable(change) || isPolicyUnknown(change, attribute))) return [];
    const [before, after] = [change.before, change.after].map((side) => statementsAt(side, attribute)) as [
      readonly Statement[],
      readonly Statement[],
    ];
    return lostGrants(before, after).flatMap((statement) => lostInWords(statement, change, context));
  },
};

function lostInWords(statement: Statement, change: Change, context: RuleContext): readonly Assessment[] {
  const { actions, resources, principals } = statement;
  const what = shortList(actions);
  if (change.type in RESOURCE_POLICY_ATTRIBUTES) {
    const says = `${shortList(principals)} may no longer do ${what} with it`;
    return principals.some((who) => who.startsWith("Service:")) ? danger(says) : caution(says);
  }
  const says = `may no longer do ${what} on ${shortList(resources)}`;
  return belongsToCodeDeploy(change, context)
    ? danger(`CodeDeploy ${says}: releases or rollbacks fail`)
    : caution(says);
}

/** Whether the policy belongs to a role that CodeDeploy assumes. */
function belongsToCodeDeploy(change: Change, context: RuleContext): boolean {
  const arn = textOf(valueBefore(change, ["arn"]));
  const attached = context.changes
    .filter(({ before }) => attachedPolicies(before).includes(arn))
    .flatMap(({ type, before }) => (type === "aws_iam_role" ? stringsOf(valueAt(before, ["name"])) : rolesOf(before)));
  const own = change.type === "aws_iam_role" ? stringsOf(valueBefore(change, ["name"])) : rolesOf(change.before);
  return [...attached, ...own].some((role) => isCodeDeploy(role, context));
}

/** The managed policies that an attachment, or a role, attaches. */
function attachedPolicies(side: Json): readonly string[] {
  return ["policy_arn", "managed_policy_arns"].flatMap((name) => stringsOf(valueAt(side, [name])));
}

/** The names of the roles that a policy or an attachment is for: of one, or of several. */
function rolesOf(side: Json): readonly string[] {
  return ["role", "roles"].flatMap((name) => stringsOf(valueAt(side, [name])));
}

/** Whether CodeDeploy assumes the role of this name. */
function isCodeDeploy(role: string, { changes }: RuleContext): boolean {
  return changes.some(
    ({ before }) =>
      valueAt(before, ["name"]) === role &&
      trustOf(before).some(({ principals }) => principals.some((who) => CODEDEPLOY.test(who))),
  );
}

function trustOf(role: Json): readonly Statement[] {
  return readPolicy(valueAt(role, ["assume_role_policy"])) ?? [];
}

const trust: Rule = {
  id: "loses-trust",
  types: ["aws_iam_role"],
  check: (change) => {
    if (!isComparable(change) || isPolicyUnknown(change, "assume_role_policy")) return [];
    return lostGrants(trustOf(change.before), trustOf(change.after)).flatMap(({ principals }) => {
      const says = `${shortList(principals)} may no longer assume the role as before`;
      return principals.some((who) => who.startsWith("Service:"))
        ? danger(`${says}: what it does with the role fails`)
        : caution(says);
    });
  },
};

/** Condition keys of denials that only require an encrypted connection. */
const ENCRYPTED = /\/(?:aws:SecureTransport|s3:TlsVersion)/i;
const DENYING_POLICY = /\/AWS(?:DenyAll|CompromisedKeyQuarantine)/;

/** A denial overrides whatever other policies allow. */
const denied: Rule = {
  id: "adds-denial",
  types: [
    ...Object.keys(POLICY_ATTRIBUTES),
    ...ATTACHMENTS,
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
  ],
  check: (change, context) => {
    const attached = attachedPolicies(change.before);
    const denying = attachedPolicies(change.after).filter(
      (policy) => DENYING_POLICY.test(policy) && !attached.includes(policy),
    );
    if (denying.length > 0) return danger(`${shortList(denying)} forbids nearly everything`);
    if (change.kind === "create" && isSubjectNew(change, context)) return [];
    const attribute = POLICY_ATTRIBUTES[change.type] ?? "";
    return newDenials(statementsAt(change.before, attribute), statementsAt(change.after, attribute)).flatMap(
      (statement) => {
        const keys = Object.keys(statement.conditions);
        if (keys.length > 0 && keys.every((key) => ENCRYPTED.test(key))) return [];
        const says = `forbids ${shortList(statement.actions)}${statement.negated.length > 0 ? `, by ${shortList(statement.negated)}` : ""}`;
        return keys.length === 0
          ? danger(`${says}, whatever other policies allow`)
          : caution(`${says} under a condition: ${shortList(keys)}`);
      },
    );
  },
};

/** Whether the same plan creates what the policy applies to, so that the policy takes nothing away from it. */
function isSubjectNew(change: Change, context: RuleContext): boolean {
  // A managed policy, a role and a key refer to nothing: they apply to nobody yet. Names are known before apply; an ARN or id is only known when the resource exists.
  const references = ["role", "bucket", "repository", "arn", "key_id", "queue_url", "secret_arn"].filter(
    (attribute) => textOf(valueAt(change.after, [attribute])) !== "",
  );
  return references.every((attribute) => isSubjectCreated(change, attribute, context));
}

/** Rules about permissions and trust that are taken away. */
export const LOST_PERMISSION_RULES: readonly Rule[] = [lost, trust, denied];
