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
  const inRegion = { StringEquals: { "aws:RequestedRegion": config.region } };
  return [
    {
      actions: ["ecs:DescribeServices"],
      resources: [arns.regional("ecs", `service/${names.cluster}/${names.service}`)],
    },
    {
      // These can't be narrowed to resources.
      actions: [
        ...actions("ecs", "DescribeTaskDefinition", "ListTaskDefinitions", "DeregisterTaskDefinition"),
        "ecr:GetAuthorizationToken",
      ],
      resources: ["*"],
      conditions: inRegion,
    },
    {
      // Asked for as a whole, whichever names the call has.
      actions: ["cloudwatch:DescribeAlarms"],
      resources: [arns.regional("cloudwatch", "alarm:*")],
    },
    {
      // Where the traffic goes and who is healthy, before a release. These can't be narrowed to resources.
      actions: actions("elasticloadbalancing", "DescribeTargetGroups", "DescribeTargetHealth", "DescribeRules"),
      resources: ["*"],
      conditions: inRegion,
    },
    { actions: ["ecs:RegisterTaskDefinition"], resources: arns.taskDefinitions(names.family) },
    {
      // The revision keeps the tags of the one before, and says in one of its own where it comes from.
      actions: ["ecs:TagResource"],
      resources: arns.taskDefinitions(names.family),
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
        ...actions("ecr", "DescribeRepositories", "DescribeImages", "BatchGetImage", "GetDownloadUrlForLayer"),
        // docker push: "IAM permissions for pushing an image".
        ...actions("ecr", "BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart"),
        ...actions("ecr", "CompleteLayerUpload", "PutImage"),
      ],
      resources: [arns.regional("ecr", `repository/${names.repository}`)],
    },
    {
      actions: actions(
        "codedeploy",
        ...["GetDeploymentGroup", "ListDeployments", "BatchGetDeployments", "GetDeployment", "CreateDeployment"],
      ),
      resources: [group],
    },
    {
      // "CodeDeploy permissions reference" narrows these to the group, the service authorization reference to nothing. A
      // release that can't be stopped would be the worse mistake; and the ids of others' deployments it can't list.
      actions: actions("codedeploy", "GetDeploymentTarget", "StopDeployment"),
      resources: ["*"],
      conditions: inRegion,
    },
    {
      // The same contradiction; for groups whose deployments wait for a person.
      actions: ["codedeploy:ContinueDeployment"],
      resources: ["*"],
      conditions: inRegion,
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
