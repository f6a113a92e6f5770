import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentConfigCommand,
  CreateDeploymentGroupCommand,
  DeleteApplicationCommand,
  DeleteDeploymentConfigCommand,
  DeleteDeploymentGroupCommand,
  GetApplicationCommand,
  GetDeploymentConfigCommand,
  GetDeploymentGroupCommand,
  ListApplicationsCommand,
  ListDeploymentConfigsCommand,
  ListDeploymentGroupsCommand,
  ListDeploymentsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationCommand,
  UpdateDeploymentGroupCommand,
  type CreateDeploymentConfigCommandInput,
  type CreateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { codeDeployAccount } from "./codedeploy-account";
import { LISTENER, START, TEST_LISTENER } from "./fake-cloud";

const endpoint = codeDeployAccount(new SteppedClock(START));
let client: CodeDeployClient;

beforeAll(async () => {
  await endpoint.start();
  client = new CodeDeployClient({
    endpoint: endpoint.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  // Every test begins with an empty account.
  const { applications = [] } = await client.send(new ListApplicationsCommand({}));
  for (const applicationName of applications) await client.send(new DeleteApplicationCommand({ applicationName }));
});

afterAll(async () => {
  client.destroy();
  await endpoint.stop();
});

const shop = { applicationName: "shop", computePlatform: "ECS" as const };
const group = { applicationName: "shop", deploymentGroupName: "blue-green" };
const ROLE = "arn:aws:iam::123456789012:role/shop-codedeploy";

const groupInput = (more: Partial<CreateDeploymentGroupCommandInput> = {}): CreateDeploymentGroupCommandInput => ({
  ...group,
  serviceRoleArn: ROLE,
  deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
  deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
  alarmConfiguration: { enabled: true, alarms: [{ name: "shop-target-5xx-1" }] },
  autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
    terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
  },
  ecsServices: [{ clusterName: "shop", serviceName: "shop" }],
  loadBalancerInfo: {
    targetGroupPairInfoList: [
      {
        targetGroups: [{ name: "shop-1" }, { name: "shop-2" }],
        prodTrafficRoute: { listenerArns: [LISTENER] },
        testTrafficRoute: { listenerArns: [TEST_LISTENER] },
      },
    ],
  },
  ...more,
});

const createGroup = async (more: Partial<CreateDeploymentGroupCommandInput> = {}) => {
  await client.send(new CreateApplicationCommand(shop));
  return client.send(new CreateDeploymentGroupCommand(groupInput(more)));
};
const described = async () => (await client.send(new GetDeploymentGroupCommand(group))).deploymentGroupInfo;
const tagsOf = async (ResourceArn: string) =>
  (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags?.map(({ Key, Value }) => `${Key}=${Value}`);
const arn = (resource: string) => `arn:aws:codedeploy:eu-central-1:123456789012:${resource}`;

it("begins with the predefined configs and nothing else", async () => {
  expect((await client.send(new ListApplicationsCommand({}))).applications).toEqual([]);
  expect((await client.send(new ListDeploymentsCommand({}))).deployments).toEqual([]);
  const { deploymentConfigsList = [] } = await client.send(new ListDeploymentConfigsCommand({}));
  expect(deploymentConfigsList).toHaveLength(17);
  expect(deploymentConfigsList.every((name) => name.startsWith("CodeDeployDefault."))).toBe(true);
});

describe("CodeDeploy's own configs", () => {
  const configOf = async (name: string) => {
    const command = new GetDeploymentConfigCommand({ deploymentConfigName: `CodeDeployDefault.${name}` });
    return (await client.send(command)).deploymentConfigInfo;
  };

  it.each([
    ["AllAtOnce", "Server", { minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } }],
    ["HalfAtATime", "Server", { minimumHealthyHosts: { type: "FLEET_PERCENT", value: 50 } }],
    ["OneAtATime", "Server", { minimumHealthyHosts: { type: "MOST_CONCURRENCY", value: 1 } }],
    ["LambdaAllAtOnce", "Lambda", { trafficRoutingConfig: { type: "AllAtOnce" } }],
    [
      "LambdaCanary10Percent30Minutes",
      "Lambda",
      {
        trafficRoutingConfig: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 10, canaryInterval: 30 },
        },
      },
    ],
    [
      "LambdaLinear10PercentEvery2Minutes",
      "Lambda",
      {
        trafficRoutingConfig: { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 10, linearInterval: 2 } },
      },
    ],
    [
      "ECSLinear10PercentEvery3Minutes",
      "ECS",
      {
        trafficRoutingConfig: { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 10, linearInterval: 3 } },
      },
    ],
  ])("%s is for %s", async (name, computePlatform, content) => {
    expect(await configOf(name)).toEqual({
      deploymentConfigId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      deploymentConfigName: `CodeDeployDefault.${name}`,
      computePlatform,
      ...content,
    });
  });

  it.each(["OneAtATime", "LambdaAllAtOnce"])("%s is refused for a group for ECS", async (name) => {
    await expect(createGroup({ deploymentConfigName: `CodeDeployDefault.${name}` })).rejects.toMatchObject({
      name: "InvalidDeploymentConfigNameException",
      message: expect.stringContaining("not for ECS") as string,
    });
  });
});

describe("an application", () => {
  it("is made once, read back, renamed and deleted", async () => {
    const { applicationId } = await client.send(new CreateApplicationCommand(shop));
    const { application } = await client.send(new GetApplicationCommand({ applicationName: "shop" }));
    expect(application).toEqual({ ...shop, applicationId, linkedToGitHub: false, createTime: new Date(START) });
    await expect(client.send(new CreateApplicationCommand(shop))).rejects.toMatchObject({
      name: "ApplicationAlreadyExistsException",
    });
    await client.send(new UpdateApplicationCommand({ applicationName: "shop", newApplicationName: "store" }));
    expect((await client.send(new ListApplicationsCommand({}))).applications).toEqual(["store"]);
    await client.send(new DeleteApplicationCommand({ applicationName: "store" }));
    await client.send(new DeleteApplicationCommand({ applicationName: "store" }));
    await expect(client.send(new GetApplicationCommand({ applicationName: "store" }))).rejects.toMatchObject({
      name: "ApplicationDoesNotExistException",
    });
  });

  it("keeps its groups and tags under a new name", async () => {
    await createGroup({ tags: [{ Key: "team", Value: "shop" }] });
    await client.send(new UpdateApplicationCommand({ applicationName: "shop", newApplicationName: "store" }));
    const { deploymentGroups } = await client.send(new ListDeploymentGroupsCommand({ applicationName: "store" }));
    expect(deploymentGroups).toEqual(["blue-green"]);
    expect(await tagsOf(arn("deploymentgroup:store/blue-green"))).toEqual(["team=shop"]);
  });

  it("is for ECS and nothing else", async () => {
    for (const computePlatform of ["Server", "Lambda", undefined] as const) {
      await expect(
        client.send(new CreateApplicationCommand({ applicationName: "shop", computePlatform })),
      ).rejects.toMatchObject({ name: "InvalidComputePlatformException" });
    }
  });
});

describe("a deployment group", () => {
  it("is read back just as it was made", async () => {
    const { deploymentGroupId } = await createGroup();
    expect(await described()).toEqual({
      ...groupInput(),
      deploymentGroupId,
      ec2TagFilters: [],
      onPremisesInstanceTagFilters: [],
      autoScalingGroups: [],
      computePlatform: "ECS",
      alarmConfiguration: { enabled: true, ignorePollAlarmFailure: false, alarms: [{ name: "shop-target-5xx-1" }] },
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
      },
      triggerConfigurations: [],
      outdatedInstancesStrategy: "UPDATE",
      terminationHookEnabled: false,
    });
  });

  it("has all at once, no alarms and no rollback by default", async () => {
    await createGroup({
      deploymentConfigName: undefined,
      alarmConfiguration: undefined,
      autoRollbackConfiguration: undefined,
    });
    expect(await described()).toMatchObject({
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      alarmConfiguration: { enabled: false, alarms: [] },
      autoRollbackConfiguration: { enabled: false, events: [] },
    });
  });

  it("keeps in an update what is not given, and its tags", async () => {
    const before = await createGroup({ tags: [{ Key: "team", Value: "shop" }] }).then(described);
    const alarmConfiguration = { enabled: true, ignorePollAlarmFailure: true, alarms: [{ name: "other" }] };
    const update = { applicationName: "shop", currentDeploymentGroupName: "blue-green" };
    await client.send(new UpdateDeploymentGroupCommand({ ...update, alarmConfiguration }));
    expect(await described()).toEqual({ ...before, alarmConfiguration });
    await client.send(new UpdateDeploymentGroupCommand({ ...update, newDeploymentGroupName: "canary" }));
    await expect(described()).rejects.toMatchObject({ name: "DeploymentGroupDoesNotExistException" });
    expect(await tagsOf(arn("deploymentgroup:shop/canary"))).toEqual(["team=shop"]);
  });

  it("is deleted, and deleting it again is no error", async () => {
    await createGroup();
    await client.send(new DeleteDeploymentGroupCommand(group));
    await client.send(new DeleteDeploymentGroupCommand(group));
    const { deploymentGroups } = await client.send(new ListDeploymentGroupsCommand({ applicationName: "shop" }));
    expect(deploymentGroups).toEqual([]);
  });

  it("shares its ECS service with no other group", async () => {
    await createGroup();
    await expect(
      client.send(new CreateDeploymentGroupCommand(groupInput({ deploymentGroupName: "second" }))),
    ).rejects.toMatchObject({ name: "ECSServiceMappingLimitExceededException" });
  });

  const alarms = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `alarm-${index}` }));
  it.each<[string, string, Partial<CreateDeploymentGroupCommandInput>]>([
    ["an unknown application", "ApplicationDoesNotExistException", { applicationName: "other" }],
    ["an unknown config", "DeploymentConfigDoesNotExistException", { deploymentConfigName: "fast" }],
    ["no role", "RoleRequiredException", { serviceRoleArn: undefined }],
    ["a role that is no ARN", "InvalidRoleException", { serviceRoleArn: "shop-codedeploy" }],
    ["alarms on without alarms", "InvalidAlarmConfigException", { alarmConfiguration: { enabled: true } }],
    [
      "an alarm twice",
      "InvalidAlarmConfigException",
      { alarmConfiguration: { enabled: true, alarms: [...alarms(1), ...alarms(1)] } },
    ],
    [
      "more alarms than a group has",
      "AlarmsLimitExceededException",
      { alarmConfiguration: { enabled: true, alarms: alarms(11) } },
    ],
    [
      "rollback on without events",
      "InvalidAutoRollbackConfigException",
      { autoRollbackConfiguration: { enabled: true, events: [] } },
    ],
    [
      "a style for servers",
      "InvalidDeploymentStyleException",
      { deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITHOUT_TRAFFIC_CONTROL" } },
    ],
    ["no service", "InvalidECSServiceException", { ecsServices: [] }],
    ["no target groups", "InvalidLoadBalancerInfoException", { loadBalancerInfo: { targetGroupPairInfoList: [] } }],
    [
      "no word on the old task set",
      "InvalidBlueGreenDeploymentConfigurationException",
      { blueGreenDeploymentConfiguration: undefined },
    ],
  ])("is refused with %s", async (_, name, more) => {
    await client.send(new CreateApplicationCommand(shop));
    await expect(client.send(new CreateDeploymentGroupCommand(groupInput(more)))).rejects.toMatchObject({ name });
  });
});

describe("a deployment config", () => {
  const linear: CreateDeploymentConfigCommandInput = {
    deploymentConfigName: "shop-linear",
    computePlatform: "ECS",
    trafficRoutingConfig: {
      type: "TimeBasedLinear",
      timeBasedLinear: { linearPercentage: 20, linearInterval: 2 },
    },
  };
  const remove = (deploymentConfigName: string) =>
    client.send(new DeleteDeploymentConfigCommand({ deploymentConfigName }));

  it("is made, read back, used and, once unused, deleted", async () => {
    const { deploymentConfigId } = await client.send(new CreateDeploymentConfigCommand(linear));
    const { deploymentConfigName } = linear;
    const { deploymentConfigInfo } = await client.send(new GetDeploymentConfigCommand({ deploymentConfigName }));
    expect(deploymentConfigInfo).toEqual({ ...linear, deploymentConfigId, createTime: new Date(START) });
    await expect(client.send(new CreateDeploymentConfigCommand(linear))).rejects.toMatchObject({
      name: "DeploymentConfigAlreadyExistsException",
    });
    await createGroup({ deploymentConfigName });
    await expect(remove("shop-linear")).rejects.toMatchObject({ name: "DeploymentConfigInUseException" });
    await client.send(new DeleteDeploymentGroupCommand(group));
    await remove("shop-linear");
    await expect(client.send(new GetDeploymentConfigCommand({ deploymentConfigName }))).rejects.toMatchObject({
      name: "DeploymentConfigDoesNotExistException",
    });
  });

  it.each<[string, string, Partial<CreateDeploymentConfigCommandInput>]>([
    [
      "CodeDeploy's own prefix",
      "InvalidDeploymentConfigNameException",
      { deploymentConfigName: "CodeDeployDefault.Mine" },
    ],
    ["no routing", "InvalidTrafficRoutingConfigurationException", { trafficRoutingConfig: undefined }],
    [
      "a canary of everything",
      "InvalidTrafficRoutingConfigurationException",
      {
        trafficRoutingConfig: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 100, canaryInterval: 5 },
        },
      },
    ],
    ["another platform", "InvalidComputePlatformException", { computePlatform: "Lambda" }],
  ])("is refused with %s", async (_, name, more) => {
    await expect(client.send(new CreateDeploymentConfigCommand({ ...linear, ...more }))).rejects.toMatchObject({
      name,
    });
  });

  it("that is predefined can't be deleted", async () => {
    await expect(remove("CodeDeployDefault.ECSAllAtOnce")).rejects.toMatchObject({
      name: "InvalidOperationException",
    });
  });
});

describe("tags", () => {
  it("come with the resource, are added, replaced and taken off", async () => {
    await client.send(new CreateApplicationCommand({ ...shop, tags: [{ Key: "team", Value: "shop" }] }));
    const ResourceArn = arn("application:shop");
    await client.send(
      new TagResourceCommand({
        ResourceArn,
        Tags: [
          { Key: "team", Value: "store" },
          { Key: "stage", Value: "test" },
        ],
      }),
    );
    expect(await tagsOf(ResourceArn)).toEqual(["team=store", "stage=test"]);
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team", "absent"] }));
    expect(await tagsOf(ResourceArn)).toEqual(["stage=test"]);
  });

  it.each([
    ["shop", "InvalidArnException"],
    [arn("deploymentconfig:shop"), "ArnNotSupportedException"],
    [arn("application:other"), "ApplicationDoesNotExistException"],
    [arn("deploymentgroup:shop/other"), "DeploymentGroupDoesNotExistException"],
  ])("of %s are refused with %s", async (ResourceArn, name) => {
    await client.send(new CreateApplicationCommand(shop));
    await expect(client.send(new ListTagsForResourceCommand({ ResourceArn }))).rejects.toMatchObject({ name });
  });

  it("with the prefix aws: can't be set", async () => {
    await client.send(new CreateApplicationCommand(shop));
    const Tags = [{ Key: "aws:team", Value: "shop" }];
    await expect(
      client.send(new TagResourceCommand({ ResourceArn: arn("application:shop"), Tags })),
    ).rejects.toMatchObject({ name: "InvalidTagsToAddException" });
  });
});
