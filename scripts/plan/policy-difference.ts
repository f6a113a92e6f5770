import { matches, type Statement } from "./policy";
import { contains } from "./rules/ranges";

/** When a statement has more combinations of values than this, its conditions are not split up. */
const MAX_PARTS = 5_000;

/** What `after` allows and `before` did not allow, or not as widely, as parts of the statements of `after`. */
export function newGrants(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  return without(after, before, "Allow");
}

/** The denials of `before` that `after` lacks, or has narrower. */
export function liftedDenials(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  return without(before, after, "Deny");
}

/** What `before` allowed and `after` does not allow, or not as widely. */
export function lostGrants(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  return without(before, after, "Allow");
}

/** The denials of `after` that `before` lacks, or has narrower. */
export function newDenials(before: readonly Statement[], after: readonly Statement[]): readonly Statement[] {
  return without(after, before, "Deny");
}

/** The parts of the statements with an effect that no other statement with the same effect covers. */
function without(
  statements: readonly Statement[],
  others: readonly Statement[],
  effect: Statement["effect"],
): readonly Statement[] {
  const same = others.filter((other) => other.effect === effect);
  return statements
    .filter((statement) => statement.effect === effect)
    .flatMap((statement) => {
      const left = partsOf(statement).filter((part) => !same.some((other) => covers(other, part)));
      return left.length === 0 ? [] : [join(statement, left)];
    });
}

/** Splits a statement into statements with one action, one resource, one principal and one value of each condition. */
function partsOf(statement: Statement): readonly Statement[] {
  if (statement.negated.length > 0) return [statement];
  const choices = Object.entries(statement.conditions).filter(
    ([key, values]) => values.length > 1 && isSimple(key) && !isNegated(key),
  );
  const each = (values: readonly string[]) => (values.length === 0 ? [[]] : values.map((value) => [value]));
  const parts = each(statement.actions).flatMap((actions) =>
    each(statement.resources).flatMap((resources) =>
      each(statement.principals).map((principals) => ({ ...statement, actions, resources, principals })),
    ),
  );
  const many = choices.reduce((product, [, values]) => product * values.length, parts.length);
  if (many > MAX_PARTS) return parts;
  return choices.reduce<readonly Statement[]>(
    (all, [key, values]) =>
      all.flatMap((part) => values.map((value) => ({ ...part, conditions: { ...part.conditions, [key]: [value] } }))),
    parts,
  );
}

function join(statement: Statement, parts: readonly Statement[]): Statement {
  const all = (of: (part: Statement) => readonly string[]) => [...new Set(parts.flatMap(of))];
  return {
    ...statement,
    actions: all(({ actions }) => actions),
    resources: all(({ resources }) => resources),
    principals: all(({ principals }) => principals),
    conditions: Object.fromEntries(
      Object.keys(statement.conditions).map((key) => [key, all(({ conditions }) => conditions[key] ?? [])]),
    ),
  };
}

/** Whether `wide` applies to every request that `narrow` applies to. When it is not certain, the answer is no. */
export function covers(wide: Statement, narrow: Statement): boolean {
  if (wide.negated.length > 0 || narrow.negated.length > 0) return JSON.stringify(wide) === JSON.stringify(narrow);
  return (
    allMatch(wide.actions, narrow.actions, true) &&
    (narrow.resources.length === 0 || allMatch(wide.resources, narrow.resources, false)) &&
    (wide.principals.includes("*") || narrow.principals.every((who) => wide.principals.includes(who))) &&
    // A request that meets the conditions of `narrow` must meet every condition of `wide`.
    Object.entries(wide.conditions).every(([key, values]) =>
      Object.entries(narrow.conditions).some(([other, others]) => implies(other, others, key, values)),
    )
  );
}

function allMatch(patterns: readonly string[], names: readonly string[], ignoreCase: boolean): boolean {
  return names.every((name) => patterns.some((pattern) => matches(pattern, name, ignoreCase)));
}

/** Whether every request that meets the condition `narrow` also meets `wide`. */
function implies(
  narrow: string,
  narrowValues: readonly string[],
  wide: string,
  wideValues: readonly string[],
): boolean {
  const [[narrowOperator, narrowName], [operator, name]] = [split(narrow), split(wide)];
  if (narrowName !== name) return false;
  const sameOperator = narrowOperator === operator;
  const includes = (outer: string, inner: string) =>
    outer === inner ||
    (/like$|^arn/.test(operator) && matches(outer, inner)) ||
    (/ipaddress$/.test(operator) && contains(outer, inner));
  // For a negated condition, the one with more values is the narrower one.
  if (isNegated(wide)) {
    return sameOperator && wideValues.every((value) => narrowValues.some((other) => includes(other, value)));
  }
  const comparable = sameOperator || operator === narrowOperator.replace(/equals$/, "like");
  return comparable && narrowValues.every((value) => wideValues.some((other) => includes(other, value)));
}

/** `StringLike/aws:PrincipalArn` → `stringlike`, `aws:principalarn`; IAM ignores case in both. */
function split(key: string): readonly [string, string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash).toLowerCase(), key.slice(slash + 1).toLowerCase()];
}

/** Whether a condition is negated (StringNotEquals, ArnNotLike, NotIpAddress …): it holds for everything except its values. */
export function isNegated(key: string): boolean {
  return split(key)[0].includes("not");
}

/** Whether a condition compares a single value (no ForAnyValue), and a request that lacks the key doesn't meet it (no IfExists). */
export function isSimple(key: string): boolean {
  return !/:|ifexists$/.test(split(key)[0]);
}
