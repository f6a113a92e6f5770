import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import { loadConfig } from "../../stacks/config";
import type { ReleaseArguments } from "../../scripts/release/arguments";
import type { AwsPort, RawTaskDefinition } from "../../scripts/release/aws-port";
import type { ReleaseDeps } from "../../scripts/release/deps";
import type { CommandRunner } from "../../scripts/release/docker";
import { targetOf } from "../../scripts/release/target";
import { SOURCE } from "../fixtures/configuration";
import { ACCOUNT, always, AUTO_ROLLBACK, awsError, digest, fakeAws, recorded } from "./fakes";
import { run } from "./running";

/** A service that another tool made: every name is unlike those of our stacks. */
const EXISTING = {
  cluster: "Shared_Cluster",
  service: "checkout-svc",
  application: 'Checkout "EU" & friends',
  deploymentGroup: "blue/green: checkout's",
};
const REGION = "eu-central-1";
const FAMILY = "Checkout_Family";
const LIVE = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${FAMILY}:41`;
const NEXT = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${FAMILY}:42`;
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/team/checkout`;
const ALARM = "Checkout: 5xx (EU) > 1 %";
const balancing = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
const [BLUE, GREEN] = ["blue", "green"].map((name) => `${balancing}:targetgroup/${name}/1`);
const CLUSTER_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/${EXISTING.cluster}`;

const configOf = (existing: Partial<typeof EXISTING> = {}) =>
  loadConfig({
    environment: "staging",
    context: {
      defaults: { project: "carts-api" },
      environments: {
        staging: { region: REGION, service: { source: SOURCE }, existing: { ...EXISTING, ...existing } },
      },
    },
  });

const definition = (overrides: Partial<RawTaskDefinition> = {}): RawTaskDefinition => ({
  taskDefinitionArn: LIVE,
  family: FAMILY,
  status: "ACTIVE",
  requiresCompatibilities: ["FARGATE"],
  containerDefinitions: [
    { name: "proxy", image: "public.ecr.aws/envoy:1" },
    { name: "web", image: `${REPOSITORY}:1.4` },
  ],
  ...overrides,
});
const runsImage = (image: string) => ({
  describeTaskDefinition: always({
    taskDefinition: definition({ containerDefinitions: [{ name: "web", image }] }),
    tags: [],
  }),
});
const service = (overrides: Partial<Service> = {}) => ({
  describeServices: always({
    services: [
      {
        serviceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${EXISTING.cluster}/${EXISTING.service}`,
        serviceName: EXISTING.service,
        clusterArn: CLUSTER_ARN,
        status: "ACTIVE",
        deploymentController: { type: "CODE_DEPLOY" as const },
        desiredCount: 3,
        taskSets: [
          {
            id: "ecs-svc/1",
            status: "PRIMARY",
            taskDefinition: LIVE,
            runningCount: 3,
            loadBalancers: [{ containerName: "web", containerPort: 3000, targetGroupArn: BLUE }],
          },
        ],
        ...overrides,
      },
    ],
  }),
});
const target = (targetGroupArn: string | undefined) => ({ containerName: "web", containerPort: 3000, targetGroupArn });
const behind = (...loadBalancers: NonNullable<Service["loadBalancers"]>) =>
  service({ taskSets: [{ status: "PRIMARY", taskDefinition: LIVE, runningCount: 3, loadBalancers }] });
const group = (overrides: DeploymentGroupInfo = {}) => ({
  getDeploymentGroup: always({
    deploymentGroupInfo: {
      applicationName: EXISTING.application,
      deploymentGroupName: EXISTING.deploymentGroup,
      computePlatform: "ECS" as const,
      deploymentConfigName: "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
      ecsServices: [{ clusterName: EXISTING.cluster, serviceName: EXISTING.service }],
      alarmConfiguration: { enabled: true, alarms: [{ name: ALARM }] },
      autoRollbackConfiguration: AUTO_ROLLBACK,
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: "blue" }, { name: "green" }],
            prodTrafficRoute: { listenerArns: [`${balancing}:listener/app/edge/1/2`] },
          },
        ],
      },
      ...overrides,
    },
  }),
});

/** Releases the service of the configuration; AWS has it, with nothing of ours beside it. */
async function release(
  overrides: Partial<AwsPort> = {},
  args: Partial<ReleaseArguments> = {},
  existing: Partial<typeof EXISTING> = {},
  rest: Partial<ReleaseDeps> = {},
) {
  const config = configOf(existing);
  const ours = { applicationName: EXISTING.application, deploymentGroupName: EXISTING.deploymentGroup };
  const started = run(
    {
      ...service(),
      ...group(),
      describeTaskDefinition: ({ taskDefinition }) =>
        Promise.resolve({
          taskDefinition: definition(taskDefinition === NEXT ? { taskDefinitionArn: NEXT } : {}),
          tags: [],
        }),
      listTaskDefinitions: always({ taskDefinitionArns: [LIVE] }),
      registerTaskDefinition: ({ tags = [], ...given }) =>
        Promise.resolve({ taskDefinition: { ...given, taskDefinitionArn: NEXT }, tags }),
      describeRepositories: ({ repositoryNames = [] }) =>
        Promise.resolve({
          repositories: repositoryNames.map((name) => ({ repositoryName: name, repositoryUri: name })),
        }),
      getDeploymentConfig: ({ deploymentConfigName }) =>
        Promise.resolve({
          deploymentConfigInfo: {
            deploymentConfigName,
            trafficRoutingConfig: {
              type: "TimeBasedLinear" as const,
              timeBasedLinear: { linearPercentage: 10, linearInterval: 1 },
            },
          },
        }),
      describeAlarms: always({ MetricAlarms: [{ AlarmName: ALARM, StateValue: "OK" as const }] }),
      describeTargetGroups: always({ TargetGroups: [BLUE, GREEN].map((TargetGroupArn) => ({ TargetGroupArn })) }),
      describeRules: always({ Rules: [] }),
      batchGetDeployments: async (input) => {
        const { deploymentsInfo = [] } = await fakeAws().batchGetDeployments(input);
        return {
          deploymentsInfo: deploymentsInfo.map((info) => ({ ...info, ...ours, description: `Release ${FAMILY}:42` })),
        };
      },
      getDeployment: async (input) => {
        const { deploymentInfo } = await fakeAws().getDeployment(input);
        return { deploymentInfo: { ...deploymentInfo, ...ours, description: `Release ${FAMILY}:42` } };
      },
      ...overrides,
    },
    args,
    { config, target: targetOf(config), ...rest },
  );
  const report = await started.start();
  const told = report.problems.map(({ what, where, next }) => `${what}; ${where}; ${next}`).join(" | ");
  const texts = started.events.flatMap((event) =>
    event.type === "warning" || event.type === "progress" ? [event.text] : [],
  );
  return { report, told, texts, ...started };
}

describe("the release of a service that another tool made", () => {
  it("takes container, port, family, repository, strategy and alarms from what runs", async () => {
    const { report, calls, events, texts } = await release();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, taskDefinition: NEXT });
    expect(calls.register.inputs).toMatchObject([
      {
        family: FAMILY,
        containerDefinitions: [{ image: "public.ecr.aws/envoy:1" }, { image: `${REPOSITORY}@${digest("2")}` }],
      },
    ]);
    const [created] = calls.create.inputs;
    expect(created).toMatchObject({
      applicationName: EXISTING.application,
      deploymentGroupName: EXISTING.deploymentGroup,
    });
    const appSpec = created?.revision?.appSpecContent?.content ?? "";
    expect(appSpec).toMatch(/ContainerName: "web"\s+ContainerPort: 3000/);
    expect(appSpec).not.toContain("Hook");
    expect(events).toContainEqual(expect.objectContaining({ type: "watching", strategy: "10 % more every 1 minutes" }));
    expect(texts).toContain(`checking staging: cluster ${EXISTING.cluster}, service ${EXISTING.service}`);
    expect(texts.join()).toMatch(/no hook tests the new version: .*appspec\.yaml/);
    expect(texts.join()).not.toMatch(/npm run deploy|cdktf deploy|stack|Terraform/);
  });

  it("asks ECR about the live container's repository", async () => {
    const describe = recorded(always({ repositories: [{ repositoryName: "team/checkout", repositoryUri: "x" }] }));
    const images = recorded(fakeAws().describeImages);
    await release({ describeRepositories: describe.call, describeImages: images.call });
    expect(describe.inputs).toEqual([{ repositoryNames: ["team/checkout"] }]);
    expect(images.inputs).toEqual([{ repositoryName: "team/checkout", imageIds: [{ imageTag: "v2" }] }]);
  });

  it("asks by the cluster's name, also where the configuration has its ARN", async () => {
    const describe = recorded(service().describeServices);
    const { report } = await release({ describeServices: describe.call }, {}, { cluster: CLUSTER_ARN });
    expect(report.exitCode).toBe(0);
    expect(describe.inputs[0]).toEqual({ cluster: EXISTING.cluster, services: [EXISTING.service] });
  });

  it("quotes the names in the commands that it shows", async () => {
    const { report } = await release({
      createDeployment: always<never>(new Error("connection lost")),
      listDeployments: always({ deployments: [] }),
    });
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.next.join()).toContain(
      `--application-name 'Checkout "EU" & friends' --deployment-group-name 'blue/green: checkout'\\''s'`,
    );
  });

  it("starts with latest from the newest revision that no release registered", async () => {
    const { report, calls, texts } = await release(
      {
        listTaskDefinitions: always({ taskDefinitionArns: [NEXT, LIVE] }),
        describeTaskDefinition: ({ taskDefinition = "" }) =>
          Promise.resolve({
            taskDefinition: taskDefinition.endsWith(":42")
              ? definition({ taskDefinitionArn: NEXT, cpu: "512" })
              : definition(),
            tags: [],
          }),
      },
      { taskDefinition: "latest" },
    );
    expect(calls.register.inputs).toMatchObject([{ family: FAMILY, cpu: "512" }]);
    expect(texts.join()).toContain(`starting from ${FAMILY}:42: its changes are merged into ${FAMILY}:41`);
    expect(report.outcome).toBe("released");
  });

  it("names another tool, not Terraform, for a newer revision that is left out", async () => {
    const { texts } = await release({
      listTaskDefinitions: always({ taskDefinitionArns: [NEXT, LIVE] }),
      describeTaskDefinition: ({ taskDefinition = "" }) =>
        Promise.resolve({
          taskDefinition: taskDefinition.endsWith(":42")
            ? definition({ taskDefinitionArn: NEXT, cpu: "512" })
            : definition(),
          tags: [],
        }),
    });
    expect(texts.join()).toContain(`leaves out what another tool has since registered as ${FAMILY}:42 (cpu)`);
  });
});

describe("what real services have", () => {
  const names = ["checkout/any > 5 %", "ECS CPU", ALARM];
  const watches = (...alarms: readonly string[]) =>
    group({ alarmConfiguration: { enabled: true, alarms: alarms.map((name) => ({ name })) } });

  it("are alarms on several pages, of each kind", async () => {
    const describe = recorded(({ NextToken }: Parameters<AwsPort["describeAlarms"]>[0]) =>
      Promise.resolve(
        NextToken === undefined
          ? { MetricAlarms: [{ AlarmName: ALARM, StateValue: "OK" as const }], NextToken: "composite" }
          : NextToken === "composite"
            ? {
                CompositeAlarms: [{ AlarmName: names[0], StateValue: "OK" as const, AlarmRule: 'ALARM("x")' }],
                NextToken: "last",
              }
            : {
                MetricAlarms: [
                  {
                    AlarmName: "ECS CPU",
                    StateValue: "INSUFFICIENT_DATA" as const,
                    Namespace: "AWS/ECS",
                    MetricName: "CPU",
                  },
                ],
              },
      ),
    );
    const { report, events } = await release({ ...watches(...names), describeAlarms: describe.call });
    expect(report).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(events.find(({ type }) => type === "gate")).toMatchObject({
      gate: {
        alarms: [
          { name: names[0], state: "OK", sees: "unknown" },
          { name: "ECS CPU", state: "INSUFFICIENT_DATA", sees: "unknown" },
          { name: ALARM, state: "OK" },
        ],
      },
    });
    expect(describe.inputs.slice(0, 3)).toMatchObject([
      { AlarmNames: names },
      { NextToken: "composite" },
      { NextToken: "last" },
    ]);
  });

  it("is a proxy beside the program: the container that the load balancer reaches gets the image, and it is named", async () => {
    const { texts } = await release();
    expect(texts).toContain("the load balancer reaches the container web, so web gets the new image; unchanged: proxy");
    const program = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/team/program:2`;
    const { report, told } = await release({}, { image: program });
    expect(report.exitCode).toBe(4);
    expect(told).toContain(`${program} is not an image of ${REPOSITORY}`);
  });

  it("are rules on several pages of one listener, of which one forwards to the service", async () => {
    const forward = (TargetGroupArn: string | undefined) => [{ Type: "forward" as const, TargetGroupArn }];
    const { report, texts } = await release({
      describeRules: ({ Marker }) =>
        Promise.resolve(
          Marker === undefined
            ? { Rules: [{ Priority: "1", Actions: forward(`${balancing}:targetgroup/other/9`) }], NextMarker: "2" }
            : { Rules: [{ Priority: "2", Actions: forward(BLUE) }] },
        ),
    });
    expect(report.outcome).toBe("released");
    expect(texts.join()).not.toContain("sends no request to the service's target groups");
  });

  it("are alarms that CloudWatch lists without end, which no release waits for", async () => {
    const { report, told } = await release({ describeAlarms: always({ MetricAlarms: [], NextToken: "again" }) });
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(told).toContain("DescribeAlarms answered 101 pages, and no last one");
  });

  it("are limits on the rate of calls, after which a read is repeated", async () => {
    let calls = 0;
    const { report } = await release({
      describeServices: () => {
        calls += 1;
        return calls < 3
          ? Promise.reject(awsError("ThrottlingException", "Rate exceeded"))
          : service().describeServices();
      },
    });
    expect(report.outcome).toBe("released");
  });

  it("are service discovery, no test listener, and all traffic at once, each with its warning", async () => {
    const { report, texts, calls } = await release({
      ...group({
        deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
        alarmConfiguration: { enabled: true, alarms: [{ name: ALARM }], ignorePollAlarmFailure: true },
        blueGreenDeploymentConfiguration: {
          terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
        },
      }),
      getDeploymentConfig: always({
        deploymentConfigInfo: {
          deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
          trafficRoutingConfig: { type: "AllAtOnce" as const },
        },
      }),
      ...service({
        taskSets: [
          {
            status: "PRIMARY",
            taskDefinition: LIVE,
            runningCount: 3,
            loadBalancers: [target(BLUE)],
            serviceRegistries: [{ registryArn: "arn:aws:servicediscovery:eu-central-1:1:service/srv-1" }],
          },
        ],
      }),
    });
    expect(report.outcome).toBe("released");
    expect(calls.create.inputs).toHaveLength(1);
    const warned = texts.join("\n");
    expect(warned).toContain("are registered in arn:aws:servicediscovery:eu-central-1:1:service/srv-1");
    expect(warned).toContain("all users get the new version at once");
    expect(warned).toContain("has ignorePollAlarmFailure set");
  });

  it("is a task definition without roles, with secrets and fields that nobody knows, which stay as they are", async () => {
    const kept = {
      containerDefinitions: [
        { name: "log-router", image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable", essential: false },
        {
          name: "web",
          image: `${REPOSITORY}:latest`,
          secrets: [{ name: "TOKEN", valueFrom: "arn:aws:secretsmanager:eu-central-1:1:secret:t" }],
          dependsOn: [{ containerName: "log-router", condition: "START" as const }],
        },
      ],
      networkMode: "host" as const,
      requiresCompatibilities: ["EC2" as const],
      runtimePlatform: { cpuArchitecture: "X86_64" as const, operatingSystemFamily: "LINUX" as const },
    };
    const { report, calls } = await release({
      describeTaskDefinition: always({ taskDefinition: definition(kept), tags: [] }),
    });
    expect(report.outcome).toBe("released");
    const [registered] = calls.register.inputs;
    const [router, web] = kept.containerDefinitions;
    expect(registered).toMatchObject({
      ...kept,
      containerDefinitions: [router, { ...web, image: `${REPOSITORY}@${digest("2")}` }],
    });
    expect(registered).not.toHaveProperty("taskRoleArn");
    expect(registered).not.toHaveProperty("executionRoleArn");
  });
});

describe("what can't be released is refused by name, before anything is changed", () => {
  const listener = { listenerArns: [`${balancing}:listener/app/edge/1/2`] };
  const pair = (...names: readonly string[]) => ({
    targetGroups: names.map((name) => ({ name })),
    prodTrafficRoute: listener,
  });

  it.each<readonly [string, Partial<AwsPort>, RegExp]>([
    [
      "no cluster",
      { describeServices: always<never>(awsError("ClusterNotFoundException")) },
      /there is no cluster Shared_Cluster; .*`existing` of cdktf\.json/,
    ],
    [
      "no service",
      { describeServices: always({ services: [] }) },
      /there is no service checkout-svc; .*`existing` of cdktf\.json/,
    ],
    ["an INACTIVE service", service({ status: "INACTIVE" }), /checkout-svc is INACTIVE, not ACTIVE/],
    ...(["ECS", "EXTERNAL"] as const).map(
      (type) =>
        [
          `the controller ${type}`,
          service({ deploymentController: { type } }),
          new RegExp(`deployment controller ${type}, not CODE_DEPLOY; .*only services with the controller CODE_DEPLOY`),
        ] as const,
    ),
    ["no load balancer", behind(), /the service has no load balancer/],
    [
      "two load balancers",
      behind(target(BLUE), { ...target(`${balancing}:targetgroup/internal/9`), containerPort: 9000 }),
      /behind 2 target groups \(blue for web:3000, internal for web:9000\)/,
    ],
    [
      "no application",
      { getDeploymentGroup: always<never>(awsError("ApplicationDoesNotExistException")) },
      /there is no application Checkout "EU" & friends; .*`existing`/,
    ],
    [
      "no group",
      { getDeploymentGroup: always<never>(awsError("DeploymentGroupDoesNotExistException")) },
      /has no deployment group blue\/green: checkout's; .*`existing`/,
    ],
    ["a group for servers", group({ computePlatform: "Server" }), /compute platform Server, not for ECS/],
    ["a group for functions", group({ computePlatform: "Lambda" }), /compute platform Lambda, not for ECS/],
    [
      "the group of another service",
      group({ ecsServices: [{ clusterName: EXISTING.cluster, serviceName: "billing" }] }),
      /deploys Shared_Cluster:billing, not Shared_Cluster:checkout-svc; .*name the group of this service in `existing`/,
    ],
    ["a group without target groups", group({ loadBalancerInfo: {} }), /no pair of target groups/],
    [
      "two pairs of target groups",
      group({ loadBalancerInfo: { targetGroupPairInfoList: [pair("blue", "green"), pair("a", "b")] } }),
      /2 pairs of target groups/,
    ],
    [
      "a pair of one target group",
      group({ loadBalancerInfo: { targetGroupPairInfoList: [pair("blue")] } }),
      /has 1 target groups \(blue\), not two/,
    ],
    [
      "a group without a production listener",
      group({ loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: pair("blue", "green").targetGroups }] } }),
      /no production listener/,
    ],
    [
      "live tasks behind a target group that isn't the group's",
      behind(target(`${balancing}:targetgroup/orphan/9`)),
      /behind targetgroup\/orphan\/9, which is not one of the group's/,
    ],
    [
      "an alarm that doesn't exist",
      { describeAlarms: always({ MetricAlarms: [] }) },
      /there is no metric or composite alarm Checkout: 5xx .*correct it where it was made/,
    ],
    [
      "a group without alarms",
      group({ alarmConfiguration: { enabled: false } }),
      /nothing would test the new version.*correct it where it was made/,
    ],
    [
      "a group whose alarms Terraform has left turned off",
      group({ alarmConfiguration: { enabled: false, alarms: [{ name: ALARM }] } }),
      /the group names 1, and its alarm configuration is turned off/,
    ],
    [
      "a deleted task definition",
      { describeTaskDefinition: always<never>(awsError("ClientException")) },
      /Checkout_Family:41; correct it where it was made/,
    ],
    [
      "no repository any more",
      { describeRepositories: always<never>(awsError("RepositoryNotFoundException")) },
      /there is no repository team\/checkout/,
    ],
  ])("%s", async (_, overrides, words) => {
    const { report, told, calls } = await release(overrides);
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(told).toMatch(words);
    expect(told).not.toMatch(/npm run deploy|cdktf deploy|stack/);
    expect([calls.register.inputs, calls.create.inputs]).toEqual([[], []]);
  });

  it.each([
    ["partition", CLUSTER_ARN.replace("arn:aws:", "arn:aws-cn:"), /partition aws-cn, these credentials are for aws/],
    ["account", CLUSTER_ARN.replace(ACCOUNT, "999999999999"), /account 999999999999, these credentials are for 1234/],
    ["region", CLUSTER_ARN.replace(REGION, "us-east-1"), /region us-east-1, this release works in eu-central-1/],
  ])("a cluster of another %s", async (_, cluster, words) => {
    const { report, told } = await release({}, {}, { cluster });
    expect(report.exitCode).toBe(4);
    expect(told).toMatch(words);
  });

  it("but not a group that keeps the old version, of which a warning tells", async () => {
    const blueGreenDeploymentConfiguration = {
      terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" as const },
    };
    const { report, texts } = await release(group({ blueGreenDeploymentConfiguration }));
    expect(report.outcome).toBe("released");
    expect(texts.join()).toMatch(/keeps the old version after a release \(KEEP_ALIVE\)/);
  });
});

describe("the image of a service that another tool made", () => {
  const OTHER_ACCOUNT = `999999999999.dkr.ecr.${REGION}.amazonaws.com/checkout`;
  const pulled = {
    batchGetImage: always({
      images: [{ imageId: { imageDigest: digest("7") }, imageManifest: '{"manifests":[]}' }],
    }),
    describeImages: always<never>(awsError("AccessDeniedException", "no")),
    describeRepositories: always<never>(awsError("AccessDeniedException", "no")),
  };
  const imageOf = ({ calls }: Awaited<ReturnType<typeof release>>) =>
    calls.register.inputs[0]?.containerDefinitions?.find(({ name }) => name === "web")?.image;

  it.each([
    ["a tag", "v2"],
    ["a digest", digest("2")],
    ["a full reference", `${REPOSITORY}:v2`],
  ])("may be named by %s, where the service's repository can be read", async (_, image) => {
    expect(imageOf(await release({}, { image }))).toBe(`${REPOSITORY}@${digest("2")}`);
  });

  it("may be in another account's registry, which allows pulling only", async () => {
    const batchGetImage = recorded(pulled.batchGetImage);
    const released = await release({
      ...runsImage(`${OTHER_ACCOUNT}:1`),
      ...pulled,
      batchGetImage: batchGetImage.call,
    });
    expect(imageOf(released)).toBe(`${OTHER_ACCOUNT}@${digest("7")}`);
    expect(batchGetImage.inputs[0]).toMatchObject({ registryId: "999999999999", repositoryName: "checkout" });
  });

  it.each([
    ["a public registry", "docker.io/library/nginx:1.27", /not in a private registry of ECR/],
    ["no registry, which is Docker Hub", "nginx", /not in a private registry of ECR/],
    [
      "ECR of another region",
      `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/checkout:1`,
      /in ECR of us-east-1, while this release works in eu-central-1/,
    ],
    ["a registry with a port", "registry.example:5000/shop/web@" + digest("1"), /not in a private registry of ECR/],
  ])("must be named in full when the service's is in %s", async (_, live, words) => {
    for (const image of ["v2", digest("2"), undefined]) {
      const { report, told } = await release(runsImage(live), { image });
      expect(report.exitCode).toBe(4);
      expect(told).toMatch(words);
      expect(told).toMatch(/--image .*@sha256:…/);
    }
    const named = `docker.io/library/nginx@${digest("3")}`;
    const released = await release(runsImage(live), { image: named });
    expect(imageOf(released)).toBe(named);
    expect(released.texts.join()).toMatch(/not checked that docker\.io\/library\/nginx@sha256:3+ exists/);
  });

  it("has a warning when a tag names what can't be checked", async () => {
    const { texts } = await release(runsImage("nginx:1.27"), { image: "nginx:1.28" });
    expect(texts.join()).toMatch(/nginx:1\.28 is named by a tag/);
  });

  it("may move from a public registry to one that can be checked", async () => {
    expect(imageOf(await release(runsImage("nginx:1.27"), { image: `${REPOSITORY}:v2` }))).toBe(
      `${REPOSITORY}@${digest("2")}`,
    );
  });

  it("is no image of another repository, where the service's can be read", async () => {
    const { told } = await release({}, { image: "docker.io/library/nginx:1.28" });
    expect(told).toMatch(/nginx:1\.28 is not an image of .*team\/checkout/);
  });

  it("is built for the platform of the task definition, and pushed to the live container's repository", async () => {
    const commands: string[] = [];
    const runner: CommandRunner = {
      run: ({ args }) => {
        commands.push(args.join(" "));
        return Promise.resolve(0);
      },
    };
    let pushed = false;
    const describeImages = () => {
      const answer = { imageDetails: pushed ? [{ imageDigest: digest("5") }] : [] };
      pushed = true;
      return Promise.resolve(answer);
    };
    const image = undefined;
    const released = await release({ describeImages }, { image }, {}, { runner });
    expect(imageOf(released)).toBe(`${REPOSITORY}@${digest("5")}`);
    expect(commands[0]).toMatch(new RegExp(`^build --platform=linux/amd64 .*--tag=${REPOSITORY}:`));
    expect(commands.at(-1)).toMatch(new RegExp(`^push ${REPOSITORY}:`));
  });

  it("is not built from the folder of the example, when the configuration names no other", async () => {
    const { report, told } = await release({}, { image: undefined }, {}, { isSourceGiven: false });
    expect(report.exitCode).toBe(4);
    expect(told).toMatch(/no image to release: .*set service\.source to the folder of this service's Dockerfile/);
  });

  it("is only warned of for EC2 instances of unknown architecture", async () => {
    const arm = always({
      images: [
        { imageManifest: JSON.stringify({ manifests: [{ platform: { os: "linux", architecture: "arm64" } }] }) },
      ],
    });
    const onFargate = await release({ batchGetImage: arm });
    expect(onFargate.told).toMatch(/built for linux\/arm64, the service runs on linux\/amd64/);
    const describeTaskDefinition = always({
      taskDefinition: definition({ requiresCompatibilities: ["EC2"] }),
      tags: [],
    });
    const onInstances = await release({ batchGetImage: arm, describeTaskDefinition });
    expect(onInstances.texts.join()).toMatch(/not checked that the service's instances can run it/);
  });
});
