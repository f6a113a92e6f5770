import { labelOf, type Change } from "./change";
import type { ActionInvocation, TerraformPlan } from "./plan-json";
import { RULES } from "./rules/all";
import { DEPOSED_RULE, OTHER_LOSS_RULE } from "./rules/loss";
import type { Assessment, Level, Rule, RuleContext } from "./rules/rule";
import { SENSITIVE, textWithoutSecrets } from "./secrets";
import { trackSensitiveReads } from "./sensitive-reads";

/** What one rule reports of one change, or the review of the plan as a whole. */
export interface Finding extends Assessment {
  /** Id of the rule. */
  readonly rule: string;
  /** Of the resource, as `labelOf` gives it, or of what else the finding is about. */
  readonly address: string;
}

/** Replaces the text of a finding that may hold a sensitive value. */
const HIDDEN_MESSAGE = `${SENSITIVE}: what this is about must not be shown`;

/** Actions of providers whose type names an operation that stops or removes something, e.g. `aws_ec2_stop_instance`. */
const HARMFUL_ACTION =
  /(?:^|_)(?:stop|terminate|delete|destroy|remove|purge|reboot|restart|disable|failover|detach)(?:_|$)/;

/**
 * All findings about a plan, dangers first: about its resources, the actions it runs, the checks that fail, and what the
 * review doesn't read. Pure.
 */
export function reviewPlan(plan: TerraformPlan, options: Omit<RuleContext, "changes"> = {}): readonly Finding[] {
  return dangersFirst([
    ...reviewChanges(plan.changes, options),
    ...plan.actions.map(actionFinding),
    ...plan.failedChecks.map(({ address, says }): Finding => ({
      rule: "check-fails",
      address,
      level: "caution",
      says: `a check of the configuration fails: ${says}`,
    })),
    ...plan.unread.map((what): Finding => ({
      rule: "plan-part-not-read",
      address: "the plan",
      level: "caution",
      says: `this plan holds ${what}, which this review doesn't read`,
    })),
  ]);
}

function actionFinding({ address, type, trigger }: ActionInvocation): Finding {
  const harmful = HARMFUL_ACTION.test(type);
  return {
    rule: "runs-action",
    address,
    level: harmful ? "danger" : "caution",
    says: `runs at ${trigger}: ${harmful ? "it stops or removes something, and" : "it"} does more than the plan shows`,
  };
}

/**
 * All findings of the rules about resources, dangers first. When a rule reads a sensitive value, its finding has no text of
 * its own. Pure.
 */
export function reviewChanges(
  changes: readonly Change[],
  options: Omit<RuleContext, "changes"> = {},
): readonly Finding[] {
  let sensitiveRead = false;
  const tracked = changes.map((change) => trackSensitiveReads(change, () => (sensitiveRead = true)));
  // A deposed object has the address of the object in use, but none of its values.
  const context = { changes: tracked.filter(({ deposed }) => deposed === undefined), ...options };
  const findings = tracked
    .filter(({ kind }) => kind !== "none" && kind !== "move" && kind !== "import")
    .flatMap((change) =>
      rulesFor(change).flatMap(({ id, check }) => {
        sensitiveRead = false;
        const assessments = check(change, context);
        return assessments.map(({ level, says }): Finding => ({
          rule: id,
          address: labelOf(change),
          level,
          says: sensitiveRead ? HIDDEN_MESSAGE : textWithoutSecrets(says),
        }));
      }),
    );
  const hasOtherFinding = ({ rule, address }: Finding) =>
    findings.some((other) => other.address === address && other.rule !== rule);
  return dangersFirst(findings.filter((finding) => finding.rule !== OTHER_LOSS_RULE.id || !hasOtherFinding(finding)));
}

function rulesFor({ deposed, type }: Change): readonly Rule[] {
  if (deposed !== undefined) return [DEPOSED_RULE];
  return RULES.filter((rule) => rule !== DEPOSED_RULE && (rule.types === undefined || rule.types.includes(type)));
}

function dangersFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(({ level }) => level === "danger"), ...findings.filter(({ level }) => level !== "danger")];
}

/** The worst level among findings. */
export function worstOf(findings: readonly { readonly level: Level }[]): Level {
  if (findings.some(({ level }) => level === "danger")) return "danger";
  return findings.some(({ level }) => level === "caution") ? "caution" : "fine";
}
