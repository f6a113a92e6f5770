import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { NodeFunction } from "./node-function";
import type { Statement } from "./policy";
import type { ReleaseTopic } from "./release-topic";

/** Settings of the notifier. */
export interface SlackNotifierProps {
  readonly name: string;
  readonly region: string;
  readonly topic: ReleaseTopic;
  /** SSM parameter with the webhook's URL. */
  readonly webhookParameter: string;
  readonly logRetentionDays: number;
  readonly keyArn?: string | undefined;
  readonly reserveConcurrency: boolean;
}

/** Prefix of a Secrets Manager secret's name in SSM. */
const SECRET_REFERENCE = "/aws/reference/secretsmanager/";
const TIMEOUT_SECONDS = 30;

/** A function that posts the topic's messages to Slack. Nothing else reads the webhook's URL. */
export class SlackNotifier extends Construct {
  constructor(scope: Construct, id: string, props: SlackNotifierProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const arn = (service: string, resource: string) =>
      `arn:${partition}:${service}:${props.region}:${accountId}:${resource}`;
    const notifier = new NodeFunction(this, "function", {
      name: props.name,
      region: props.region,
      source: "notify-slack",
      description: "Posts deployments and alarms to Slack",
      environment: { WEBHOOK_PARAMETER: props.webhookParameter },
      timeoutSeconds: TIMEOUT_SECONDS,
      statements: parameterStatements(props.webhookParameter, arn),
      logRetentionDays: props.logRetentionDays,
      keyArn: props.keyArn,
      reserveConcurrency: props.reserveConcurrency,
    });
    const permission = new LambdaPermission(this, "permission", {
      statementId: "topic",
      action: "lambda:InvokeFunction",
      functionName: notifier.name,
      principal: "sns.amazonaws.com",
      sourceArn: props.topic.arn,
      sourceAccount: accountId,
    });
    new SnsTopicSubscription(this, "subscription", {
      topicArn: props.topic.arn,
      protocol: "lambda",
      endpoint: notifier.arn,
      dependsOn: [permission],
    });
  }
}

/** Permissions to read the parameter. A secret needs the permission of Secrets Manager too, also when it is read through SSM. */
function parameterStatements(parameter: string, arn: (service: string, resource: string) => string): Statement[] {
  const read = { actions: ["ssm:GetParameter"], resources: [arn("ssm", `parameter${parameter}`)] };
  if (!parameter.startsWith(SECRET_REFERENCE)) return [read];
  const secret = arn("secretsmanager", `secret:${parameter.slice(SECRET_REFERENCE.length)}-??????`);
  return [read, { actions: ["secretsmanager:GetSecretValue"], resources: [secret] }];
}
