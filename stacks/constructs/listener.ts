import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer } from "./load-balancer";
import type { TargetGroup } from "./target-group";

/** Settings of a listener. */
export interface ListenerProps {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
  /** For HTTPS; without it, the listener uses HTTP. */
  readonly certificate?: { readonly arn: string; readonly tlsPolicy: string };
  /** The initial target group. From the first release on, CodeDeploy decides. */
  readonly forwardTo: TargetGroup;
  /** The target group that CodeDeploy may forward to later. */
  readonly otherTargetGroup: TargetGroup;
}

/** A listener whose traffic CodeDeploy shifts from one target group to the other. */
export class Listener extends Construct {
  readonly arn: string;
  readonly port: number;
  /** For other resources to depend on. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ListenerProps) {
    super(scope, id);
    const listener = new LbListener(this, "listener", {
      loadBalancerArn: props.loadBalancer.arn,
      port: props.port,
      ...(props.certificate
        ? { protocol: "HTTPS", certificateArn: props.certificate.arn, sslPolicy: props.certificate.tlsPolicy }
        : { protocol: "HTTP" }),
      defaultAction: [{ type: "forward", targetGroupArn: props.forwardTo.arn }],
      // Either target group may be in use, so both must be destroyed after the listener.
      dependsOn: [props.forwardTo.resource, props.otherTargetGroup.resource],
      lifecycle: { ignoreChanges: ["default_action"] },
    });
    this.arn = listener.arn;
    this.port = props.port;
    this.resource = listener;
  }
}
