import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { INTERFACE_ENDPOINTS } from "../config/network-schema";

type Service = (typeof INTERFACE_ENDPOINTS)[number];

/** Settings of a VPC's interface endpoints. */
export interface InterfaceEndpointsProps {
  /** Prefix of the names. */
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** The VPC's range. Its addresses may use the endpoints. */
  readonly cidr: string;
  /** Subnets in which each endpoint has an address. */
  readonly subnetIds: readonly string[];
  readonly services: readonly Service[];
}

/**
 * Endpoints of each service. ECR needs two: for its API, and for pulling images
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
 */
const ENDPOINTS: Readonly<Record<Service, readonly string[]>> = {
  ecr: ["ecr.api", "ecr.dkr"],
  logs: ["logs"],
  codedeploy: ["codedeploy"],
};

/** Endpoints of AWS services in the VPC, with the usual DNS names of the services. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const name = `${props.name}-endpoints`;
    const group = new SecurityGroup(this, "security-group", {
      name,
      description: "Who may reach the interface endpoints",
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    new VpcSecurityGroupIngressRule(this, "from-vpc", {
      securityGroupId: group.id,
      description: "the VPC",
      cidrIpv4: props.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    for (const service of props.services.flatMap((key) => ENDPOINTS[key])) {
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId: props.vpcId,
        serviceName: `com.amazonaws.${props.region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [...props.subnetIds],
        securityGroupIds: [group.id],
        tags: { Name: `${props.name}-${service}` },
      });
    }
  }
}
