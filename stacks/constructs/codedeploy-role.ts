import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Role } from "./role";

/** Settings of CodeDeploy's role. */
export interface CodeDeployRoleProps {
  readonly name: string;
  readonly region: string;
  readonly serviceArn: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly listenerArns: readonly string[];
  readonly loadBalancerArnSuffix: string;
  /** The rules that it may change; default: all of the load balancer, which is this service's alone. */
  readonly listenerRuleArns?: readonly string[] | undefined;
  /** Roles of the task definitions that it may start. */
  readonly taskRoleArns: readonly string[];
  /** Functions of the lifecycle hooks. */
  readonly hookArns: readonly string[];
  /** Topic that CodeDeploy notifies of rollbacks, and the topic's key. */
  readonly topic?: { readonly arn: string; readonly keyArn: string } | undefined;
}

/**
 * CodeDeploy's role, with permissions for this service only. It is the managed policy AWSCodeDeployRoleForECS
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html), limited to these resources, and
 * without S3, which is not used.
 */
export class CodeDeployRole extends Construct {
  readonly arn: string;
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: CodeDeployRoleProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const { partition } = new DataAwsPartition(this, "partition");
    const arn = (service: string, resource: string) =>
      `arn:${partition}:${service}:${props.region}:${accountId}:${resource}`;
    const taskSets = arn("ecs", `task-set/${props.clusterName}/${props.serviceName}/*`);
    const rules = props.listenerRuleArns ?? [
      arn("elasticloadbalancing", `listener-rule/${props.loadBalancerArnSuffix}/*`),
    ];
    const role = new Role(this, "role", {
      name: props.name,
      service: "codedeploy.amazonaws.com",
      onlyForAccount: accountId,
      statements: [
        {
          actions: ["DescribeServices", "CreateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"].map(
            (action) => `ecs:${action}`,
          ),
          resources: [props.serviceArn, taskSets],
        },
        {
          // IAM can't limit these actions to resources.
          actions: [
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
          ],
          resources: ["*"],
        },
        { actions: ["cloudwatch:DescribeAlarms"], resources: [arn("cloudwatch", "alarm:*")] },
        {
          actions: ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
          resources: [...props.listenerArns, ...rules],
        },
        {
          actions: ["iam:PassRole"],
          resources: props.taskRoleArns,
          conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
        ...(props.hookArns.length > 0 ? [{ actions: ["lambda:InvokeFunction"], resources: props.hookArns }] : []),
        ...(props.topic
          ? [
              { actions: ["sns:Publish"], resources: [props.topic.arn] },
              { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [props.topic.keyArn] },
            ]
          : []),
      ],
    });
    this.arn = role.arn;
    this.policies = role.policies;
  }
}
