import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Alarms } from "../../scripts/cloud/alarms/alarms";
import { AwsServer } from "../../scripts/cloud/aws/server";
import { WallClock } from "../../scripts/cloud/clock";
import { CodeDeploy } from "../../scripts/cloud/codedeploy/codedeploy";
import { initialListeners } from "../../scripts/cloud/codedeploy/forward";
import { Ecs } from "../../scripts/cloud/ecs/ecs";
import { Faults } from "../../scripts/cloud/faults";
import { LoadBalancer } from "../../scripts/cloud/load-balancer/load-balancer";
import { loadTemplate } from "../../scripts/cloud/loader/load";
import { localCredentials } from "../../scripts/cloud/local-credentials";
import { Metrics } from "../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { Images } from "../../scripts/cloud/tasks/images";
import { createRuntime } from "../../scripts/cloud/tasks/runtimes";
import type { ListenerTemplate, Template } from "../../scripts/cloud/template";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { loadConfig } from "../../stacks/config";
import { EXISTING_LOAD_BALANCER } from "../shared-load-balancer";
import { synthesizeInto } from "../synthesis";
import { ownVariables } from "../terraform/emulated-account";

/** Simulated seconds in a second. */
const SPEED = 80;
/** Simulated milliseconds between two requests to each service. */
const REQUEST_MS = 1_000;

/** Two services of one repository, in one account, network and cluster, behind one load balancer. */
const CONTEXT = {
  defaults: {
    network: {
      vpc: {
        id: "vpc-0123456789abcdef0",
        cidr: "10.1.0.0/16",
        privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      },
    },
    cluster: { existing: "shared" },
    loadBalancer: { existing: EXISTING_LOAD_BALANCER },
    service: { table: false },
    alarms: {
      // Neither stops a good version on a busy machine, nor lets a bad one pass for want of requests.
      responseTime: { threshold: 600, evaluationPeriods: 1, datapointsToAlarm: 1 },
      target5xx: { threshold: 0.5, evaluationPeriods: 1, datapointsToAlarm: 1 },
    },
  },
  environments: {
    "billing-staging": {
      project: "billing",
      service: { source: "__tests__/fixtures/service", container: "billing" },
      loadBalancer: { existing: { rule: { hosts: ["billing.example.com"], priority: 100 } } },
      delivery: { hook: false, terminationWaitMinutes: 0 },
    },
    "orders-staging": {
      project: "orders",
      service: { source: "__tests__/fixtures/orders", container: "orders" },
      loadBalancer: { existing: { rule: { hosts: ["orders.example.com"], priority: 200 } } },
      // Its canary is still under way when the other service's release has come and gone.
      delivery: {
        ...{ hook: false, terminationWaitMinutes: 0 },
        strategy: { type: "canary", percentage: 10, intervalMinutes: 40 },
      },
    },
  },
} as const;

/** Name of an environment of `CONTEXT`. */
export type ServiceName = keyof (typeof CONTEXT)["environments"];
/** The environments of `CONTEXT`. */
export const SERVICES = Object.keys(CONTEXT.environments) as readonly ServiceName[];

/** The configuration of one of the services. */
export const configOf = (environment: ServiceName) => loadConfig({ environment, context: CONTEXT });

/** Synthesizes a service into an empty folder, which is removed after `read`. @param read gets CDKTF's output folder */
export function withStacks<Result>(environment: ServiceName, read: (outDirectory: string) => Result): Result {
  const folder = mkdtempSync(path.join(tmpdir(), "two-services-"));
  try {
    return read(synthesizeInto(folder, configOf(environment)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every version of both. */
const PROGRAM = `
  require("node:http").createServer((request, response) => response.end("ok"))
    .listen(Number(process.env.PORT), process.env.HOST);`;

/** The listeners of both, with the rules of both. */
function merged(templates: readonly Template[]): readonly ListenerTemplate[] {
  const all = templates.flatMap(initialListeners);
  const [first = [], ...others] = templates.map(({ listeners }) => listeners.map(({ arn }) => arn));
  if (others.some((arns) => arns.join() !== first.join())) throw new Error("the services share no listeners");
  return first.flatMap((arn) => {
    const same = all.filter((listener) => listener.arn === arn);
    return same.slice(0, 1).map((listener) => ({ ...listener, rules: same.flatMap(({ rules = [] }) => rules) }));
  });
}

/**
 * One account with both services: they share the load balancer, its metrics, the alarms, and the clock. Each has its own
 * address of AWS, for the local cloud's ECS and CodeDeploy know one service.
 */
export async function playBoth() {
  const templates = SERVICES.map((environment) => withStacks(environment, loadTemplate));
  const [like] = templates;
  if (!like) throw new Error("there is no service");
  const clock = new WallClock(SPEED);
  const settings = { ...DEFAULT_SETTINGS, provisioningSeconds: 1 };
  const metrics = new Metrics({ clock, settings });
  const faults = new Faults();
  const account = {
    loadBalancer: like.loadBalancer,
    listeners: merged(templates),
    targetGroups: templates.flatMap(({ targetGroups }) => targetGroups),
    alarms: templates.flatMap((template) => template.alarms),
  };
  const loadBalancer = new LoadBalancer({ template: account, clock, metrics, settings, faults });
  const alarms = new Alarms({ clock, metrics, templates: account.alarms, settings });
  const folder = mkdtempSync(path.join(tmpdir(), "two-services-"));
  const file = path.join(folder, "service.js");
  writeFileSync(file, PROGRAM);
  await loadBalancer.start();
  alarms.start();

  const play = async (environment: ServiceName, own: Template) => {
    const template = { ...own, ...account };
    const images = new Images(clock);
    const push = (tag: string) =>
      images.push({
        repository: template.repository.url,
        tags: [tag],
        command: [process.execPath, file],
        environment: {},
        platform: { os: "linux", architecture: "amd64" },
        contentHash: `${template.repository.name}:${tag}`,
      });
    const [old, next] = [push("v1"), push("v2")];
    const runtime = createRuntime("process", { clock, region: template.region, environment: {} });
    const initialImage = `${old.repository}@${old.digest}`;
    const ecs = new Ecs({ template, clock, settings, loadBalancer, images, runtime, faults, initialImage });
    ecs.start();
    await ecs.ready();
    const invokeHook = () => undefined;
    const codeDeploy = new CodeDeploy({ template, clock, settings, ecs, loadBalancer, alarms, invokeHook });
    codeDeploy.start();
    const parts = { loadBalancer, metrics, alarms, images, ecs, codeDeploy };
    const server = new AwsServer({ template, clock, settings, parts });
    await server.start(0);
    return {
      template: own,
      codeDeploy,
      digests: { old: old.digest, next: next.digest },
      /** Releases version 2 with `npm run release`, in a process of its own. */
      release: () =>
        runProgram({
          command: process.execPath,
          args: [
            ...[LAUNCHER, "scripts/release.ts", "--environment", environment, "--output", "plain"],
            ...["--image", `${next.repository}@${next.digest}`, "--poll-interval", "0.25"],
          ],
          directory: ".",
          environment: {
            ...ownVariables(),
            ...localCredentials(template.region),
            AWS_ENDPOINT_URL: server.endpoint,
            CDKTF_CONTEXT_JSON: JSON.stringify(CONTEXT),
          },
        }),
      stop: async () => {
        await server.stop();
        codeDeploy.close();
        ecs.close();
        await runtime.close();
      },
    };
  };
  const [billing, orders] = await Promise.all([
    play("billing-staging", templates[0] ?? like),
    play("orders-staging", templates[1] ?? like),
  ]);

  const url = new URL(loadBalancer.url(EXISTING_LOAD_BALANCER.productionListenerArn));
  const send = (host: string) =>
    request(url, { headers: { host }, agent: false }, (answer) => void answer.resume())
      .on("error", () => undefined)
      .end();
  const endTraffic = clock.every(REQUEST_MS, () => {
    for (const host of ["billing.example.com", "orders.example.com"]) send(host);
  });
  return {
    loadBalancer,
    alarms,
    faults,
    billing,
    orders,
    stop: async () => {
      endTraffic();
      for (const service of [billing, orders]) await service.stop();
      alarms.stop();
      await loadBalancer.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
