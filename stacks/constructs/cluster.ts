import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Settings of a cluster. */
export interface ClusterProps {
  readonly name: string;
}

/**
 * All that Fargate has, used or not: they cost nothing, and one that a service still names can't be taken away. Which
 * those are, releases decide; Terraform doesn't know.
 */
export const CAPACITY_PROVIDERS = ["FARGATE", "FARGATE_SPOT"] as const;

/** An ECS cluster. Container Insights stay off: the release is decided on the load balancer's metrics, which are free. */
export class Cluster extends Construct {
  readonly name: string;
  readonly arn: string;
  /** What has to be there before a service names a capacity provider, and as long as one does. */
  readonly capacity: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, "cluster", {
      name: props.name,
      setting: [{ name: "containerInsights", value: "disabled" }],
    });
    this.capacity = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: [...CAPACITY_PROVIDERS],
    });
    this.name = cluster.name;
    this.arn = cluster.arn;
  }
}
