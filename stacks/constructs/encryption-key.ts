import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { Encrypted } from "../config/storage-schema";
import { endpointOf } from "../config/regions";

/** Settings of the key. */
export interface EncryptionKeyProps {
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly region: string;
  /** What it encrypts. The services of other data can't use it. */
  readonly use: readonly Encrypted[];
  /** Log groups that CloudWatch Logs may encrypt with it. */
  readonly logGroupNames: readonly string[];
}

/**
 * Days in which a deletion of the key can be cancelled. This is the longest time that KMS allows
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html). After it, the encrypted data is lost.
 */
const DELETION_DAYS = 30;

/**
 * A customer-managed key for the stored data of one environment, with yearly rotation. IAM policies decide who may use it.
 * DynamoDB and ECR get grants from the principal that creates a table or a repository. The key's policy must name the other AWS
 * services.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const logGroups = props.logGroupNames.map(
      (name) => `arn:${partition}:logs:${props.region}:${accountId}:log-group:${name}`,
    );
    const statements = [
      {
        // Without this, nobody could change the policy again:
        // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
        Sid: "Administration",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
      },
      props.use.includes("logs") && {
        Sid: "Logs",
        // The name of this service includes region and partition
        // (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html). Names of other services end in
        // amazonaws.com everywhere (role.ts).
        Principal: { Service: endpointOf("logs", props.region) },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        // CloudWatch Logs puts the log group's ARN into the encryption context (same page).
        Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
      },
      props.use.includes("notifications") && {
        // Alarms and EventBridge need this to publish to an encrypted topic
        // (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html). There is no condition, because EventBridge sends no
        // context for one.
        Sid: "Publishers",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      },
    ];
    const key = new KmsKey(this, "key", {
      description: `Encrypts what ${props.name} stores`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_DAYS,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: statements
          .filter((statement) => statement !== false)
          .map(({ Sid, ...rest }) => ({ Sid, Effect: "Allow", ...rest, Resource: "*" })),
      }),
    });
    new KmsAlias(this, "alias", { name: `alias/${props.name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
