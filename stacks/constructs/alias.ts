import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { LoadBalancer } from "./load-balancer";

/** Settings of a load balancer's name. */
export interface AliasProps {
  readonly domainName: string;
  /** Route 53 zone that the domain name lies in. */
  readonly zoneId: string;
  readonly loadBalancer: LoadBalancer;
}

/** A name that leads to a load balancer, whatever addresses that has. Route 53 asks nothing for queries of it. */
export class Alias extends Construct {
  constructor(scope: Construct, id: string, props: AliasProps) {
    super(scope, id);
    new Route53Record(this, "record", {
      zoneId: props.zoneId,
      name: props.domainName,
      type: "A",
      alias: { name: props.loadBalancer.dnsName, zoneId: props.loadBalancer.zoneId, evaluateTargetHealth: true },
    });
  }
}
