import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Construct } from "constructs";
import type { Listener } from "./listener";
import type { LoadBalancer } from "./load-balancer";

/** Settings of a listener that redirects. */
export interface RedirectListenerProps {
  readonly loadBalancer: LoadBalancer;
  readonly port: number;
  /** The HTTPS listener. It may have used `port` before. */
  readonly to: Listener;
}

/** A listener that redirects HTTP permanently to the same URL with HTTPS. Releases don't change it. */
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
      // When HTTPS is turned on later, the production listener must release this port first.
      dependsOn: [props.to.resource],
    });
  }
}
