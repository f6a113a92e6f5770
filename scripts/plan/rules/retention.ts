import { documentIn } from "../secrets";
import { isRecord, textOf, valueAt, type Change, type Json } from "../change";
import { compare, compareKnown, danger, same, type Assessment, type Rule, type RuleContext } from "./rule";

/** Days; 0 and nothing at all: for ever. */
function days(value: Json | undefined): number {
  return typeof value === "number" && value > 0 ? value : Infinity;
}

function said(value: number): string {
  return value === Infinity ? "for ever" : `${value} days`;
}

const keepsLogsShorter: Rule = {
  id: "loses-old-logs",
  types: ["aws_cloudwatch_log_group"],
  check: (change) =>
    compare(change, ["retention_in_days"], (before, after) => {
      const [from, to] = [days(before), days(after)];
      return to < from ? danger(`logs are kept ${said(to)} instead of ${said(from)}: older ones are deleted`) : [];
    }),
};

/** What of an object S3 deletes, and after how long; or how many old versions it keeps. */
const EXPIRIES = [
  { what: "objects", path: ["expiration", 0, "days"] },
  { what: "old versions", path: ["noncurrent_version_expiration", 0, "noncurrent_days"] },
  { what: "newer old versions", path: ["noncurrent_version_expiration", 0, "newer_noncurrent_versions"] },
] as const;

const DATE = ["expiration", 0, "date"] as const;

/** Which objects a rule is about: its filters, without what is empty in them. */
function partIn(rule: Readonly<Record<string, Json>>): Json {
  const leaves = (value: Json | undefined): readonly Json[] => {
    if (value === undefined || value === null || value === "" || value === 0) return [];
    return typeof value === "object"
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner).map((leaf) => [key, leaf]))
      : [value];
  };
  return [leaves(rule["filter"]), leaves(rule["prefix"])];
}

const keepsObjectsShorter: Rule = {
  id: "loses-old-objects",
  types: ["aws_s3_bucket_lifecycle_configuration"],
  check: (change, context) =>
    compareSubject(
      change,
      "rule",
      (before, after) => {
        const old = recordsIn(before);
        return recordsIn(after).flatMap((rule): readonly Assessment[] => {
          const was = old.find(({ id, status }) => id === rule["id"] && status !== "Disabled") ?? {};
          if (rule["status"] === "Disabled") return [];
          const sooner = EXPIRIES.flatMap(({ what, path }) => {
            const [from, to] = [days(valueAt(was, path)), days(valueAt(rule, path))];
            return to < from
              ? danger(`${what} are kept ${said(to)} instead of ${said(from)}: older ones are deleted`)
              : [];
          });
          return [
            ...sooner,
            ...(same(valueAt(was, DATE), valueAt(rule, DATE)) ? [] : danger("objects are deleted at another date")),
            ...(was["id"] !== undefined && !same(partIn(was), partIn(rule))
              ? danger("another part of the objects is deleted")
              : []),
          ];
        });
      },
      context,
    ),
};

const deletesItems: Rule = {
  id: "loses-items",
  types: ["aws_dynamodb_table"],
  check: (change) =>
    compare(change, ["ttl"], (before, after) => {
      const isOn = (ttl: Json | undefined) => valueAt(ttl ?? null, [0, "enabled"]) === true;
      const attribute = (ttl: Json | undefined) => valueAt(ttl ?? null, [0, "attribute_name"]);
      return isOn(after) && (!isOn(before) || attribute(before) !== attribute(after))
        ? danger("items are deleted by themselves once the time in them has passed")
        : [];
    }),
};

const keepsFewerImages: Rule = {
  id: "loses-old-images",
  types: ["aws_ecr_lifecycle_policy"],
  check: (change, context) =>
    compareSubject(
      change,
      "policy",
      (before, after) => {
        const old = selectionsIn(before);
        return selectionsIn(after).flatMap((selection): readonly Assessment[] => {
          const was = old.find((one) => same({ ...one, countNumber: 0 }, { ...selection, countNumber: 0 }));
          const [from, to] = [days(was?.["countNumber"]), days(selection["countNumber"])];
          return to < from
            ? danger(
                `more images expire: beyond ${to} instead of ${from === Infinity ? "never" : from}; a rollback may need one`,
              )
            : [];
        });
      },
      context,
    ),
};

/**
 * Compares as for what stays; and where it is made for something that is there already, with nothing. What it is made for has
 * a name before apply as well: it is there unless this plan makes it.
 */
function compareSubject(
  change: Change,
  attribute: string,
  assess: (before: Json | undefined, after: Json | undefined) => readonly Assessment[],
  { changes }: RuleContext,
): readonly Assessment[] {
  if (change.kind !== "create") return compareKnown(change, [attribute], assess);
  const subject = textOf(valueAt(change.after, ["bucket"])) || textOf(valueAt(change.after, ["repository"]));
  const isNew = changes.some(
    ({ kind, after }) =>
      kind === "create" &&
      ["bucket", "name"].some((name) => valueAt(after, [name]) === subject && after !== change.after),
  );
  return subject === "" || isNew ? [] : assess(undefined, valueAt(change.after, [attribute]));
}

function selectionsIn(policy: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  const rules = valueAt(documentIn(textOf(policy)) ?? null, ["rules"]);
  return recordsIn(rules).flatMap(({ selection }) => (isRecord(selection) ? [selection] : []));
}

function recordsIn(value: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isRecord) : [];
}

/** What is deleted earlier than before. */
export const RETENTION_RULES: readonly Rule[] = [keepsLogsShorter, keepsObjectsShorter, deletesItems, keepsFewerImages];
