import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planEnvironment, type PlanOptions } from "../../scripts/plan/environment";
import { StacksError } from "../../scripts/command/synthesized-stacks";
import { TerraformMissingError, errorText } from "../../scripts/plan/terraform";
import { FakeTerraform, type FakeStack } from "./fake-terraform";
import { create, destroy } from "./plan-fixture";
import { writeStacks } from "../command/synthesized-fixture";

const STACKS = {
  network: {},
  registry: {},
  service: { network: ["vpc"], registry: ["image"] },
  delivery: { service: ["arn"] },
};

describe("planning an environment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "environment-"));
    writeStacks(folder, STACKS, { docker: "registry" });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function plan(stacks: Readonly<Record<string, FakeStack>>, options: Partial<PlanOptions> = {}) {
    const terraform = new FakeTerraform(stacks);
    const review = await planEnvironment({
      environment: "staging",
      root: folder,
      synthesized: folder,
      variables: {},
      run: terraform.run,
      ...options,
    });
    return { terraform, review, by: Object.fromEntries(review.stacks.map((stack) => [stack.name, stack])) };
  }
  const APPLIED = { network: { outputs: ["vpc"] }, registry: { outputs: ["image"] }, service: { outputs: ["arn"] } };

  it("plans every stack, each after those it reads from", async () => {
    const { review } = await plan({ ...APPLIED, service: { outputs: ["arn"], changes: [create("aws_ecs_cluster")] } });
    expect(review.stacks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "network planned",
      "registry planned",
      "service planned",
      "delivery planned",
    ]);
    expect(review.stacks[2]).toMatchObject({ changes: [{ address: "aws_ecs_cluster.it", kind: "create" }] });
  });

  it("plans what can be planned in a first deployment, and names what the other stacks wait for", async () => {
    const { by } = await plan({ network: { changes: [create("aws_vpc")] } });
    expect(by["network"]).toMatchObject({ status: "planned" });
    expect(by["service"]).toEqual({
      name: "service",
      status: "waiting",
      for: [
        { stack: "network", outputs: ["vpc"] },
        { stack: "registry", outputs: ["image"] },
      ],
      applied: false,
    });
    expect(by["delivery"]).toMatchObject({ status: "waiting", for: [{ stack: "service", outputs: ["arn"] }] });
  });

  it.each([
    ["has resources already", [{ type: "aws_ecs_service" }], true],
    ["had some once", [], false],
  ])("knows of a stack that waits whether it %s, without its providers", async (_what, resources, applied) => {
    const { by, terraform } = await plan({ ...APPLIED, service: { outputs: [] }, delivery: { resources } });
    expect(by["delivery"]).toMatchObject({ status: "waiting", for: [{ stack: "service" }], applied });
    const looks = terraform.calls.filter(({ stack }) => stack === "delivery");
    expect(looks.map(({ args }) => args[0])).toEqual(["init", "state"]);
    expect(looks[0]?.files).toEqual(["main.tf.json"]);
  });

  it("fails a stack that Terraform has not planned completely, in words", async () => {
    const more = { complete: false, deferred_changes: [{ resource_change: { address: "aws_vpc.it" } }] };
    const { by } = await plan({ ...APPLIED, network: { outputs: ["vpc"], more } });
    expect(by["network"]).toMatchObject({
      status: "failed",
      step: "terraform plan",
      message: "Terraform deferred aws_vpc.it: the plan is not complete.",
    });
  });

  it("plans a stack whose neighbour waits, when what it reads is there", async () => {
    const { by } = await plan({ ...APPLIED, network: { outputs: [] } });
    expect(by["service"]).toMatchObject({ status: "waiting", for: [{ stack: "network", outputs: ["vpc"] }] });
    expect(by["delivery"]).toMatchObject({ status: "planned" });
  });

  it("doesn't plan a skipped stack, but reads its state without its providers", async () => {
    const { by, terraform } = await plan(APPLIED, { skip: ["registry"] });
    expect(by["registry"]).toEqual({ name: "registry", status: "skipped" });
    expect(by["service"]).toMatchObject({ status: "planned" });
    const registry = terraform.calls.filter(({ stack }) => stack === "registry");
    expect(registry.map(({ args }) => args[0])).toEqual(["init", "output"]);
    expect(registry[0]?.files).toEqual(["main.tf.json"]);
  });

  it("reports a stack to skip that doesn't exist", async () => {
    const told: string[] = [];
    const { review } = await plan(APPLIED, { skip: ["access"], onProgress: (text) => told.push(text) });
    expect(told).toContain("there is no stack access to skip");
    expect(review.stacks).toHaveLength(4);
  });

  it("plans only the stacks that are named", async () => {
    const { review } = await plan(APPLIED, { stacks: ["staging-service"] });
    expect(review.stacks.map(({ name }) => name)).toEqual(["service"]);
  });

  it("continues after a stack that can't be planned, and keeps Terraform's error", async () => {
    const complaint = "╷\n│ Error: no such thing\n│ \n│   on line 3\n╵\n";
    const { by } = await plan({ ...APPLIED, network: { outputs: ["vpc"], complaint } });
    expect(by["network"]).toMatchObject({
      status: "failed",
      step: "terraform plan",
      message: "Error: no such thing\n\n  on line 3",
    });
    expect(by["service"]).toMatchObject({ status: "planned" });
  });

  it.each([
    ["", "nothing"],
    ["\n", "nothing"],
    ["Setting up s3cret\n{}", "no JSON"],
    ["null", "JSON of another form: it: Invalid input: expected record, received null"],
    ['["s3cret"]', "JSON of another form: it: Invalid input: expected record, received array"],
  ])("fails the stacks that read from a state of which Terraform prints %j", async (printed, what) => {
    const { by } = await plan({ ...APPLIED, network: { printed } });
    expect(by["network"]).toMatchObject({ status: "planned" });
    expect(by["service"]).toMatchObject({ status: "failed", step: "terraform output" });
    expect(by["service"]).toHaveProperty(
      "message",
      expect.stringContaining(`for the stack network, it ended with 0, but printed ${what}; check that`),
    );
    expect(JSON.stringify(by)).not.toContain("s3cret");
    expect(by["delivery"]).toMatchObject({ status: "planned" });
  });

  it.each(["no JSON", '{"resources":"many"}', "[]"])("fails a waiting stack with the state %j", async (printed) => {
    const { by } = await plan({ service: { printed }, registry: { outputs: ["image"] } });
    expect(by["service"]).toMatchObject({ status: "failed", step: "terraform state" });
  });

  it("keeps secrets out of Terraform's errors", async () => {
    const complaint = "Error: can't reach postgres://app:s3cret@db:5432/tasks with --token s3cret";
    const { by } = await plan({ ...APPLIED, network: { outputs: ["vpc"], complaint } });
    expect(by["network"]).toMatchObject({
      message: "Error: can't reach postgres://app:(sensitive)@db:5432/tasks with --token (sensitive)",
    });
  });

  it("reviews what it has planned", async () => {
    const { by } = await plan({ ...APPLIED, network: { outputs: ["vpc"], changes: [destroy("aws_vpc")] } });
    expect(by["network"]).toMatchObject({ findings: [{ rule: "loses-network", level: "danger" }] });
  });

  it("changes nothing: it takes no lock, asks for no input, and leaves no plan file", async () => {
    const { terraform } = await plan(APPLIED);
    const plans = terraform.calls.filter(({ args }) => args[0] === "plan");
    expect(plans).toHaveLength(4);
    for (const { args } of plans) expect(args).toEqual(expect.arrayContaining(["-lock=false", "-input=false"]));
    expect(terraform.calls.map(({ args }) => args[0])).not.toContain("apply");
    expect(terraform.planFiles.filter((file) => existsSync(file))).toEqual([]);
  });

  it("adds the settings of an emulator to every backend and every read of another state, temporarily", async () => {
    const { terraform } = await plan(APPLIED, { backendConfig: ["use_path_style=true"] });
    const inits = terraform.calls.filter(({ args }) => args[0] === "init");
    for (const { args } of inits) expect(args).toContain("-backend-config=use_path_style=true");
    expect(terraform.overrides.get("delivery")).toEqual({
      data: {
        terraform_remote_state: {
          "cross-stack-reference-input-staging-service": {
            config: { bucket: "state", key: "service", use_path_style: "true" },
          },
        },
      },
    });
    expect(readdirSync(join(folder, "stacks", "staging-delivery"))).toEqual(["cdk.tf.json"]);
  });

  it("uses the program that CDKTF would use", async () => {
    const commands: string[] = [];
    await plan(APPLIED, {
      variables: { TERRAFORM_BINARY_NAME: "tofu" },
      run: (program) => {
        commands.push(program.command);
        return new FakeTerraform(APPLIED).run(program);
      },
    });
    expect(new Set(commands)).toEqual(new Set(["tofu"]));
  });

  it("says so when there is no Terraform, or no such stack, or nothing synthesized", async () => {
    const missing = () => Promise.reject(Object.assign(new Error("spawn terraform ENOENT"), { code: "ENOENT" }));
    await expect(plan(APPLIED, { run: missing })).rejects.toThrow(TerraformMissingError);
    await expect(plan(APPLIED, { stacks: ["regsitry"] })).rejects.toThrow("no stack regsitry");
    await expect(plan(APPLIED, { synthesized: join(folder, "nowhere") })).rejects.toThrow(StacksError);
  });

  it("synthesizes first when no folder is given, and ends with the error of a synthesis that fails", async () => {
    const run = jest.fn(() => Promise.resolve({ code: 1, stdout: "", stderr: "configuration refused\n" }));
    const options = { environment: "production", root: folder, variables: { PATH: "p" }, run };
    await expect(planEnvironment(options)).rejects.toThrow("configuration refused");
    expect(run).toHaveBeenCalledWith(
      expect.objectContaining({
        command: process.execPath,
        directory: folder,
        environment: { PATH: "p", ENVIRONMENT: "production", CDKTF_OUTDIR: join(folder, "cdktf.out") },
      }),
    );
  });
});

it("gives an error text even when Terraform printed nothing", () => {
  expect(errorText({ code: null, stdout: "", stderr: "" })).toBe("it ended with a signal without output");
  expect(errorText({ code: 3, stdout: "", stderr: "" })).toBe("it ended with exit code 3 without output");
});
