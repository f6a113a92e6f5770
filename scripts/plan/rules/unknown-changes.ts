import type { Change } from "../change";
import { isNothing, isRecord, maskAt, stepsIn, valueAt, type Json } from "../json-values";
import { shortList } from "../policy";
import { isAddOnType } from "./additions";
import { ATTRIBUTE_RULES } from "./attributes/all";
import { HARMLESS_EVERYWHERE, KNOWN_ATTRIBUTES } from "./known-attributes";
import { caution, same, type Rule } from "./rule";

/**
 * Whether a rule reads an attribute (`ruled`) or a change of it is safe (`harmless`); undefined for an unknown attribute.
 * @param attribute as users of Terraform write it; an attribute in a known block is known
 */
export function knownAs(type: string, attribute: string): "ruled" | "harmless" | undefined {
  const { ruled = "", harmless = "" } = KNOWN_ATTRIBUTES[type] ?? {};
  const within = (name: string) => attribute === name || attribute.startsWith(`${name}.`);
  const hasAttributeRule = ATTRIBUTE_RULES.some((rule) => rule.type === type && within(rule.attribute));
  if (hasAttributeRule || ruled.split(" ").some(within)) return "ruled";
  return `${HARMLESS_EVERYWHERE} ${harmless}`.split(" ").some(within) ? "harmless" : undefined;
}

/**
 * Reports changes that no other rule knows, so that only assessed changes are fine. Attributes that only AWS sets are left out:
 * the plan marks them as known after apply.
 */
const unknownChange: Rule = {
  id: "change-not-known",
  check: (change) => {
    const isKnownType = change.type in KNOWN_ATTRIBUTES;
    if (change.kind === "create") {
      return !isKnownType && isAddOnType(change.type)
        ? caution(`may change an existing resource, and there is no rule for ${change.type}: check it yourself`)
        : [];
    }
    if (change.kind !== "update") return [];
    const unknown = changedIn(change).filter((attribute) => knownAs(change.type, attribute) === undefined);
    if (unknown.length === 0) return [];
    const what = `${shortList(unknown)} ${unknown.length === 1 ? "changes" : "change"}`;
    return caution(
      isKnownType
        ? `${what}, for which there is no rule: check it yourself`
        : `${what}; there is no rule for ${change.type}: check it yourself`,
    );
  },
};

/** Names of the attributes that differ, also within blocks, without positions in lists. */
function changedIn({ before, after, afterUnknown }: Change): readonly string[] {
  return [...new Set(differing(before, after, afterUnknown, ""))];
}

function differing(before: Json, after: Json, unknown: Json, name: string): readonly string[] {
  if (unknown === true || (isNothing(before) && isNothing(after))) return [];
  const lists = [before, after].filter((side) => side !== null);
  if (lists.every((side) => isRecord(side) || (Array.isArray(side) && side.some(isRecord)))) {
    return stepsIn(before, after).flatMap((step) =>
      differing(
        valueAt(before, [step]) ?? null,
        valueAt(after, [step]) ?? null,
        maskAt(unknown, step),
        typeof step === "number" ? name : [name, step].filter((part) => part !== "").join("."),
      ),
    );
  }
  return same(before, after) ? [] : [name];
}

/** The rule about changes that no other rule assesses. */
export const UNKNOWN_RULES: readonly Rule[] = [unknownChange];
