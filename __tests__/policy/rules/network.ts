import { parseCidr } from "../../../stacks/config/cidr";
import { list, type Block, type Estate } from "../estate";
import { accompanied, adding, all, every, none, set, without, type Check, type Rule } from "../rule";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
/** A range with a shorter prefix than this counts as the world. */
const WIDEST_BITS = { ipv4: 8, ipv6: 16 };

/** Ports of every listener but the test listener. */
const publicPorts = (estate: Estate) =>
  estate
    .all("aws_lb_listener")
    .filter(({ path }) => !path.includes("test-listener"))
    .map(({ block }) => block["port"]);

/** Whether the rule of a security group has a range that counts as the world, in either of its two attributes. */
const toWorld = ({ cidr_ipv4: ipv4, cidr_ipv6: ipv6 }: Block) =>
  (typeof ipv4 === "string" && (parseCidr(ipv4)?.bits ?? 32) < WIDEST_BITS.ipv4) ||
  (typeof ipv6 === "string" && Number(ipv6.split("/")[1] ?? 128) < WIDEST_BITS.ipv6);

/** Whether it is a rule of a load balancer's security group. */
const isFrontDoor = ({ security_group_id: group }: Block, estate: Estate) =>
  estate.all("aws_lb").some(({ block }) => list(block["security_groups"]).includes(group));

/** Checks that every VPC has an endpoint for the service in all route tables with NAT. */
const reaches =
  (service: string): Check =>
  (estate) => {
    const byNat = estate.all("aws_route").filter(({ block }) => block["nat_gateway_id"] !== undefined);
    return accompanied(
      "aws_vpc",
      "aws_vpc_endpoint",
      (block) =>
        String(block["service_name"]).endsWith(`.${service}`) &&
        byNat.every(({ block: route }) => list(block["route_table_ids"]).includes(route["route_table_id"])),
    )(estate);
  };

/** Rules for the network. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "default-security-group-closed",
    title: "The default security group of every VPC has no rules",
    scanners: ["CKV2_AWS_12", "AVD-AWS-0173"],
    check: (estate) => [
      ...accompanied("aws_vpc", "aws_default_security_group")(estate),
      ...every(
        "aws_default_security_group",
        (block) => list(block["ingress"]).length + list(block["egress"]).length === 0,
      )(estate),
    ],
    breach: set("aws_default_security_group", "ingress", [{ protocol: "-1", self: true, from_port: 0, to_port: 0 }]),
  },
  {
    id: "flow-logs",
    title: "Every VPC has flow logs",
    scanners: ["CKV2_AWS_11", "AVD-AWS-0178"],
    check: accompanied("aws_vpc", "aws_flow_log"),
    breach: without("aws_flow_log"),
  },
  {
    id: "no-public-address-by-default",
    title: "No subnet gives its instances public addresses",
    scanners: ["CKV_AWS_130", "AVD-AWS-0164"],
    check: every("aws_subnet", (block) => block["map_public_ip_on_launch"] !== true),
    breach: set("aws_subnet", "map_public_ip_on_launch", true),
  },
  {
    id: "world-reaches-production-alone",
    title: "Only the production listener and its redirect are open to the world",
    scanners: ["CKV_AWS_24", "CKV_AWS_25", "AVD-AWS-0107"],
    check: every(
      INGRESS,
      (block, estate) =>
        !toWorld(block) || (isFrontDoor(block, estate) && publicPorts(estate).includes(block["from_port"])),
    ),
    breach: [
      set(INGRESS, "cidr_ipv4", "0.0.0.0/0", "port-9090"),
      set(INGRESS, "cidr_ipv4", "0.0.0.0/1", "port-9090"),
      set(INGRESS, "cidr_ipv6", "::/0", "port-9090"),
      set(INGRESS, "from_port", 22, "port-443"),
      all(
        set(INGRESS, "cidr_ipv4", "0.0.0.0/0", "service/service/from-load-balancer"),
        set(INGRESS, "from_port", 80, "service/service/from-load-balancer"),
        set(INGRESS, "to_port", 80, "service/service/from-load-balancer"),
      ),
    ],
  },
  {
    id: "ingress-one-port",
    title: "An ingress rule allows one TCP port",
    scanners: ["CKV_AWS_277"],
    check: every(INGRESS, (block) => block["ip_protocol"] === "tcp" && block["from_port"] === block["to_port"]),
    breach: set(INGRESS, "ip_protocol", "-1"),
  },
  {
    id: "egress-one-port",
    title: "An egress rule allows one TCP port",
    scanners: ["CKV_AWS_382"],
    check: every(EGRESS, (block) => block["ip_protocol"] === "tcp" && block["from_port"] === block["to_port"]),
    breach: set(EGRESS, "ip_protocol", "-1"),
  },
  {
    id: "no-egress-to-world",
    title: "No egress rule allows all addresses",
    scanners: ["AVD-AWS-0104"],
    check: every(EGRESS, (block) => !toWorld(block)),
    breach: [
      adding(EGRESS, { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 22, to_port: 22 }),
      adding(EGRESS, { cidr_ipv4: "10.0.0.0/16", cidr_ipv6: "::/0", ip_protocol: "tcp", from_port: 22, to_port: 22 }),
      adding(EGRESS, { cidr_ipv4: "128.0.0.0/1", ip_protocol: "tcp", from_port: 22, to_port: 22 }),
    ],
  },
  {
    id: "security-group-rules-apart",
    title: "Security group rules are separate resources with one source each, so that a plan shows each",
    scanners: [],
    check: (estate) => [
      ...every("aws_security_group", (block) => !("ingress" in block) && !("egress" in block))(estate),
      // It has lists of sources, which the rules above don't check.
      ...none("aws_security_group_rule")(estate),
    ],
    breach: [
      set("aws_security_group", "ingress", [{ protocol: "tcp", from_port: 22, to_port: 22 }]),
      adding("aws_security_group_rule", { type: "ingress", cidr_blocks: ["0.0.0.0/0"], from_port: 22, to_port: 22 }),
    ],
  },
  {
    id: "security-group-described",
    title: "Every security group has a description",
    scanners: ["CKV_AWS_23", "AVD-AWS-0099"],
    check: every(
      "aws_security_group",
      (block) => !["", "undefined", "Managed by Terraform"].includes(String(block["description"])),
    ),
    breach: set("aws_security_group", "description", "Managed by Terraform"),
  },
  {
    id: "security-group-rule-described",
    title: "Every security group rule has a description",
    scanners: ["CKV_AWS_23", "AVD-AWS-0124"],
    check: (estate) =>
      [INGRESS, EGRESS].flatMap((type) => every(type, (block) => Boolean(block["description"]))(estate)),
    breach: set(INGRESS, "description", ""),
  },
  {
    id: "security-group-used",
    title: "Every security group is used",
    scanners: ["CKV2_AWS_5"],
    check: every("aws_security_group", (_, estate, group) =>
      estate.referrers(group).some(({ type }) => !type.startsWith("aws_vpc_security_group_")),
    ),
    breach: adding("aws_security_group", { name: "orphan", description: "Worn by nothing" }),
  },
  {
    id: "private-subnets-behind-nat",
    title: "A subnet of the tasks has no route to the internet gateway",
    scanners: [],
    check: every("aws_route", (block, _, { path }) => !path.includes("private") || block["gateway_id"] === undefined),
    breach: set("aws_route", "gateway_id", "${aws_internet_gateway.internet.id}", "private"),
  },
  {
    id: "s3-without-nat",
    title: "S3, which stores image layers, is reached without NAT",
    scanners: [],
    check: reaches("s3"),
    breach: [without("aws_vpc_endpoint"), set("aws_vpc_endpoint", "route_table_ids", undefined, "s3-endpoint")],
  },
  {
    id: "dynamodb-without-nat",
    title: "DynamoDB, if there is a table, is reached without NAT",
    scanners: [],
    check: (estate) => (estate.all("aws_dynamodb_table").length === 0 ? [] : reaches("dynamodb")(estate)),
    breach: [
      without("aws_vpc_endpoint"),
      set("aws_vpc_endpoint", "route_table_ids", ["${aws_route_table.another.id}"], "dynamodb-endpoint"),
    ],
  },
  {
    id: "interface-endpoints-guarded",
    title: "An interface endpoint has a security group, and the service's usual DNS name",
    scanners: [],
    check: every(
      "aws_vpc_endpoint",
      (block) =>
        block["vpc_endpoint_type"] !== "Interface" ||
        (list(block["security_group_ids"]).length > 0 && block["private_dns_enabled"] === true),
    ),
    breach: set("aws_vpc_endpoint", "private_dns_enabled", false, "interface-endpoints"),
  },
  {
    id: "endpoint-policy",
    title: "A VPC endpoint has a policy that limits its use",
    scanners: [],
    check: every("aws_vpc_endpoint", (block) => block["policy"] !== undefined),
    breach: adding("aws_vpc_endpoint", { service_name: "com.amazonaws.eu-central-1.sqs" }),
  },
  {
    id: "addresses-used",
    title: "Every public address is used",
    scanners: ["CKV2_AWS_19"],
    check: accompanied("aws_eip", "aws_nat_gateway"),
    breach: adding("aws_eip", { domain: "vpc" }),
  },
  {
    id: "no-default-vpc",
    title: "The account's default VPC is not used",
    scanners: ["CKV_AWS_148"],
    check: none("aws_default_vpc"),
    breach: adding("aws_default_vpc", {}),
  },
];
