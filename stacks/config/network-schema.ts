import { parseCidr, unusable, VPC_BITS } from "./cidr";
import { cidr, integer, listOfUnique, object, oneOf, retentionDays, text } from "./rules";

/** AWS services that the private subnets can reach through interface endpoints of their own. */
export const INTERFACE_ENDPOINTS = ["ecr", "logs", "codedeploy"] as const;

/** Largest and smallest VPC that AWS makes, in prefix bits: somebody else's may have any of these sizes. */
const ANY_VPC_BITS = { min: 16, max: 28 };

const subnetIds = listOfUnique(
  text("a subnet's id such as subnet-0123456789abcdef0", (value) => /^subnet-([\da-f]{8}|[\da-f]{17})$/.test(value)),
  2,
  "a list of at least two subnets, in different zones",
);

/** `network` in the configuration: the VPC to make, or the one that is there already. */
export const networkSchema = object({
  /** IPv4 range of the VPC. */
  cidr: cidr(
    `an IPv4 range from /${VPC_BITS.min} to /${VPC_BITS.max}, large enough for a public and a private subnet in each zone`,
    (bits) => bits >= VPC_BITS.min && bits <= VPC_BITS.max,
  ),
  /**
   * Availability zones used. Two survive the loss of one; a third costs one more NAT gateway with one-per-zone. Chosen at the
   * start: a service that runs keeps its subnets through every release, so a zone that comes later gets no tasks until
   * an appspec names its subnet, and one that is to go can't while tasks and load balancer are in it.
   */
  zones: integer(2, 3),
  /**
   * NAT gateways: one for all zones, or one in each. Each costs about 35 USD a month and 0.045 USD a GB. With one, the
   * loss of its zone cuts all tasks off from ECR and CloudWatch Logs, and traffic between zones costs 0.01 USD a GB.
   */
  natGateways: oneOf("one", "one-per-zone"),
  /**
   * Services reached without NAT: `ecr` (two endpoints, for its API and for its images), `logs`, `codedeploy`. Each
   * endpoint costs about 8 USD a month and zone, and 0.01 USD a GB: with little traffic NAT alone is cheaper. S3 and
   * DynamoDB always have gateway endpoints, which are free. None outside of the partitions aws and aws-us-gov, where some
   * have other names.
   */
  interfaceEndpoints: listOfUnique(oneOf(...INTERFACE_ENDPOINTS), 0, "a list of services"),
  /** Records of the VPC's connections in CloudWatch Logs, about 0.50 USD a GB. */
  flowLogs: object({
    /** `rejected` is little and shows who knocks; `all` shows who came in, and costs by traffic; `none` is blind. */
    traffic: oneOf("all", "rejected", "none"),
    retentionDays,
  }),
  /**
   * A VPC that is there already: no network stack then, and the keys above say nothing. NAT, endpoints (DynamoDB's, too)
   * and flow logs are its owner's business: without a way to ECR, CloudWatch Logs and DynamoDB no task starts.
   */
  vpc: object({
    id: text("a VPC's id such as vpc-0123456789abcdef0", (value) => /^vpc-([\da-f]{8}|[\da-f]{17})$/.test(value)),
    /** Its IPv4 range: what comes from there may reach the test listener. */
    cidr: cidr(
      `an IPv4 range from /${ANY_VPC_BITS.min} to /${ANY_VPC_BITS.max}`,
      (bits) => bits >= ANY_VPC_BITS.min && bits <= ANY_VPC_BITS.max,
    ),
    /** Where the load balancer stands: with a route to an internet gateway, in two zones or more. Chosen at the start, too. */
    publicSubnetIds: subnetIds,
    /** Where the tasks run, in zones of the public subnets. Another list reaches only a service that is made anew, or by its appspec. */
    privateSubnetIds: subnetIds,
    /** Public addresses that its private subnets' traffic comes from: they may reach the test listener. Default: none. */
    natAddresses: listOfUnique(
      text("an IPv4 address such as 203.0.113.7, that packets can come from", (value) => {
        const address = parseCidr(`${value}/32`);
        return address !== undefined && unusable(address) === undefined;
      }),
      0,
      "a list of IPv4 addresses",
    ).optional(),
  }).optional(),
});
