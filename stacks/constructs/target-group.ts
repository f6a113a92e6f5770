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
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
}

/** Targets by IP address, as Fargate's tasks are. */
export class TargetGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** `targetgroup/<name>/<id>`: the TargetGroup dimension of its metrics. */
  readonly arnSuffix: string;
  /** For others to depend on. */
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
      // Only the port of targets that name none: ECS names its container's. Another one would replace the group, live or not.
      lifecycle: { ignoreChanges: ["port"] },
      deregistrationDelay: String(props.deregistrationDelaySeconds),
      healthCheck: {
        path: healthCheck.path,
        protocol: "HTTP",
        port: "traffic-port",
        matcher: "200",
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
