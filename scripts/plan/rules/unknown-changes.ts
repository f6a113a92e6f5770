import { hasTrue, isRecord, valueAt, type Change, type Json } from "../change";
import { shortList } from "../policy";
import { partOf } from "../secrets";
import { isAddOnType } from "./additions";
import { HARMLESS_EVERYWHERE, KNOWN_ATTRIBUTES } from "./known-attributes";
import { ATTRIBUTE_RULES } from "./attributes/all";
import { caution, same, type Rule } from "./rule";

/**
 * How an attribute of a type is known: some rule reads it, or it changes nothing that matters; undefined: not at all.
 * @param attribute as Terraform's users write it; what is within a known attribute is known
 */
export function knownAs(type: string, attribute: string): "ruled" | "harmless" | undefined {
  const { ruled = "", harmless = "" } = KNOWN_ATTRIBUTES[type] ?? {};
  const within = (name: string) => attribute === name || attribute.startsWith(`${name}.`);
  const isRow = ATTRIBUTE_RULES.some((row) => row.type === type && within(row.attribute));
  if (isRow || ruled.split(" ").some(within)) return "ruled";
  return `${HARMLESS_EVERYWHERE} ${harmless}`.split(" ").some(within) ? "harmless" : undefined;
}

/**
 * The rule for what no other rule knows: nothing is fine that nobody has looked at. Attributes that only AWS sets are left out:
 * of those a plan says that they are known after apply.
 */
const unknownChange: Rule = {
  id: "change-not-known",
  check: (change) => {
    const isKnownType = change.type in KNOWN_ATTRIBUTES;
    if (change.kind === "create") {
      return !isKnownType && isAddOnType(change.type)
        ? caution(
            `is put to something that may be there already; there is no rule for ${change.type}: look at it yourself`,
          )
        : [];
    }
    if (change.kind !== "update") return [];
    const unknown = changedIn(change).filter((attribute) => knownAs(change.type, attribute) === undefined);
    if (unknown.length === 0) return [];
    const what = `${shortList(unknown)} ${unknown.length === 1 ? "changes" : "change"}`;
    return caution(
      isKnownType
        ? `${what}, for which there is no rule: look at it yourself`
        : `${what}; there is no rule for ${change.type}: look at it yourself`,
    );
  },
};

/** Names of the attributes that differ, down to those in blocks, without positions. */
function changedIn({ before, after, afterUnknown }: Change): readonly string[] {
  return [...new Set(differing(before, after, afterUnknown, ""))];
}

function differing(before: Json, after: Json, unknown: Json, name: string): readonly string[] {
  if (unknown === true || (same(before, after) && !hasTrue(unknown)) || (isNothing(before) && isNothing(after)))
    return [];
  const lists = [before, after].filter((side) => side !== null);
  if (lists.length > 0 && lists.every((side) => isRecord(side) || (Array.isArray(side) && side.some(isRecord)))) {
    return stepsIn(before, after).flatMap((step) =>
      differing(
        valueAt(before, [step]) ?? null,
        valueAt(after, [step]) ?? null,
        partOf(unknown, step),
        typeof step === "number" ? name : [name, step].filter((part) => part !== "").join("."),
      ),
    );
  }
  return same(before, after) ? [] : [name];
}

function stepsIn(...values: readonly Json[]): readonly (string | number)[] {
  const numeric = values.some((value) => Array.isArray(value));
  const keys = values.flatMap((value) => (value !== null && typeof value === "object" ? Object.keys(value) : []));
  return [...new Set(keys)].map((key) => (numeric ? Number(key) : key));
}

function isNothing(value: Json): boolean {
  if (value === null || typeof value !== "object") return value === null || value === "" || value === false;
  return Object.values(value).every(isNothing);
}

/** What no other rule has looked at. */
export const UNKNOWN_RULES: readonly Rule[] = [unknownChange];
