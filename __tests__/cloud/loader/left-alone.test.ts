import { leftAlone } from "../../../scripts/cloud/loader/left-alone";
import { environment, removeStacks, writeStacks } from "./stacks-fixture";

afterEach(removeStacks);

describe("what the local cloud leaves alone", () => {
  it("is told by stack and type, and how often", () => {
    expect(leftAlone(writeStacks(environment()))).toEqual([
      { stack: "staging-network", resources: ["aws_subnet", "aws_vpc"] },
      { stack: "staging-service", resources: ["aws_iam_role ×2", "aws_security_group"] },
    ]);
  });

  it("is a listener that only redirects, by its name", () => {
    const stacks = environment();
    Object.assign(stacks["staging-service"].resource.aws_lb_listener, {
      redirect: {
        load_balancer_arn: "${aws_lb.main.arn}",
        port: 80,
        default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
      },
    });
    const found = leftAlone(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toBe("aws_lb_listener.redirect (port 80: forwards nowhere)");
  });

  it("is a secret, by the name of the variable that a task lacks without it", () => {
    const stacks = environment();
    const [definition] = Object.values(stacks["staging-service"].resource.aws_ecs_task_definition);
    const secrets = [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" }];
    Object.assign(definition ?? {}, { container_definitions: JSON.stringify([{ name: "api", secrets }, {}]) });
    const found = leftAlone(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toMatch(/^aws_ecs_task_definition\.\w+ \(secrets, not read here: TOKEN\)$/);
  });

  it("is where the tasks may go on AWS, for here they may go everywhere", () => {
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
    const found = leftAlone(writeStacks(stacks)).find(({ stack }) => stack === "staging-service");
    expect(found?.resources[0]).toBe(
      "aws_vpc_security_group_egress_rule (tasks reach everything here, on AWS only " +
        "tcp 443 to 0.0.0.0/0, tcp 8000-8010 to sg-1)",
    );
  });

  it("is nothing of a stack that is played as a whole", () => {
    expect(leftAlone(writeStacks(environment())).map(({ stack }) => stack)).not.toContain("staging-delivery");
  });
});
