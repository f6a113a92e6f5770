import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { namesOf } from "../names";
import { actions, type Arns } from "./arns";

/**
 * Permissions for the calls of the release command (scripts/release/aws-port.ts), and for pushing the image. The command changes
 * no infrastructure: a release is a new revision and a deployment.
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
      // IAM can't limit these actions to resources.
      actions: [
        ...actions("ecs", "DescribeTaskDefinition", "ListTaskDefinitions", "DeregisterTaskDefinition"),
        "ecr:GetAuthorizationToken",
        "cloudwatch:GetMetricData",
      ],
      resources: ["*"],
      conditions: inRegion,
    },
    {
      // Needs a permission for all alarms, even if the call names some.
      actions: ["cloudwatch:DescribeAlarms"],
      resources: [arns.regional("cloudwatch", "alarm:*")],
    },
    {
      // For checks before a release, and to find where `gate.lowTraffic: "probe"` sends requests. IAM can't limit these actions to
      // resources.
      actions: actions(
        "elasticloadbalancing",
        ...[
          "DescribeTargetGroups",
          "DescribeTargetHealth",
          "DescribeRules",
          "DescribeListeners",
          "DescribeLoadBalancers",
        ],
      ),
      resources: ["*"],
      conditions: inRegion,
    },
    { actions: ["ecs:RegisterTaskDefinition"], resources: arns.taskDefinitions(names.family) },
    {
      // A new revision gets the tags of the previous one, and a tag with its origin.
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
        // For docker push: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
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
      // CreateDeployment needs it for a deployment that watches other alarms than its group (overrideAlarmConfiguration:
      // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html). AWS has no narrower permission. The
      // release never calls it.
      actions: ["codedeploy:UpdateDeploymentGroup"],
      resources: [group],
    },
    {
      // AWS's pages disagree. The first one limits these actions to the deployment group, the second one has no resource for them:
      // https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
      // We allow all, because a release that can't be stopped would be worse. The role can't list other groups' deployments.
      actions: actions("codedeploy", "GetDeploymentTarget", "StopDeployment"),
      resources: ["*"],
      conditions: inRegion,
    },
    {
      // AWS's pages disagree here too. For deployment groups that wait for a manual continuation.
      actions: ["codedeploy:ContinueDeployment"],
      resources: ["*"],
      conditions: inRegion,
    },
    {
      // CreateDeployment registers the appspec as a revision.
      actions: actions("codedeploy", "RegisterApplicationRevision", "GetApplicationRevision"),
      resources: [application],
    },
    {
      actions: ["codedeploy:GetDeploymentConfig"],
      resources: [arns.regional("codedeploy", `deploymentconfig:${names.deploymentConfig}`)],
    },
  ];
}
