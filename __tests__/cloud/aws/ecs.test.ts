import {
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  DescribeTaskSetsCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type RegisterTaskDefinitionCommandInput,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { placementOf } from "../../../scripts/cloud/aws/ecs/task-set";
import { GROUP_1, GROUP_2, image, REPOSITORY_URL, START, task, taskSet, TEMPLATE } from "./fake-cloud";
import { serve, type Served } from "./served";

let served: Served;
let client: ECSClient;

beforeEach(async () => {
  served = await serve();
  client = new ECSClient(served.client);
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const describeShop = async () => {
  const { services } = await client.send(new DescribeServicesCommand({ cluster: "shop", services: ["shop"] }));
  return services?.[0];
};

describe("DescribeServices", () => {
  it("follows the PRIMARY task set and lists all of them", async () => {
    served.state.taskSets = [
      taskSet(2, { startedBy: "CODE_DEPLOY", externalId: "d-ABCDEFGHA", settings: { platformVersion: "1.4.1" } }),
      taskSet(1, { status: "ACTIVE", runningCount: 1, pendingCount: 1, stability: "STABILIZING" }),
    ];
    const service = await describeShop();
    expect(service).toMatchObject({
      serviceArn: TEMPLATE.service.arn,
      status: "ACTIVE",
      desiredCount: 2,
      runningCount: 3,
      pendingCount: 1,
      taskDefinition: taskSet(2).taskDefinitionArn,
      loadBalancers: [{ targetGroupArn: GROUP_2, containerName: "api", containerPort: 8080 }],
      platformVersion: "1.4.1",
      launchType: "FARGATE",
      deploymentController: { type: "CODE_DEPLOY" },
      deployments: [],
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
      roleArn: "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
      propagateTags: "NONE",
      enableECSManagedTags: false,
      enableExecuteCommand: false,
      createdBy: "arn:aws:iam::123456789012:root",
      networkConfiguration: TEMPLATE.service.networkConfiguration,
      healthCheckGracePeriodSeconds: 60,
    });
    expect(service?.taskSets).toHaveLength(2);
    expect(service?.taskSets?.[0]).toMatchObject({
      id: "ecs-svc/2",
      status: "PRIMARY",
      startedBy: "CODE_DEPLOY",
      externalId: "d-ABCDEFGHA",
      computedDesiredCount: 2,
      scale: { value: 100, unit: "PERCENT" },
      stabilityStatus: "STEADY_STATE",
      stabilityStatusAt: new Date(START + 50_000),
      platformVersion: "1.4.1",
    });
    expect(service?.taskSets?.[1]).toMatchObject({ loadBalancers: [{ targetGroupArn: GROUP_1 }] });
  });

  it.each([
    [{ launchType: "FARGATE" }, "LATEST", "1.4.0"],
    [{ launchType: "FARGATE" }, undefined, "1.4.0"],
    [{ launchType: "EC2" }, undefined, undefined],
  ])("shows the platform version that %j with %s stands for", (service, platformVersion, expected) => {
    const settings = platformVersion === undefined ? {} : { platformVersion };
    const { loadBalancers, networkConfiguration } = TEMPLATE.service;
    const other = { name: "shop", arn: "arn", desiredCount: 2, deploymentController: "CODE_DEPLOY", ...service };
    const placement = placementOf(taskSet(1, { settings }), { ...other, loadBalancers, networkConfiguration });
    expect(placement.platformVersion).toBe(expected);
  });

  it("shows the capacity providers of the task set instead of the launch type", async () => {
    const capacityProviderStrategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    served.state.taskSets = [taskSet(1, { settings: { capacityProviderStrategy } })];
    const service = await describeShop();
    expect(service?.capacityProviderStrategy).toEqual(capacityProviderStrategy);
    expect(service?.launchType).toBeUndefined();
    expect(service?.taskSets).toMatchObject([{ capacityProviderStrategy }]);
    expect(service?.taskSets?.[0]?.launchType).toBeUndefined();
  });

  it("lists the events as ECS keeps them, the newest first, also of one moment", async () => {
    served.state.events = [
      { id: "3", at: START + 1, message: "third" },
      { id: "2", at: START + 1, message: "second" },
      { id: "1", at: START, message: "first" },
    ];
    expect((await describeShop())?.events?.map(({ message }) => message)).toEqual(["third", "second", "first"]);
  });

  it("puts a service that isn't there among the failures, and refuses another cluster", async () => {
    const { services, failures } = await client.send(
      new DescribeServicesCommand({ cluster: TEMPLATE.cluster.arn, services: [TEMPLATE.service.arn, "other"] }),
    );
    expect(services).toHaveLength(1);
    expect(failures).toEqual([{ arn: TEMPLATE.service.arn.replace(/shop$/, "other"), reason: "MISSING" }]);
    await expect(client.send(new DescribeServicesCommand({ services: ["shop"] }))).rejects.toMatchObject({
      name: "ClusterNotFoundException",
    });
  });

  it("refuses an empty list of services", async () => {
    await expect(client.send(new DescribeServicesCommand({ cluster: "shop", services: [] }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

it("describes task sets by id, by ARN, or all", async () => {
  served.state.taskSets = [taskSet(1), taskSet(2, { status: "ACTIVE" })];
  const ids = async (taskSets?: string[]) => {
    const answer = await client.send(new DescribeTaskSetsCommand({ cluster: "shop", service: "shop", taskSets }));
    return [answer.taskSets?.map(({ id }) => id), answer.failures?.map(({ reason }) => reason)];
  };
  expect(await ids()).toEqual([["ecs-svc/1", "ecs-svc/2"], []]);
  expect(await ids(["ecs-svc/2", taskSet(1).arn, "ecs-svc/9"])).toEqual([["ecs-svc/2", "ecs-svc/1"], ["MISSING"]]);
  await expect(client.send(new DescribeTaskSetsCommand({ cluster: "shop", service: "other" }))).rejects.toMatchObject({
    name: "ServiceNotFoundException",
  });
});

describe("UpdateService", () => {
  const update = (more: Partial<UpdateServiceCommandInput>) =>
    client.send(new UpdateServiceCommand({ cluster: "shop", service: "shop", ...more }));

  it("changes the desired count", async () => {
    const { service } = await update({ desiredCount: 5 });
    expect(service?.desiredCount).toBe(5);
    expect(served.state.desiredCount).toBe(5);
  });

  it.each<[string, Partial<UpdateServiceCommandInput>]>([
    ["a task definition", { taskDefinition: "shop:2" }],
    ["a network", { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-2"] } } }],
    ["a platform version", { platformVersion: "1.3.0" }],
    ["a load balancer", { loadBalancers: [] }],
    ["a forced deployment", { forceNewDeployment: true }],
  ])("refuses %s, which is CodeDeploy's to change", async (_, input) => {
    await expect(update({ desiredCount: 5, ...input })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("on services with a CODE_DEPLOY deployment controller") as string,
    });
    expect(served.state.desiredCount).toBe(2);
  });

  it("refuses parameters that the local cloud does not support", async () => {
    await expect(update({ propagateTags: "SERVICE" })).rejects.toMatchObject({
      name: "UnsupportedFeatureException",
      message: expect.stringContaining("propagateTags") as string,
    });
  });
});

describe("task definitions", () => {
  it("are described with ECS's defaults and read-only fields", async () => {
    const { taskDefinition, tags } = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "shop", include: ["TAGS"] }),
    );
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: taskSet(1).taskDefinitionArn,
      family: "shop",
      revision: 1,
      status: "ACTIVE",
      networkMode: "awsvpc",
      cpu: "256",
      compatibilities: ["EC2", "FARGATE"],
      registeredAt: new Date(START + 1000),
      containerDefinitions: [
        {
          name: "api",
          essential: true,
          cpu: 0,
          environment: [],
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
        },
      ],
    });
    const attributes = taskDefinition?.requiresAttributes?.map(({ name }) => name);
    expect(attributes).toContain("com.amazonaws.ecs.capability.logging-driver.awslogs");
    expect(attributes).toContain("ecs.capability.execution-role-ecr-pull");
    expect(tags).toEqual([{ key: "team", value: "shop" }]);
  });

  it("keep every field given when a new revision is registered", async () => {
    const definition: RegisterTaskDefinitionCommandInput = {
      family: "shop",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      ephemeralStorage: { sizeInGiB: 30 },
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      tags: [{ key: "release", value: "v2" }],
      containerDefinitions: [
        {
          name: "api",
          image: `${REPOSITORY_URL}:v2`,
          environment: [{ name: "SIMULATE", value: "slow:3000" }],
          linuxParameters: { initProcessEnabled: true },
          ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 2048 }],
        },
      ],
    };
    const { taskDefinition, tags } = await client.send(new RegisterTaskDefinitionCommand(definition));
    expect(served.state.taskDefinitions.at(-1)?.definition).toEqual(definition);
    expect(taskDefinition).toMatchObject({
      revision: 2,
      ephemeralStorage: { sizeInGiB: 30 },
      containerDefinitions: [{ ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 2048 }] }],
    });
    expect(tags).toEqual([{ key: "release", value: "v2" }]);
    const resourceArn = taskDefinition?.taskDefinitionArn;
    const listed = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(listed.tags).toEqual(tags);
  });

  it("are refused when they could not run", async () => {
    const fargate = { requiresCompatibilities: ["FARGATE" as const], networkMode: "awsvpc" as const, memory: "512" };
    const containerDefinitions = [{ name: "api", image: "api:v1" }];
    const register = (definition: RegisterTaskDefinitionCommandInput) =>
      client.send(new RegisterTaskDefinitionCommand(definition));
    await expect(register({ family: "shop", containerDefinitions: [] })).rejects.toMatchObject({
      name: "ClientException",
    });
    await expect(register({ family: "shop", containerDefinitions, ...fargate })).rejects.toMatchObject({
      name: "ClientException",
      message: "Fargate requires that 'cpu' be defined at the task level.",
    });
    await expect(register({ family: undefined, containerDefinitions })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "family: a value is required",
    });
  });

  it("are listed and made inactive", async () => {
    const containerDefinitions = [{ name: "api", image: "api:v2", memory: 512 }];
    await client.send(new RegisterTaskDefinitionCommand({ family: "shop", containerDefinitions }));
    const list = async (status: "ACTIVE" | "INACTIVE") => {
      const answer = await client.send(new ListTaskDefinitionsCommand({ familyPrefix: "shop", status, sort: "DESC" }));
      return answer.taskDefinitionArns?.map((arn) => arn.split("/").at(-1));
    };
    expect(await list("ACTIVE")).toEqual(["shop:2", "shop:1"]);
    const gone = await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "shop:1" }));
    expect(gone.taskDefinition?.status).toBe("INACTIVE");
    expect(await list("ACTIVE")).toEqual(["shop:2"]);
    expect(await list("INACTIVE")).toEqual(["shop:1"]);
    const { families } = await client.send(new ListTaskDefinitionFamiliesCommand({ status: "ACTIVE" }));
    expect(families).toEqual(["shop"]);
  });

  it("that aren't there are a ClientException, and a bare family is not deregistered", async () => {
    await expect(client.send(new DescribeTaskDefinitionCommand({ taskDefinition: "shop:99" }))).rejects.toMatchObject({
      name: "ClientException",
      message: "Unable to describe task definition.",
    });
    await expect(client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "shop" }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

describe("tasks", () => {
  it("are listed by desired status and other filters, in pages", async () => {
    served.state.tasks = [task("one"), task("two", { status: "PENDING" }), task("three", { status: "STOPPED" })];
    const list = async (desiredStatus?: "RUNNING" | "STOPPED") => {
      const { taskArns } = await client.send(
        new ListTasksCommand({ cluster: "shop", serviceName: "shop", desiredStatus }),
      );
      return taskArns?.map((arn) => arn.split("/").at(-1));
    };
    expect(await list()).toEqual(["one", "two"]);
    expect(await list("STOPPED")).toEqual(["three"]);
    const first = await client.send(new ListTasksCommand({ cluster: "shop", maxResults: 1 }));
    const { nextToken } = first;
    const second = await client.send(new ListTasksCommand({ cluster: "shop", maxResults: 1, nextToken }));
    expect([first.taskArns, second.taskArns]).toEqual([[task("one").arn], [task("two").arn]]);
    expect(second.nextToken).toBeUndefined();
  });

  it("tell where they run", async () => {
    served.state.images = [image(1, ["v1"])];
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: "shop", tasks: ["one"] }));
    expect(tasks?.[0]).toMatchObject({
      taskArn: task("one").arn,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      startedBy: "ecs-svc/1",
      group: "service:shop",
      cpu: "256",
      platformVersion: "1.4.0",
      platformFamily: "Linux",
      availabilityZone: "eu-central-1a",
      connectivity: "CONNECTED",
      enableExecuteCommand: false,
      ephemeralStorage: { sizeInGiB: 20 },
      attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
      version: 3,
      overrides: { containerOverrides: [{ name: "api" }], inferenceAcceleratorOverrides: [] },
      attachments: [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
          type: "ElasticNetworkInterface",
          status: "ATTACHED",
          details: [
            { name: "subnetId", value: "subnet-1" },
            { name: "networkInterfaceId", value: expect.stringMatching(/^eni-0[0-9a-f]{16}$/) as string },
            { name: "macAddress", value: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/) as string },
            { name: "privateDnsName", value: "ip-10-0-0-11.eu-central-1.compute.internal" },
            { name: "privateIPv4Address", value: "10.0.0.11" },
          ],
        },
      ],
      containers: [
        {
          name: "api",
          lastStatus: "RUNNING",
          imageDigest: image(1, []).digest,
          containerArn: expect.stringContaining(":container/shop/one/") as string,
          runtimeId: expect.stringMatching(/^one-\d{10}$/) as string,
          cpu: "0",
          networkBindings: [],
          networkInterfaces: [{ privateIpv4Address: "10.0.0.11" }],
        },
      ],
    });
    const [attachment] = tasks?.[0]?.attachments ?? [];
    expect(tasks?.[0]?.containers?.[0]?.networkInterfaces?.[0]?.attachmentId).toBe(attachment?.id);
  });

  it("have a network interface each, always the same, of which only the subnet is known at first", async () => {
    served.state.tasks = [task("one"), task("two", { status: "PROVISIONING", startedAt: undefined })];
    const ask = () => client.send(new DescribeTasksCommand({ cluster: "shop", tasks: ["one", "two"] }));
    const { tasks = [] } = await ask();
    expect((await ask()).tasks).toEqual(tasks);
    const ids = tasks.map(({ attachments = [] }) => attachments[0]?.id);
    expect(new Set(ids).size).toBe(2);
    expect(tasks[1]).toMatchObject({
      attachments: [{ status: "PRECREATED", details: [{ name: "subnetId", value: "subnet-1" }] }],
      containers: [{ networkInterfaces: [] }],
      version: 1,
    });
    expect(tasks[1]?.connectivity).toBeUndefined();
  });

  it.each([
    ["the only one of their task set", [{ capacityProvider: "FARGATE_SPOT", weight: 1 }], "FARGATE_SPOT"],
    ["none of several", [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE_SPOT" }], undefined],
    ["none without a strategy", undefined, undefined],
  ])("name as their capacity provider %s", async (_, capacityProviderStrategy, expected) => {
    served.state.taskSets = [taskSet(1, { settings: capacityProviderStrategy ? { capacityProviderStrategy } : {} })];
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: "shop", tasks: ["one"] }));
    expect(tasks?.[0]?.capacityProviderName).toBe(expected);
  });

  it("tell why they stopped", async () => {
    served.state.tasks = [
      task("one", {
        status: "STOPPED",
        stoppedAt: START + 60_000,
        stoppedReason: "Essential container in task exited",
        stopCode: "EssentialContainerExited",
        exitCode: 137,
      }),
    ];
    const { tasks, failures } = await client.send(
      new DescribeTasksCommand({ cluster: "shop", tasks: [task("one").arn, "gone"] }),
    );
    expect(tasks?.[0]).toMatchObject({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: new Date(START + 60_000),
      stoppedReason: "Essential container in task exited",
      stopCode: "EssentialContainerExited",
      attachments: [{ status: "DELETED" }],
      containers: [{ lastStatus: "STOPPED", exitCode: 137 }],
    });
    expect(failures).toEqual([{ arn: task("gone").arn, reason: "MISSING" }]);
  });
});

describe("clusters and services", () => {
  it("are the ones of the stacks", async () => {
    served.state.tasks = [task("one"), task("two", { status: "PROVISIONING" })];
    const { clusters, failures } = await client.send(new DescribeClustersCommand({ clusters: ["shop", "other"] }));
    expect(clusters).toMatchObject([
      {
        clusterArn: TEMPLATE.cluster.arn,
        status: "ACTIVE",
        runningTasksCount: 1,
        pendingTasksCount: 1,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      },
    ]);
    expect(failures).toEqual([{ arn: TEMPLATE.cluster.arn.replace(/shop$/, "other"), reason: "MISSING" }]);
    expect((await client.send(new ListClustersCommand({}))).clusterArns).toEqual([TEMPLATE.cluster.arn]);
    expect((await client.send(new ListServicesCommand({ cluster: "shop" }))).serviceArns).toEqual([
      TEMPLATE.service.arn,
    ]);
  });

  it("have no tags, and a strange ARN is refused", async () => {
    const tagsOf = async (resourceArn: string) =>
      (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    expect(await tagsOf(TEMPLATE.service.arn)).toEqual([]);
    expect(await tagsOf(taskSet(1).arn)).toEqual([]);
    await expect(tagsOf("arn:aws:ecs:eu-central-1:123456789012:cluster/other")).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});
