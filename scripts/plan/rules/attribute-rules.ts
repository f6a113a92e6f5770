import { textOf, type Change, type Json, type Path } from "../change";
import { caution, compare, danger, inWords, nameOf, compareRemoved, type Assessment, type Rule } from "./rule";

/** What one rule says of one attribute of one type that stays and changes. */
export interface AttributeRule {
  readonly rule: string;
  readonly type: string;
  /** As Terraform's users write it: `health_check.interval`. */
  readonly attribute: string;
  readonly check: (change: Change, path: Path) => readonly Assessment[];
}
/** A row without its rule and type. */
type AttributeCheck = Pick<AttributeRule, "attribute" | "check">;
/** `care`: worth a look, and no more. */
type FindingLevel = "danger" | "care";

/** Rows of a rule about a type. */
export function attributeRules(
  rule: string,
  type: string,
  ...attributes: readonly AttributeCheck[]
): readonly AttributeRule[] {
  return attributes.map((attribute) => ({ rule, type, ...attribute }));
}

function attributeCheck(
  attribute: string,
  says: string,
  gravity: FindingLevel,
  matters: (before: Json | undefined, after: Json | undefined) => boolean,
): AttributeCheck {
  const assess = gravity === "danger" ? danger : caution;
  return {
    attribute,
    check: (change, path) =>
      compare(change, path, (before, after) =>
        matters(before, after) ? assess(`${nameOf(path)} ${changeInWords(before, after)}: ${says}`) : [],
      ),
  };
}

/** The number gets smaller. */
export const decreases = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(
    attribute,
    says,
    gravity,
    (before, after) => isNumber(before) && isNumber(after) && amount(after) < amount(before),
  );
/** The number gets larger. */
export const increases = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(
    attribute,
    says,
    gravity,
    (before, after) => isNumber(before) && isNumber(after) && amount(after) > amount(before),
  );
/** The switch was on, and is so no more. */
export const turnsOff = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, says, gravity, (before, after) => isOn(before) && !isOn(after));
/** The switch was off, and is so no more. */
export const turnsOn = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, says, gravity, (before, after) => !isOn(before) && isOn(after));
/** Whatever it becomes. */
export const changes = (attribute: string, says: string, gravity: FindingLevel = "care"): AttributeCheck =>
  attributeCheck(attribute, says, gravity, (before, after) => !isNothing(before) || !isNothing(after));
/** There was something, and now there is nothing. */
export const isRemoved = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, says, gravity, (before, after) => !isNothing(before) && isNothing(after));
/** It becomes one of these. */
export const changesTo = (
  attribute: string,
  values: readonly string[],
  says: string,
  gravity: FindingLevel = "danger",
): AttributeCheck => attributeCheck(attribute, says, gravity, (_, after) => values.includes(inWords(after)));
/** It was one of these. */
export const changesFrom = (
  attribute: string,
  values: readonly string[],
  says: string,
  gravity: FindingLevel = "danger",
): AttributeCheck => attributeCheck(attribute, says, gravity, (before) => values.includes(textOf(before)));
/** An element of the list is missing. */
export const losesElement = (attribute: string, says: string, gravity: FindingLevel = "danger"): AttributeCheck => ({
  attribute,
  check: (change, path) =>
    compareRemoved(change, path, (missing) =>
      (gravity === "danger" ? danger : caution)(`${nameOf(path)} loses ${missing}: ${says}`),
    ),
});

/** Several attributes of which all is to be said that is said of one. */
export function each(attributes: string, rowOf: (attribute: string) => AttributeCheck): readonly AttributeCheck[] {
  return attributes.split(" ").map(rowOf);
}

/** The steps to an attribute: blocks that are there once are lists of one. */
function pathOf(attribute: string): Path {
  return attribute.split(".").flatMap((step, index) => (index === 0 ? [step] : [0, step]));
}

/** Rules out of rows: one for each name. Of an attribute, and all that is in it, the first row that has something to say is heard. */
export function combineAttributeRules(all: readonly AttributeRule[]): readonly Rule[] {
  return [...new Set(all.map(({ rule }) => rule))].map((id): Rule => {
    const own = all.filter(({ rule }) => rule === id);
    return {
      id,
      types: [...new Set(own.map(({ type }) => type))],
      check: (change) => {
        const heard = new Set<string>();
        return own
          .filter(({ type }) => type === change.type)
          .flatMap(({ attribute, check }) => {
            if ([...heard].some((name) => `${name}.`.startsWith(`${attribute}.`))) return [];
            const assessments = check(change, pathOf(attribute));
            if (assessments.length > 0) heard.add(attribute);
            return assessments;
          });
      },
    };
  });
}

function changeInWords(before: Json | undefined, after: Json | undefined): string {
  const isLong = (value: Json | undefined) => typeof value === "object" || String(value ?? "").length > 80;
  return isLong(before) || isLong(after) ? "changes" : `goes from ${inWords(before)} to ${inWords(after)}`;
}

/** The provider gives some numbers as texts, e.g. `deregistration_delay`. */
function isNumber(value: Json | undefined): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
}

/** -1 stands for no limit, as in `reserved_concurrent_executions`. */
function amount(value: Json | undefined): number {
  const number = Number(value);
  return number < 0 ? Infinity : number;
}

/** Some switches are texts as well: `load_balancing_cross_zone_enabled`, `containerInsights`. */
function isOn(value: Json | undefined): boolean {
  return value === true || ["true", "on", "enabled", "ENABLED", "Enabled"].includes(textOf(value));
}

function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}
