import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../stacks/config";
import { synthesize as synthesizeStacks } from "../../stacks/synthesis";
import { like, synthesize, type Block } from "./synthesize";

const REPOSITORY = { provider: "github", repository: "octo-org/orders" };
/** As little as possible like the example, with everything turned on that could speak of a table. */
const ORDERS = {
  project: "orders",
  ci: REPOSITORY,
  encryption: { customerManagedKey: true },
  network: { interfaceEndpoints: ["ecr", "logs", "codedeploy"] },
  loadBalancer: { waf: { enabled: true, logs: true } },
  service: {
    source: "services/order-taker",
    containerPort: 3000,
    table: false,
    egress: [{ port: 5432, to: "10.0.128.0/20" }],
  },
};

const containersOf = (settings: Block) =>
  JSON.parse(
    String(synthesize(settings).stacks.service.only("aws_ecs_task_definition")["container_definitions"]),
  ) as Block[];

describe("a service without a table", () => {
  const { stacks } = synthesize(ORDERS);

  it.each(Object.keys(stacks) as (keyof typeof stacks)[])("has nothing of a table in the stack %s", (stack) => {
    expect(/.{0,50}(?:dynamodb|table_name).{0,50}/i.exec(JSON.stringify(stacks[stack].json))).toBeNull();
  });

  it("has its own variable TABLE_NAME", () => {
    const settings = { service: { table: false, environment: { TABLE_NAME: "of their own" } } };
    expect(containersOf(settings)[0]?.["environment"]).toContainEqual({ name: "TABLE_NAME", value: "of their own" });
  });

  it("has a task role without an inline policy, which IAM would refuse without a statement", () => {
    const role = stacks.service.find("aws_iam_role", { name: "orders-staging-task" });
    const policies = stacks.service.all("aws_iam_role_policy").map(({ name }) => name);
    expect(role["assume_role_policy"]).toEqual(like(/ecs-tasks/));
    expect(policies).toEqual(["orders-staging-execution"]);
  });

  it("says what else the tasks reach by TCP 443", () => {
    const rules = stacks.service.all("aws_vpc_security_group_egress_rule").map(({ description }) => description);
    expect(rules).toEqual(["the tasks", "ECR, CloudWatch Logs", "service.egress"]);
  });
});

describe("the name of the container", () => {
  it.each([
    [{ source: "services/order-taker" }, "order-taker"],
    [{ source: "services/order-taker", container: "web" }, "web"],
  ])("of %j is the same in the task definition and in the service", (service, name) => {
    const settings = { service };
    const [container] = containersOf(settings);
    expect(container).toMatchObject({ name, logConfiguration: { options: { "awslogs-stream-prefix": name } } });
    expect(synthesize(settings).stacks.service.only("aws_ecs_service")["load_balancer"]).toMatchObject([
      { container_name: name },
    ]);
  });
});

describe("the name of the table", () => {
  it.each([
    [{}, "carts-api-staging-table"],
    [{ table: { nameSuffix: "Orders_2" } }, "carts-api-staging-Orders_2"],
  ])("with %j is %s", (settings, name) => {
    expect(synthesize(settings).stacks.service.only("aws_dynamodb_table")["name"]).toBe(name);
  });
});

describe("a folder without a Dockerfile", () => {
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), "stacks-"))));
  afterEach(() => rmSync(outdir, { recursive: true }));
  const config = (source: string) =>
    loadConfig({
      environment: "staging",
      context: {
        defaults: { project: "carts-api" },
        environments: { staging: { project: "orders", service: { source } } },
      },
    });

  it("ends the synthesis, by the key that names it", () => {
    expect(() => synthesizeStacks(config("services/none"), { outdir })).toThrow(
      "service.source: there is no services/none/Dockerfile; must be the folder of the service",
    );
  });

  it("can be rehearsed, because Terraform builds nothing then, but must be there", () => {
    synthesizeStacks(config("services/none"), {
      outdir,
      source: mkdtempSync(join(outdir, "service-")),
      rehearsal: true,
    });
    expect(existsSync(join(outdir, "manifest.json"))).toBe(true);
    expect(() => synthesizeStacks(config("services/none"), { outdir, rehearsal: true })).toThrow(
      "service.source: there is no services/none; must be the folder of the service",
    );
  });
});
