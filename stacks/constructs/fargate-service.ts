import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { DEFAULT_EGRESS, egressId, type Egress } from "../config/egress-schema";
import type { CAPACITY_PROVIDERS, ServiceCluster } from "./cluster";
import { egressRule } from "./egress-rule";
import type { TargetGroup } from "./target-group";
import type { TaskDefinition } from "./task-definition";

/** The share of a capacity provider: at least `base` tasks; the weights distribute the others. */
export interface CapacityShare {
  readonly capacityProvider: (typeof CAPACITY_PROVIDERS)[number];
  readonly weight: number;
  readonly base: number;
}

/** Settings of the service. */
export interface FargateServiceProps {
  readonly name: string;
  readonly cluster: ServiceCluster;
  readonly taskDefinition: TaskDefinition;
  readonly desiredCount: number;
  /** Distribution of the tasks over capacity providers; empty: all on Fargate. */
  readonly capacity: readonly CapacityShare[];
  /** Whether `aws ecs execute-command` can open a shell in the tasks. */
  readonly exec: boolean;
  readonly vpcId: string;
  /** Private subnets. */
  readonly subnetIds: readonly string[];
  /** The services of AWS that the tasks reach by TCP 443, for the description of that rule. */
  readonly awsServices: readonly string[];
  /** Egress rules of the tasks, in addition to TCP 443 to everywhere. */
  readonly egress: readonly Egress[];
  /** Additional security groups of the tasks. */
  readonly securityGroupIds: readonly string[];
  /**
   * Security group of the load balancer, and whether the service opens it to its tasks. That of an existing load balancer is up to
   * its owner.
   */
  readonly loadBalancer: { readonly securityGroupId: string; readonly isOpened: boolean };
  /** Target group of the first task set. */
  readonly targetGroup: TargetGroup;
  /** The listeners or the rules that forward to the target groups. */
  readonly listeners: readonly { readonly resource: ITerraformDependable }[];
}

/**
 * A Fargate service whose task sets CodeDeploy creates. After the first release, CodeDeploy and the operators control its task
 * definition, load balancer, network and task count, so Terraform ignores changes of these.
 */
export class FargateService extends Construct {
  readonly name: string;
  readonly arn: string;
  /** The security group of the tasks. A database must let it in. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const { taskDefinition, loadBalancer } = props;
    const port = { ipProtocol: "tcp", fromPort: taskDefinition.containerPort, toPort: taskDefinition.containerPort };
    const group = new SecurityGroup(this, "security-group", {
      name: `${props.name}-tasks`,
      description: "Who may reach the tasks, and what they reach",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-tasks` },
    });
    // Running tasks still listen on the old port after a change of the configuration, so the rules must keep it.
    const lifecycle = { ignoreChanges: ["from_port", "to_port"] };
    const rules = [
      new VpcSecurityGroupIngressRule(this, "from-load-balancer", {
        securityGroupId: group.id,
        description: "the load balancer",
        referencedSecurityGroupId: loadBalancer.securityGroupId,
        ...port,
        lifecycle,
      }),
      egressRule(this, "to-aws", {
        securityGroupId: group.id,
        description: props.awsServices.join(", "),
        rule: DEFAULT_EGRESS,
      }),
      ...props.egress.map((rule) =>
        egressRule(this, `to-${egressId(rule)}`, { securityGroupId: group.id, description: "service.egress", rule }),
      ),
      ...(loadBalancer.isOpened
        ? [
            new VpcSecurityGroupEgressRule(this, "load-balancer-to-tasks", {
              securityGroupId: loadBalancer.securityGroupId,
              description: "the tasks",
              referencedSecurityGroupId: group.id,
              ...port,
              lifecycle,
            }),
          ]
        : []),
    ];
    const service = new EcsService(this, "service", {
      name: props.name,
      cluster: props.cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: props.desiredCount,
      ...(props.capacity.length === 0
        ? { launchType: "FARGATE" }
        : { capacityProviderStrategy: props.capacity.map((share) => ({ ...share })) }),
      enableExecuteCommand: props.exec,
      // Tasks get the service's tags, independent of the task definition of a release.
      propagateTags: "SERVICE",
      enableEcsManagedTags: true,
      deploymentController: { type: "CODE_DEPLOY" },
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [group.id, ...props.securityGroupIds],
        assignPublicIp: false,
      },
      loadBalancer: [
        {
          targetGroupArn: props.targetGroup.arn,
          containerName: taskDefinition.containerName,
          containerPort: taskDefinition.containerPort,
        },
      ],
      // The service needs all of these until its last task has stopped, so they must be destroyed after it.
      dependsOn: [
        ...props.listeners.map(({ resource }) => resource),
        ...taskDefinition.policies,
        ...rules,
        ...(props.cluster.capacity ? [props.cluster.capacity] : []),
      ],
      lifecycle: {
        ignoreChanges: [
          "task_definition",
          "load_balancer",
          "desired_count",
          "network_configuration",
          // A change of these would replace the service. The appspec of a release can change the strategy.
          "launch_type",
          "capacity_provider_strategy",
          // Terraform's provider can't change these of a service with CodeDeploy:
          // https://github.com/hashicorp/terraform-provider-aws/issues/37410
          "propagate_tags",
          "enable_ecs_managed_tags",
        ],
      },
    });
    this.name = service.name;
    this.arn = service.id;
    this.securityGroupId = group.id;
  }
}
