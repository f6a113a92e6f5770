import type { Construct } from "constructs";
import type { Config } from "./config";
import { Cluster } from "./constructs/cluster";
import { FargateService } from "./constructs/fargate-service";
import { Listener } from "./constructs/listener";
import { LoadBalancer } from "./constructs/load-balancer";
import { TargetGroup } from "./constructs/target-group";
import { TaskDefinition } from "./constructs/task-definition";
import { TasksTable } from "./constructs/tasks-table";
import { EnvironmentStack } from "./environment-stack";
import { TARGET_GROUPS, type TargetGroupKey } from "./names";
import type { NetworkValues } from "./network";
import type { RegistryValues } from "./registry";

/** What the delivery takes from the service. */
export interface ServiceValues {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly loadBalancerArnSuffix: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, { readonly name: string; readonly arnSuffix: string }>>;
  readonly productionListenerArn: string;
  readonly testListenerArn: string;
  /** Roles that a task definition of the service names. */
  readonly taskRoleArns: readonly string[];
}

/** What runs: load balancer and listeners, cluster, task definition, service, table. */
export class ServiceStack extends EnvironmentStack {
  readonly values: ServiceValues;

  constructor(scope: Construct, config: Config, network: NetworkValues, registry: RegistryValues) {
    super(scope, config, "service");
    const { names } = this;
    const { productionPort, testPort, allowedCidrs, testAllowedCidrs } = config.loadBalancer;

    const table = new TasksTable(this, "tasks-table", { name: names.table });
    const loadBalancer = new LoadBalancer(this, "load-balancer", {
      name: names.loadBalancer,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      ports: [
        { name: "production", port: productionPort, cidrs: allowedCidrs },
        {
          name: "test",
          port: testPort,
          // The load balancer's name resolves to public addresses, inside the VPC too: private subnets come through NAT.
          cidrs: [config.network.cidr, ...network.natAddresses.map((address) => `${address}/32`), ...testAllowedCidrs],
        },
      ],
    });
    const [first, second] = TARGET_GROUPS.map(
      (key) =>
        new TargetGroup(this, `target-group-${key}`, {
          name: names.targetGroups[key],
          vpcId: network.vpcId,
          port: config.service.containerPort,
          deregistrationDelaySeconds: config.loadBalancer.deregistrationDelaySeconds,
          healthCheck: config.healthCheck,
        }),
    ) as [TargetGroup, TargetGroup];
    const production = new Listener(this, "production-listener", {
      loadBalancer,
      port: productionPort,
      forwardTo: first,
      neighbour: second,
    });
    const test = new Listener(this, "test-listener", {
      loadBalancer,
      port: testPort,
      forwardTo: second,
      neighbour: first,
    });

    const taskDefinition = new TaskDefinition(this, "task-definition", {
      names,
      region: config.region,
      image: registry.firstImage,
      repositoryArn: registry.repositoryArn,
      table,
      settings: config.service,
    });
    const cluster = new Cluster(this, "cluster", { name: names.cluster });
    const service = new FargateService(this, "service", {
      name: names.service,
      cluster,
      taskDefinition,
      desiredCount: config.service.desiredCount,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      loadBalancer,
      targetGroup: first,
      listeners: [production, test],
    });

    this.values = {
      clusterName: cluster.name,
      serviceName: service.name,
      serviceArn: service.arn,
      loadBalancerArnSuffix: loadBalancer.arnSuffix,
      targetGroups: { "1": first, "2": second },
      productionListenerArn: production.arn,
      testListenerArn: test.arn,
      taskRoleArns: taskDefinition.roleArns,
    };
    const host = loadBalancer.dnsName;
    this.output("url", productionPort === 80 ? `http://${host}` : `http://${host}:${productionPort}`, "The service");
    this.output("test_url", `http://${host}:${testPort}`, "The version being released, before it gets traffic");
    this.output("cluster_name", cluster.name, "ECS cluster");
    this.output("service_name", service.name, "ECS service");
    this.output("table_name", table.name, "DynamoDB table of the tasks");
    this.output("log_group_name", taskDefinition.logGroupName, "The service's logs");
  }
}
