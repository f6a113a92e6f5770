import { createHash } from "node:crypto";
import { AwsError } from "../../../scripts/cloud/aws-error";
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

/** A JSON text with every key of it written in another way. */
function keysWritten(json: string, written: (key: string) => string): string {
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [written(key), rewrite(entry)]));
  };
  return JSON.stringify(rewrite(JSON.parse(json)));
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

  // As AWS's guide, its CLI, its Action and its CDK library write them, and as nobody does.
  it.each<[string, (key: string) => string]>([
    ["lower case", (key) => key.toLowerCase()],
    ["upper case", (key) => key.toUpperCase()],
    ["camel case", (key) => key.charAt(0).toLowerCase() + key.slice(1)],
    ["upper case at the beginning", (key) => key.charAt(0).toUpperCase() + key.slice(1)],
  ])("may have its keys in %s, every one of them", async (_, written) => {
    const AwsvpcConfiguration = { Subnets: ["subnet-9"], SecurityGroups: ["sg-9"], AssignPublicIp: "ENABLED" };
    const content = appSpec(
      {
        PlatformVersion: "1.4.0",
        NetworkConfiguration: { AwsvpcConfiguration },
        CapacityProviderStrategy: [{ CapacityProvider: "FARGATE_SPOT", Weight: 1, Base: "2" }],
      },
      [{ BeforeInstall: "first" }, { AfterAllowTraffic: "last" }],
    );
    const called: string[] = [];
    const cloud = new FakeCloud({ invokeHook: (name) => void called.push(name) });
    const id = cloud.deploy({ appSpec: { content: keysWritten(content, written) } });
    await cloud.untilEvent(id, "BeforeInstall", "InProgress");
    expect(called).toEqual(["first"]);
    const withoutHooks = keysWritten(content.replace(/,"Hooks":.*\]/, ""), written);
    const other = new FakeCloud();
    const second = other.deploy({ appSpec: { content: withoutHooks } });
    await other.untilEvent(second, "Install", "InProgress");
    expect(other.ecs.all()[1]).toMatchObject({
      taskDefinitionArn: NEW,
      containerName: "api",
      settings: {
        platformVersion: "1.4.0",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-9"], securityGroups: ["sg-9"], assignPublicIp: "ENABLED" },
        },
        capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 2 }],
      },
    });
  });

  it.each(["0", "0.0", '"0.0"', "1", "1.0", '"1"'])("may have the version %s", (version) => {
    const content = appSpec().replace('"version":0', `"version":${version}`);
    expect(new FakeCloud().deploy({ appSpec: { content } })).toMatch(/^d-/);
  });

  it("may have only the documented version where that is set", () => {
    const cloud = new FakeCloud({ settings: { appSpecVersions: [0] } });
    const content = appSpec().replace('"version":0', '"version":1');
    expect(refusal(() => cloud.deploy({ appSpec: { content } })).message).toContain("version: must be 0.0, not 1");
    expect(cloud.deploy()).toMatch(/^d-/);
  });

  it("may have keys without a value", () => {
    const content = `${appSpec({ PlatformVersion: null, NetworkConfiguration: null }).slice(0, -1)},"hooks":null}`;
    expect(new FakeCloud().deploy({ appSpec: { content } })).toMatch(/^d-/);
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

  it("has no capacity providers when the service has none", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]?.settings).toEqual({});
  });

  it.each([
    ["is empty", "", "RevisionRequiredException", "empty"],
    ["is neither YAML nor JSON", "a: [", "InvalidRevisionException", "neither YAML nor JSON"],
    ["has another version", appSpec().replace('"version":0', '"version":2'), "InvalidRevisionException", "not 2"],
    ["has a word as version", appSpec().replace('"version":0', '"version":"x"'), "InvalidRevisionException", "version"],
    ["has an empty version", appSpec().replace('"version":0', '"version":""'), "InvalidRevisionException", "version"],
    ["has no version", appSpec().replace('"version":0,', ""), "InvalidRevisionException", "version: must be 0.0"],
    ["has null as version", appSpec().replace('"version":0', '"version":null'), "InvalidRevisionException", "version"],
    [
      "has a key twice, in two cases",
      appSpec().replace('"version":0,', '"version":0,"resources":[],'),
      "InvalidRevisionException",
      "resources and Resources are the same key",
    ],
    [
      "has a key twice in the same case",
      appSpec().replace('"version":0,', '"version":0,"version":0,'),
      "InvalidRevisionException",
      "unique",
    ],
    [
      "hooks an event twice",
      appSpec({}, [{ AfterInstall: "a" }, { afterInstall: "b" }]),
      "InvalidRevisionException",
      "Hooks: AfterInstall is named twice",
    ],
    [
      "has null for the task definition",
      appSpec({ TaskDefinition: null }),
      "InvalidRevisionException",
      "TaskDefinition",
    ],
    ...["shop", "shop:2", "arn:aws:ecs:::task-definition/shop:2", NEW.replace(/:2$/, ":*"), NEW.replace(/:2$/, "")].map(
      (reference): [string, string, string, string] => [
        `names ${reference} as task definition`,
        appSpec({ TaskDefinition: reference }),
        "InvalidRevisionException",
        `TaskDefinition: the ARN ${reference} can't be parsed`,
      ],
    ),
    [
      "has an odd port",
      appSpec({ LoadBalancerInfo: { ContainerName: "api", ContainerPort: "http" } }),
      "InvalidRevisionException",
      "ContainerPort: must be a whole number",
    ],
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
      appSpec({ TaskDefinition: NEW.replace(/2$/, "9") }),
      "InvalidRevisionException",
      "there is no task definition arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:9",
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

  it("are shown by the deployment", () => {
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
