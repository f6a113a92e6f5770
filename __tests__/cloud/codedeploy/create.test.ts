import { createHash } from "node:crypto";
import { AwsError } from "../../../scripts/cloud/parts";
import { appSpec, FakeCloud, NEW, OLD } from "./fake-cloud";

function refusal(action: () => unknown): AwsError {
  try {
    action();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

describe("the revision of a deployment", () => {
  it("may be YAML", async () => {
    const cloud = new FakeCloud();
    const content = [
      "version: 0.0",
      "Resources:",
      "  - TargetService:",
      "      Type: AWS::ECS::Service",
      "      Properties:",
      `        TaskDefinition: "${NEW}"`,
      "        LoadBalancerInfo:",
      "          ContainerName: api",
      "          ContainerPort: 8080",
      "        PlatformVersion: 1.4.0",
    ].join("\n");
    const id = cloud.deploy({ appSpec: { content, sha256: sha256(content) } });
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]).toMatchObject({ taskDefinitionArn: NEW, settings: { platformVersion: "1.4.0" } });
    expect(cloud.deployment(id).appSpec).toEqual({ content, sha256: sha256(content) });
  });

  it("hands the network and the capacity providers on in ECS's own terms", async () => {
    const cloud = new FakeCloud();
    const AwsvpcConfiguration = { Subnets: ["subnet-9"], SecurityGroups: ["sg-9"], AssignPublicIp: "ENABLED" };
    const CapacityProviderStrategy = [{ CapacityProvider: "FARGATE_SPOT", Weight: 1, Base: 0 }];
    const content = appSpec({ NetworkConfiguration: { AwsvpcConfiguration }, CapacityProviderStrategy });
    const id = cloud.deploy({ appSpec: { content } });
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]?.settings).toEqual({
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ["subnet-9"], securityGroups: ["sg-9"], assignPublicIp: "ENABLED" },
      },
      capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }],
    });
  });

  it("drops the service's capacity providers when it names none", async () => {
    const cloud = new FakeCloud({ service: { capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT" }] } });
    const id = cloud.deploy();
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]?.settings.capacityProviderStrategy).toEqual([]);
  });

  it("says nothing of capacity providers when the service has none", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]?.settings).toEqual({});
  });

  it.each([
    ["is empty", "", "RevisionRequiredException", "empty"],
    ["is neither YAML nor JSON", "a: [", "InvalidRevisionException", "neither YAML nor JSON"],
    ["has another version", appSpec().replace('"version":0', '"version":1'), "InvalidRevisionException", "version"],
    ["has no service", '{"version":0.0,"Resources":[]}', "InvalidRevisionException", "exactly one service"],
    [
      "is for another platform",
      appSpec().replace("AWS::ECS::Service", "AWS::Lambda::Function"),
      "InvalidRevisionException",
      "Resources[0].TargetService.Type",
    ],
    ["has a misspelt property", appSpec({ PlatformVersoin: "1.4.0" }), "InvalidRevisionException", "PlatformVersoin"],
    [
      "names a task definition that isn't there",
      appSpec({ TaskDefinition: "arn:task-definition/shop:9" }),
      "InvalidRevisionException",
      "there is no task definition arn:task-definition/shop:9",
    ],
    [
      "names a container that isn't there",
      appSpec({ LoadBalancerInfo: { ContainerName: "web", ContainerPort: 8080 } }),
      "InvalidRevisionException",
      "has no container web, only api",
    ],
    [
      "names a port that isn't mapped",
      appSpec({ LoadBalancerInfo: { ContainerName: "api", ContainerPort: 80 } }),
      "InvalidRevisionException",
      "has no port 80",
    ],
    [
      "has half a network",
      appSpec({ NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ["subnet-1"] } } }),
      "InvalidRevisionException",
      "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
    ],
    [
      "hooks an event that takes no hook",
      appSpec({}, [{ Install: "arn:lambda" }]),
      "InvalidRevisionException",
      "Hooks[0]",
    ],
  ])("is refused when it %s", (_what, content, type, message) => {
    const error = refusal(() => new FakeCloud().deploy({ appSpec: { content } }));
    expect(error.type).toBe(type);
    expect(error.message).toContain(message);
  });

  it("is refused when its sha256 is another", () => {
    const error = refusal(() => new FakeCloud().deploy({ appSpec: { content: appSpec(), sha256: sha256("other") } }));
    expect(error.type).toBe("InvalidRevisionException");
  });

  it("is refused when its task definition was deregistered", () => {
    const cloud = new FakeCloud();
    const at = cloud.ecs.definitions.findIndex(({ arn }) => arn === NEW);
    const record = cloud.ecs.definitions[at];
    if (record) cloud.ecs.definitions[at] = { ...record, status: "INACTIVE" };
    expect(refusal(() => cloud.deploy()).message).toContain("is INACTIVE, not ACTIVE");
  });
});

describe("the other arguments of CreateDeployment", () => {
  const alarms = (names: string[]) => ({ alarms: { enabled: true, names, ignorePollAlarmFailure: false } });

  it.each([
    ["a config that isn't there", { deploymentConfigName: "mine" }, "DeploymentConfigDoesNotExistException"],
    ["no alarm, though alarms are on", alarms([]), "InvalidAlarmConfigException"],
    ["an alarm twice", alarms(["a", "a"]), "InvalidAlarmConfigException"],
    ["an alarm without a name", alarms([""]), "InvalidAlarmConfigException"],
    ["more than ten alarms", alarms(Array.from({ length: 11 }, (_, i) => `a${i}`)), "AlarmsLimitExceededException"],
    ["rollback without events", { autoRollback: { enabled: true, events: [] } }, "InvalidAutoRollbackConfigException"],
    [
      "an unknown rollback event",
      { autoRollback: { enabled: true, events: ["DEPLOYMENT_SUCCESS"] } },
      "InvalidAutoRollbackConfigException",
    ],
  ])("are refused with %s", (_what, input, type) => {
    const cloud = new FakeCloud();
    expect(refusal(() => cloud.deploy(input)).type).toBe(type);
    expect(cloud.codeDeploy.deployments()).toEqual([]);
  });

  it("may name as many alarms as the quota of the account allows", () => {
    const cloud = new FakeCloud({ settings: { alarmsPerGroup: 11 } });
    expect(cloud.deploy(alarms(Array.from({ length: 11 }, (_, i) => `a${i}`)))).toMatch(/^d-/);
  });

  it("are told by the deployment", () => {
    const cloud = new FakeCloud();
    const deploymentConfigName = "CodeDeployDefault.ECSAllAtOnce";
    const id = cloud.deploy({ description: "release 2", deploymentConfigName });
    expect(cloud.deployment(id)).toMatchObject({ description: "release 2", deploymentConfigName });
  });
});

describe("the revision of a rollback", () => {
  it("describes blue, when no deployment made it", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    cloud.codeDeploy.stop(id, true);
    expect(cloud.rollback(id)?.appSpec.content).toContain(OLD);
  });

  it("is the one of the deployment that made blue, later", async () => {
    const cloud = new FakeCloud();
    // Not what the task set alone would be described with.
    const content = appSpec({ PlatformVersion: "1.4.0" });
    cloud.deploy({ appSpec: { content } });
    await cloud.until(1000);
    const second = cloud.deploy({ appSpec: { content: appSpec({ TaskDefinition: OLD }) } });
    await cloud.untilEvent(second, "AllowTraffic", "InProgress");
    cloud.codeDeploy.stop(second, true);
    expect(cloud.rollback(second)?.appSpec).toEqual({ content, sha256: sha256(content) });
  });
});
