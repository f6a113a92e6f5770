import { resolve } from "node:path";
import { STACKS } from "../../stacks/names";
import { synthesize } from "./synthesize";

describe("the stacks of an environment", () => {
  const staging = synthesize();

  it("are four, one after the other, so that a failure interrupts no other apply", () => {
    const dependencies = Object.fromEntries(
      Object.entries(staging.manifest.stacks).map(([name, stack]) => [name, [...stack.dependencies].sort()]),
    );
    expect(dependencies).toEqual({
      "staging-network": [],
      "staging-registry": ["staging-network"],
      "staging-service": ["staging-network", "staging-registry"],
      "staging-delivery": ["staging-network", "staging-service"],
    });
  });

  it.each(STACKS)("require in %s the Terraform version that the lock file of the state needs", (stack) => {
    expect(staging.stacks[stack].json.terraform.required_version).toBe(">= 1.11");
  });

  it.each(STACKS)("keep the state of %s in S3, encrypted, under a key of its own, with a lock file", (stack) => {
    expect(staging.stacks[stack].json.terraform.backend).toEqual({
      s3: {
        bucket: "carts-api-terraform-state",
        region: "eu-central-1",
        key: `carts-api/staging/${stack}.tfstate`,
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("find the state bucket where it is", () => {
    const { stacks } = synthesize({
      region: "eu-west-1",
      state: { backend: "s3", bucket: "states", region: "us-east-1" },
    });
    expect(stacks.network.json.terraform.backend["s3"]).toMatchObject({ bucket: "states", region: "us-east-1" });
    expect(stacks.network.json.provider["aws"]).toMatchObject([{ region: "eu-west-1" }]);
  });

  it("keep local state separate by stack and environment, and read the other states there", () => {
    const { stacks } = synthesize({ state: { backend: "local" } }, "production");
    const file = (stack: string) => resolve(`terraform.tfstate.d/carts-api/production/${stack}.tfstate`);
    expect(stacks.network.json.terraform.backend).toEqual({ local: { path: file("network") } });
    expect(Object.values(stacks.delivery.json.data?.["terraform_remote_state"] ?? {})).toMatchObject([
      { backend: "local", config: { path: file("network") } },
      { backend: "local", config: { path: file("service") } },
    ]);
  });

  it("tag everything with project, environment and stack, and the user's tags", () => {
    const { stacks } = synthesize({ tags: { team: "tasks" } });
    expect(stacks.delivery.json.provider["aws"]).toMatchObject([
      {
        default_tags: [
          { tags: { team: "tasks", project: "carts-api", environment: "staging", stack: "staging-delivery" } },
        ],
      },
    ]);
  });

  it("refuse any account but the configured one", () => {
    const { stacks } = synthesize({ account: "123456789012" });
    for (const stack of STACKS) {
      expect(stacks[stack].json.provider["aws"]).toMatchObject([{ allowed_account_ids: ["123456789012"] }]);
    }
    expect(staging.stacks.network.json.provider["aws"]?.[0]).not.toHaveProperty("allowed_account_ids");
  });

  it("have outputs with fixed names", () => {
    const outputs = STACKS.flatMap((stack) => Object.keys(staging.stacks[stack].json.output ?? {}));
    expect(outputs.filter((name) => !name.startsWith("cross-stack-output")).sort()).toEqual([
      "application_name",
      "cluster_name",
      "deployment_group_name",
      "first_image",
      "hook_function_name",
      "log_group_name",
      "repository_url",
      "service_name",
      "table_name",
      "tasks_security_group_id",
      "test_url",
      "topic_arn",
      "url",
      "vpc_id",
    ]);
  });
});
