import {
  BatchGetApplicationsCommand,
  BatchGetDeploymentGroupsCommand,
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  DeleteApplicationCommand,
  GetApplicationCommand,
  GetDeploymentCommand,
  GetDeploymentConfigCommand,
  GetDeploymentGroupCommand,
  GetDeploymentTargetCommand,
  ListApplicationsCommand,
  ListDeploymentConfigsCommand,
  ListDeploymentGroupsCommand,
  ListDeploymentsCommand,
  type ListDeploymentsCommandInput,
  ListDeploymentTargetsCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
  type CreateDeploymentCommandInput,
} from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../../scripts/cloud/aws-error";
import { deployment, LISTENER, START, TEMPLATE, TEST_LISTENER, TOPIC } from "./fake-cloud";
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

const release = (more: Partial<CreateDeploymentCommandInput> = {}) =>
  new CreateDeploymentCommand({
    applicationName: "shop",
    deploymentGroupName: "shop",
    revision: { revisionType: "AppSpecContent", appSpecContent: { content: "version: 0.0", sha256: "abc" } },
    ...more,
  });

describe("CreateDeployment", () => {
  it("hands the appspec to CodeDeploy and gives the id", async () => {
    const { deploymentId } = await client.send(release({ description: "v2" }));
    expect(deploymentId).toBe("d-ABCDEFGH1");
    expect(served.state.created).toEqual([{ appSpec: { content: "version: 0.0", sha256: "abc" }, description: "v2" }]);
  });

  it("hands over what replaces the group's settings, and GetDeployment repeats it", async () => {
    const { deploymentId } = await client.send(
      release({
        deploymentConfigName: "shop-canary",
        autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_REQUEST"] },
        overrideAlarmConfiguration: { enabled: true, alarms: [{ name: "mine" }] },
      }),
    );
    expect(served.state.created).toEqual([
      {
        appSpec: { content: "version: 0.0", sha256: "abc" },
        deploymentConfigName: "shop-canary",
        autoRollback: { enabled: true, events: ["DEPLOYMENT_STOP_ON_REQUEST"] },
        alarms: { enabled: true, names: ["mine"], ignorePollAlarmFailure: false },
      },
    ]);
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
    expect(deploymentInfo?.autoRollbackConfiguration).toEqual({
      enabled: true,
      events: ["DEPLOYMENT_STOP_ON_REQUEST"],
    });
    expect(deploymentInfo?.overrideAlarmConfiguration).toEqual({
      enabled: true,
      ignorePollAlarmFailure: false,
      alarms: [{ name: "mine" }],
    });
  });

  it.each<[string, string, Partial<CreateDeploymentCommandInput>]>([
    ["another application", "ApplicationDoesNotExistException", { applicationName: "other" }],
    ["no application", "ApplicationNameRequiredException", { applicationName: undefined }],
    ["another group", "DeploymentGroupDoesNotExistException", { deploymentGroupName: "other" }],
    ["no group", "DeploymentGroupNameRequiredException", { deploymentGroupName: undefined }],
    ["no revision", "RevisionRequiredException", { revision: undefined }],
    ["a revision in S3", "InvalidRevisionException", { revision: { revisionType: "S3", s3Location: {} } }],
    [
      "a revision without content",
      "InvalidRevisionException",
      { revision: { revisionType: "AppSpecContent", appSpecContent: {} } },
    ],
    ["an unknown config", "DeploymentConfigDoesNotExistException", { deploymentConfigName: "CodeDeployDefault.Fast" }],
  ])("refuses %s with %s", async (_, name, input) => {
    await expect(client.send(release(input))).rejects.toMatchObject({ name });
    expect(served.state.created).toEqual([]);
  });

  it.each<[string, NonNullable<CreateDeploymentCommandInput["revision"]>, string]>([
    [
      "S3",
      { revisionType: "S3", s3Location: { bucket: "releases", key: "appspec.yaml", bundleType: "YAML" } },
      "AWS would read the appspec from S3 (s3://releases/appspec.yaml), but the local cloud has no S3",
    ],
    ["S3 without a place", { revisionType: "S3" }, "the local cloud has no S3"],
    [
      "GitHub",
      { revisionType: "GitHub", gitHubLocation: { repository: "a/b", commitId: "1" } },
      "a revision in GitHub is for servers, not for ECS",
    ],
    ["a type that nobody knows", { revisionType: "Elsewhere" as "S3" }, "not known to CodeDeploy for ECS"],
  ])("refuses a revision in %s by name, and says what to give instead", async (_, revision, words) => {
    const sent = client.send(release({ revision }));
    await expect(sent).rejects.toThrow(words);
    await expect(sent).rejects.toMatchObject({
      name: "InvalidRevisionException",
      message: expect.stringContaining("a revision of the type AppSpecContent") as string,
    });
    expect(served.state.created).toEqual([]);
  });

  it("takes the older type String, unless it is set not to", async () => {
    const revision = { revisionType: "String", string: { content: "version: 0.0" } } as const;
    await client.send(release({ revision }));
    expect(served.state.created).toMatchObject([{ appSpec: { content: "version: 0.0" } }]);
    const strict = await serve({ settings: { stringRevisions: false } });
    const other = new CodeDeployClient(strict.client);
    await expect(other.send(release({ revision }))).rejects.toThrow("A revision of the type String is for Lambda");
    other.destroy();
    await strict.server.stop();
  });

  it("passes the type and message of CodeDeploy's refusal on", async () => {
    const message = "The Deployment Group 'shop' already has an active Deployment 'd-ABCDEFGH9'";
    served.state.refusal = new AwsError("DeploymentLimitExceededException", message);
    await expect(client.send(release())).rejects.toMatchObject({ name: "DeploymentLimitExceededException", message });
  });
});

describe("GetDeployment", () => {
  it("describes a running deployment without content, overview or end", async () => {
    served.state.deployments = [deployment("A", { description: "v2" })];
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId: "d-ABCDEFGHA" }));
    expect(deploymentInfo).toMatchObject({
      applicationName: "shop",
      deploymentGroupName: "shop",
      deploymentId: "d-ABCDEFGHA",
      status: "InProgress",
      creator: "user",
      description: "v2",
      computePlatform: "ECS",
      createTime: new Date(START),
      startTime: new Date(START + 500),
      revision: { revisionType: "AppSpecContent", appSpecContent: { sha256: "f".repeat(64) } },
      instanceTerminationWaitTimeStarted: false,
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    });
    expect(deploymentInfo?.revision?.appSpecContent?.content).toBeUndefined();
    expect(deploymentInfo?.deploymentOverview).toBeUndefined();
    expect(deploymentInfo?.completeTime).toBeUndefined();
  });

  it("tells why a deployment was stopped and which one rolls it back", async () => {
    const errorInformation = { code: "ALARM_ACTIVE", message: "Activated alarms: shop-target-5xx-1" };
    served.state.deployments = [
      deployment("B", {
        creator: "codeDeployRollback",
        rollbackInfo: {
          rollbackTriggeringDeploymentId: "d-ABCDEFGHA",
          rollbackMessage: "Deployment d-ABCDEFGHB is triggered to roll back deployment d-ABCDEFGHA.",
        },
      }),
      deployment("A", {
        status: "Stopped",
        completedAt: START + 90_000,
        errorInformation,
        rollbackInfo: { rollbackDeploymentId: "d-ABCDEFGHB" },
        target: { id: "shop:shop", status: "Failed", updatedAt: START, lifecycleEvents: [], taskSets: [] },
      }),
    ];
    const { deploymentsInfo } = await client.send(
      new BatchGetDeploymentsCommand({ deploymentIds: ["d-ABCDEFGHA", "d-ABCDEFGHB", "d-ABCDEFGHX"] }),
    );
    expect(deploymentsInfo).toHaveLength(2);
    expect(deploymentsInfo?.[0]).toMatchObject({
      errorInformation,
      completeTime: new Date(START + 90_000),
      rollbackInfo: { rollbackDeploymentId: "d-ABCDEFGHB" },
      deploymentOverview: { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 1, Skipped: 0, Ready: 0 },
    });
    expect(deploymentsInfo?.[1]).toMatchObject({
      creator: "codeDeployRollback",
      rollbackInfo: { rollbackTriggeringDeploymentId: "d-ABCDEFGHA" },
      autoRollbackConfiguration: { enabled: false },
    });
  });

  it.each([
    ["d-ABCDEFGHX", "DeploymentDoesNotExistException"],
    ["nonsense", "InvalidDeploymentIdException"],
    [undefined, "DeploymentIdRequiredException"],
  ])("answers %s with %s", async (deploymentId, name) => {
    await expect(client.send(new GetDeploymentCommand({ deploymentId }))).rejects.toMatchObject({ name });
  });
});

describe("the targets of a deployment", () => {
  const started = deployment("A", {
    target: {
      id: "shop:shop",
      status: "InProgress",
      updatedAt: START + 3000,
      lifecycleEvents: [
        { name: "BeforeInstall", status: "Succeeded", startedAt: START + 1000, endedAt: START + 2000 },
        { name: "Install", status: "InProgress", startedAt: START + 2000 },
        { name: "AfterInstall", status: "Pending" },
      ],
      taskSets: [
        {
          id: "ecs-svc/1",
          label: "Blue",
          status: "PRIMARY",
          desiredCount: 2,
          pendingCount: 0,
          runningCount: 2,
          trafficWeight: 90,
          targetGroupName: "shop-1",
        },
      ],
    },
  });

  it("are not there before it has started", async () => {
    served.state.deployments = [deployment("A")];
    const deploymentId = "d-ABCDEFGHA";
    const name = "DeploymentNotStartedException";
    await expect(client.send(new ListDeploymentTargetsCommand({ deploymentId }))).rejects.toMatchObject({ name });
    await expect(
      client.send(new GetDeploymentTargetCommand({ deploymentId, targetId: "shop:shop" })),
    ).rejects.toMatchObject({ name });
  });

  it("are the service, with its lifecycle events and task sets", async () => {
    served.state.deployments = [started];
    const deploymentId = started.id;
    const { targetIds } = await client.send(new ListDeploymentTargetsCommand({ deploymentId }));
    expect(targetIds).toEqual(["shop:shop"]);
    const { deploymentTarget } = await client.send(
      new GetDeploymentTargetCommand({ deploymentId, targetId: "shop:shop" }),
    );
    expect(deploymentTarget).toEqual({
      deploymentTargetType: "ECSTarget",
      ecsTarget: {
        deploymentId,
        targetId: "shop:shop",
        targetArn: TEMPLATE.service.arn,
        lastUpdatedAt: new Date(START + 3000),
        status: "InProgress",
        lifecycleEvents: [
          {
            lifecycleEventName: "BeforeInstall",
            status: "Succeeded",
            startTime: new Date(START + 1000),
            endTime: new Date(START + 2000),
          },
          { lifecycleEventName: "Install", status: "InProgress", startTime: new Date(START + 2000) },
          { lifecycleEventName: "AfterInstall", status: "Pending" },
        ],
        taskSetsInfo: [
          {
            identifer: "ecs-svc/1",
            desiredCount: 2,
            pendingCount: 0,
            runningCount: 2,
            status: "PRIMARY",
            trafficWeight: 90,
            targetGroup: { name: "shop-1" },
            taskSetLabel: "Blue",
          },
        ],
      },
    });
    const { deploymentTargets } = await client.send(
      new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds: ["shop:shop"] }),
    );
    expect(deploymentTargets).toEqual([deploymentTarget]);
  });

  it("are found by their own id only, and filtered by status", async () => {
    served.state.deployments = [started];
    const deploymentId = started.id;
    await expect(
      client.send(new GetDeploymentTargetCommand({ deploymentId, targetId: "shop:other" })),
    ).rejects.toMatchObject({ name: "DeploymentTargetDoesNotExistException" });
    const { targetIds } = await client.send(
      new ListDeploymentTargetsCommand({ deploymentId, targetFilters: { TargetStatus: ["Failed"] } }),
    );
    expect(targetIds).toEqual([]);
  });

  it("are not filtered by a status that there isn't, nor by what is for servers", async () => {
    served.state.deployments = [started];
    const list = (targetFilters: object) =>
      client.send(new ListDeploymentTargetsCommand({ deploymentId: started.id, targetFilters }));
    await expect(list({ TargetStatus: ["Broken"] })).rejects.toMatchObject({ name: "InvalidInstanceStatusException" });
    await expect(list({ ServerInstanceLabel: ["Blue"] })).rejects.toMatchObject({
      name: "InvalidTargetFilterNameException",
    });
    expect((await list({ TargetStatus: ["Failed", "InProgress"] })).targetIds).toEqual(["shop:shop"]);
  });

  it("say when the wait for the termination of the old task set has begun", async () => {
    const target = {
      id: "shop:shop",
      status: "InProgress" as const,
      updatedAt: START,
      lifecycleEvents: [{ name: "AfterAllowTraffic" as const, status: "Succeeded" as const }],
      taskSets: [],
    };
    served.state.deployments = [deployment("A", { target })];
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId: "d-ABCDEFGHA" }));
    expect(deploymentInfo?.instanceTerminationWaitTimeStarted).toBe(true);
    served.state.deployments = [deployment("B", { target, creator: "codeDeployRollback" })];
    const rollback = await client.send(new GetDeploymentCommand({ deploymentId: "d-ABCDEFGHB" }));
    expect(rollback.deploymentInfo?.instanceTerminationWaitTimeStarted).toBe(false);
  });
});

describe("ListDeployments", () => {
  it("filters by status and time of creation, newest first", async () => {
    served.state.deployments = [
      deployment("C", { createdAt: START + 2000 }),
      deployment("B", { createdAt: START + 1000, status: "Succeeded" }),
      deployment("A", { status: "Failed" }),
    ];
    const list = async (input: ListDeploymentsCommandInput) =>
      (await client.send(new ListDeploymentsCommand(input))).deployments?.map((id) => id.at(-1)).join("");
    const group = { applicationName: "shop", deploymentGroupName: "shop" };
    expect(await list({})).toBe("CBA");
    expect(await list({ ...group, includeOnlyStatuses: ["Succeeded", "Failed"] })).toBe("BA");
    expect(await list({ ...group, createTimeRange: { start: new Date(START + 500) } })).toBe("CB");
    expect(await list({ ...group, createTimeRange: { end: new Date(START + 500) } })).toBe("A");
    await expect(list({ deploymentGroupName: "shop" })).rejects.toMatchObject({
      name: "ApplicationNameRequiredException",
    });
  });

  it("pages, without repeating an item when the list grows meanwhile", async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `d-${String(999 - index).padStart(9, "0")}`);
    served.state.deployments = ids.map((id) => deployment("A", { id }));
    const first = await client.send(new ListDeploymentsCommand({}));
    expect(first.deployments).toHaveLength(100);
    served.state.deployments = [deployment("N"), ...served.state.deployments];
    const second = await client.send(new ListDeploymentsCommand({ nextToken: first.nextToken }));
    expect([...(first.deployments ?? []), ...(second.deployments ?? [])]).toEqual(ids);
    expect(second.nextToken).toBeUndefined();
    await expect(client.send(new ListDeploymentsCommand({ nextToken: "made up" }))).rejects.toMatchObject({
      name: "InvalidNextTokenException",
    });
  });
});

describe("applications, groups and configs", () => {
  it("describes the application", async () => {
    const { application } = await client.send(new GetApplicationCommand({ applicationName: "shop" }));
    expect(application).toEqual({
      applicationName: "shop",
      applicationId: expect.any(String) as string,
      createTime: new Date(START),
      linkedToGitHub: false,
      computePlatform: "ECS",
    });
    const { applications } = await client.send(new ListApplicationsCommand({}));
    expect(applications).toEqual(["shop"]);
    const { applicationsInfo } = await client.send(new BatchGetApplicationsCommand({ applicationNames: ["shop"] }));
    expect(applicationsInfo).toEqual([application]);
  });

  it("describes the deployment group with all that decides a release", async () => {
    served.state.deployments = [
      deployment("B", { createdAt: START + 1000 }),
      deployment("A", { status: "Succeeded", completedAt: START + 900 }),
    ];
    const { deploymentGroupInfo } = await client.send(
      new GetDeploymentGroupCommand({ applicationName: "shop", deploymentGroupName: "shop" }),
    );
    expect(deploymentGroupInfo).toMatchObject({
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      alarmConfiguration: { enabled: true, alarms: [{ name: "shop-target-5xx-1" }, { name: "shop-latency-1" }] },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
      blueGreenDeploymentConfiguration: {
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: "shop-1" }, { name: "shop-2" }],
            prodTrafficRoute: { listenerArns: [LISTENER] },
            testTrafficRoute: { listenerArns: [TEST_LISTENER] },
          },
        ],
      },
      ecsServices: [{ serviceName: "shop", clusterName: "shop" }],
      triggerConfigurations: [
        { triggerName: "shop", triggerTargetArn: TOPIC, triggerEvents: ["DeploymentFailure", "DeploymentRollback"] },
      ],
      lastAttemptedDeployment: { deploymentId: "d-ABCDEFGHB", status: "InProgress" },
      lastSuccessfulDeployment: { deploymentId: "d-ABCDEFGHA", endTime: new Date(START + 900) },
    });
    const { deploymentGroups } = await client.send(new ListDeploymentGroupsCommand({ applicationName: "shop" }));
    expect(deploymentGroups).toEqual(["shop"]);
    const batch = await client.send(
      new BatchGetDeploymentGroupsCommand({ applicationName: "shop", deploymentGroupNames: ["shop", "other"] }),
    );
    expect(batch.deploymentGroupsInfo).toHaveLength(1);
    expect(batch.errorMessage).toContain("other");
  });

  it.each([
    ["CodeDeployDefault.ECSAllAtOnce", { type: "AllAtOnce" }],
    [
      "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
      { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 10, linearInterval: 3 } },
    ],
    ["shop-canary", { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage: 25, canaryInterval: 3 } }],
  ])("describes the config %s", async (deploymentConfigName, trafficRoutingConfig) => {
    const { deploymentConfigInfo } = await client.send(new GetDeploymentConfigCommand({ deploymentConfigName }));
    expect(deploymentConfigInfo).toMatchObject({ deploymentConfigName, computePlatform: "ECS", trafficRoutingConfig });
  });

  it("lists exactly the configs that it can describe", async () => {
    const { deploymentConfigsList = [] } = await client.send(new ListDeploymentConfigsCommand({}));
    expect(deploymentConfigsList).toHaveLength(18);
    for (const deploymentConfigName of deploymentConfigsList) {
      await expect(client.send(new GetDeploymentConfigCommand({ deploymentConfigName }))).resolves.toBeDefined();
    }
  });
});

it("can't create or delete resources: those of the stacks are the only ones", async () => {
  await expect(client.send(new DeleteApplicationCommand({ applicationName: "shop" }))).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});

it("stops a deployment, with or without autoRollbackEnabled", async () => {
  served.state.deployments = [deployment("A")];
  const answer = await client.send(
    new StopDeploymentCommand({ deploymentId: "d-ABCDEFGHA", autoRollbackEnabled: true }),
  );
  expect(answer).toMatchObject({ status: "Pending", statusMessage: "Deployment is being stopped" });
  await client.send(new StopDeploymentCommand({ deploymentId: "d-ABCDEFGHA" }));
  expect(served.state.stopped.map(({ autoRollback }) => autoRollback)).toEqual([true, undefined]);
});

it("ends a wait of a deployment, if there is one", async () => {
  served.state.deployments = [deployment("A")];
  const proceed = (input: object) => client.send(new ContinueDeploymentCommand(input));
  await proceed({ deploymentId: "d-ABCDEFGHA" });
  await proceed({ deploymentId: "d-ABCDEFGHA", deploymentWaitType: "TERMINATION_WAIT" });
  expect(served.state.continued).toEqual([
    { id: "d-ABCDEFGHA", wait: "READY_WAIT" },
    { id: "d-ABCDEFGHA", wait: "TERMINATION_WAIT" },
  ]);
  for (const [input, name] of [
    [{}, "DeploymentIdRequiredException"],
    [{ deploymentId: "d-ABCDEFGHX" }, "DeploymentDoesNotExistException"],
    [{ deploymentId: "d-ABCDEFGHA", deploymentWaitType: "ANY" }, "InvalidDeploymentWaitTypeException"],
  ] as const) {
    await expect(proceed(input)).rejects.toMatchObject({ name });
  }
});

it("takes the result of a hook, and no other status", async () => {
  served.state.deployments = [deployment("A")];
  const verdict = { deploymentId: "d-ABCDEFGHA", lifecycleEventHookExecutionId: "hook-1" };
  const answer = await client.send(
    new PutLifecycleEventHookExecutionStatusCommand({ ...verdict, status: "Succeeded" }),
  );
  expect(answer.lifecycleEventHookExecutionId).toBe("hook-1");
  expect(served.state.hooks).toEqual([{ deploymentId: "d-ABCDEFGHA", executionId: "hook-1", status: "Succeeded" }]);
  await expect(
    client.send(new PutLifecycleEventHookExecutionStatusCommand({ ...verdict, status: "Pending" })),
  ).rejects.toMatchObject({ name: "InvalidLifecycleEventHookExecutionStatusException" });
});
