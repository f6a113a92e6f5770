import type { Change } from "../change";
import { documentIn, isRecord, recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import {
  compare,
  compareKnown,
  danger,
  isLess,
  isSubjectCreated,
  same,
  type Assessment,
  type Rule,
  type RuleContext,
} from "./rule";

/** A retention in days; Infinity for 0 or no value, which mean that nothing is deleted. */
function days(value: Json | undefined): number {
  return isLess(0, value) ? Number(value) : Infinity;
}

function daysInWords(value: number): string {
  if (value === Infinity) return "forever";
  return value === 1 ? "1 day" : `${value} days`;
}

const keepsLogsShorter: Rule = {
  id: "loses-old-logs",
  types: ["aws_cloudwatch_log_group"],
  check: (change) =>
    compare(change, ["retention_in_days"], (before, after) => {
      const [from, to] = [days(before), days(after)];
      return to < from
        ? danger(`logs are kept ${daysInWords(to)} instead of ${daysInWords(from)}: older ones are deleted`)
        : [];
    }),
};

/** What a lifecycle rule deletes, and the path of the number of days after which it does. */
const EXPIRIES = [
  { what: "objects", path: ["expiration", 0, "days"] },
  { what: "old versions", path: ["noncurrent_version_expiration", 0, "noncurrent_days"] },
] as const;

const DATE = ["expiration", 0, "date"] as const;
const OLD_VERSIONS = ["noncurrent_version_expiration", 0] as const;

/**
 * How many old versions of an object a lifecycle rule keeps, whatever their age: Infinity for a rule that deletes none
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html).
 */
function keptVersions(rule: JsonRecord): number {
  if (valueAt(rule, OLD_VERSIONS) === undefined) return Infinity;
  const count = valueAt(rule, [...OLD_VERSIONS, "newer_noncurrent_versions"]);
  return typeof count === "number" ? count : 0;
}

function fewerVersions(before: JsonRecord, after: JsonRecord): readonly Assessment[] {
  const [from, to] = [keptVersions(before), keptVersions(after)];
  // A new expiry after a number of days is reported as such.
  const isNewExpiry = from === Infinity && valueAt(after, [...OLD_VERSIONS, "noncurrent_days"]) !== undefined;
  if (to >= from || isNewExpiry) return [];
  return danger(`${to} old versions of an object are kept instead of ${from === Infinity ? "all" : from}`);
}

/** Which objects a rule applies to: its filters, without empty parts. */
function filtersOf(rule: JsonRecord): Json {
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
  types: ["aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket"],
  check: (change, context) =>
    change.type === "aws_s3_bucket"
      ? compareKnown(change, ["lifecycle_rule"], (before, after) =>
          deletesMore(recordsIn(before).map(ruleOfBucket), recordsIn(after).map(ruleOfBucket)),
        )
      : compareWithNew(change, "rule", (before, after) => deletesMore(recordsIn(before), recordsIn(after)), context),
};

/** A rule in the bucket itself, as one of a lifecycle configuration. */
function ruleOfBucket({ enabled, ...rule }: JsonRecord): JsonRecord {
  const noncurrent = recordsIn(rule["noncurrent_version_expiration"]);
  return {
    ...rule,
    status: enabled === true ? "Enabled" : "Disabled",
    noncurrent_version_expiration: noncurrent.map(({ days: noncurrentDays = null }) => ({
      noncurrent_days: noncurrentDays,
    })),
    filter: rule["tags"] ?? null,
  };
}

function deletesMore(old: readonly JsonRecord[], rules: readonly JsonRecord[]): readonly Assessment[] {
  return rules.flatMap((rule): readonly Assessment[] => {
    const was = old.find(({ id, status }) => id === rule["id"] && status !== "Disabled") ?? {};
    if (rule["status"] === "Disabled") return [];
    const sooner = EXPIRIES.flatMap(({ what, path }) => {
      const [from, to] = [days(valueAt(was, path)), days(valueAt(rule, path))];
      return to < from
        ? danger(`${what} are kept ${daysInWords(to)} instead of ${daysInWords(from)}: older ones are deleted`)
        : [];
    });
    return [
      ...sooner,
      ...fewerVersions(was, rule),
      ...(same(valueAt(was, DATE), valueAt(rule, DATE)) ? [] : danger("objects are deleted on another date")),
      ...(was["id"] !== undefined && !same(filtersOf(was), filtersOf(rule)) ? danger("other objects are deleted") : []),
    ];
  });
}

const deletesItems: Rule = {
  id: "loses-items",
  types: ["aws_dynamodb_table"],
  check: (change) =>
    compare(change, ["ttl"], (before, after) => {
      const isOn = (ttl: Json | undefined) => valueAt(ttl ?? null, [0, "enabled"]) === true;
      const attribute = (ttl: Json | undefined) => valueAt(ttl ?? null, [0, "attribute_name"]);
      return isOn(after) && (!isOn(before) || attribute(before) !== attribute(after))
        ? danger("items are deleted automatically after their expiry time")
        : [];
    }),
};

const keepsFewerImages: Rule = {
  id: "loses-old-images",
  types: ["aws_ecr_lifecycle_policy"],
  check: (change, context) =>
    compareWithNew(
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
 * Compares an attribute as `compareKnown` does. A new resource that is added to an existing bucket or repository is compared
 * with nothing.
 */
function compareWithNew(
  change: Change,
  attribute: string,
  assess: (before: Json | undefined, after: Json | undefined) => readonly Assessment[],
  context: RuleContext,
): readonly Assessment[] {
  if (change.kind !== "create") return compareKnown(change, [attribute], assess);
  const subject = ["bucket", "repository"].find((name) => textOf(valueAt(change.after, [name])) !== "");
  const isExisting = subject !== undefined && !isSubjectCreated(change, subject, context);
  return isExisting ? assess(undefined, valueAt(change.after, [attribute])) : [];
}

function selectionsIn(policy: Json | undefined): readonly JsonRecord[] {
  const rules = valueAt(documentIn(textOf(policy)) ?? null, ["rules"]);
  return recordsIn(rules)
    .map(({ selection }) => selection)
    .filter(isRecord);
}

/** Rules about data that is deleted earlier. */
export const RETENTION_RULES: readonly Rule[] = [keepsLogsShorter, keepsObjectsShorter, deletesItems, keepsFewerImages];
