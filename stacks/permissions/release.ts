import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { namesOf } from "../names";
import { actions, type Arns } from "./arns";

/**
 * What the release command asks of AWS, call by call (scripts/release/aws-port.ts), and pushing the image. Nothing of it
 * changes infrastructure: a release is a new revision and a deployment.
 */
export function releaseStatements(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  const cluster = arns.regional("ecs", `cluster/${names.cluster}`);
  const application = arns.regional("codedeploy", `application:${names.application}`);
  const group = arns.regional("codedeploy", `deploymentgroup:${names.application}/${names.deploymentGroup}`);
  return [
    {
      actions: ["ecs:DescribeServices"],
      resources: [arns.regional("ecs", `service/${names.cluster}/${names.service}`)],
    },
    {
      // These can't be narrowed to resources.
      actions: [
        ...actions("ecs", "DescribeTaskDefinition", "RegisterTaskDefinition", "DeregisterTaskDefinition"),
        "ecr:GetAuthorizationToken",
        "cloudwatch:DescribeAlarms",
      ],
      resources: ["*"],
    },
    {
      // The revision keeps the tags of the one before.
      actions: ["ecs:TagResource"],
      resources: [arns.regional("ecs", `task-definition/${names.family}:*`)],
      conditions: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
    },
    {
      actions: ["ecs:ListTasks", "ecs:DescribeTasks"],
      resources: ["*"],
      conditions: { ArnEquals: { "ecs:cluster": cluster } },
    },
    {
      actions: ["iam:PassRole"],
      resources: ["execution", "task"].map((role) => arns.global("iam", `role/${names.prefix}-${role}`)),
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    {
      actions: [
        ...actions("ecr", "DescribeRepositories", "DescribeImages", "BatchGetImage"),
        // docker push: "IAM permissions for pushing an image".
        ...actions("ecr", "BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart"),
        ...actions("ecr", "CompleteLayerUpload", "PutImage"),
      ],
      resources: [arns.regional("ecr", `repository/${names.repository}`)],
    },
    {
      actions: actions(
        "codedeploy",
        ...["GetDeploymentGroup", "ListDeployments", "BatchGetDeployments", "GetDeployment"],
        ...["GetDeploymentTarget", "CreateDeployment", "StopDeployment"],
      ),
      resources: [group],
    },
    {
      // CreateDeployment registers the appspec it is given.
      actions: actions("codedeploy", "RegisterApplicationRevision", "GetApplicationRevision"),
      resources: [application],
    },
    {
      actions: ["codedeploy:GetDeploymentConfig"],
      resources: [arns.regional("codedeploy", `deploymentconfig:${names.deploymentConfig}`)],
    },
  ];
}
