import { labelOf, type Change } from "./change";
import { ALARM_RULES } from "./rules/alarms";
import { GROUP_RULES } from "./rules/deployment-group";
import { BESIDE_RULES } from "./rules/beside";
import { CAPACITY_RULES } from "./rules/capacity";
import { COMPOSITE_RULES } from "./rules/composite-alarms";
import { CONTAINER_RULES } from "./rules/containers";
import { DNS_RULES } from "./rules/dns";
import { FIREWALL_RULES } from "./rules/firewall";
import { HEALTH_CHECK_RULES } from "./rules/health-check";
import { rulesOf } from "./rules/in-place";
import { LISTENER_RULES } from "./rules/listener";
import { DEPOSED, LOSS_RULES, OTHER_LOSS } from "./rules/loss";
import { NETWORK_ACL_RULES } from "./rules/network-acls";
import { OPENING_RULES } from "./rules/openings";
import { PERMISSION_RULES } from "./rules/permissions";
import { PROTECTION_RULES } from "./rules/protections";
import { PUBLIC_BUCKET_RULES } from "./rules/public-buckets";
import { RETENTION_RULES } from "./rules/retention";
import { RIGHTS_RULES } from "./rules/rights";
import { ROWS } from "./rules/rows/all";
import type { Level, Opinion, Rule, Surroundings } from "./rules/rule";
import { STRATEGY_RULES } from "./rules/strategy";
import { TABLE_INDEX_RULES } from "./rules/table-indexes";
import { TAKE_OVER_RULES } from "./rules/takes-over";
import { TRAFFIC_RULES } from "./rules/traffic";
import { UNKNOWN_RULES } from "./rules/unknown-changes";
import { SENSITIVE, textWithoutSecrets } from "./secrets";
import { watch } from "./watch";

/** Every rule, by its id: what interrupts or loses, what weakens the gate, what opens a door. */
export const RULES: readonly Rule[] = together([
  ...rulesOf(ROWS),
  ...LOSS_RULES,
  ...TRAFFIC_RULES,
  ...RETENTION_RULES,
  ...ALARM_RULES,
  ...HEALTH_CHECK_RULES,
  ...GROUP_RULES,
  ...STRATEGY_RULES,
  ...OPENING_RULES,
  ...PERMISSION_RULES,
  ...LISTENER_RULES,
  ...PROTECTION_RULES,
  ...PUBLIC_BUCKET_RULES,
  ...FIREWALL_RULES,
  ...CONTAINER_RULES,
  ...CAPACITY_RULES,
  ...BESIDE_RULES,
  ...TAKE_OVER_RULES,
  ...NETWORK_ACL_RULES,
  ...DNS_RULES,
  ...COMPOSITE_RULES,
  ...RIGHTS_RULES,
  ...TABLE_INDEX_RULES,
  ...UNKNOWN_RULES,
]);

/** One rule of those that have the same id, each for its own types. */
function together(rules: readonly Rule[]): readonly Rule[] {
  return [...new Set(rules.map(({ id }) => id))].map((id): Rule => {
    const same = rules.filter((rule) => rule.id === id);
    const [only] = same;
    if (only !== undefined && same.length === 1) return only;
    return {
      id,
      types: [...new Set(same.flatMap(({ types = [] }) => types))],
      check: (change, surroundings) =>
        same
          .filter(({ types = [] }) => types.includes(change.type))
          .flatMap(({ check }) => check(change, surroundings)),
    };
  });
}

/** What one rule found in one change. */
export interface Finding extends Opinion {
  /** Id of the rule. */
  readonly rule: string;
  /** As `labelOf` gives it. */
  readonly address: string;
}

/** Says nothing of what changes, however a rule puts its words together. */
const HIDDEN = `${SENSITIVE}: what this is about must not be shown`;

/**
 * Everything the rules have to say of a plan, the dangers first. Of a rule that looked at a sensitive value, only that it
 * has something to say. Pure.
 */
export function judge(changes: readonly Change[], options: Omit<Surroundings, "changes"> = {}): readonly Finding[] {
  let looked = false;
  const watched = changes.map((change) => watch(change, () => (looked = true)));
  // What a replacement has left behind says nothing about what is in use.
  const surroundings = { changes: watched.filter(({ deposed }) => deposed === undefined), ...options };
  const findings = watched
    .filter(({ kind }) => kind !== "none" && kind !== "move" && kind !== "import")
    .flatMap((change) =>
      rulesFor(change).flatMap(({ id, check }) => {
        looked = false;
        const opinions = check(change, surroundings);
        return opinions.map(({ level, says }): Finding => ({
          rule: id,
          address: labelOf(change),
          level,
          says: looked ? HIDDEN : textWithoutSecrets(says),
        }));
      }),
    );
  const told = findings.filter(
    ({ rule, address }) =>
      rule !== OTHER_LOSS.id || !findings.some((other) => other.address === address && other.rule !== rule),
  );
  return inOrder(told);
}

function rulesFor({ deposed, type }: Change): readonly Rule[] {
  if (deposed !== undefined) return [DEPOSED];
  return RULES.filter((rule) => rule !== DEPOSED && (rule.types === undefined || rule.types.includes(type)));
}

/** Findings with the dangers first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings.filter(({ level }) => level === "danger"), ...findings.filter(({ level }) => level !== "danger")];
}

/** The worst level among findings. */
export function worstOf(findings: readonly { readonly level: Level }[]): Level {
  if (findings.some(({ level }) => level === "danger")) return "danger";
  return findings.some(({ level }) => level === "caution") ? "caution" : "fine";
}
