import { create, update } from "../plan-fixture";
import type { Case } from "./case";

const BUCKET = "aws_s3_bucket_lifecycle_configuration";
const rule = (id: string, days: number, noncurrent = 7) => ({
  id,
  expiration: [{ days }],
  noncurrent_version_expiration: [{ noncurrent_days: noncurrent }],
});
/** A lifecycle rule in the bucket itself. */
const inBucket = (changes: object) => ({
  lifecycle_rule: [
    {
      ...{ id: "a", enabled: true, prefix: "", tags: null, expiration: [{ days: 90 }] },
      ...{ noncurrent_version_expiration: [{ days: 30 }], ...changes },
    },
  ],
});
const rules = (...all: readonly object[]) => ({ rule: all });
const ttl = (enabled: boolean, attribute = "expires") => ({ ttl: [{ enabled, attribute_name: attribute }] });
const images = (...selections: readonly object[]) => ({
  policy: JSON.stringify({ rules: selections.map((selection, index) => ({ rulePriority: index + 1, selection })) }),
});
const newest = (countNumber: number) => ({ tagStatus: "any", countType: "imageCountMoreThan", countNumber });

const TABLE = "aws_dynamodb_table";
const index = (rest: object = {}) => ({ name: "by-owner", hash_key: "owner", projection_type: "ALL", ...rest });
const replica = (region_name: string, rest: object = {}) => ({ region_name, ...rest });

/** Data that is deleted earlier, and indexes and replicas that are removed. */
export const RETENTION: readonly Case[] = [
  {
    rule: "loses-old-logs",
    when: "logs are kept for a shorter time",
    trips: [update("aws_cloudwatch_log_group", { retention_in_days: 0 }, { retention_in_days: 30 })],
    says: /30 days instead of forever/,
    silent: [update("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 90 })],
  },
  {
    rule: "loses-old-objects",
    when: "objects are kept for a shorter time",
    trips: [update(BUCKET, rules(rule("a", 90), rule("b", 30)), rules(rule("b", 30), rule("a", 1)))],
    says: /^objects are kept 1 day instead of 90 days/,
    silent: [update(BUCKET, rules(rule("a", 30), rule("b", 90)), rules(rule("b", 90), rule("a", 60)))],
  },
  {
    rule: "loses-old-objects",
    when: "old versions are kept for a shorter time",
    trips: [update(BUCKET, rules(rule("a", 90, 30)), rules(rule("a", 90, 1)))],
    says: /^old versions are kept 1 day instead of 30 days/,
    silent: [create(BUCKET, rules(rule("a", 1)))],
  },
  {
    rule: "loses-old-objects",
    when: "a new rule deletes what was kept forever",
    trips: [update(BUCKET, rules(), rules(rule("a", 1)))],
    says: /1 day instead of forever/,
    silent: [update(BUCKET, rules(rule("a", 1)), rules())],
  },
  {
    rule: "loses-old-objects",
    when: "a new rule deletes old versions of some objects",
    trips: [
      update(
        BUCKET,
        rules(),
        rules({ id: "a", filter: [{ prefix: "a/" }], noncurrent_version_expiration: [{ noncurrent_days: 30 }] }),
      ),
    ],
    says: /^old versions are kept 30 days instead of forever: older ones are deleted$/,
    silent: [
      update(
        BUCKET,
        rules({ ...rule("a", 1), prefix: null }),
        rules({ ...rule("a", 1), prefix: "", filter: [{ object_size_greater_than: 0 }] }),
      ),
    ],
  },
  {
    rule: "loses-old-objects",
    when: "a rule applies to objects with another prefix",
    trips: [
      update(
        BUCKET,
        rules({ ...rule("a", 1), filter: [{ prefix: "a/" }] }),
        rules({ ...rule("a", 1), filter: [{ prefix: "b/" }] }),
      ),
    ],
    says: /^other objects are deleted$/,
    silent: [
      update(
        BUCKET,
        rules({ ...rule("a", 1), filter: [{ prefix: "a/" }] }),
        rules({ ...rule("a", 1), filter: [{ prefix: "a/", object_size_less_than: null }] }),
      ),
    ],
  },
  {
    rule: "loses-old-logs",
    when: "logs are no longer kept forever",
    trips: [update("aws_cloudwatch_log_group", {}, { retention_in_days: 1 })],
    says: /^logs are kept 1 day instead of forever/,
    silent: [update("aws_cloudwatch_log_group", { retention_in_days: 0 }, {})],
  },
  {
    rule: "loses-items",
    when: "items with an attribute begin to expire",
    trips: [update(TABLE, {}, ttl(true))],
    says: /deleted automatically/,
    silent: [
      update(TABLE, ttl(true), {
        ttl: [{ enabled: true, attribute_name: "expires", note: "a member without effect" }],
      }),
    ],
  },
  {
    rule: "loses-old-images",
    when: "a policy that can't be read is replaced",
    trips: [update("aws_ecr_lifecycle_policy", { policy: "no JSON" }, images(newest(3)))],
    says: /^more images expire: beyond 3 instead of never/,
    silent: [update("aws_ecr_lifecycle_policy", images(newest(3)), { policy: JSON.stringify({ rules: [{}] }) })],
  },
  ...(
    [
      ["sooner", {}, { expiration: [{ days: 1 }] }, "objects are kept 1 day instead of 90 days"],
      ["old versions sooner", {}, { noncurrent_version_expiration: [{ days: 1 }] }, "old versions are kept 1 day"],
      ["again", { enabled: false }, {}, "objects are kept 90 days instead of forever"],
      ["on a date", {}, { expiration: [{ days: 90, date: "2030-01-01" }] }, "objects are deleted on another date"],
      ["of another folder", {}, { prefix: "a/" }, "other objects are deleted"],
      ["with another tag", {}, { tags: { keep: "no" } }, "other objects are deleted"],
    ] as const
  ).map(([when, was, is, says]): Case => ({
    rule: "loses-old-objects",
    when: `a rule in the bucket itself deletes objects ${when}`,
    trips: [update("aws_s3_bucket", inBucket(was), inBucket(is))],
    says: new RegExp(`^${says}`),
    silent: [
      update("aws_s3_bucket", inBucket(is), inBucket({ ...is, enabled: false })),
      update("aws_s3_bucket", { ...inBucket(is), a: 1 }, { ...inBucket(is), a: 2 }, { name: "same" }),
      create("aws_s3_bucket", inBucket(is), { name: "new" }),
    ],
  })),
  {
    rule: "loses-old-objects",
    when: "the danger is certain, though another part is not known yet",
    trips: [
      update(BUCKET, rules(rule("a", 90)), rules({ ...rule("a", 1), filter: [{}] }), {
        after_unknown: { rule: [{ filter: [{ prefix: true }] }] },
      }),
    ],
    says: /1 day/,
    silent: [create(BUCKET, {}, { after_unknown: { rule: true } })],
  },
  {
    rule: "loses-old-objects",
    when: "how long objects are kept is not known yet",
    trips: [update(BUCKET, rules(rule("a", 90)), {}, { after_unknown: { rule: true } })],
    says: /can't be assessed before apply: rule/,
    level: "caution",
    silent: [update(BUCKET, rules(rule("a", 90)), rules(rule("a", 90)), { after_unknown: { id: true } })],
  },
  {
    rule: "loses-items",
    when: "items begin to expire",
    trips: [update("aws_dynamodb_table", ttl(false), ttl(true))],
    says: /deleted automatically/,
    silent: [update("aws_dynamodb_table", ttl(true), ttl(false))],
  },
  {
    rule: "loses-items",
    when: "items expire by another attribute",
    trips: [update("aws_dynamodb_table", ttl(true, "a"), ttl(true, "b"))],
    says: /deleted automatically/,
    silent: [update("aws_dynamodb_table", ttl(false, "a"), ttl(false, "b"))],
  },
  {
    rule: "loses-old-images",
    when: "fewer images are kept",
    trips: [update("aws_ecr_lifecycle_policy", images(newest(100)), images(newest(1)))],
    says: /^more images expire: beyond 1 instead of 100/,
    silent: [update("aws_ecr_lifecycle_policy", images(newest(100)), images(newest(200)))],
  },
  {
    rule: "loses-old-images",
    when: "images expire by one more rule",
    trips: [
      update(
        "aws_ecr_lifecycle_policy",
        images(newest(100)),
        images(newest(100), { tagStatus: "untagged", countNumber: 5 }),
      ),
    ],
    says: /beyond 5 instead of never/,
    silent: [update("aws_ecr_lifecycle_policy", images(newest(100), { countNumber: 5 }), images(newest(100)))],
  },
  {
    rule: "loses-old-images",
    when: "images of a repository that stays begin to expire",
    trips: [create("aws_ecr_lifecycle_policy", { repository: "api", ...images(newest(3)) })],
    says: /beyond 3 instead of never/,
    silent: [
      create("aws_ecr_lifecycle_policy", { repository: "api", ...images(newest(3)) }),
      create("aws_ecr_repository", { name: "api" }),
      create("aws_ecr_lifecycle_policy", images(newest(3)), { after_unknown: { repository: true }, name: "new" }),
    ],
  },
  {
    rule: "loses-old-objects",
    when: "objects of a bucket that stays begin to expire",
    trips: [create(BUCKET, { bucket: "logs", ...rules(rule("a", 1)) })],
    says: /^objects are kept 1 day instead of forever/,
    silent: [create("aws_s3_bucket", { bucket: "logs" }), create(BUCKET, { bucket: "logs", ...rules(rule("a", 1)) })],
  },
  {
    rule: "loses-old-objects",
    when: "objects of a bucket that stays begin to expire, and the bucket gets another setting",
    trips: [
      create("aws_s3_bucket_versioning", { bucket: "logs" }),
      create(BUCKET, { bucket: "logs", ...rules(rule("a", 1)) }),
    ],
    says: /^objects are kept 1 day instead of forever/,
    silent: [
      create("aws_s3_bucket", { bucket: "logs" }),
      create("aws_s3_bucket_versioning", { bucket: "logs" }),
      create(BUCKET, { bucket: "logs", ...rules(rule("a", 1)) }),
    ],
  },
  {
    rule: "loses-old-objects",
    when: "fewer old versions are kept",
    trips: [
      update(
        BUCKET,
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7, newer_noncurrent_versions: 10 }] }),
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7, newer_noncurrent_versions: 2 }] }),
      ),
    ],
    says: /^2 old versions of an object are kept instead of 10$/,
    silent: [update(BUCKET, rules(rule("a", 90)), rules({ ...rule("a", 1), status: "Disabled" }))],
  },
  {
    rule: "loses-old-objects",
    when: "the number of old versions to keep is removed",
    trips: [
      update(
        BUCKET,
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7, newer_noncurrent_versions: 10 }] }),
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7 }] }),
      ),
    ],
    says: /^0 old versions of an object are kept instead of 10$/,
    silent: [
      update(
        BUCKET,
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7 }] }),
        rules({ id: "a", noncurrent_version_expiration: [{ noncurrent_days: 7, newer_noncurrent_versions: 10 }] }),
      ),
    ],
  },
  {
    rule: "loses-old-objects",
    when: "old versions begin to be deleted by their number",
    trips: [
      update(
        BUCKET,
        rules({ id: "a" }),
        rules({ id: "a", noncurrent_version_expiration: [{ newer_noncurrent_versions: 2 }] }),
      ),
    ],
    says: /^2 old versions of an object are kept instead of all$/,
    silent: [
      update(
        BUCKET,
        rules({ id: "a", noncurrent_version_expiration: [{ newer_noncurrent_versions: 2 }] }),
        rules({ id: "a" }),
      ),
    ],
  },
  {
    rule: "loses-old-objects",
    when: "objects expire on a date",
    trips: [update(BUCKET, rules({ id: "a" }), rules({ id: "a", expiration: [{ date: "2026-12-01T00:00:00Z" }] }))],
    says: /^objects are deleted on another date$/,
    silent: [update(BUCKET, rules({ id: "a", status: "Enabled" }), rules({ id: "a", status: "Enabled", prefix: "" }))],
  },
  {
    rule: "loses-old-objects",
    when: "a rule applies to other objects, or is turned on",
    trips: [
      update(
        BUCKET,
        rules({ ...rule("a", 9), filter: [{ prefix: "tmp/" }] }),
        rules({ ...rule("a", 9), filter: [{ prefix: "" }] }),
      ),
      update(BUCKET, rules({ ...rule("a", 9), status: "Disabled" }), rules({ ...rule("a", 9), status: "Enabled" }), {
        name: "b",
      }),
    ],
    says: /^other objects are deleted\nobjects are kept 9 days instead of forever/,
    silent: [
      update(BUCKET, rules({ ...rule("a", 9), filter: [{}] }), rules({ ...rule("a", 9), filter: [{ prefix: "" }] })),
    ],
  },
  ...(
    [
      ["an index is removed", [index()], [], /^index by-owner is removed: queries that use it fail$/],
      [
        "one of two indexes is removed",
        [index(), index({ name: "b" })],
        [index()],
        /^index b is removed: queries that use it fail$/,
      ],
      ["an index gets another key", [index()], [index({ hash_key: "other" })], /^index by-owner is created again/],
      [
        "an index gets another second key",
        [index()],
        [index({ range_key: "other" })],
        /^index by-owner is created again/,
      ],
      ["an index holds less", [index()], [index({ projection_type: "KEYS_ONLY" })], /^index by-owner is created again/],
      [
        "an index holds other attributes",
        [index()],
        [index({ non_key_attributes: ["a"] })],
        /^index by-owner is created again/,
      ],
      ["an index reads less", [index({ read_capacity: 9 })], [index({ read_capacity: 1 })], /^read_capacity of index/],
      [
        "an index writes less",
        [index({ write_capacity: 9 })],
        [index({ write_capacity: 1 })],
        /^write_capacity of index/,
      ],
    ] as const
  ).map(([when, before, after, says]): Case => ({
    ...{ rule: "loses-index", when, says },
    trips: [update(TABLE, { global_secondary_index: before }, { global_secondary_index: after })],
    silent: [
      update(TABLE, { global_secondary_index: [] }, { global_secondary_index: [index()] }),
      update(
        TABLE,
        { global_secondary_index: before },
        { global_secondary_index: [...before, index({ name: "b" })] },
        { name: "b" },
      ),
    ],
  })),
  {
    rule: "loses-index",
    when: "a replica is removed",
    trips: [update(TABLE, { replica: [replica("a"), replica("b")] }, { replica: [replica("a")] })],
    says: /^the replica in b is removed/,
    silent: [update(TABLE, { replica: [replica("a")] }, { replica: [replica("a"), replica("b")] })],
  },
  {
    rule: "loses-index",
    when: "lost items of a replica can't be brought back",
    trips: [update(TABLE, { replica: [replica("a", { point_in_time_recovery: true })] }, { replica: [replica("a")] })],
    says: /^lost items of the replica in a/,
    silent: [
      update(TABLE, { replica: [replica("a")] }, { replica: [replica("a", { point_in_time_recovery: true })] }),
      update(
        TABLE,
        { replica: [replica("a", { point_in_time_recovery: true })] },
        { replica: [replica("a", { point_in_time_recovery: true }), replica("b")] },
        { name: "b" },
      ),
    ],
  },
  {
    rule: "loses-index",
    when: "a replica is encrypted with another key",
    trips: [
      update(
        TABLE,
        { replica: [replica("a", { kms_key_arn: "k" })] },
        { replica: [replica("a", { kms_key_arn: "l" })] },
      ),
    ],
    says: /^the replica in a is encrypted with another key$/,
    level: "caution",
    silent: [create(TABLE, { replica: [replica("a")] })],
  },
];
