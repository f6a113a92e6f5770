import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { ALWAYS, egressId, type Egress } from "../config/egress-schema";
import type { CAPACITY_PROVIDERS, Cluster } from "./cluster";
import { wayOut } from "./egress";
import type { Listener } from "./listener";
import type { LoadBalancer } from "./load-balancer";
import type { TargetGroup } from "./target-group";
import type { TaskDefinition } from "./task-definition";

/** The tasks on one capacity provider: `base` of them at least, then by weight. */
export interface CapacityShare {
  readonly capacityProvider: (typeof CAPACITY_PROVIDERS)[number];
  readonly weight: number;
  readonly base: number;
}

/** Settings of the service. */
export interface FargateServiceProps {
  readonly name: string;
  readonly cluster: Cluster;
  readonly taskDefinition: TaskDefinition;
  readonly desiredCount: number;
  /** How tasks are spread over capacity providers; empty: all on Fargate. */
  readonly capacity: readonly CapacityShare[];
  /** May a shell be opened in the tasks? */
  readonly exec: boolean;
  readonly vpcId: string;
  /** Private subnets. */
  readonly subnetIds: readonly string[];
  /** Where the tasks may go beside TCP 443 to anywhere. */
  readonly egress: readonly Egress[];
  /** Security groups of the tasks beside their own. */
  readonly securityGroupIds: readonly string[];
  readonly loadBalancer: LoadBalancer;
  /** Where the first task set is registered. */
  readonly targetGroup: TargetGroup;
  readonly listeners: readonly Listener[];
}

/**
 * A Fargate service whose task sets CodeDeploy makes. After the first release its task definition, load balancer,
 * network and count are CodeDeploy's and the operators' business: Terraform looks away.
 */
export class FargateService extends Construct {
  readonly name: string;
  readonly arn: string;
  /** The tasks' own group: what a database has to let in. */
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
    // A rule that followed the configuration to another port would cut off the tasks that still listen on the old one.
    const lifecycle = { ignoreChanges: ["from_port", "to_port"] };
    const rules = [
      new VpcSecurityGroupIngressRule(this, "from-load-balancer", {
        securityGroupId: group.id,
        description: "the load balancer",
        referencedSecurityGroupId: loadBalancer.securityGroupId,
        ...port,
        lifecycle,
      }),
      wayOut(this, "to-aws", {
        securityGroupId: group.id,
        description: "ECR, CloudWatch Logs, DynamoDB",
        rule: ALWAYS,
      }),
      ...props.egress.map((rule) =>
        wayOut(this, `to-${egressId(rule)}`, { securityGroupId: group.id, description: "service.egress", rule }),
      ),
      new VpcSecurityGroupEgressRule(this, "load-balancer-to-tasks", {
        securityGroupId: loadBalancer.securityGroupId,
        description: "the tasks",
        referencedSecurityGroupId: group.id,
        ...port,
        lifecycle,
      }),
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
      // Tasks get the service's tags, whatever the task definition of a release has.
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
      // The other way round, destroying would take away what the service needs to stop its tasks.
      dependsOn: [
        ...props.listeners.map(({ resource }) => resource),
        ...taskDefinition.policies,
        ...rules,
        props.cluster.capacity,
      ],
      lifecycle: {
        ignoreChanges: [
          "task_definition",
          "load_balancer",
          "desired_count",
          "network_configuration",
          // Another launch type or strategy would replace the service; the appspec of every release keeps what it has.
          "launch_type",
          "capacity_provider_strategy",
          // The provider can't change these of a service that CodeDeploy releases (its issue 37410).
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
