import type { Construct } from "constructs";
import type { Config } from "./config";
import { Vpc } from "./constructs/vpc";
import { EnvironmentStack } from "./environment-stack";

/** What the other stacks take from the network: values, not resources. */
export interface NetworkValues {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  /** Public addresses that the private subnets' traffic comes from. */
  readonly natAddresses: readonly string[];
}

/** Changes rarely and carries everything: VPC, subnets, routes, NAT, endpoints. */
export class NetworkStack extends EnvironmentStack {
  readonly values: NetworkValues;

  constructor(scope: Construct, config: Config) {
    super(scope, config, "network");
    const vpc = new Vpc(this, "vpc", { name: this.names.prefix, region: config.region, ...config.network });
    this.values = {
      vpcId: vpc.id,
      publicSubnetIds: vpc.publicSubnetIds,
      privateSubnetIds: vpc.privateSubnetIds,
      natAddresses: vpc.natAddresses,
    };
    this.output("vpc_id", vpc.id, "The VPC");
  }
}
