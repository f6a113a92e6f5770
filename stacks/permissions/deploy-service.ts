import type { Config } from "../config";
import type { Statement } from "../constructs/policy";
import { namesOf } from "../names";
import { actions, type Arns } from "./arns";

/** Permissions to change the registry and service stacks. Those for certificates and WAF only when they are turned on. */
export function serviceWrites(config: Config, arns: Arns): Statement[] {
  const names = namesOf(config);
  const { https, waf } = config.loadBalancer;
  const balancer = (kind: string) => arns.regional("elasticloadbalancing", `${kind}/app/${names.loadBalancer}/*`);
  return [
    {
      actions: actions(
        "elasticloadbalancing",
        ...["AddListenerCertificates", "AddTags", "CreateListener", "CreateLoadBalancer", "CreateTargetGroup"],
        ...["DeleteListener", "DeleteLoadBalancer", "DeleteTargetGroup", "ModifyListener", "ModifyListenerAttributes"],
        ...["ModifyLoadBalancerAttributes", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
        ...["RemoveListenerCertificates", "RemoveTags", "SetSecurityGroups", "SetSubnets", "SetWebAcl"],
      ),
      resources: [
        ...["loadbalancer", "listener", "listener-rule"].map(balancer),
        ...Object.values(names.targetGroups).map((name) =>
          arns.regional("elasticloadbalancing", `targetgroup/${name}/*`),
        ),
      ],
    },
    {
      actions: actions(
        "ecs",
        ...["CreateCluster", "CreateService", "DeleteCluster", "DeleteService", "PutClusterCapacityProviders"],
        ...["RegisterTaskDefinition", "TagResource", "UntagResource", "UpdateCluster", "UpdateClusterSettings"],
        ...["UpdateService"],
      ),
      resources: [
        arns.regional("ecs", `cluster/${names.cluster}`),
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
    ...(https ? certificateWrites(config, arns, https.zoneId) : []),
    ...(waf.enabled ? webAclWrites(config, arns) : []),
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
