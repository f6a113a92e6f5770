import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { LoadBalancer } from "./load-balancer";

/** Settings of a load balancer's DNS name. */
export interface AliasProps {
  readonly domainName: string;
  /** Route 53 zone of the domain name. */
  readonly zoneId: string;
  readonly loadBalancer: LoadBalancer;
}

/** A DNS name for a load balancer, whose addresses change. Route 53 does not charge for queries of an alias record. */
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
