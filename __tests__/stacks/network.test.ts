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

  it("leaves the default security group without rules", () => {
    const group = template.only("aws_default_security_group");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });
});
