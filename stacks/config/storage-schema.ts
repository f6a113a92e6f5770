import { flag, integer, kmsKeyArn, listOfUnique, object, oneOf, text } from "./rules";

/** What a customer-managed key can encrypt. */
const ENCRYPTED = ["table", "logs", "repository", "notifications"] as const;
/** A kind of data that a customer-managed key can encrypt. */
export type Encrypted = (typeof ENCRYPTED)[number];

/** `table` in the configuration. */
export const tableSchema = object({
  /**
   * Neither DynamoDB nor Terraform (`prevent_destroy`) deletes the table. Right for production, inconvenient for short-lived
   * environments. When it is off, destroying the table also deletes its backups of the last 35 days.
   */
  deletionProtection: flag,
  /** End of the table's name: `<project>-<environment>-<nameSuffix>`. Another name is another table, without the items. */
  nameSuffix: text("at most 60 letters, digits, - and _", (value) => /^[A-Za-z0-9][\w-]{0,59}$/.test(value)),
});

/** `registry` in the configuration. */
export const registrySchema = object({
  /** Name of the ECR repository; default: the project's name. Environments in the same account need different ones. */
  repository: text(
    "a repository name: 2 to 256 lower-case letters and digits, separated by . _ - or /",
    (value) =>
      value.length >= 2 &&
      value.length <= 256 &&
      /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/.test(value),
  ).optional(),
  /**
   * Number of images that are kept, the last pushed ones; older images expire. Never by age, so a service that is not released for
   * a year still has its image. ECR does not know which images are in use: after this number of pushes, an image is deleted, and
   * no rollback to it is possible. An image with an attestation counts as two or three. It costs about 0.10 USD per GB and month.
   */
  keepImages: integer(10, 10_000, "images; too few, and the ones that run or are rolled back to expire"),
});

/** `encryption` in the configuration: whose keys encrypt the stored data. All data is encrypted in any case. */
export const encryptionSchema = object({
  /**
   * Uses a customer-managed KMS key instead of AWS's keys. Its policy decides who can read, CloudTrail records every use, and
   * nobody can read while it is disabled, not even the service. It costs 1 USD a month, 1 USD more after each of the first two
   * yearly rotations, and 0.03 USD per 10,000 uses.
   */
  customerManagedKey: flag,
  /**
   * An existing key in the environment's region. Its policy must allow CloudWatch Logs for `logs`, and CloudWatch and EventBridge
   * for `notifications`. Default: the registry stack creates a key.
   */
  kmsKeyArn: kmsKeyArn.optional(),
  /**
   * What the key encrypts: `table`, `logs` (of the service, its functions and WAF; flow logs use AWS's key, because they are created
   * before this one), `repository`, `notifications`. The encryption of an existing repository can't be changed: Terraform would
   * replace it, and fails while it contains images. So leave `repository` out when there is one. Before removing a key, deploy with
   * `[]`, so that all data gets another key first. KMS can restore a deleted key for 30 days.
   */
  use: listOfUnique(oneOf(...ENCRYPTED), 0, "a list of what to encrypt"),
});
