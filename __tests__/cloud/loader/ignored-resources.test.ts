import { ignoredResources } from "../../../scripts/cloud/loader/ignored-resources";
import { environment, removeStacks, writeStacks } from "./stacks-fixture";

afterEach(removeStacks);

describe("the resources that the local cloud ignores", () => {
  it("are listed by stack and type, with their number", () => {
    expect(ignoredResources(writeStacks(environment()))).toEqual([
      { stack: "staging-network", resources: ["aws_subnet", "aws_vpc"] },
      { stack: "staging-service", resources: ["aws_iam_role ×2", "aws_security_group"] },
    ]);
  });

  it("include a listener that only redirects, by its name", () => {
    const stacks = environment();
    Object.assign(stacks["staging-service"].resource.aws_lb_listener, {
      redirect: {
        load_balancer_arn: "${aws_lb.main.arn}",
        port: 80,
        default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
      },
    });
    const found = ignoredResources(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toBe("aws_lb_listener.redirect (port 80: forwards nowhere)");
  });

  it("include a secret, by the name of its variable", () => {
    const stacks = environment();
    const [definition] = Object.values(stacks["staging-service"].resource.aws_ecs_task_definition);
    const secrets = [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" }];
    Object.assign(definition ?? {}, { container_definitions: JSON.stringify([{ name: "api", secrets }, {}]) });
    const found = ignoredResources(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toMatch(/^aws_ecs_task_definition\.\w+ \(secrets, not read here: TOKEN\)$/);
  });

  it("include the egress rules of the tasks, which hold on AWS only", () => {
    const stacks = environment();
    const [service] = Object.values(stacks["staging-service"].resource.aws_ecs_service);
    Object.assign(service ?? {}, { network_configuration: { subnets: ["subnet-1"], security_groups: ["${group}"] } });
    const tcp = { security_group_id: "${group}", ip_protocol: "tcp" };
    Object.assign(stacks["staging-service"].resource, {
      aws_vpc_security_group_egress_rule: {
        https: { ...tcp, cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 },
        range: { ...tcp, referenced_security_group_id: "sg-1", from_port: 8000, to_port: 8010 },
        others: { ...tcp, security_group_id: "${other}", cidr_ipv4: "10.0.0.0/8", from_port: 1, to_port: 1 },
      },
    });
    const found = ignoredResources(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toBe(
      "aws_vpc_security_group_egress_rule (tasks reach everything here, on AWS only " +
        "tcp 443 to 0.0.0.0/0, tcp 8000-8010 to sg-1)",
    );
  });

  it("have no entry for a stack that is emulated completely", () => {
    expect(ignoredResources(writeStacks(environment())).map(({ stack }) => stack)).not.toContain("staging-delivery");
  });
});
