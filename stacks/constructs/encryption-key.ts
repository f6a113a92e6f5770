import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { Encrypted } from "../config/data-schema";
import { endpointOf } from "../config/regions";

/** Settings of the key. */
export interface EncryptionKeyProps {
  /** Of the alias. */
  readonly name: string;
  readonly region: string;
  /** What it encrypts: AWS services of the others can't use it. */
  readonly use: readonly Encrypted[];
  /** Log groups that CloudWatch Logs may encrypt with it. */
  readonly logGroupNames: readonly string[];
}

/** Days between the key's deletion and the moment nothing brings back what it encrypted: the longest that KMS takes. */
const DELETION_DAYS = 30;

/**
 * A customer-managed key for what one environment stores; its material changes every year. The account's administrators
 * say by IAM who uses it. DynamoDB and ECR get grants from whoever makes a table or a repository; the others are AWS
 * services that the key's policy has to name.
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
        // Without it nobody could ever change the policy again (KMS: "Default key policy").
        Sid: "Administration",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
      },
      props.use.includes("logs") && {
        Sid: "Logs",
        // By region and partition, as the guide has it; other services' names end in amazonaws.com everywhere (role.ts).
        Principal: { Service: endpointOf("logs", props.region) },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        // "Encrypt log data in CloudWatch Logs using KMS": the group's name stands in the encryption context.
        Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
      },
      props.use.includes("notifications") && {
        // What alarms and events need to publish to an encrypted topic; EventBridge brings nothing to put a condition on.
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
