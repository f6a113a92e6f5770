import { like, synthesize, type Block } from "./synthesize";

const network = (settings: Block) => synthesize({ network: settings }).stacks.network;

describe("the network", () => {
  const template = network({});

  it("has a public and a private subnet in each of two zones", () => {
    const zone = (index: number) => like(new RegExp(`aws_availability_zones\\..*names\\[${index}\\]`));
    expect(template.all("aws_subnet").map((subnet) => [subnet["cidr_block"], subnet["availability_zone"]])).toEqual(
      expect.arrayContaining([
        ["10.0.0.0/19", zone(0)],
        ["10.0.32.0/19", zone(1)],
        ["10.0.128.0/19", zone(0)],
        ["10.0.160.0/19", zone(1)],
      ]),
    );
    expect(template.all("aws_subnet")).toHaveLength(4);
  });

  it.each([2, 3])("names the key when the account sees fewer zones than %d", (zones) => {
    const { json } = network({ zones });
    expect(Object.values(json.data?.["aws_availability_zones"] ?? {})).toEqual([
      expect.objectContaining({
        lifecycle: {
          postcondition: [
            {
              condition: `\${length(self.names) >= ${zones}}`,
              error_message: like(
                new RegExp(`^network\\.zones is ${zones}, and this account sees .* in eu-central-1: `),
              ),
            },
          ],
        },
      }),
    ]);
  });

  it("never gives an instance a public address by itself", () => {
    for (const subnet of template.all("aws_subnet")) expect(subnet).not.toHaveProperty("map_public_ip_on_launch");
  });

  it.each([
    [2, "one", 1],
    [2, "one-per-zone", 2],
    [3, "one", 1],
    [3, "one-per-zone", 3],
  ])("with %d zones and NAT %s has %d gateways, and a way out of every private subnet", (zones, natGateways, count) => {
    const template = network({ zones, natGateways });
    expect(template.all("aws_nat_gateway")).toHaveLength(count);
    const outward = template.all("aws_route").flatMap((route) => route["nat_gateway_id"] ?? []);
    expect(outward).toHaveLength(zones);
    expect(new Set(outward).size).toBe(count);
  });

  it("routes the public subnets to the internet", () => {
    const route = template.all("aws_route").find(({ gateway_id }) => gateway_id !== undefined);
    expect(route).toMatchObject({
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: like(/aws_internet_gateway/),
    });
  });

  it("reaches DynamoDB and S3 from all private subnets without NAT", () => {
    const privateRoutes = template
      .all("aws_route")
      .flatMap((route) => (route["nat_gateway_id"] === undefined ? [] : [route["route_table_id"]]));
    for (const service of ["dynamodb", "s3"]) {
      const endpoint = template.find("aws_vpc_endpoint", { service_name: `com.amazonaws.eu-central-1.${service}` });
      expect(endpoint["vpc_endpoint_type"]).toBe("Gateway");
      expect(endpoint["route_table_ids"]).toEqual(privateRoutes);
    }
  });

  it("keeps to NAT for what has no gateway endpoint", () => {
    expect(template.all("aws_vpc_endpoint")).toHaveLength(2);
  });

  it("leaves the default security group without rules", () => {
    const group = template.only("aws_default_security_group");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });
});

describe("interface endpoints", () => {
  const template = network({ zones: 3, interfaceEndpoints: ["ecr", "logs", "codedeploy"] });
  const endpoints = template
    .all("aws_vpc_endpoint")
    .filter((endpoint) => endpoint["vpc_endpoint_type"] === "Interface");

  it("are those asked for, ECR's two among them, under the services' own names in every zone", () => {
    expect(endpoints.map(({ service_name: name }) => name).sort()).toEqual(
      ["codedeploy", "ecr.api", "ecr.dkr", "logs"].map((service) => `com.amazonaws.eu-central-1.${service}`),
    );
    for (const endpoint of endpoints) {
      expect(endpoint["private_dns_enabled"]).toBe(true);
      expect(endpoint["subnet_ids"]).toEqual(
        [0, 1, 2].map((zone) => like(new RegExp(`aws_subnet\\.vpc_private-${zone}`))),
      );
    }
  });

  it("answer HTTPS from inside the VPC alone", () => {
    const group = template.find("aws_security_group", { name: "carts-api-staging-endpoints" });
    const id = `\${${String(group["address"])}.id}`;
    for (const endpoint of endpoints) expect(endpoint["security_group_ids"]).toEqual([id]);
    expect(template.all("aws_vpc_security_group_ingress_rule")).toMatchObject([
      { security_group_id: id, cidr_ipv4: "10.0.0.0/16", from_port: 443, to_port: 443 },
    ]);
    expect(template.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  it.each([
    [["ecr"], 2],
    [["logs"], 1],
  ])("of %j are %d", (interfaceEndpoints, count) => {
    expect(network({ interfaceEndpoints }).all("aws_vpc_endpoint")).toHaveLength(2 + count);
  });
});

describe("flow logs", () => {
  const template = network({});

  it("record rejected connections, and are kept for a month", () => {
    const logs = template.find("aws_cloudwatch_log_group", { name: "/vpc/carts-api-staging", retention_in_days: 30 });
    expect(template.only("aws_flow_log")).toMatchObject({
      traffic_type: "REJECT",
      vpc_id: like(/aws_vpc\./),
      log_destination: `\${${String(logs["address"])}.arn}`,
    });
  });

  it("are written by a role that can only write to their log group, and can't create it", () => {
    const { policy, address } = template.find("aws_iam_role_policy", { name: "carts-api-staging-flow-logs" });
    const { Statement: statements } = JSON.parse(String(policy)) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    expect(statements).toMatchObject([
      { Resource: [like(/aws_cloudwatch_log_group.*\.arn}:\*$/)] },
      { Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
    ]);
    expect(statements[0]?.Action).not.toContain("logs:CreateLogGroup");
    expect(template.only("aws_flow_log")["depends_on"]).toEqual([address]);
    expect(String(template.only("aws_iam_role")["assume_role_policy"])).toContain("aws:SourceAccount");
  });

  it("can record all traffic, or none", () => {
    expect(network({ flowLogs: { traffic: "all" } }).only("aws_flow_log")["traffic_type"]).toBe("ALL");
    const none = network({ flowLogs: { traffic: "none" } });
    expect([...none.all("aws_flow_log"), ...none.all("aws_cloudwatch_log_group"), ...none.all("aws_iam_role")]).toEqual(
      [],
    );
  });
});

describe("an existing VPC", () => {
  const vpc = {
    id: "vpc-0123456789abcdef0",
    cidr: "172.31.0.0/16",
    publicSubnetIds: ["subnet-00000000000000001", "subnet-00000000000000002"],
    privateSubnetIds: ["subnet-00000000000000003", "subnet-00000000000000004"],
  };
  // Without addresses that the test listener admits, there can be no probe of a new version.
  const delivery = { hook: false };
  const { stacks, manifest } = synthesize({ delivery, network: { vpc } });

  it("has no network stack, and no stack depends on it", () => {
    const waitedFor = Object.values(manifest.stacks).flatMap(({ dependencies }) => dependencies);
    expect(Object.keys(manifest.stacks)).toContain("staging-service");
    expect([...Object.keys(manifest.stacks), ...waitedFor]).not.toContain("staging-network");
  });

  it("carries load balancer, target groups and tasks", () => {
    const { service } = stacks;
    expect(service.only("aws_lb")["subnets"]).toEqual(vpc.publicSubnetIds);
    expect(service.only("aws_ecs_service")["network_configuration"]).toMatchObject({ subnets: vpc.privateSubnetIds });
    for (const type of ["aws_lb_target_group", "aws_security_group"]) {
      for (const block of service.all(type)) expect(block["vpc_id"]).toBe(vpc.id);
    }
  });

  it.each([
    [undefined, []],
    [
      ["203.0.113.7", "203.0.113.8"],
      ["203.0.113.7/32", "203.0.113.8/32"],
    ],
  ])("reaches the test listener from its range, and from its NAT addresses %j", (natAddresses, cidrs) => {
    const network = { vpc: { ...vpc, ...(natAddresses && { natAddresses }) } };
    const { service } = synthesize({ delivery, network }).stacks;
    const sources = service
      .all("aws_vpc_security_group_ingress_rule")
      .flatMap((rule) => (rule["from_port"] === 9090 ? [rule["cidr_ipv4"]] : []));
    expect(sources).toEqual([vpc.cidr, ...cidrs]);
  });
});
