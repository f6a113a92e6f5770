import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { WallClock } from "../../scripts/cloud/clock";
import { createCloud, type LocalCloud } from "../../scripts/cloud/cloud";
import { localCredentials } from "../../scripts/cloud/local-credentials";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { AlarmTemplate, TargetGroupTemplate, Template } from "../../scripts/cloud/template";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { ownVariables } from "../terraform/emulated-account";
import { TEMPLATE } from "../cloud/aws/fake-cloud";

/**
 * A service that our stacks didn't make, with names, container and port unlike ours, in the local cloud. `npm run release`
 * releases it as a process of its own, which knows only the four names in `existing`.
 */

const EXISTING = {
  cluster: "Shared_Cluster",
  service: "checkout-svc",
  application: 'Checkout "EU" & friends',
  deploymentGroup: "blue/green: checkout's",
};
const FAMILY = "Checkout_Family";
const { accountId: ACCOUNT, region: REGION } = TEMPLATE;
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/team/checkout`;
const BALANCER = "app/edge/1111111111111111";
const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
const ECS = `arn:aws:ecs:${REGION}:${ACCOUNT}`;
const LISTENER = `${ELB}:listener/${BALANCER}/2222222222222222`;

const targetGroups = ["checkout-blue", "checkout-green"].map((name, index): TargetGroupTemplate => {
  const arnSuffix = `targetgroup/${name}/${String(index).repeat(16)}`;
  const [like] = TEMPLATE.targetGroups;
  if (!like) throw new Error("the template has no target group");
  const healthCheck = { ...like.healthCheck, path: "/up", interval: 10 };
  return { ...like, name, arn: `${ELB}:${arnSuffix}`, arnSuffix, port: 3000, healthCheck };
});
const alarms = targetGroups.map((group, index): AlarmTemplate => {
  const [like] = TEMPLATE.alarms;
  if (!like?.metric) throw new Error("the template has no alarm");
  const name = `Checkout: 5xx (EU) > 1 % [${index + 1}]`;
  const dimensions = { TargetGroup: group.arnSuffix, LoadBalancer: BALANCER };
  return {
    ...like,
    name,
    arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
    metric: { ...like.metric, dimensions },
  };
});
const [live] = targetGroups;

const SERVICE: Template = {
  ...TEMPLATE,
  loadBalancer: { ...TEMPLATE.loadBalancer, name: "edge", arn: `${ELB}:loadbalancer/${BALANCER}`, arnSuffix: BALANCER },
  targetGroups,
  listeners: [
    { arn: LISTENER, port: 443, protocol: "HTTP", forward: [{ targetGroupArn: live?.arn ?? "", weight: 100 }] },
  ],
  alarms,
  cluster: { ...TEMPLATE.cluster, name: EXISTING.cluster, arn: `${ECS}:cluster/${EXISTING.cluster}` },
  taskDefinition: {
    ...TEMPLATE.taskDefinition,
    family: FAMILY,
    containerDefinitions: [
      { name: "web", image: `${REPOSITORY}:v1`, portMappings: [{ containerPort: 3000 }] },
      { name: "metrics", image: "public.ecr.aws/exporter:1", essential: false },
    ],
  },
  service: {
    ...TEMPLATE.service,
    name: EXISTING.service,
    arn: `${ECS}:service/${EXISTING.cluster}/${EXISTING.service}`,
    loadBalancers: [{ targetGroupArn: live?.arn ?? "", containerName: "web", containerPort: 3000 }],
  },
  application: { name: EXISTING.application, computePlatform: "ECS" },
  deploymentGroup: {
    ...TEMPLATE.deploymentGroup,
    name: EXISTING.deploymentGroup,
    clusterName: EXISTING.cluster,
    serviceName: EXISTING.service,
    alarms: { enabled: true, names: alarms.map(({ name }) => name), ignorePollAlarmFailure: false },
    autoRollback: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    targetGroupNames: ["checkout-blue", "checkout-green"],
    productionListenerArns: [LISTENER],
    testListenerArns: [],
  },
  repository: {
    name: "team/checkout",
    arn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/checkout`,
    url: REPOSITORY,
  },
};

/** A version of the service: healthy, and answering all other requests with this status. */
const versionOf = (status: number) => `
  require("node:http").createServer((request, response) => {
    response.writeHead(request.url === "/up" ? 200 : ${status}).end();
  }).listen(Number(process.env.PORT), process.env.HOST);`;

const directory = mkdtempSync(path.join(tmpdir(), "existing-service-"));
let cloud: LocalCloud;
let requests: NodeJS.Timeout;

const imageOf = (tag: string, status: number) => {
  const file = path.join(directory, `${tag}.js`);
  writeFileSync(file, versionOf(status));
  return {
    repository: REPOSITORY,
    tags: [tag],
    command: [process.execPath, file],
    environment: {},
    platform: { os: "linux", architecture: "amd64" } as const,
    contentHash: tag,
  };
};

beforeAll(async () => {
  cloud = createCloud({
    template: SERVICE,
    clock: new WallClock(60),
    settings: DEFAULT_SETTINGS,
    image: imageOf("v1", 200),
  });
  await cloud.start();
  cloud.push(imageOf("good", 201));
  cloud.push(imageOf("bad", 500));
  const send = () => void fetch(`${cloud.productionUrl}/orders`).catch(() => undefined);
  requests = setInterval(send, 20);
});
afterAll(async () => {
  clearInterval(requests);
  await cloud.stop();
  rmSync(directory, { recursive: true });
});

/** Runs the command as a shell does; it knows AWS's address and the names of the service. */
async function release(...args: readonly string[]) {
  const environments = { live: { region: REGION, existing: EXISTING } };
  const { code, stdout } = await runProgram({
    command: process.execPath,
    args: [
      LAUNCHER,
      "scripts/release.ts",
      "--environment",
      "live",
      "--output",
      "json",
      "--poll-interval",
      "0.25",
      ...args,
    ],
    directory: ".",
    environment: {
      ...ownVariables(),
      ...localCredentials(REGION),
      AWS_ENDPOINT_URL: cloud.endpoint,
      CDKTF_CONTEXT_JSON: JSON.stringify({ environments }),
    },
  });
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { code, events, stdout };
}

describe("npm run release, for a service that another tool made", () => {
  it("changes nothing in a dry run, and names what would change", async () => {
    const before = cloud.parts.ecs.taskSets().length;
    const { code, stdout } = await release("--image", "good", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("containerDefinitions[web].image");
    expect(cloud.parts.ecs.taskSets()).toHaveLength(before);
  });

  it("releases a good version", async () => {
    const { code, stdout, events } = await release("--image", "good");
    expect(events.at(-1)).toMatchObject({ type: "outcome", outcome: "released", exitCode: 0 });
    expect(code).toBe(0);
    expect(stdout).toContain(`cluster ${EXISTING.cluster}, service ${EXISTING.service}`);
    expect(stdout).not.toMatch(/npm run deploy|cdktf|stack|carts-api/);
    const [taskSet] = cloud.parts.ecs.taskSets();
    expect(taskSet).toMatchObject({
      containerName: "web",
      containerPort: 3000,
      taskDefinitionArn: `${ECS}:task-definition/${FAMILY}:2`,
    });
    expect((await fetch(`${cloud.productionUrl}/orders`)).status).toBe(201);
  });

  it("ends with 2 and names the alarm, when a bad version is rolled back", async () => {
    const { code, events } = await release("--image", `${REPOSITORY}:bad`);
    expect(events.at(-1)).toMatchObject({
      type: "outcome",
      outcome: "rolled-back",
      alarms: [expect.stringMatching(/^Checkout: 5xx \(EU\) > 1 % \[[12]\]$/)],
    });
    expect(code).toBe(2);
    expect((await fetch(`${cloud.productionUrl}/orders`)).status).toBe(201);
  });
});
