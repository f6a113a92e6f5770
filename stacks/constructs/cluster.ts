import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { Construct } from "constructs";

/** An ECS cluster. Container Insights stay off: the release is decided on the load balancer's metrics, which are free. */
export class Cluster extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    const cluster = new EcsCluster(this, "cluster", {
      name: props.name,
      setting: [{ name: "containerInsights", value: "disabled" }],
    });
    this.name = cluster.name;
    this.arn = cluster.arn;
  }
}
