import {
  CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateDeploymentGroupCommand,
  type UpdateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";
import { deployment, LISTENER, TEMPLATE, TEST_LISTENER } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;
let client: CodeDeployClient;

beforeEach(async () => {
  served = await serve();
  client = new CodeDeployClient(served.client);
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const update = (changes: Partial<UpdateDeploymentGroupCommandInput>) =>
  client.send(
    new UpdateDeploymentGroupCommand({ applicationName: "shop", currentDeploymentGroupName: "shop", ...changes }),
  );
const described = async (deploymentGroupName = "shop") =>
  (await client.send(new GetDeploymentGroupCommand({ applicationName: "shop", deploymentGroupName })))
    .deploymentGroupInfo;
const pair = (changes: object) => ({
  loadBalancerInfo: {
    targetGroupPairInfoList: [
      {
        targetGroups: [{ name: "shop-1" }, { name: "shop-2" }],
        prodTrafficRoute: { listenerArns: [LISTENER] },
        ...changes,
      },
    ],
  },
});
const blueGreen = (changes: NonNullable<UpdateDeploymentGroupCommandInput["blueGreenDeploymentConfiguration"]>) => ({
  blueGreenDeploymentConfiguration: {
    terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE" as const, terminationWaitTimeInMinutes: 5 },
    deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" as const, waitTimeInMinutes: 0 },
    ...changes,
  },
});

describe("the deployment group of a running cloud", () => {
  it("has the empty settings for servers, as on AWS", async () => {
    expect(await described()).toMatchObject({
      ec2TagFilters: [],
      onPremisesInstanceTagFilters: [],
      autoScalingGroups: [],
      outdatedInstancesStrategy: "UPDATE",
      terminationHookEnabled: false,
    });
  });

  it("can be changed; deployments follow what was changed, and keep the rest", async () => {
    await update({
      alarmConfiguration: { enabled: true, alarms: [{ name: "shop-latency-1" }], ignorePollAlarmFailure: true },
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      autoRollbackConfiguration: { enabled: false },
      ...blueGreen({
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 30 },
      }),
    });
    expect(served.state.group).toEqual({
      ...TEMPLATE.deploymentGroup,
      alarms: { enabled: true, names: ["shop-latency-1"], ignorePollAlarmFailure: true },
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      autoRollback: { enabled: false, events: [] },
      terminationWaitMinutes: 30,
    });
    expect(await described()).toMatchObject({
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      alarmConfiguration: { enabled: true, alarms: [{ name: "shop-latency-1" }] },
    });
  });

  it("stays as the stacks have it when an update changes nothing", async () => {
    await update({});
    expect(served.state.group).toEqual(TEMPLATE.deploymentGroup);
  });

  it("accepts an update with the settings as they were read", async () => {
    const { deploymentGroupId, deploymentGroupName, computePlatform, ...settings } = (await described()) ?? {};
    expect([deploymentGroupId, deploymentGroupName, computePlatform]).not.toContain(undefined);
    await update({ ...settings, autoScalingGroups: [] });
    expect(served.state.group).toEqual(TEMPLATE.deploymentGroup);
  });

  it("may lose its test listener, and get another name", async () => {
    await update({ newDeploymentGroupName: "canary", ...pair({}) });
    expect(served.state.group).toMatchObject({
      name: "canary",
      arn: TEMPLATE.deploymentGroup.arn.replace(/shop$/, "canary"),
      testListenerArns: [],
    });
    await expect(described()).rejects.toMatchObject({ name: "DeploymentGroupDoesNotExistException" });
    expect(await described("canary")).toMatchObject({ deploymentGroupName: "canary" });
    const release = { applicationName: "shop", deploymentGroupName: "canary" };
    const revision = { revisionType: "AppSpecContent", appSpecContent: { content: "version: 0.0" } } as const;
    await expect(client.send(new CreateDeploymentCommand({ ...release, revision }))).resolves.toBeDefined();
  });

  it.each<[string, string, Partial<UpdateDeploymentGroupCommandInput>]>([
    ["another service", "InvalidECSServiceException", { ecsServices: [{ clusterName: "shop", serviceName: "x" }] }],
    [
      "a target group that isn't there",
      "InvalidTargetGroupPairException",
      pair({ targetGroups: [{ name: "shop-1" }, { name: "shop-3" }] }),
    ],
    [
      "the same target group twice",
      "InvalidTargetGroupPairException",
      pair({ targetGroups: [{ name: "shop-1" }, { name: "shop-1" }] }),
    ],
    [
      "a listener that isn't there",
      "InvalidLoadBalancerInfoException",
      pair({ testTrafficRoute: { listenerArns: [`${TEST_LISTENER}0`] } }),
    ],
    [
      "keeping the old task set",
      "InvalidBlueGreenDeploymentConfigurationException",
      blueGreen({ terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" } }),
    ],
    [
      "a wait for a person that nothing comes of",
      "InvalidBlueGreenDeploymentConfigurationException",
      blueGreen({ deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 5 } }),
    ],
    [
      "a config of Lambda",
      "InvalidDeploymentConfigNameException",
      { deploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce" },
    ],
    ["no config", "DeploymentConfigDoesNotExistException", { deploymentConfigName: "mine" }],
    ["no alarm, though alarms are on", "InvalidAlarmConfigException", { alarmConfiguration: { enabled: true } }],
    ["servers", "InvalidEC2TagException", { ec2TagFilters: [{ Key: "a", Value: "b", Type: "KEY_AND_VALUE" }] }],
    ["auto scaling groups", "InvalidAutoScalingGroupException", { autoScalingGroups: ["a"] }],
  ])("is not changed to %s: %s", async (_, name, changes) => {
    const before = await described();
    await expect(update(changes)).rejects.toMatchObject({ name });
    expect(await described()).toEqual(before);
    expect(served.state.group).toEqual(TEMPLATE.deploymentGroup);
  });

  it("makes later deployments wait for ContinueDeployment when it is set so", async () => {
    await update(blueGreen({ deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 30 } }));
    expect(served.state.group.readyWaitMinutes).toBe(30);
    await update(blueGreen({ deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" } }));
    expect(served.state.group).not.toHaveProperty("readyWaitMinutes");
  });

  it("has tags that can be read and changed, as Terraform does", async () => {
    const ResourceArn = TEMPLATE.deploymentGroup.arn;
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([]);
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "team", Value: "shop" }] }));
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
      { Key: "team", Value: "shop" },
    ]);
  });

  it("is described by a deployment with the settings at that deployment's start", async () => {
    served.state.deployments = [deployment("A")];
    await update(
      blueGreen({
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 30 },
      }),
    );
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId: "d-ABCDEFGHA" }));
    expect(deploymentInfo?.blueGreenDeploymentConfiguration).toMatchObject({
      terminateBlueInstancesOnDeploymentSuccess: { terminationWaitTimeInMinutes: 5 },
    });
  });
});
