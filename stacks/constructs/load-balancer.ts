import { Lb } from "@cdktf/provider-aws/lib/lb";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { LogBucket } from "./log-bucket";

/** Where connections may come from. */
export interface Source {
  /** Says what the source is, and not its place in a list: it is part of the rule's address in Terraform's state. */
  readonly id: string;
  /** IPv4 range. */
  readonly cidr: string;
}

/** A range that is known when the stacks are synthesized. */
export function fromRange(cidr: string): Source {
  return { id: cidr.replaceAll(/[./]/g, "-"), cidr };
}

/** Settings of a load balancer. */
export interface LoadBalancerProps {
  readonly name: string;
  readonly vpcId: string;
  /** Public subnets, in two zones at least. */
  readonly subnetIds: readonly string[];
  /** Who may reach which port; a source that is named twice counts once. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly from: readonly Source[] }[];
  /** Neither it nor its access logs can be destroyed. */
  readonly deletionProtection: boolean;
  /** Where its access logs go: the bucket's name but for the account id, and how many days they stay. */
  readonly accessLogs?: { readonly bucketPrefix: string; readonly retentionDays: number };
}

/** An internet-facing Application Load Balancer. What it may reach, the ones behind it say. */
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
      // By port and source: were rules numbered, one that goes would move the others up, and Terraform makes the change of
      // one rule and the end of another at once. AWS refuses a rule that the group has already.
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
      // AWS tries to write a first file when it is told the bucket.
      ...(logs && { accessLogs: { bucket: logs.name, enabled: true }, dependsOn: [logs.policy] }),
    });
    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.securityGroupId = group.id;
  }
}
