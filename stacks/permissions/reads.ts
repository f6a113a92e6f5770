import type { Config } from "../config";
import { issuerOf } from "../config/ci-schema";
import type { Statement } from "../constructs/policy";
import { actions, type Arns } from "./arns";

/**
 * Permissions to read the resources' settings, which Terraform needs for a plan. They don't include the stored data. IAM can't
 * limit most Describe actions to resources. The actions that return content (images, code, policies) are limited.
 * @param repositories ECR repositories, whose names may have wildcards
 */
export function readStatements(config: Config, arns: Arns, repositories: readonly string[]): Statement[] {
  const owned = `${config.project}-`;
  return [
    {
      actions: [
        ...actions(
          "ec2",
          ...["Addresses", "AddressesAttribute", "AvailabilityZones", "FlowLogs", "InternetGateways"].map(described),
          ...["NatGateways", "NetworkAcls", "NetworkInterfaces", "PrefixLists", "RouteTables"].map(described),
          ...["SecurityGroupRules", "SecurityGroups", "Subnets", "VpcAttribute", "VpcEndpoints", "Vpcs"].map(described),
        ),
        ...actions(
          "elasticloadbalancing",
          ...["CapacityReservation", "ListenerAttributes", "ListenerCertificates", "Listeners"].map(described),
          ...["LoadBalancerAttributes", "LoadBalancers", "Rules", "Tags"].map(described),
          ...["TargetGroupAttributes", "TargetGroups", "TargetHealth"].map(described),
        ),
        ...actions("ecs", "DescribeClusters", "DescribeServices", "DescribeTaskDefinition", "ListTagsForResource"),
        ...actions("codedeploy", "GetApplication", "GetDeploymentConfig", "GetDeploymentGroup", "ListTagsForResource"),
        ...actions("cloudwatch", "DescribeAlarms", "GetDashboard", "ListTagsForResource"),
        ...actions("logs", "DescribeLogGroups", "ListTagsForResource"),
      ],
      resources: ["*"],
    },
    {
      actions: [
        ...actions(
          "application-autoscaling",
          ...["ScalableTargets", "ScalingPolicies", "ScheduledActions"].map(described),
          "ListTagsForResource",
        ),
        ...actions("acm", "DescribeCertificate", "ListTagsForCertificate"),
        ...(config.service.table
          ? actions("dynamodb", ...["Table", "ContinuousBackups", "TimeToLive"].map(described), "ListTagsOfResource")
          : []),
        ...actions("events", "DescribeRule", "ListTargetsByRule", "ListTagsForResource"),
        ...actions("kms", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"),
        ...actions("route53", "GetChange", "GetHostedZone", "ListResourceRecordSets", "ListTagsForResource"),
        ...actions("sns", "GetSubscriptionAttributes", "GetTopicAttributes", "ListTagsForResource"),
        ...actions("wafv2", "GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"),
        "ecr:GetAuthorizationToken",
      ],
      resources: ["*"],
    },
    {
      actions: actions(
        "ecr",
        ...["BatchGetImage", "DescribeImages", "DescribeRepositories", "GetLifecyclePolicy"],
        ...["GetRepositoryPolicy", "ListTagsForResource"],
      ),
      resources: repositories.map((repository) => arns.regional("ecr", `repository/${repository}`)),
    },
    {
      actions: actions(
        "lambda",
        ...["GetFunction", "GetFunctionCodeSigningConfig", "GetFunctionConcurrency", "GetFunctionConfiguration"],
        ...["GetPolicy", "ListTags", "ListVersionsByFunction"],
      ),
      resources: [arns.regional("lambda", `function:${owned}*`)],
    },
    {
      actions: actions(
        "iam",
        ...["GetPolicy", "GetPolicyVersion", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies"],
        ...["ListInstanceProfilesForRole", "ListPolicyVersions", "ListRolePolicies", "ListRoleTags"],
      ),
      resources: [arns.global("iam", `role/${owned}*`), arns.global("iam", `policy/${owned}*`)],
    },
    ...(config.ci === undefined
      ? []
      : [
          {
            actions: ["iam:GetOpenIDConnectProvider"],
            resources: [arns.global("iam", `oidc-provider/${issuerOf(config.ci)}`)],
          },
        ]),
    {
      actions: actions(
        "s3",
        ...["GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLogging"],
        ...["GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy"],
        ...["GetBucketPublicAccessBlock", "GetBucketRequestPayment", "GetBucketTagging", "GetBucketVersioning"],
        ...["GetBucketWebsite", "GetEncryptionConfiguration", "GetLifecycleConfiguration"],
        ...["GetReplicationConfiguration", "ListBucket", "ListTagsForResource"],
      ),
      resources: [arns.bucket(`${owned}*-access-logs-*`)],
    },
  ];
}

function described(what: string): string {
  return `Describe${what}`;
}
