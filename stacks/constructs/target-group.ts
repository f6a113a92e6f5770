import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Settings of a target group. Times in seconds. */
export interface TargetGroupProps {
  readonly name: string;
  readonly vpcId: string;
  readonly port: number;
  readonly deregistrationDelaySeconds: number;
  readonly healthCheck: {
    readonly path: string;
    /** Statuses of a healthy answer, such as `200` or `200-299`. */
    readonly matcher: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
}

/** A target group of IP addresses, as Fargate needs it. */
export class TargetGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** `targetgroup/<name>/<id>`: the TargetGroup dimension of its metrics. */
  readonly arnSuffix: string;
  /** For other resources to depend on. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const { healthCheck } = props;
    const group = new LbTargetGroup(this, "target-group", {
      name: props.name,
      vpcId: props.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      port: props.port,
      // This port is only a default, and ECS registers targets with the container's port. A change would replace the target group.
      lifecycle: { ignoreChanges: ["port"] },
      deregistrationDelay: String(props.deregistrationDelaySeconds),
      healthCheck: {
        path: healthCheck.path,
        protocol: "HTTP",
        port: "traffic-port",
        matcher: healthCheck.matcher,
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThreshold,
        unhealthyThreshold: healthCheck.unhealthyThreshold,
      },
    });
    this.name = group.name;
    this.arn = group.arn;
    this.arnSuffix = group.arnSuffix;
    this.resource = group;
  }
}
