import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer } from "./load-balancer";
import type { TargetGroup } from "./target-group";

/** Settings of a listener. */
export interface ListenerProps {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
  /** With one it speaks HTTPS, without it HTTP. */
  readonly certificate?: { readonly arn: string; readonly tlsPolicy: string };
  /** Target group at first; from the first release on, CodeDeploy decides. */
  readonly forwardTo: TargetGroup;
  /** The other one. */
  readonly neighbour: TargetGroup;
}

/** A listener whose traffic CodeDeploy moves from one target group to the other. */
export class Listener extends Construct {
  readonly arn: string;
  readonly port: number;
  /** For others to depend on. */
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
      // Either group may be the live one when all this is destroyed: none may go before the listener.
      dependsOn: [props.forwardTo.resource, props.neighbour.resource],
      lifecycle: { ignoreChanges: ["default_action"] },
    });
    this.arn = listener.arn;
    this.port = props.port;
    this.resource = listener;
  }
}
