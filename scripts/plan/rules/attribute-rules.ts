import type { Change } from "../change";
import { isNothing, textOf, type Json, type Path } from "../json-values";
import {
  caution,
  compare,
  compareRemoved,
  danger,
  inWords,
  nameOf,
  type Assessment,
  type Level,
  type Rule,
} from "./rule";

/** How one rule assesses an in-place change of one attribute of one resource type. */
export interface AttributeRule {
  /** Id of the rule. */
  readonly rule: string;
  readonly type: string;
  /** As users of Terraform write it: `health_check.interval`. */
  readonly attribute: string;
  readonly check: (change: Change, path: Path) => readonly Assessment[];
}

type AttributeCheck = Pick<AttributeRule, "attribute" | "check">;
type FindingLevel = Exclude<Level, "fine">;

/** Attribute rules with the same id and resource type. */
export function attributeRules(
  rule: string,
  type: string,
  ...checks: readonly AttributeCheck[]
): readonly AttributeRule[] {
  return checks.map((check) => ({ rule, type, ...check }));
}

/** Checks an attribute: a change to which `matters` gives true is reported with its consequence. */
function attributeCheck(
  attribute: string,
  consequence: string,
  level: FindingLevel,
  matters: (before: Json | undefined, after: Json | undefined) => boolean,
): AttributeCheck {
  return {
    attribute,
    check: (change, path) =>
      compare(change, path, (before, after) =>
        matters(before, after) ? finding(level)(`${nameOf(path)} ${changeInWords(before, after)}: ${consequence}`) : [],
      ),
  };
}

function finding(level: FindingLevel): typeof danger {
  return level === "danger" ? danger : caution;
}

/** Reports a number that gets smaller. */
export const decreases = (attribute: string, consequence: string, level: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => amount(after) < amount(before));

/** Reports a number that gets larger. */
export const increases = (attribute: string, consequence: string, level: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => amount(after) > amount(before));

/** Reports a switch that was on and is turned off. */
export const turnsOff = (attribute: string, consequence: string, level: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => isOn(before) && !isOn(after));

/** Reports a switch that was off and is turned on. */
export const turnsOn = (attribute: string, consequence: string, level: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => !isOn(before) && isOn(after));

/** Reports every change of a value. */
export const changes = (attribute: string, consequence: string, level: FindingLevel = "caution"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => !isNothing(before) || !isNothing(after));

/** Reports a value that is removed. */
export const isRemoved = (attribute: string, consequence: string, level: FindingLevel = "danger"): AttributeCheck =>
  attributeCheck(attribute, consequence, level, (before, after) => !isNothing(before) && isNothing(after));

/** Reports a value that becomes one of the given values. */
export const changesTo = (
  attribute: string,
  values: readonly string[],
  consequence: string,
  level: FindingLevel = "danger",
): AttributeCheck => attributeCheck(attribute, consequence, level, (_, after) => values.includes(inWords(after)));

/** Reports a value that was one of the given values and becomes another. */
export const changesFrom = (
  attribute: string,
  values: readonly string[],
  consequence: string,
  level: FindingLevel = "danger",
): AttributeCheck => attributeCheck(attribute, consequence, level, (before) => values.includes(textOf(before)));

/** Reports elements that are removed from a list. */
export const losesElement = (
  attribute: string,
  consequence: string,
  level: FindingLevel = "danger",
): AttributeCheck => ({
  attribute,
  check: (change, path) =>
    compareRemoved(change, path, (removed) => finding(level)(`${nameOf(path)} loses ${removed}: ${consequence}`)),
});

/**
 * The same check for several attributes.
 * @param attributes names, separated by spaces
 */
export function each(attributes: string, checkOf: (attribute: string) => AttributeCheck): readonly AttributeCheck[] {
  return attributes.split(" ").map(checkOf);
}

/** The path to an attribute. Terraform writes a block as a list; the attributes here are of blocks that occur once. */
function pathOf(attribute: string): Path {
  return attribute.split(".").flatMap((step, index) => (index === 0 ? [step] : [0, step]));
}

/**
 * Makes one rule of all attribute rules with the same id. When several of them are about the same attribute, or about a block
 * and an attribute in it, only the first one that finds something reports it.
 */
export function combineAttributeRules(all: readonly AttributeRule[]): readonly Rule[] {
  return [...new Set(all.map(({ rule }) => rule))].map((id): Rule => {
    const own = all.filter(({ rule }) => rule === id);
    return {
      id,
      types: [...new Set(own.map(({ type }) => type))],
      check: (change) => {
        const reported = new Set<string>();
        return own
          .filter(({ type }) => type === change.type)
          .flatMap(({ attribute, check }) => {
            if ([...reported].some((name) => `${name}.`.startsWith(`${attribute}.`))) return [];
            const assessments = check(change, pathOf(attribute));
            if (assessments.length > 0) reported.add(attribute);
            return assessments;
          });
      },
    };
  });
}

function changeInWords(before: Json | undefined, after: Json | undefined): string {
  const isLong = (value: Json | undefined) => typeof value === "object" || String(value).length > 80;
  return isLong(before) || isLong(after) ? "changes" : `goes from ${inWords(before)} to ${inWords(after)}`;
}

/**
 * A number; NaN for a value that is none. The provider writes some numbers as text, e.g. `deregistration_delay`; -1 stands for
 * no limit, as in `reserved_concurrent_executions`.
 */
function amount(value: Json | undefined): number {
  const number = parseFloat(inWords(value));
  return number < 0 ? Infinity : number;
}

/** The provider writes some switches as text, e.g. `load_balancing_cross_zone_enabled` and `containerInsights`. */
function isOn(value: Json | undefined): boolean {
  return value === true || ["true", "on", "enabled", "ENABLED", "Enabled"].includes(textOf(value));
}
