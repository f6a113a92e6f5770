import { Lb } from "@cdktf/provider-aws/lib/lb";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { LogBucket } from "./log-bucket";

/** Addresses from which connections are allowed. */
export interface TrafficSource {
  /** Describes the source itself, not its position in a list: it is part of the rule's address in Terraform's state. */
  readonly id: string;
  /** IPv4 range. */
  readonly cidr: string;
}

/** The source for a range that is known at synthesis. */
export function rangeSource(cidr: string): TrafficSource {
  return { id: cidr.replaceAll(/[./]/g, "-"), cidr };
}

/** Settings of a load balancer. */
export interface LoadBalancerProps {
  readonly name: string;
  readonly vpcId: string;
  /** Public subnets, in at least two zones. */
  readonly subnetIds: readonly string[];
  /** The ports, with the sources that may reach them. Duplicate sources count once. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly from: readonly TrafficSource[] }[];
  /** The load balancer and its access logs can't be destroyed. */
  readonly deletionProtection: boolean;
  /** Access logs: the bucket's name without the account id, and the number of days that they are kept. */
  readonly accessLogs?: { readonly bucketPrefix: string; readonly retentionDays: number };
}

/** An internet-facing Application Load Balancer. The services behind it add its egress rules. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** `app/<name>/<id>`: the LoadBalancer dimension of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** Route 53 zone of `dnsName`, for aliases. */
  readonly zoneId: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "security-group", {
      name: `${props.name}-load-balancer`,
      description: "Who may reach the load balancer",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-load-balancer` },
    });
    for (const { name, port, from } of props.ports) {
      // The ids contain port and source, not a number. With numbers, removing one rule would renumber the others. Terraform
      // would then change one rule while another still exists, and AWS refuses duplicate rules.
      for (const [source, cidrIpv4] of new Map(from.map(({ id: what, cidr }) => [what, cidr]))) {
        new VpcSecurityGroupIngressRule(this, `port-${port}-from-${source}`, {
          securityGroupId: group.id,
          description: `${name} listener`,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        });
      }
    }
    const logs =
      props.accessLogs &&
      new LogBucket(this, "access-logs", {
        namePrefix: props.accessLogs.bucketPrefix,
        retentionDays: props.accessLogs.retentionDays,
        forceDestroy: !props.deletionProtection,
      });
    const loadBalancer = new Lb(this, "load-balancer", {
      name: props.name,
      loadBalancerType: "application",
      internal: false,
      subnets: [...props.subnetIds],
      securityGroups: [group.id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: props.deletionProtection,
      // AWS writes a test file when access logs are turned on, so the bucket's policy must exist before.
      ...(logs && { accessLogs: { bucket: logs.name, enabled: true }, dependsOn: [logs.policy] }),
    });
    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.securityGroupId = group.id;
  }
}
