import { parseCidr, unusable, VPC_BITS } from "./cidr";
import { cidr, integer, listOfUnique, object, oneOf, retentionDays, text } from "./rules";

/** AWS services that the private subnets can reach through interface endpoints. */
export const INTERFACE_ENDPOINTS = ["ecr", "logs", "codedeploy"] as const;

/** Prefix lengths that AWS allows for a VPC (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html). */
const ANY_VPC_BITS = { min: 16, max: 28 };

const subnetIds = listOfUnique(
  text("a subnet's id such as subnet-0123456789abcdef0", (value) => /^subnet-([\da-f]{8}|[\da-f]{17})$/.test(value)),
  2,
  "a list of at least two subnets, in different zones",
);

/** `network` in the configuration: the VPC to create, or an existing one. */
export const networkSchema = object({
  /** IPv4 range of the VPC. */
  cidr: cidr(
    `an IPv4 range from /${VPC_BITS.min} to /${VPC_BITS.max}, large enough for a public and a private subnet in each zone`,
    (bits) => bits >= VPC_BITS.min && bits <= VPC_BITS.max,
  ),
  /**
   * Number of availability zones. With two, the service survives the loss of one. With one-per-zone, a third zone needs one more
   * NAT gateway. Choose it at the start: a running service keeps its subnets through every release. A zone that is added later
   * gets no tasks until an appspec names its subnet. A zone can't be removed while tasks or the load balancer use it.
   */
  zones: integer(2, 3),
  /**
   * NAT gateways: one for all zones, or one in each. Each costs about 35 USD a month and 0.045 USD per GB. With one, the loss of
   * its zone disconnects all tasks from ECR and CloudWatch Logs, and traffic between zones costs 0.01 USD per GB.
   */
  natGateways: oneOf("one", "one-per-zone"),
  /**
   * Services that the tasks reach without NAT: `ecr` (two endpoints, for its API and for its images), `logs`, `codedeploy`. Each
   * endpoint costs about 8 USD per month and zone, and 0.01 USD per GB: with little traffic, NAT alone is cheaper. S3 and DynamoDB
   * always have gateway endpoints, which are free. Only for the partitions aws and aws-us-gov: in others, some endpoints have
   * other names.
   */
  interfaceEndpoints: listOfUnique(oneOf(...INTERFACE_ENDPOINTS), 0, "a list of services"),
  /** Records of the VPC's connections in CloudWatch Logs, for about 0.50 USD per GB. */
  flowLogs: object({
    /** `rejected` records refused connections, which are few. The cost of `all` grows with the traffic. */
    traffic: oneOf("all", "rejected", "none"),
    retentionDays,
  }),
  /**
   * An existing VPC. There is no network stack then, and the keys above have no effect. The owner of the VPC provides NAT,
   * endpoints (also DynamoDB's) and flow logs. Tasks that can't reach ECR, CloudWatch Logs and DynamoDB don't start.
   */
  vpc: object({
    id: text("a VPC's id such as vpc-0123456789abcdef0", (value) => /^vpc-([\da-f]{8}|[\da-f]{17})$/.test(value)),
    /** Its IPv4 range. Addresses in it may reach the test listener. */
    cidr: cidr(
      `an IPv4 range from /${ANY_VPC_BITS.min} to /${ANY_VPC_BITS.max}`,
      (bits) => bits >= ANY_VPC_BITS.min && bits <= ANY_VPC_BITS.max,
    ),
    /**
     * Subnets of the load balancer, in at least two zones, with a route to an internet gateway. Choose them at the start. Only an
     * existing load balancer needs none.
     */
    publicSubnetIds: subnetIds.optional(),
    /** Subnets of the tasks, in the zones of the public subnets. A change affects only a new service, or needs an appspec. */
    privateSubnetIds: subnetIds,
    /** Public addresses from which the private subnets send. They may reach the test listener. Default: none. */
    natAddresses: listOfUnique(
      text("an IPv4 address such as 203.0.113.7, that can send packets", (value) => {
        const address = parseCidr(`${value}/32`);
        return address !== undefined && unusable(address) === undefined;
      }),
      0,
      "a list of IPv4 addresses",
    ).optional(),
  }).optional(),
});
