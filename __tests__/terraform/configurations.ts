import { shipped, type Settings } from "./synthesized";

/** Nothing but what is built in. */
const SMALLEST: Settings = { environments: { staging: {} } };

/** The configurations that hold in every test of this folder, as the context of cdktf.json, each for `staging`. */
export const CONFIGURATIONS: Readonly<Record<string, Settings>> = {
  "the smallest configuration": SMALLEST,
  "the shipped configuration of staging": shipped("staging"),
  "a VPC of one's own": shipped("staging", {
    network: {
      vpc: {
        id: "vpc-0123456789abcdef0",
        cidr: "10.1.0.0/16",
        publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      },
    },
  }),
  "a linear strategy of one's own": shipped("staging", {
    delivery: { strategy: { type: "linear", percentage: 20, intervalMinutes: 2 } },
  }),
};
