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

  it("is nothing of a stack that is played as a whole", () => {
    expect(leftAlone(writeStacks(environment())).map(({ stack }) => stack)).not.toContain("staging-delivery");
  });
});
