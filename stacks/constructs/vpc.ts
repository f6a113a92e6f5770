import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { rangeOf, subnetRanges } from "../config/cidr";

/** Settings of a VPC. */
export interface VpcProps {
  /** Prefix of the Name tags. */
  readonly name: string;
  readonly region: string;
  /** IPv4 range, /16 to /24. */
  readonly cidr: string;
  /** Availability zones: two or three. */
  readonly zones: number;
  readonly natGateways: "one" | "one-per-zone";
  /** AWS services that the private subnets reach without NAT, free of charge. */
  readonly gatewayEndpoints: readonly ("dynamodb" | "s3")[];
}

const ANYWHERE = "0.0.0.0/0";

/** A VPC with a public and a private subnet in each zone. Private subnets send through NAT and gateway endpoints. */
export class Vpc extends Construct {
  readonly id: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** Public addresses of the NAT gateways. */
  readonly natAddresses: readonly string[];

  /** @throws Error when `cidr` is not an IPv4 range */
  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    const ranges = subnetRanges(rangeOf(props.cidr), props.zones);

    const vpc = new AwsVpc(this, "vpc", {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.name },
    });
    // Removes all rules of the VPC's default security group, so that nothing can use it by accident.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id });
    const zones = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      // No Local Zones: some of them don't support load balancers or NAT gateways.
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      // In some regions the number of zones differs between accounts. Without this, Terraform fails with "Invalid index".
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(self.names) >= ${props.zones}}`,
            errorMessage:
              `network.zones is ${props.zones}, and this account sees \${length(self.names)} availability zones in ` +
              `${props.region}: set it to as many, or take another region.`,
          },
        ],
      },
    });
    const subnet = (kind: "public" | "private", range: string, zone: number) =>
      new Subnet(this, `${kind}-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: range,
        availabilityZone: `\${${zones.fqn}.names[${zone}]}`,
        tags: { Name: `${props.name}-${kind}-${zone}` },
      });
    const publicSubnets = ranges.public.map((range, zone) => subnet("public", range, zone));
    const privateSubnets = ranges.private.map((range, zone) => subnet("private", range, zone));

    const internet = new InternetGateway(this, "internet", { vpcId: vpc.id, tags: { Name: props.name } });
    const publicRoutes = new RouteTable(this, "public-routes", {
      vpcId: vpc.id,
      tags: { Name: `${props.name}-public` },
    });
    new Route(this, "public-route", {
      routeTableId: publicRoutes.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internet.id,
    });
    for (const [zone, { id: subnetId }] of publicSubnets.entries()) {
      new RouteTableAssociation(this, `public-association-${zone}`, { subnetId, routeTableId: publicRoutes.id });
    }

    const nats = publicSubnets.slice(0, props.natGateways === "one" ? 1 : props.zones).map((publicSubnet, zone) => {
      const name = `${props.name}-nat-${zone}`;
      const address = new Eip(this, `nat-address-${zone}`, {
        domain: "vpc",
        tags: { Name: name },
        dependsOn: [internet],
      });
      const nat = new NatGateway(this, `nat-${zone}`, {
        allocationId: address.id,
        subnetId: publicSubnet.id,
        tags: { Name: name },
        dependsOn: [internet],
      });
      return { id: nat.id, address: address.publicIp };
    });
    const routeTableIds = privateSubnets.map(({ id: subnetId }, zone) => {
      const routes = new RouteTable(this, `private-routes-${zone}`, {
        vpcId: vpc.id,
        tags: { Name: `${props.name}-private-${zone}` },
      });
      new RouteTableAssociation(this, `private-association-${zone}`, { subnetId, routeTableId: routes.id });
      new Route(this, `private-route-${zone}`, {
        routeTableId: routes.id,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: (nats[zone] ?? nats[0])?.id,
      });
      return routes.id;
    });
    for (const service of props.gatewayEndpoints) {
      new VpcEndpoint(this, `${service}-endpoint`, {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${props.region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds,
        tags: { Name: `${props.name}-${service}` },
      });
    }

    this.id = vpc.id;
    this.publicSubnetIds = publicSubnets.map(({ id: subnetId }) => subnetId);
    this.privateSubnetIds = privateSubnets.map(({ id: subnetId }) => subnetId);
    this.natAddresses = nats.map(({ address }) => address);
  }
}
