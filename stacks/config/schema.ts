import { z } from "zod";
import { alarmsSchema } from "./alarms-schema";
import { ciSchema } from "./ci-schema";
import { encryptionSchema, registrySchema, tableSchema } from "./storage-schema";
import { deliverySchema } from "./delivery-schema";
import { clusterSchema, existingSchema } from "./existing-schema";
import { gateSchema } from "./gate-schema";
import { loadBalancerSchema } from "./load-balancer-schema";
import { MATCHER, matcherOf } from "./matcher";
import { networkSchema } from "./network-schema";
import { dashboardSchema, notificationsSchema } from "./notifications-schema";
import { quotasSchema } from "./quotas-schema";
import { quotedList } from "./problems";
import { rehearsalSchema } from "./rehearsal-schema";
import { flag, integer, object, region, text } from "./rules";
import { serviceSchema } from "./service-schema";

/** The form of project and environment names. They are part of names of all kinds, so the strictest kind decides. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Prefixes that AWS reserves in names of load balancers, security groups and buckets. A project named "sg" would give names with
 * one.
 */
const RESERVED_PREFIXES = ["internal-", "sg-", "sthree-", "amzn-s3-demo-"];

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const WORD = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
const BUCKET = new RegExp(`^${WORD}(\\.${WORD})*$`);
const NOT_A_BUCKET = /^(\d+\.){3}\d+$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** The configuration of one environment, after defaults and environment are merged. */
export const configSchema = object({
  /** Prefix of every name; the only key that every configuration has to set. */
  project: text(
    `2 or more lower-case letters, digits and single hyphens, starting with a letter, but not with ${RESERVED_PREFIXES.join(" or ")}`,
    (value) =>
      value.length > 1 && NAME.test(value) && !RESERVED_PREFIXES.some((prefix) => `${value}-`.startsWith(prefix)),
  ),
  /** AWS region, e.g. eu-central-1. */
  region,
  /**
   * Accepts regions that are newer than the list in stacks/config/regions.ts; Terraform's provider then accepts them too. Without
   * it, a region that isn't in the list is refused.
   */
  newRegion: flag,
  /** AWS account id. When it is set, Terraform's provider refuses any other account. */
  account: text("an AWS account id: 12 digits, in quotes", (value) => /^\d{12}$/.test(value)).optional(),
  /** Where Terraform stores its state. */
  state: z.discriminatedUnion(
    "backend",
    [
      object({
        backend: z.literal("s3"),
        /**
         * An existing bucket; default: `<project>-terraform-state`. Terraform makes S3 encrypt each state with S3's own keys
         * (AES256), even if the bucket's default is a KMS key.
         */
        bucket: text(
          "a bucket name: 3 to 63 lower-case letters, digits and hyphens, in words joined by dots, that is no IP address " +
            "and has none of S3's own beginnings and endings",
          (value) => value.length >= 3 && value.length <= 63 && BUCKET.test(value) && !NOT_A_BUCKET.test(value),
        ).optional(),
        /** Region of the bucket; default: the environment's. */
        region: region.optional(),
      }),
      object({ backend: z.literal("local") }),
    ],
    { error: `an object whose backend is ${quotedList(["s3", "local"])}` },
  ),
  /** Additional tags on every resource that can have tags. */
  tags: z.record(
    z.string(),
    text("at most 256 letters, digits, spaces and _ . : / = + - @", (value) =>
      /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value),
    ),
    { error: "an object of tag names and values" },
  ),
  network: networkSchema,
  registry: registrySchema,
  encryption: encryptionSchema,
  loadBalancer: loadBalancerSchema,
  cluster: clusterSchema,
  healthCheck: object({
    path: text("a path that starts with one /", (value) => /^\/(?!\/)[\w\-./~%?&=+:@!*'(),;]{0,1023}$/.test(value)),
    /** Statuses of a healthy answer. */
    matcher: text(MATCHER, (value) => matcherOf(value) !== undefined),
    intervalSeconds: integer(5, 300),
    timeoutSeconds: integer(2, 120),
    healthyThreshold: integer(2, 10),
    unhealthyThreshold: integer(2, 10),
  }),
  service: serviceSchema,
  table: tableSchema,
  gate: gateSchema,
  alarms: alarmsSchema,
  delivery: deliverySchema,
  rehearsal: rehearsalSchema,
  /** Default: the stacks make what a release needs. */
  existing: existingSchema.optional(),
  notifications: notificationsSchema,
  dashboard: dashboardSchema,
  ci: ciSchema.optional(),
  quotas: quotasSchema,
});

/** One environment's settings, complete after merging. */
export type EnvironmentSettings = z.infer<typeof configSchema>;
/** One environment's configuration: its settings and its name. */
export type Config = EnvironmentSettings & { readonly environment: string };
