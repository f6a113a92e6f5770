import type { Config } from "../config";
import { endpointOf } from "../config/regions";
import type { Statement } from "../constructs/policy";
import { namesOf } from "../names";
import { actions, type Arns } from "./arns";

/** Permissions to change the delivery stack: CodeDeploy, alarms, dashboard, topic, rule, functions and keys. */
export function deliveryWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  return [
    {
      actions: actions(
        "codedeploy",
        ...["CreateApplication", "CreateDeploymentConfig", "CreateDeploymentGroup", "DeleteApplication"],
        ...["DeleteDeploymentConfig", "DeleteDeploymentGroup", "TagResource", "UntagResource"],
        ...["UpdateApplication", "UpdateDeploymentGroup"],
      ),
      resources: [
        `application:${names.application}`,
        `deploymentgroup:${names.application}/${names.deploymentGroup}`,
        `deploymentconfig:${names.prefix}-*`,
      ].map((resource) => arns.regional("codedeploy", resource)),
    },
    {
      actions: actions("cloudwatch", "DeleteAlarms", "PutMetricAlarm", "TagResource", "UntagResource"),
      resources: [arns.regional("cloudwatch", `alarm:${names.prefix}-*`)],
    },
    {
      actions: actions("cloudwatch", "DeleteDashboards", "PutDashboard"),
      resources: [arns.global("cloudwatch", `dashboard/${names.dashboard}`)],
    },
    {
      actions: actions(
        "sns",
        ...["CreateTopic", "DeleteTopic", "SetSubscriptionAttributes", "SetTopicAttributes", "Subscribe"],
        ...["TagResource", "Unsubscribe", "UntagResource"],
      ),
      resources: [arns.regional("sns", names.topic)],
    },
    {
      actions: actions(
        "events",
        ...["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource"],
      ),
      resources: [arns.regional("events", `rule/${names.prefix}-*`)],
    },
    {
      actions: actions(
        "lambda",
        ...["AddPermission", "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency"],
        ...["PutFunctionConcurrency", "RemovePermission", "TagResource", "UntagResource", "UpdateFunctionCode"],
        ...["UpdateFunctionConfiguration"],
      ),
      resources: [arns.regional("lambda", `function:${names.prefix}-*`)],
    },
    ...keyWrites(config, arns),
  ];
}

/** Permissions to change keys. A key has an id instead of a name, so the environment's tags limit them. */
function keyWrites(config: Config, arns: Arns): Statement[] {
  const { project, environment, region } = config;
  const { prefix } = namesOf(config);
  const keys = arns.regional("kms", "key/*");
  return [
    {
      actions: actions("kms", "CreateKey", "TagResource"),
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestTag/project": project, "aws:RequestTag/environment": environment } },
    },
    {
      actions: actions(
        "kms",
        ...["DisableKeyRotation", "EnableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion", "UntagResource"],
        ...["UpdateKeyDescription"],
      ),
      resources: [keys],
      conditions: { StringEquals: { "aws:ResourceTag/project": project, "aws:ResourceTag/environment": environment } },
    },
    {
      actions: actions("kms", "CreateAlias", "DeleteAlias", "UpdateAlias"),
      resources: [arns.regional("kms", `alias/${prefix}*`), keys],
    },
    {
      // The principal that creates a table or a repository with a customer-managed key gives it a grant. The principal must have
      // all permissions of the grant itself:
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
      actions: actions(
        "kms",
        ...["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"],
        ...["ReEncryptFrom", "ReEncryptTo", "RetireGrant"],
      ),
      resources: [keys],
      conditions: {
        StringEquals: {
          "kms:ViaService": [...(config.service.table ? ["dynamodb"] : []), "ecr"].map((service) =>
            endpointOf(service, region),
          ),
        },
      },
    },
  ];
}
