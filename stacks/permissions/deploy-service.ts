import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { rulesOfListener, type SharedLoadBalancer } from "../config/shared-load-balancer-schema";
import { namesOf } from "../names";
import { actions, type Arns } from "./arns";

/** Permissions to change the registry and service stacks. Those for certificates and WAF only when they are turned on. */
export function serviceWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  const ownsCluster = config.cluster.existing === undefined;
  const { https, waf, existing } = config.loadBalancer;
  return [
    ...(existing ? sharedLoadBalancerWrites(config, existing, arns) : loadBalancerWrites(config, arns)),
    {
      actions: actions(
        "ecs",
        ...["CreateService", "DeleteService", "RegisterTaskDefinition"],
        ...["TagResource", "UntagResource", "UpdateService"],
        ...(ownsCluster
          ? ["CreateCluster", "DeleteCluster", "PutClusterCapacityProviders", "UpdateCluster", "UpdateClusterSettings"]
          : []),
      ),
      resources: [
        ...(ownsCluster ? [arns.regional("ecs", `cluster/${names.cluster}`)] : []),
        arns.regional("ecs", `service/${names.cluster}/${names.service}`),
        ...arns.taskDefinitions(names.family),
      ],
    },
    {
      actions: actions(
        "application-autoscaling",
        ...["DeleteScalingPolicy", "DeregisterScalableTarget", "PutScalingPolicy", "RegisterScalableTarget"],
        ...["TagResource", "UntagResource"],
      ),
      resources: [arns.regional("application-autoscaling", "scalable-target/*")],
    },
    ...(config.service.table ? [tableWrites(config, arns)] : []),
    {
      actions: actions(
        "ecr",
        ...["BatchCheckLayerAvailability", "BatchDeleteImage", "CompleteLayerUpload", "CreateRepository"],
        ...["DeleteLifecyclePolicy", "DeleteRepository", "InitiateLayerUpload", "PutImage"],
        ...["PutImageScanningConfiguration", "PutImageTagMutability", "PutLifecyclePolicy", "TagResource"],
        ...["UntagResource", "UploadLayerPart"],
      ),
      resources: [arns.regional("ecr", `repository/${names.repository}`)],
    },
    {
      actions: actions(
        "logs",
        ...["AssociateKmsKey", "CreateLogGroup", "DeleteLogGroup", "DisassociateKmsKey", "PutRetentionPolicy"],
        ...["TagResource", "UntagResource"],
      ),
      resources: [names.logGroup, names.flowLogGroup, names.webAclLogGroup, `/aws/lambda/${names.prefix}-*`].flatMap(
        (name) => [arns.regional("logs", `log-group:${name}`), arns.regional("logs", `log-group:${name}:*`)],
      ),
    },
    ...(existing ? [] : accessLogWrites(config, arns)),
    ...(https && !existing ? certificateWrites(config, arns, https.zoneId) : []),
    ...(waf.enabled && !existing ? webAclWrites(config, arns) : []),
  ];
}

/** Actions on target groups. */
const TARGET_GROUP_ACTIONS = [
  "AddTags",
  "CreateTargetGroup",
  "DeleteTargetGroup",
  "ModifyTargetGroup",
  "ModifyTargetGroupAttributes",
  "RemoveTags",
];

function targetGroupArns(config: Config, arns: Arns): string[] {
  return Object.values(namesOf(config).targetGroups).map((name) =>
    arns.regional("elasticloadbalancing", `targetgroup/${name}/*`),
  );
}

/** Permissions to change the load balancer, its listeners and the target groups. */
function loadBalancerWrites(config: Config, arns: Arns): Statement[] {
  const name = namesOf(config).loadBalancer;
  const balancer = (kind: string) => arns.regional("elasticloadbalancing", `${kind}/app/${name}/*`);
  return [
    {
      actions: actions(
        "elasticloadbalancing",
        ...["AddListenerCertificates", "AddTags", "CreateListener", "CreateLoadBalancer", "CreateTargetGroup"],
        ...["DeleteListener", "DeleteLoadBalancer", "DeleteTargetGroup", "ModifyListener", "ModifyListenerAttributes"],
        ...["ModifyLoadBalancerAttributes", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
        ...["RemoveListenerCertificates", "RemoveTags", "SetSecurityGroups", "SetSubnets", "SetWebAcl"],
      ),
      resources: [...["loadbalancer", "listener", "listener-rule"].map(balancer), ...targetGroupArns(config, arns)],
    },
  ];
}

/**
 * Permissions to change the target groups, and rules on the two listeners of an existing load balancer. A rule has no name, so the
 * environment's tags limit them: the rules of other services have others.
 */
function sharedLoadBalancerWrites(config: Config, existing: SharedLoadBalancer, arns: Arns): Statement[] {
  const { project, environment } = config;
  const listeners = [existing.productionListenerArn, existing.testListenerArn];
  const rules = listeners.map(rulesOfListener);
  return [
    { actions: actions("elasticloadbalancing", ...TARGET_GROUP_ACTIONS), resources: targetGroupArns(config, arns) },
    {
      actions: ["elasticloadbalancing:CreateRule"],
      resources: listeners,
      conditions: { StringEquals: { "aws:RequestTag/project": project, "aws:RequestTag/environment": environment } },
    },
    {
      // A new rule gets its tags with a permission of its own:
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
      actions: ["elasticloadbalancing:AddTags"],
      resources: rules,
      conditions: { StringEquals: { "elasticloadbalancing:CreateAction": "CreateRule" } },
    },
    {
      actions: actions(
        "elasticloadbalancing",
        ...["AddTags", "DeleteRule", "ModifyRule", "RemoveTags", "SetRulePriorities"],
      ),
      resources: rules,
      conditions: { StringEquals: { "aws:ResourceTag/project": project, "aws:ResourceTag/environment": environment } },
    },
  ];
}

/** Permissions to change the bucket of the access logs. */
function accessLogWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  return [
    {
      actions: actions(
        "s3",
        ...["CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "DeleteObject", "DeleteObjectVersion"],
        ...["ListBucketVersions", "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock"],
        ...["PutBucketTagging", "PutBucketVersioning", "PutEncryptionConfiguration", "PutLifecycleConfiguration"],
        // Since 6.23, Terraform's provider tags buckets with these newer actions of S3.
        ...["TagResource", "UntagResource"],
      ),
      resources: [arns.bucket(`${names.accessLogBucketPrefix}-*`)],
    },
  ];
}

function tableWrites(config: Config, arns: Arns): Statement {
  return {
    actions: actions(
      "dynamodb",
      ...["CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateContinuousBackups", "UpdateTable"],
    ),
    resources: [arns.regional("dynamodb", `table/${namesOf(config).table}`)],
  };
}

function certificateWrites({ region }: Config, arns: Arns, zoneId: string | undefined): Statement[] {
  return [
    {
      actions: actions("acm", "AddTagsToCertificate", "DeleteCertificate", "RemoveTagsFromCertificate"),
      resources: [arns.regional("acm", "certificate/*")],
    },
    {
      actions: ["acm:RequestCertificate"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": region } },
    },
    ...(zoneId === undefined
      ? []
      : [{ actions: ["route53:ChangeResourceRecordSets"], resources: [arns.route53(`hostedzone/${zoneId}`)] }]),
  ];
}

function webAclWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  return [
    {
      actions: actions(
        "wafv2",
        ...["AssociateWebACL", "CreateWebACL", "DeleteLoggingConfiguration", "DeleteWebACL", "DisassociateWebACL"],
        ...["PutLoggingConfiguration", "TagResource", "UntagResource", "UpdateWebACL"],
      ),
      resources: [
        arns.regional("wafv2", `regional/webacl/${names.webAcl}/*`),
        arns.regional("wafv2", "regional/managedruleset/*/*"),
        arns.regional("elasticloadbalancing", `loadbalancer/app/${names.loadBalancer}/*`),
      ],
    },
    {
      // WAF needs these to deliver its logs to CloudWatch Logs. IAM can't limit them to resources.
      // https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
      actions: actions(
        "logs",
        ...["CreateLogDelivery", "DeleteLogDelivery", "DescribeResourcePolicies", "PutResourcePolicy"],
      ),
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": config.region } },
    },
  ];
}
