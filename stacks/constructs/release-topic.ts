import { createHash } from "node:crypto";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Settings of the topic. */
export interface ReleaseTopicProps {
  readonly name: string;
  readonly region: string;
  /** Addresses that get every message, after they have confirmed the subscription. */
  readonly emails: readonly string[];
  /** Key that encrypts the topic. CloudWatch and EventBridge must be allowed to use it. Default: the topic creates one. */
  readonly keyArn?: string | undefined;
}

/** Days in which a deletion of the key can be cancelled. */
const KEY_DELETION_DAYS = 7;

/** The topic of deployments and alarms. It is encrypted, and accepts messages only over TLS and only from this account. */
export class ReleaseTopic extends Construct {
  readonly arn: string;
  readonly keyArn: string;
  /** Publishers must depend on this. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ReleaseTopicProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    this.keyArn = props.keyArn ?? this.key(props, accountId, partition);
    const topic = new SnsTopic(this, "topic", {
      name: props.name,
      displayName: "Releases",
      kmsMasterKeyId: this.keyArn,
    });
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyOf(topic.arn, {
        account: accountId,
        alarms: `arn:${partition}:cloudwatch:${props.region}:${accountId}:alarm:*`,
      }),
    });
    for (const endpoint of props.emails) {
      // The id comes from the address, so that removing an address from the list removes only its subscription. It is hashed,
      // because every log of a plan shows resource ids.
      const id = `email-${createHash("sha256").update(endpoint).digest("hex").slice(0, 8)}`;
      new SnsTopicSubscription(this, id, { topicArn: topic.arn, protocol: "email", endpoint });
    }
    this.arn = topic.arn;
  }

  /** Creates a key, because alarms and events can't use AWS's own key for SNS. */
  private key({ name }: ReleaseTopicProps, accountId: string, partition: string): string {
    const key = new KmsKey(this, "key", {
      description: `Encrypts the topic ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Administration",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Sid: "Publishers",
            Effect: "Allow",
            Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
          },
        ],
      }),
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    return key.arn;
  }
}

/** Allows alarms and EventBridge to publish. CodeDeploy uses its role, whose policy allows it. */
function policyOf(topic: string, { account, alarms }: { readonly account: string; readonly alarms: string }): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: { StringEquals: { "aws:SourceAccount": account }, ArnLike: { "aws:SourceArn": alarms } },
      },
      {
        // EventBridge sends no context, so a condition here would block it:
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        Sid: "Deployments",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
      },
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
