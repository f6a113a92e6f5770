import type { Construct } from "constructs";
import type { Config } from "./config";
import { FlowLogs } from "./constructs/flow-logs";
import { InterfaceEndpoints } from "./constructs/interface-endpoints";
import { rangeSource, type TrafficSource } from "./constructs/load-balancer";
import { Vpc } from "./constructs/vpc";
import { EnvironmentStack } from "./environment-stack";

/** Values of the network for the other stacks. */
export interface NetworkValues {
  readonly vpcId: string;
  /** IPv4 range of the VPC. */
  readonly cidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** The public addresses from which the private subnets send. */
  readonly nat: readonly TrafficSource[];
}

/** The values of the existing network; undefined when the configuration names none. */
export function existingNetwork({ vpc }: Config["network"]): NetworkValues | undefined {
  if (!vpc) return undefined;
  const { id, cidr, publicSubnetIds = [], privateSubnetIds } = vpc;
  const nat = (vpc.natAddresses ?? []).map((address) => rangeSource(`${address}/32`));
  return { vpcId: id, cidr, publicSubnetIds, privateSubnetIds, nat };
}

/** The network: VPC, subnets, routes, NAT, endpoints and flow logs. */
export class NetworkStack extends EnvironmentStack {
  readonly values: NetworkValues;

  constructor(scope: Construct, config: Config) {
    super(scope, config, "network");
    const { names } = this;
    const { cidr, zones, natGateways, interfaceEndpoints, flowLogs } = config.network;
    const { prefix: name } = names;
    const { region } = config;
    const vpc = new Vpc(this, "vpc", {
      ...{ name, region, cidr, zones, natGateways },
      // ECR stores image layers in S3.
      gatewayEndpoints: [...(config.service.table ? (["dynamodb"] as const) : []), "s3"],
    });
    if (interfaceEndpoints.length > 0) {
      new InterfaceEndpoints(this, "interface-endpoints", {
        name,
        region,
        cidr,
        vpcId: vpc.id,
        subnetIds: vpc.privateSubnetIds,
        services: interfaceEndpoints,
      });
    }
    if (flowLogs.traffic !== "none") {
      new FlowLogs(this, "flow-logs", {
        name: `${name}-flow-logs`,
        logGroupName: names.flowLogGroup,
        vpcId: vpc.id,
        traffic: flowLogs.traffic,
        retentionDays: flowLogs.retentionDays,
      });
    }
    this.values = {
      vpcId: vpc.id,
      cidr,
      publicSubnetIds: vpc.publicSubnetIds,
      privateSubnetIds: vpc.privateSubnetIds,
      nat: vpc.natAddresses.map((address, zone) => ({ id: `nat-${zone}`, cidr: `${address}/32` })),
    };
    this.output("vpc_id", vpc.id, "The VPC");
  }
}
