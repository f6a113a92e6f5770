import { valueBefore, type Change } from "../change";
import { textOf, valueAt, type Json } from "../json-values";
import { readPolicy, shortList, type Statement } from "../policy";
import { lostGrants, newDenials } from "../policy-difference";
import { isPolicyUnknown, POLICY_ATTRIBUTES, RESOURCE_POLICY_ATTRIBUTES, statementsAt } from "./policy-attributes";
import {
  caution,
  danger,
  isComparable,
  isSubjectCreated,
  isSubjectDestroyed,
  same,
  type Assessment,
  type Rule,
  type RuleContext,
} from "./rule";

const ATTACHMENT = "aws_iam_role_policy_attachment";
const CODEDEPLOY = /Service:codedeploy\./;

const lost: Rule = {
  id: "loses-permissions",
  types: [...Object.keys(POLICY_ATTRIBUTES), ATTACHMENT],
  check: (change, context) => {
    const destroyed = change.kind === "delete" && !isSubjectDestroyed(change, context);
    if (change.type === ATTACHMENT) {
      const policy = textOf(valueBefore(change, ["policy_arn"]));
      return destroyed && belongsToCodeDeploy(change, context)
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

/** Whether the policy, or its attachment, belongs to a role that CodeDeploy assumes. */
function belongsToCodeDeploy(change: Change, { changes }: RuleContext): boolean {
  const arn = valueBefore(change, ["arn"]);
  const attached = changes
    .filter(({ before }) => arn !== undefined && same(valueAt(before, ["policy_arn"]), arn))
    .map(({ before }) => valueAt(before, ["role"]));
  const names = [
    valueBefore(change, ["role"]),
    ...attached,
    change.type === "aws_iam_role" && valueBefore(change, ["name"]),
  ];
  return changes.some(
    ({ before }) =>
      names.some((name) => same(valueAt(before, ["name"]), name)) &&
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
  types: [...Object.keys(POLICY_ATTRIBUTES), ATTACHMENT],
  check: (change, context) => {
    if (change.type === ATTACHMENT) {
      const policy = textOf(valueAt(change.after, ["policy_arn"]));
      return DENYING_POLICY.test(policy) ? danger(`${policy} forbids nearly everything`) : [];
    }
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
