import type { AwsPort } from "../../scripts/release/aws-port";
import { preflight, type PreflightInput } from "../../scripts/release/preflight";
import { targetOf } from "../../scripts/release/target";
import {
  ACCOUNT,
  ALARMS,
  always,
  AUTO_ROLLBACK,
  awsError,
  config,
  digest,
  fakeAws,
  forwardRule,
  indexOf,
  LIVE_REVISION,
  liveEcsService,
  liveTaskDefinition,
  LOAD_BALANCER_INFO,
  names,
  NEXT_REVISION,
  recorded,
  REPOSITORY_URL,
  TARGET_GROUPS,
  TEMPLATE,
} from "./fakes";

const group = (overrides: object) =>
  always({
    deploymentGroupInfo: {
      deploymentConfigName: names.deploymentConfig,
      ecsServices: [{ clusterName: names.cluster, serviceName: names.service }],
      autoRollbackConfiguration: AUTO_ROLLBACK,
      loadBalancerInfo: LOAD_BALANCER_INFO,
      ...overrides,
    },
  });
const running = {
  listDeployments: always({ deployments: ["d-SOMEONES1"] }),
  batchGetDeployments: always({
    deploymentsInfo: [
      {
        deploymentId: "d-SOMEONES1",
        status: "InProgress" as const,
        creator: "user" as const,
        createTime: new Date("2026-01-02T03:04:05Z"),
        description: "hotfix of the payments",
      },
    ],
  }),
};
const firing = {
  describeAlarms: always({
    MetricAlarms: ALARMS.map((AlarmName, index) => ({
      AlarmName,
      StateValue: index === 0 ? ("ALARM" as const) : ("OK" as const),
      StateReason: "5 datapoints were greater than the threshold",
      StateTransitionedTimestamp: new Date("2026-01-02T03:04:05Z"),
    })),
  }),
};

/** ECR holding an image for one platform: its manifest names the configuration, and that the platform. */
const single = (configuration: object) => ({
  batchGetImage: always({ images: [{ imageManifest: JSON.stringify({ config: { digest: digest("c") } }) }] }),
  getDownloadUrlForLayer: always({
    downloadUrl: `data:application/json,${encodeURIComponent(JSON.stringify(configuration))}`,
  }),
});

const NO_WISH = { variables: [], containers: [], leaveOut: [] };

const check = (overrides: Partial<AwsPort> = {}, input: Partial<PreflightInput> = {}) =>
  preflight(fakeAws(overrides), {
    config,
    target: targetOf(config),
    isSourceGiven: false,
    ...NO_WISH,
    template: { file: "appspec.yaml", text: TEMPLATE },
    image: "v2",
    alarms: "new",
    acceptBlindGate: false,
    commands: { accept: "npm run release -- --accept-blind-gate", alarms: { new: "new", all: "all" } },
    ...input,
  });
const problemsOf = async (...given: Parameters<typeof check>) => {
  const result = await check(...given);
  return result.ok ? [] : result.problems;
};
const denied = (action: string) =>
  always<never>(awsError("AccessDeniedException", `User is not authorized to perform: ${action}`));

describe("the checks before a release", () => {
  it("return the facts for the release", async () => {
    const result = await check();
    expect(result).toMatchObject({
      ok: true,
      facts: {
        account: ACCOUNT,
        service: { taskDefinition: LIVE_REVISION, containerPort: 8080 },
        repository: { name: names.repository, url: REPOSITORY_URL },
        image: `${REPOSITORY_URL}@${digest("2")}`,
        platform: "linux/amd64",
        selection: { watched: ALARMS.slice(1), unwatched: ALARMS.slice(0, 1) },
        warnings: [],
      },
    });
  });

  it.each<readonly [string, Partial<AwsPort>, Partial<PreflightInput>, RegExp]>([
    [
      "expired credentials",
      { getCallerIdentity: always<never>(awsError("ExpiredToken", "The security token is expired")) },
      {},
      /ExpiredToken: The security token is expired.*sign in again/,
    ],
    [
      "the wrong account",
      {},
      { config: { ...config, account: "999999999999" } },
      /credentials are for account 123456789012, environment staging is in 999999999999/,
    ],
    [
      "no cluster",
      { describeServices: always<never>(awsError("ClusterNotFoundException")) },
      {},
      /there is no cluster/,
    ],
    ["no service", { describeServices: always({ services: [] }) }, {}, /there is no service .* region eu-/],
    [
      "a service that is going away",
      { describeServices: always({ services: [liveEcsService({ status: "DRAINING" })] }) },
      {},
      /is DRAINING, not ACTIVE/,
    ],
    [
      "another deployment controller",
      { describeServices: always({ services: [liveEcsService({ deploymentController: { type: "ECS" } })] }) },
      {},
      /has the deployment controller ECS, not CODE_DEPLOY/,
    ],
    [
      "a service whose load balancer reaches another container",
      {
        describeServices: always({
          services: [
            liveEcsService({ taskSets: [], loadBalancers: [{ containerName: "web" }], taskDefinition: LIVE_REVISION }),
          ],
        }),
      },
      {},
      /the load balancer reaches no container api, but web/,
    ],
    [
      "a service without a load balancer",
      { describeServices: always({ services: [liveEcsService({ taskSets: [], taskDefinition: LIVE_REVISION })] }) },
      {},
      /the service has no load balancer/,
    ],
    [
      "a task definition without the container",
      { describeTaskDefinition: always({ taskDefinition: liveTaskDefinition({ containerDefinitions: [] }) }) },
      {},
      /has no container api/,
    ],
    ["a variable that is a secret", {}, { variables: [{ name: "TOKEN", value: "x" }] }, /TOKEN is a secret/],
    [
      "a template with an unknown placeholder",
      {},
      { template: { file: "appspec.yaml", text: `${TEMPLATE}A: "<B>"\n` } },
      /unknown placeholder <B>/,
    ],
    [
      "no application",
      { getDeploymentGroup: always<never>(awsError("ApplicationDoesNotExistException")) },
      {},
      /there is no application/,
    ],
    [
      "no group",
      { getDeploymentGroup: always<never>(awsError("DeploymentGroupDoesNotExistException")) },
      {},
      /has no deployment group/,
    ],
    [
      "a group of another service",
      { getDeploymentGroup: group({ ecsServices: [{ clusterName: "other", serviceName: "web" }] }) },
      {},
      /the group deploys other:web, not/,
    ],
    [
      "an unknown deployment config",
      { getDeploymentConfig: always<never>(awsError("DeploymentConfigDoesNotExistException")) },
      {},
      /there is no deployment config CodeDeployDefault\./,
    ],
    [
      "a release that runs, with who started it, since when, and how to follow it",
      running,
      {},
      /since 2026-01-02T03:04:05.000Z, started by user: hotfix of the payments.*--environment staging --attach d-SOMEONES1/,
    ],
    [
      "an alarm that fires, with its reason and since when",
      firing,
      {},
      /target-5xx-1 is in ALARM since 2026-01-02T03:04:05.000Z.*5 datapoints were greater/,
    ],
    [
      "an alarm that is gone",
      { describeAlarms: always({ MetricAlarms: [] }) },
      {},
      /there is no metric or composite alarm .*target-5xx-1/,
    ],
    [
      "no repository",
      { describeRepositories: always<never>(awsError("RepositoryNotFoundException")) },
      {},
      /there is no repository/,
    ],
    [
      "no such image",
      { describeImages: always<never>(awsError("ImageNotFoundException")) },
      {},
      /there is no image v2.*push it first/,
    ],
    ["an image of another repository", {}, { image: "nginx:latest" }, /nginx:latest is not an image of/],
    [
      "an image for another platform",
      {
        batchGetImage: always({ images: [{ imageManifest: indexOf("arm64") }] }),
      },
      {},
      /built for linux\/arm64, the service runs on linux\/amd64/,
    ],
    [
      "a single image whose configuration names another platform",
      single({ os: "linux", architecture: "arm64" }),
      {},
      /built for linux\/arm64, the service runs on linux\/amd64/,
    ],
    [
      "an image for another platform than the live task definition has, whatever is configured",
      {
        batchGetImage: always({ images: [{ imageManifest: indexOf("amd64") }] }),
        describeTaskDefinition: always({
          taskDefinition: liveTaskDefinition({ runtimePlatform: { cpuArchitecture: "ARM64" } }),
        }),
      },
      {},
      /built for linux\/amd64, the service runs on linux\/arm64/,
    ],
    [
      "a release that runs, also when CodeDeploy lists it and doesn't describe it",
      { ...running, batchGetDeployments: always({ deploymentsInfo: [] }) },
      {},
      /another deployment runs.*deployment d-SOMEONES1/,
    ],
    [
      "a composite alarm that fires",
      {
        getDeploymentGroup: group({ alarmConfiguration: { enabled: true, alarms: [{ name: "all-of-it" }] } }),
        describeAlarms: always({ CompositeAlarms: [{ AlarmName: "all-of-it", StateValue: "ALARM" as const }] }),
      },
      {},
      /all-of-it is in ALARM/,
    ],
    [
      "a service that is to have no tasks",
      { describeServices: always({ services: [liveEcsService({ desiredCount: 0 })] }) },
      {},
      /nothing would test the new version: .* count of 0.*--accept-blind-gate/,
    ],
    [
      "a service of which no task runs",
      {
        describeServices: always({
          services: [
            liveEcsService({ taskSets: liveEcsService().taskSets?.map((set) => ({ ...set, runningCount: 0 })) }),
          ],
        }),
      },
      {},
      /no task of the live version runs, although 2 are desired.*--accept-blind-gate/,
    ],
    ["a missing permission", { describeAlarms: denied("cloudwatch:DescribeAlarms") }, {}, /not allowed: .*grant cloud/],
  ])("refuse %s", async (_, overrides, input, words) => {
    const problems = await problemsOf(overrides, input);
    const told = problems.map(({ what, where, next }) => `${what}; ${where}; ${next}`).join(" | ");
    expect(told.replaceAll("\n", " ")).toMatch(words);
  });

  it.each(["Created", "Queued", "InProgress", "Baking", "Ready"] as const)(
    "list deployments that are %s",
    async (status) => {
      const listDeployments = ({ includeOnlyStatuses = [] }: { includeOnlyStatuses?: readonly string[] | undefined }) =>
        Promise.resolve({ deployments: includeOnlyStatuses.includes(status) ? ["d-SOMEONES1"] : [] });
      expect(await problemsOf({ ...running, listDeployments })).toHaveLength(1);
    },
  );

  it("don't list deployments that are over", async () => {
    const listDeployments = recorded(fakeAws().listDeployments);
    await check({ listDeployments: listDeployments.call });
    for (const over of ["Succeeded", "Failed", "Stopped"] as const) {
      expect(listDeployments.inputs[0]?.includeOnlyStatuses).not.toContain(over);
    }
  });

  it("report all problems at once, each with what, where and what next", async () => {
    const problems = await problemsOf({
      describeServices: always({ services: [liveEcsService({ status: "INACTIVE" })] }),
      describeImages: always<never>(awsError("ImageNotFoundException")),
      getDeploymentConfig: denied("codedeploy:GetDeploymentConfig"),
      ...running,
    });
    expect(problems).toHaveLength(4);
    for (const { what, where, next } of problems) expect([what, where, next]).not.toContain("");
  });

  it("make no other call without credentials, because all would fail", async () => {
    const services = recorded(fakeAws().describeServices);
    const identity = always<never>(awsError("CredentialsProviderError", "Could not load credentials"));
    expect(await problemsOf({ getCallerIdentity: identity, describeServices: services.call })).toHaveLength(1);
    expect(services.inputs).toEqual([]);
  });

  it("change nothing", async () => {
    const forbidden = () => Promise.reject(new Error("changed something"));
    const result = await check({
      registerTaskDefinition: forbidden,
      deregisterTaskDefinition: forbidden,
      createDeployment: forbidden,
      stopDeployment: forbidden,
    });
    expect(result.ok).toBe(true);
  });

  it("read the image by its digest when one is given", async () => {
    const images = recorded(fakeAws().describeImages);
    await check({ describeImages: images.call }, { image: `${REPOSITORY_URL}@${digest("2")}` });
    expect(images.inputs[0]).toMatchObject({ imageIds: [{ imageDigest: digest("2") }] });
  });

  it("accept an alarm that has no data yet", async () => {
    const starting = ALARMS.map((AlarmName) => ({ AlarmName, StateValue: "INSUFFICIENT_DATA" as const }));
    expect((await check({ describeAlarms: always({ MetricAlarms: starting }) })).ok).toBe(true);
  });

  it("request no more alarms at once than CloudWatch accepts", async () => {
    const many = Array.from({ length: 150 }, (_, index) => `alarm-${index}`);
    const describeAlarms = recorded(({ AlarmNames = [] }: { AlarmNames?: string[] | undefined }) =>
      Promise.resolve({ MetricAlarms: AlarmNames.map((AlarmName) => ({ AlarmName, StateValue: "OK" as const })) }),
    );
    const result = await check({
      getDeploymentGroup: group({ alarmConfiguration: { enabled: true, alarms: many.map((name) => ({ name })) } }),
      describeAlarms: describeAlarms.call,
    });
    expect(result.ok).toBe(true);
    expect(describeAlarms.inputs.map(({ AlarmNames = [] }) => AlarmNames.length)).toEqual([100, 50]);
  });

  it("ignore the alarms of a group that has them turned off", async () => {
    const off = { alarmConfiguration: { enabled: false, alarms: [{ name: "unheard" }] } };
    expect(await check({ getDeploymentGroup: group(off) })).toMatchObject({
      ok: true,
      facts: { selection: { watched: [] } },
    });
  });

  it("accept a blind gate with --accept-blind-gate, and keep reporting it", async () => {
    const empty = { describeServices: always({ services: [liveEcsService({ desiredCount: 0 })] }) };
    const result = await check(empty, { acceptBlindGate: true });
    expect(result).toMatchObject({ ok: true, facts: { gate: { tasks: { desired: 0 } } } });
    expect(result.ok && result.facts.warnings.join()).toMatch(/accepted: nothing would test the new version/);
    expect(result.ok && result.facts.gateNotes.join()).toMatch(/accepted before it began: nothing would test/);
  });

  it.each<readonly [string, Partial<AwsPort>, RegExp]>([
    [
      "users are on a version whose deployment was stopped",
      {
        describeRules: always({ Rules: [forwardRule(90, 10)] }),
        describeServices: always({
          services: [
            liveEcsService({
              taskSets: [
                ...(liveEcsService().taskSets ?? []),
                {
                  ...{ id: "ecs-svc/2", status: "ACTIVE", taskDefinition: NEXT_REVISION, startedBy: "CODE_DEPLOY" },
                  ...{ externalId: "d-STOPPED01", loadBalancers: [{ targetGroupArn: TARGET_GROUPS[1] }] },
                },
              ],
            }),
          ],
        }),
      },
      /10 % of the production traffic goes to .*:8 \(task set ecs-svc\/2, left there by deployment d-STOPPED01\)/,
    ],
    [
      "no target of the live version is healthy",
      {
        describeTargetHealth: always({ TargetHealthDescriptions: [{ TargetHealth: { State: "unhealthy" as const } }] }),
      },
      /none of the live version's targets is healthy/,
    ],
    [
      "the load balancer can't be asked",
      { describeRules: denied("elasticloadbalancing:DescribeRules") },
      /not checked where the traffic goes: AccessDeniedException/,
    ],
    [
      "no alarm has data",
      {
        describeAlarms: always({
          MetricAlarms: ALARMS.map((AlarmName) => ({ AlarmName, StateValue: "INSUFFICIENT_DATA" as const })),
        }),
      },
      /none of the 2 alarms has data/,
    ],
    [
      "all alarms watch another load balancer",
      {
        describeAlarms: always({
          MetricAlarms: ALARMS.map((AlarmName) => ({
            ...{ AlarmName, StateValue: "OK" as const, Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" },
            Dimensions: [{ Name: "LoadBalancer", Value: "app/other/1" }],
          })),
        }),
      },
      /none of the alarms can see the new version: only the hook.*another load balancer or target group/,
    ],
    [
      "CodeDeploy continues without its alarms",
      {
        getDeploymentGroup: group({
          alarmConfiguration: { enabled: true, ignorePollAlarmFailure: true, alarms: ALARMS.map((name) => ({ name })) },
        }),
      },
      /ignorePollAlarmFailure/,
    ],
    [
      "nothing is rolled back automatically",
      { getDeploymentGroup: group({ autoRollbackConfiguration: { ...AUTO_ROLLBACK, enabled: false } }) },
      /has automatic rollback turned off/,
    ],
    [
      "the group doesn't say what it rolls back on",
      { getDeploymentGroup: group({ autoRollbackConfiguration: undefined }) },
      /has automatic rollback turned off/,
    ],
    ...(AUTO_ROLLBACK.events ?? []).map((event) => {
      const events = AUTO_ROLLBACK.events?.filter((each) => each !== event);
      return [
        `the group doesn't roll back on ${event}`,
        { getDeploymentGroup: group({ autoRollbackConfiguration: { enabled: true, events } }) },
        new RegExp(`doesn't roll back on ${event}: `),
      ] as const;
    }),
    ["the image names no platform", single({}), /not checked that the image is for linux\/amd64/],
    [
      "the image's configuration cannot be read",
      { ...single({}), getDownloadUrlForLayer: always<never>(awsError("AccessDeniedException")) },
      /not checked that the image is for linux\/amd64/,
    ],
    ["no alarm guards the release", { getDeploymentGroup: group({}) }, /no alarm guards this release/],
    [
      "the group has another strategy than the configuration",
      { getDeploymentGroup: group({ deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" }) },
      /releases with CodeDeployDefault.ECSAllAtOnce, while cdktf.json has/,
    ],
    [
      "the region is another than the configuration's",
      { region: "us-east-1" },
      /region us-east-1, while cdktf.json has/,
    ],
  ])("warn when %s", async (_, overrides, words) => {
    const result = await check(overrides);
    expect(result.ok && result.facts.warnings.join()).toMatch(words);
  });
});

it("accepts a single image whose configuration names the service's platform", async () => {
  const result = await check(single({ os: "linux", architecture: "amd64" }));
  expect(result.ok && result.facts.warnings).toEqual([]);
});
