import { flag, integer, listOfUnique, object, oneOf, text } from "./rules";
import { kmsKeyArn } from "./service-schema";

/** What a customer-managed key can encrypt. */
const ENCRYPTED = ["table", "logs", "repository", "notifications"] as const;
/** One of them. */
export type Encrypted = (typeof ENCRYPTED)[number];

/** `table` in the configuration. */
export const tableSchema = object({
  /**
   * Neither DynamoDB nor Terraform (`prevent_destroy`) deletes the table. Right for production; in the way where environments
   * come and go. Off, a destroyed table is gone with its backups of the last 35 days.
   */
  deletionProtection: flag,
});

/** `registry` in the configuration. */
export const registrySchema = object({
  /** ECR repository; default: the project's name. Environments that share an account need different ones. */
  repository: text(
    "a repository name: 2 to 256 lower-case letters and digits, separated by . _ - or /",
    (value) =>
      value.length >= 2 &&
      value.length <= 256 &&
      /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/.test(value),
  ).optional(),
  /**
   * Images kept, the newest by the time they were pushed; the rest expires. By number and never by age: a service that
   * nobody has released for a year still finds its image. ECR doesn't know what runs: the image of a task definition that is so
   * many pushes old is gone, and with it the way back to it. An image with an attestation counts as two or three. About
   * 0.10 USD a GB and month.
   */
  keepImages: integer(10, 10_000, "images; too few, and the ones that run or are rolled back to expire"),
});

/** `encryption` in the configuration: who holds the keys of what is stored. Everything is encrypted either way. */
export const encryptionSchema = object({
  /**
   * A KMS key of your own instead of AWS's: its policy says who reads, CloudTrail shows who did, and disabling it locks everyone
   * out, the service too. 1 USD a month, as much again for each yearly rotation (two at most), 0.03 USD for 10,000 uses.
   */
  customerManagedKey: flag,
  /**
   * A key that is there already, in the environment's region. Its policy is its owner's: CloudWatch Logs has to be let in for
   * `logs`, CloudWatch and EventBridge for `notifications`. Default: one is made, by the stack of the registry.
   */
  kmsKeyArn: kmsKeyArn.optional(),
  /**
   * What it encrypts: `table`, `logs` (of the service, its functions and WAF; flow logs, which are older than the key, stay
   * with AWS's), `repository`, `notifications`. The repository's encryption can't be changed: Terraform would replace it,
   * and fails at that while there are images; leave it out where there is one. To give a key up, deploy with `[]` first:
   * else it is gone before what is encrypted with it has another (KMS brings it back for 30 days).
   */
  use: listOfUnique(oneOf(...ENCRYPTED), 0, "a list of what is to be encrypted"),
});
