import { create, update } from "../plan-fixture";
import type { Case } from "./case";

const BUCKET = "aws_s3_bucket_lifecycle_configuration";
const rule = (id: string, days: number, noncurrent = 7) => ({
  id,
  expiration: [{ days }],
  noncurrent_version_expiration: [{ noncurrent_days: noncurrent }],
});
const rules = (...all: readonly object[]) => ({ rule: all });
const ttl = (enabled: boolean, attribute = "expires") => ({ ttl: [{ enabled, attribute_name: attribute }] });
const images = (...selections: readonly object[]) => ({
  policy: JSON.stringify({ rules: selections.map((selection, index) => ({ rulePriority: index + 1, selection })) }),
});
const newest = (countNumber: number) => ({ tagStatus: "any", countType: "imageCountMoreThan", countNumber });

/** What is deleted earlier than before. */
export const RETENTION: readonly Case[] = [
  {
    rule: "loses-old-logs",
    when: "logs are kept for a shorter time",
    trips: [update("aws_cloudwatch_log_group", { retention_in_days: 0 }, { retention_in_days: 30 })],
    says: /30 days instead of for ever/,
    silent: [update("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 90 })],
  },
  {
    rule: "loses-old-objects",
    when: "objects are kept for a shorter time",
    trips: [update(BUCKET, rules(rule("a", 90), rule("b", 30)), rules(rule("b", 30), rule("a", 1)))],
    says: /^objects are kept 1 days instead of 90 days/,
    silent: [update(BUCKET, rules(rule("a", 30), rule("b", 90)), rules(rule("b", 90), rule("a", 60)))],
  },
  {
    rule: "loses-old-objects",
    when: "old versions are kept for a shorter time",
    trips: [update(BUCKET, rules(rule("a", 90, 30)), rules(rule("a", 90, 1)))],
    says: /^old versions are kept 1 days instead of 30 days/,
    silent: [create(BUCKET, rules(rule("a", 1)))],
  },
  {
    rule: "loses-old-objects",
    when: "a new rule deletes what was kept for ever",
    trips: [update(BUCKET, rules(), rules(rule("a", 1)))],
    says: /1 days instead of for ever/,
    silent: [update(BUCKET, rules(rule("a", 1)), rules())],
  },
  {
    rule: "loses-old-objects",
    when: "it is certain already, though something else is not known yet",
    trips: [
      update(BUCKET, rules(rule("a", 90)), rules({ ...rule("a", 1), filter: [{}] }), {
        after_unknown: { rule: [{ filter: [{ prefix: true }] }] },
      }),
    ],
    says: /1 days/,
    silent: [create(BUCKET, {}, { after_unknown: { rule: true } })],
  },
  {
    rule: "loses-old-objects",
    when: "how long objects are kept is not known yet",
    trips: [update(BUCKET, rules(rule("a", 90)), {}, { after_unknown: { rule: true } })],
    says: /cannot tell until apply: rule/,
    level: "caution",
    silent: [update(BUCKET, rules(rule("a", 90)), rules(rule("a", 90)), { after_unknown: { id: true } })],
  },
  {
    rule: "loses-items",
    when: "items get an end of their own",
    trips: [update("aws_dynamodb_table", ttl(false), ttl(true))],
    says: /deleted by themselves/,
    silent: [update("aws_dynamodb_table", ttl(true), ttl(false))],
  },
  {
    rule: "loses-items",
    when: "items end by another attribute",
    trips: [update("aws_dynamodb_table", ttl(true, "a"), ttl(true, "b"))],
    says: /deleted by themselves/,
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
];
