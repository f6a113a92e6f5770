import { Lb } from "@cdktf/provider-aws/lib/lb";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

/** Settings of a load balancer. */
export interface LoadBalancerProps {
  readonly name: string;
  readonly vpcId: string;
  /** Public subnets, in two zones at least. */
  readonly subnetIds: readonly string[];
  /** Who may reach which port. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly cidrs: readonly string[] }[];
}

/** An internet-facing Application Load Balancer. What it may reach, the ones behind it say. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** `app/<name>/<id>`: the LoadBalancer dimension of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "security-group", {
      name: `${props.name}-load-balancer`,
      description: "Who may reach the load balancer",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-load-balancer` },
    });
    for (const { name, port, cidrs } of props.ports) {
      for (const [index, cidrIpv4] of cidrs.entries()) {
        new VpcSecurityGroupIngressRule(this, `${name}-${index}`, {
          securityGroupId: group.id,
          description: `${name} listener`,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
    const loadBalancer = new Lb(this, "load-balancer", {
      name: props.name,
      loadBalancerType: "application",
      internal: false,
      subnets: [...props.subnetIds],
      securityGroups: [group.id],
      dropInvalidHeaderFields: true,
    });
    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.securityGroupId = group.id;
  }
}
