import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Cluster } from "./cluster";
import type { Listener } from "./listener";
import type { LoadBalancer } from "./load-balancer";
import type { TargetGroup } from "./target-group";
import type { TaskDefinition } from "./task-definition";

/** Settings of the service. */
export interface FargateServiceProps {
  readonly name: string;
  readonly cluster: Cluster;
  readonly taskDefinition: TaskDefinition;
  readonly desiredCount: number;
  readonly vpcId: string;
  /** Private subnets. */
  readonly subnetIds: readonly string[];
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
    const rules = [
      new VpcSecurityGroupIngressRule(this, "from-load-balancer", {
        securityGroupId: group.id,
        referencedSecurityGroupId: loadBalancer.securityGroupId,
        ...port,
      }),
      new VpcSecurityGroupEgressRule(this, "to-aws", {
        securityGroupId: group.id,
        description: "ECR, CloudWatch Logs, DynamoDB",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      }),
      new VpcSecurityGroupEgressRule(this, "load-balancer-to-tasks", {
        securityGroupId: loadBalancer.securityGroupId,
        referencedSecurityGroupId: group.id,
        ...port,
      }),
    ];
    const service = new EcsService(this, "service", {
      name: props.name,
      cluster: props.cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: props.desiredCount,
      launchType: "FARGATE",
      deploymentController: { type: "CODE_DEPLOY" },
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [group.id],
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
      dependsOn: [...props.listeners.map(({ resource }) => resource), ...taskDefinition.policies, ...rules],
      lifecycle: {
        ignoreChanges: ["task_definition", "load_balancer", "desired_count", "network_configuration"],
      },
    });
    this.name = service.name;
    this.arn = service.id;
  }
}
