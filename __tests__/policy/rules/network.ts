import { at, list, type Estate } from "../estate";
import { accompanied, adding, every, none, set, without, type Check, type Rule } from "../rule";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const WORLD = ["0.0.0.0/0", "::/0"];

/** Ports of every listener but the test listener. */
const publicPorts = (estate: Estate) =>
  estate
    .all("aws_lb_listener")
    .filter(({ path }) => !path.includes("test-listener"))
    .map(({ block }) => block["port"]);

const toWorld = (block: unknown) => WORLD.includes(String(at(block, "cidr_ipv4") ?? at(block, "cidr_ipv6")));

/** Every VPC has an endpoint for the service. */
const reaches = (service: string): Check =>
  accompanied("aws_vpc", "aws_vpc_endpoint", (block) => String(block["service_name"]).endsWith(`.${service}`));

/** Network: who comes in, who gets out, and who is seen. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "default-security-group-closed",
    title: "The default security group of every VPC lets nothing through",
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
    title: "The world reaches the production listener and its redirect, and nothing else",
    scanners: ["CKV_AWS_24", "CKV_AWS_25", "AVD-AWS-0107"],
    check: every(INGRESS, (block, estate) => !toWorld(block) || publicPorts(estate).includes(block["from_port"])),
    breach: set(INGRESS, "cidr_ipv4", "0.0.0.0/0", "port-9090"),
  },
  {
    id: "ingress-one-port",
    title: "A way in is one port of TCP",
    scanners: ["CKV_AWS_277"],
    check: every(INGRESS, (block) => block["ip_protocol"] === "tcp" && block["from_port"] === block["to_port"]),
    breach: set(INGRESS, "ip_protocol", "-1"),
  },
  {
    id: "egress-one-port",
    title: "A way out is one port of TCP",
    scanners: ["CKV_AWS_382"],
    check: every(EGRESS, (block) => block["ip_protocol"] === "tcp" && block["from_port"] === block["to_port"]),
    breach: set(EGRESS, "ip_protocol", "-1"),
  },
  {
    id: "no-egress-to-world",
    title: "No way out leads everywhere",
    scanners: ["AVD-AWS-0104"],
    check: every(EGRESS, (block) => !toWorld(block)),
    breach: adding(EGRESS, { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 22, to_port: 22 }),
  },
  {
    id: "security-group-rules-apart",
    title: "Security groups have their rules as resources of their own, where a plan shows each",
    scanners: [],
    check: every("aws_security_group", (block) => !("ingress" in block) && !("egress" in block)),
    breach: set("aws_security_group", "ingress", [{ protocol: "tcp", from_port: 22, to_port: 22 }]),
  },
  {
    id: "security-group-described",
    title: "Every security group says what it is for",
    scanners: ["CKV_AWS_23", "AVD-AWS-0099"],
    check: every(
      "aws_security_group",
      (block) => !["", "undefined", "Managed by Terraform"].includes(String(block["description"])),
    ),
    breach: set("aws_security_group", "description", "Managed by Terraform"),
  },
  {
    id: "security-group-rule-described",
    title: "Every rule of a security group says what it is for",
    scanners: ["CKV_AWS_23", "AVD-AWS-0124"],
    check: (estate) =>
      [INGRESS, EGRESS].flatMap((type) => every(type, (block) => Boolean(block["description"]))(estate)),
    breach: set(INGRESS, "description", ""),
  },
  {
    id: "security-group-used",
    title: "Every security group is worn by something",
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
    title: "S3, where image layers are, is reached without NAT",
    scanners: [],
    check: reaches("s3"),
    breach: without("aws_vpc_endpoint"),
  },
  {
    id: "dynamodb-without-nat",
    title: "DynamoDB is reached without NAT",
    scanners: [],
    check: reaches("dynamodb"),
    breach: without("aws_vpc_endpoint"),
  },
  {
    id: "interface-endpoints-guarded",
    title: "An interface endpoint has a security group, and answers under the service's own name",
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
    title: "A VPC endpoint has a policy that narrows who uses it for what",
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
    title: "The account's default VPC stays unused",
    scanners: ["CKV_AWS_148"],
    check: none("aws_default_vpc"),
    breach: adding("aws_default_vpc", {}),
  },
];
