import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Construct } from "constructs";
import type { Listener } from "./listener";
import type { LoadBalancer } from "./load-balancer";

/** Settings of a listener that redirects. */
export interface RedirectListenerProps {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
  /** Where to; it may have been on `port` before. */
  readonly to: Listener;
}

/** A listener that answers HTTP with where HTTPS is: the same address, for good. No release touches it. */
export class RedirectListener extends Construct {
  constructor(scope: Construct, id: string, props: RedirectListenerProps) {
    super(scope, id);
    new LbListener(this, "listener", {
      loadBalancerArn: props.loadBalancer.arn,
      port: props.port,
      protocol: "HTTP",
      defaultAction: [
        {
          type: "redirect",
          redirect: { protocol: "HTTPS", port: String(props.to.port), statusCode: "HTTP_301" },
        },
      ],
      // Where HTTPS is turned on, the production listener has to leave this port first.
      dependsOn: [props.to.resource],
    });
  }
}
