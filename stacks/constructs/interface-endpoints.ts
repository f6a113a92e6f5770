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
  /** The VPC's range: who may use them. */
  readonly cidr: string;
  /** Where each endpoint has an address. */
  readonly subnetIds: readonly string[];
  readonly services: readonly Service[];
}

/** ECR answers at two addresses: its API, and the registry that images are pulled from. */
const ENDPOINTS: Readonly<Record<Service, readonly string[]>> = {
  ecr: ["ecr.api", "ecr.dkr"],
  logs: ["logs"],
  codedeploy: ["codedeploy"],
};

/** Ways to AWS services inside the VPC, under the services' usual names. */
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
