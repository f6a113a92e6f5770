import { z } from "zod";
import { alarmsSchema } from "./alarms-schema";
import { encryptionSchema, registrySchema, tableSchema } from "./data-schema";
import { deliverySchema } from "./delivery-schema";
import { githubSchema } from "./github-schema";
import { loadBalancerSchema } from "./load-balancer-schema";
import { networkSchema } from "./network-schema";
import { dashboardSchema, notificationsSchema } from "./notifications-schema";
import { quotasSchema } from "./quotas-schema";
import { flag, integer, listOf, object, region, text } from "./rules";
import { serviceSchema } from "./service-schema";

/** Names of projects and environments: they end up in names of all kinds, the strictest of which decides. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What AWS refuses names to start with: of load balancers, of security groups, of buckets. A project "sg" would make one. */
const RESERVED_PREFIXES = ["internal-", "sg-", "sthree-", "amzn-s3-demo-"];

/** S3's user guide, "General purpose bucket naming rules". */
const WORD = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
const BUCKET = new RegExp(`^${WORD}(\\.${WORD})*$`);
const NOT_A_BUCKET = /^(\d+\.){3}\d+$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** The configuration of one environment, after defaults and environment were merged. Shapes and units. */
export const configSchema = object({
  /** Prefix of every name. */
  project: text(
    `2 or more lower-case letters, digits and single hyphens, starting with a letter, but not with ${RESERVED_PREFIXES.join(" or ")}`,
    (value) =>
      value.length > 1 && NAME.test(value) && !RESERVED_PREFIXES.some((prefix) => `${value}-`.startsWith(prefix)),
  ),
  /** AWS region, e.g. eu-central-1. */
  region,
  /**
   * Takes regions that AWS has opened since this version's list of them was made (stacks/config/regions.ts), as they are
   * written; Terraform's provider then takes them as well. Without it, a region that isn't in the list is refused.
   */
  newRegion: flag,
  /** AWS account id; when set, the provider refuses any other account. */
  account: text("an AWS account id: 12 digits, in quotes", (value) => /^\d{12}$/.test(value)).optional(),
  /** Where Terraform keeps its state. */
  state: z.discriminatedUnion(
    "backend",
    [
      object({
        backend: z.literal("s3"),
        /**
         * Bucket, made beforehand; default: `<project>-terraform-state`. Terraform asks S3 to encrypt each state with S3's own
         * keys (AES256), also where the bucket's default is a key of KMS.
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
    { error: `an object whose backend is ${listOf(["s3", "local"])}` },
  ),
  /** Extra tags on everything taggable. */
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
  healthCheck: object({
    path: text("a path that starts with one /", (value) => /^\/(?!\/)[\w\-./~%?&=+:@!*'(),;]{0,1023}$/.test(value)),
    intervalSeconds: integer(5, 300),
    timeoutSeconds: integer(2, 120),
    healthyThreshold: integer(2, 10),
    unhealthyThreshold: integer(2, 10),
  }),
  service: serviceSchema,
  table: tableSchema,
  alarms: alarmsSchema,
  delivery: deliverySchema,
  notifications: notificationsSchema,
  dashboard: dashboardSchema,
  github: githubSchema,
  quotas: quotasSchema,
});

/** One environment's configuration as the user writes it, complete after merging. */
export type Settings = z.infer<typeof configSchema>;
/** The configuration everything is derived from: settings plus the environment's name. */
export type Config = Settings & { readonly environment: string };
