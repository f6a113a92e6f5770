import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** What a service needs of its cluster. */
export interface ServiceCluster {
  readonly name: string;
  /** Name or ARN. */
  readonly arn: string;
  /** A service that uses a capacity provider must depend on this; an existing cluster has its providers already. */
  readonly capacity?: ITerraformDependable;
}

/** Settings of a cluster. */
export interface ClusterProps {
  readonly name: string;
}

/**
 * Both capacity providers of Fargate. They cost nothing. A provider can't be removed while a service uses it, and Terraform doesn't
 * know which ones are in use, because releases decide that.
 */
export const CAPACITY_PROVIDERS = ["FARGATE", "FARGATE_SPOT"] as const;

/** An ECS cluster. Container Insights are off: the alarms of a release use the load balancer's metrics, which are free. */
export class Cluster extends Construct implements ServiceCluster {
  readonly name: string;
  readonly arn: string;
  /** A service that uses a capacity provider must depend on this. */
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
