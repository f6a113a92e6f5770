import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unpack } from "../../../scripts/cloud/functions/archive";
import { loadTemplate } from "../../../scripts/cloud/loader/load";
import type { Template } from "../../../scripts/cloud/template";
import { type Config, loadConfig } from "../../../stacks/config";
import { listenersOf } from "../../../stacks/config/listeners";
import { parseLimit } from "../../../stacks/gate/limit";
import { alarmKindsOf, gateLimitOf, isLimitKind } from "../../../stacks/gate/presets";
import { namesOf, otherTargetGroup, TARGET_GROUPS, type TargetGroupKey } from "../../../stacks/names";
import { EXISTING_LOAD_BALANCER, SHARED } from "../../shared-load-balancer";
import { synthesizeInto } from "../../synthesis";

const folders: string[] = [];

/** Synthesizes this project's stacks with a configuration, and loads them. */
function synthesized(environment: string, defaults: object): { config: Config; template: Template } {
  const folder = mkdtempSync(path.join(tmpdir(), "synthesized-"));
  folders.push(folder);
  const context = { defaults: { project: "carts-api", ...defaults }, environments: { [environment]: {} } };
  const config = loadConfig({ environment, context });
  return { config, template: loadTemplate(synthesizeInto(folder, config)) };
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ["staging", {}],
  [
    "production",
    {
      state: { backend: "local" },
      network: { zones: 3, natGateways: "one-per-zone" },
      loadBalancer: { testPort: 8443, deregistrationDelaySeconds: 45 },
      service: { desiredCount: 3, architecture: "ARM64" },
      gate: { preset: "article" },
      alarms: { target5xx: { threshold: 7, evaluationPeriods: 3, datapointsToAlarm: 2 } },
      delivery: { strategy: { type: "canary", percentage: 20, intervalMinutes: 12 }, terminationWaitMinutes: 1 },
    },
  ],
  [
    "everything-on",
    {
      network: { interfaceEndpoints: ["ecr", "logs", "codedeploy"], flowLogs: { traffic: "all" } },
      loadBalancer: {
        productionPort: 8080,
        https: { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
        deletionProtection: true,
        waf: { enabled: true, logs: true },
      },
      encryption: { customerManagedKey: true },
      service: {
        secrets: { TOKEN: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" },
        capacity: { fargateWeight: 1, fargateSpotWeight: 3, fargateBase: 1 },
        scaling: { enabled: true, requestsPerMinute: 600 },
        exec: true,
        readOnlyRootFileSystem: false,
      },
      table: { deletionProtection: true },
    },
  ],
  [
    "a-vpc-of-others",
    {
      network: {
        vpc: {
          id: "vpc-00000001",
          cidr: "172.31.0.0/16",
          publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
          privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
          natAddresses: ["203.0.113.7"],
        },
      },
    },
  ],
])("the stacks of %s", (environment, defaults) => {
  let config: Config;
  let template: Template;
  beforeAll(() => {
    ({ config, template } = synthesized(environment, defaults));
  });

  it("load under the names that the scripts expect", () => {
    const names = namesOf(config);
    expect(template).toMatchObject({
      region: config.region,
      loadBalancer: { name: names.loadBalancer },
      cluster: { name: names.cluster, capacityProviders: ["FARGATE", "FARGATE_SPOT"] },
      service: { name: names.service, deploymentController: "CODE_DEPLOY" },
      taskDefinition: { family: names.family },
      application: { name: names.application, computePlatform: "ECS" },
      repository: { name: names.repository },
      deploymentGroup: { name: names.deploymentGroup, deploymentConfigName: names.deploymentConfig },
    });
    expect(template.tables.map(({ name }) => name)).toEqual([names.table]);
    expect(template.taskDefinition.containerDefinitions.map(({ name }) => name)).toEqual([names.container]);
  });

  it("load with the hook's function, packed and knowing where it is to ask", () => {
    const hook = template.functions.find(({ name }) => name === namesOf(config).testTrafficHook);
    expect([...unpack(readFileSync(hook?.packageFile ?? "")).keys()]).toEqual(["index.js"]);
    expect(hook).toMatchObject({ handler: "index.handler", environment: { HEALTH_PATH: config.healthCheck.path } });
    expect(hook?.environment["TEST_URL"]).toMatch(new RegExp(`^https?://[\\w.-]+:${config.loadBalancer.testPort}$`));
  });

  it("load with the configured listeners, health checks and sizes", () => {
    const { loadBalancer, healthCheck, service } = config;
    const { scheme, productionPort, testPort } = listenersOf(loadBalancer);
    expect(template.listeners.map(({ port, protocol }) => [port, protocol.toLowerCase()])).toEqual([
      [productionPort, scheme],
      [testPort, scheme],
    ]);
    for (const targetGroup of template.targetGroups)
      expect(targetGroup).toMatchObject({
        port: service.containerPort,
        deregistrationDelay: loadBalancer.deregistrationDelaySeconds,
        healthCheck: { path: healthCheck.path, interval: healthCheck.intervalSeconds },
      });
    expect(template.service.desiredCount).toBe(service.desiredCount);
    const { fargateWeight, fargateSpotWeight, fargateBase } = service.capacity;
    expect(template.service).toMatchObject(
      fargateSpotWeight === 0
        ? { launchType: "FARGATE" }
        : {
            capacityProviderStrategy: [
              { capacityProvider: "FARGATE", weight: fargateWeight, base: fargateBase },
              { capacityProvider: "FARGATE_SPOT", weight: fargateSpotWeight, base: 0 },
            ],
          },
    );
    expect(template.service.networkConfiguration.awsvpcConfiguration.subnets).toHaveLength(config.network.zones);
    expect(template.taskDefinition["runtimePlatform"]).toMatchObject({ cpuArchitecture: service.architecture });
  });

  it("load with every alarm of both target groups, its threshold or limit, and its dimensions", () => {
    const names = namesOf(config);
    for (const key of TARGET_GROUPS) {
      const suffixOf = (one: TargetGroupKey) =>
        template.targetGroups.find(({ name }) => name === names.targetGroups[one])?.arnSuffix;
      const { arnSuffix: loadBalancer } = template.loadBalancer;
      for (const kind of alarmKindsOf(config)) {
        const alarm = template.alarms.find(({ name }) => name === names.alarm(kind, key));
        if (isLimitKind(kind)) {
          const bad = kind === "slowRequests" ? { kind, slowSeconds: config.gate.slowSeconds } : { kind };
          const groups = { targetGroup: suffixOf(key), otherTargetGroup: suffixOf(otherTargetGroup(key)) };
          expect(alarm).toMatchObject({ threshold: 0, evaluationPeriods: 1, datapointsToAlarm: 1 });
          expect(parseLimit(alarm?.metrics ?? [])).toEqual({
            ...gateLimitOf(config),
            judged: { bad, ...groups, loadBalancer },
          });
        } else {
          expect(alarm).toMatchObject({
            ...config.alarms[kind],
            metric: { dimensions: { TargetGroup: suffixOf(key), LoadBalancer: loadBalancer } },
          });
        }
      }
    }
    expect([...template.deploymentGroup.alarms.names].sort()).toEqual(template.alarms.map(({ name }) => name).sort());
  });

  it("load with the configured strategy", () => {
    const { strategy, terminationWaitMinutes } = config.delivery;
    expect(template.deploymentGroup.terminationWaitMinutes).toBe(terminationWaitMinutes);
    expect(template.deploymentConfigs).toEqual(
      typeof strategy === "string"
        ? []
        : [
            {
              name: namesOf(config).deploymentConfig,
              routing: { type: "TimeBasedCanary", percentage: 20, intervalMinutes: 12 },
            },
          ],
    );
  });
});

it("the stacks behind an existing load balancer are loaded with their rules", () => {
  const { template } = synthesized("staging", SHARED);
  const { productionListenerArn, testListenerArn, arn } = EXISTING_LOAD_BALANCER;
  const rule = { priority: 100, conditions: { hosts: ["tasks.example.com"] } };
  expect(template.loadBalancer.arn).toBe(arn);
  expect(template.service.arn).toContain(`/${template.cluster.name}/`);
  expect(template.deploymentGroup.clusterName).toBe(template.cluster.name);
  expect(template.listeners).toMatchObject([
    {
      arn: productionListenerArn,
      port: 80,
      forward: [],
      rules: [{ ...rule, forward: [{ weight: 100 }, { weight: 0 }] }],
    },
    { arn: testListenerArn, port: 9090, forward: [], rules: [rule] },
  ]);
  const metrics = template.alarms.flatMap((alarm) => [
    alarm.metric,
    ...(alarm.metrics ?? []).map(({ metric }) => metric),
  ]);
  const loadBalancers = metrics.flatMap((metric) => metric?.dimensions["LoadBalancer"] ?? []);
  expect(new Set(loadBalancers)).toEqual(new Set([template.loadBalancer.arnSuffix]));
});
