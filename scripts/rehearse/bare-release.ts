import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { rejectOnAbort } from "../command/abort";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { WallClock } from "../cloud/clock";
import { createCloud, type LocalCloud } from "../cloud/cloud";
import type { Deployment } from "../cloud/codedeploy/part";
import type { TargetFault } from "../cloud/faults";
import { percentTo } from "../cloud/load-balancer/forwards";
import { DEFAULT_SETTINGS } from "../cloud/settings";
import type { Template } from "../cloud/template";
import { seededRandom } from "./traffic/random";
import { serviceTraffic } from "./traffic/service-traffic";

/** A release without the release command: what the alarms judge, and nothing else. */
export interface BareRelease {
  readonly template: Template;
  /** Names of the alarms that CodeDeploy watches. */
  readonly alarms: readonly string[];
  /** Requests per simulated second. */
  readonly rps: number;
  /** Simulated seconds of traffic before the deployment, at least. Up to a minute more comes by chance. */
  readonly secondsBefore: number;
  /** Share of the requests that both versions fail. */
  readonly background: number;
  /** The fault of the new version. */
  readonly fault?: TargetFault;
  /** The fault of the live version. */
  readonly liveFault?: TargetFault;
  /** Whether the live version has its fault from the first shift of traffic on, not from the start. */
  readonly liveFaultAtShift?: boolean;
  /** Simulated seconds in one wall second. */
  readonly speed: number;
  /** Of the random numbers that choose the requests which fail, and when the deployment begins. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** How a bare release ended. */
export interface BareReleaseResult {
  /** Whether alarms rolled it back, and if so, whether the new version had not got all traffic before. */
  readonly stopped: "never" | "before-last-shift" | "after-last-shift";
  /** Names of the alarms of the template, watched or not, that were in ALARM at some time of the deployment. */
  readonly fired: readonly string[];
  /** Requests of all versions that were answered. */
  readonly requests: number;
}

/** The deployment ended in a way that says nothing about the alarms. */
class BareReleaseError extends Error {
  constructor(deployment: Deployment) {
    const { code = "no error", message = "" } = deployment.errorInformation ?? {};
    super(`the deployment ended with ${deployment.status}, and not because of an alarm (${code}: ${message})`);
    this.name = "BareReleaseError";
  }
}

/** The smallest service: it answers everything with 200. */
const SERVICE = `require("node:http").createServer((request, response) => response.end("ok"))
  .listen(Number(process.env.PORT), process.env.HOST);`;

/** Wall milliseconds within which even a busy machine answers. */
const BUSY_MACHINE_MS = 10_000;

/** Added to the seed for when things begin, so that it does not follow from the requests that fail. */
const PHASE_SEED = 1_000_000_007;
const MINUTE_MS = 60_000;

/** The path of the requests; it is nobody's health check. */
const REQUEST_PATH = "/a-bare-release";

/**
 * Releases a smallest service on a local cloud of its own: real HTTP, the alarms of the template, and CodeDeploy through AWS's
 * protocol. Tables and functions of the template are left out.
 * @returns after the old version is gone, or after the rollback; everything that it started has ended
 * @throws BareReleaseError when something else than an alarm ended the deployment; the signal's reason when it aborts; any
 *   error of the cloud
 */
export async function releaseBare(release: BareRelease): Promise<BareReleaseResult> {
  const { template, rps, background, fault, liveFault, liveFaultAtShift = false } = release;
  // A signal of its own: many releases may have the same one, and their listeners stay there.
  const signal = AbortSignal.any([release.signal]);
  const folder = makeTemporaryFolder("bare-release");
  const file = path.join(folder, "service.js");
  writeFileSync(file, SERVICE);
  const image = (tag: string) => ({
    repository: template.repository.url,
    tags: [tag],
    command: [process.execPath, file],
    environment: {},
    platform: { os: "linux", architecture: "amd64" } as const,
    contentHash: tag,
  });
  // Which minutes an alarm sees before the last shift depends on when in a minute the deployment begins, and on when the alarms
  // are evaluated: once a minute from the start of the cloud. On AWS, both come by chance.
  const phase = seededRandom(release.seed + PHASE_SEED);
  const startsAt = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + phase() * MINUTE_MS;
  const cloud = createCloud({
    template: { ...template, tables: [], functions: [] },
    clock: new WallClock(release.speed, undefined, startsAt),
    image: image("1"),
    settings: {
      ...DEFAULT_SETTINGS,
      // Without a slow version, an answer is late only when this machine is busy. Such delays must not grow with the speed.
      ...([fault, liveFault].every((one) => one?.seconds === undefined) && { realResponseMs: BUSY_MACHINE_MS }),
    },
    random: seededRandom(release.seed),
  });
  try {
    await cloud.start(signal);
    const next = cloud.push(image("2"));
    const breakLive = () => {
      if (liveFault) cloud.injectFault({ imageDigest: cloud.image.digest, fault: liveFault });
    };
    cloud.setBackgroundErrors(background);
    if (fault) cloud.injectFault({ imageDigest: next.digest, fault });
    if (!liveFaultAtShift) breakLive();
    let requests = 0;
    const { generator, close } = serviceTraffic({
      cloud,
      traffic: {
        next: () => ({
          request: { name: "get", method: "GET", path: REQUEST_PATH },
          judge: () => ({ kind: "ok" }),
        }),
      },
      requestsPerSecond: rps,
      versions: new Map(),
      onRequest: () => (requests += 1),
    });
    try {
      const broken = Promise.race([cloud.broken, generator.broken, rejectOnAbort(signal)]);
      broken.catch(() => undefined); // It may break while nothing waits.
      generator.start();
      await Promise.race([cloud.clock.sleep(release.secondsBefore * 1_000 + phase() * MINUTE_MS), broken]);
      const shifts = watchShifts(cloud, liveFaultAtShift ? breakLive : () => undefined);
      const fired = watchAlarms(cloud);
      const deployment = await Promise.race([deployed(cloud, next.digest, release.alarms), broken]);
      return { stopped: endingOf(deployment, shifts.reachedAll()), fired: fired(), requests };
    } finally {
      close();
    }
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Watches the shifts of traffic to the target group that has none yet. @param onFirst called with the first of them */
function watchShifts(cloud: LocalCloud, onFirst: () => void): { readonly reachedAll: () => boolean } {
  const { template, parts } = cloud;
  const [listener = ""] = template.deploymentGroup.productionListenerArns;
  const rules = parts.loadBalancer.rules(listener);
  const idle = template.targetGroups.find(({ arn }) => rules.every(({ forward }) => percentTo(forward, arn) === 0));
  let first = true;
  let all = false;
  cloud.forwardChanges.subscribe(({ listenerArn, forward }) => {
    const percent = percentTo(forward, idle?.arn ?? "");
    if (listenerArn !== listener || percent === 0) return;
    if (first) onFirst();
    first = false;
    all ||= percent === 100;
  });
  return { reachedAll: () => all };
}

/** Watches the alarms from now on. @returns the names of those that were in ALARM, also of those that are already */
function watchAlarms({ template, parts, alarmTransitions }: LocalCloud): () => readonly string[] {
  const stateOf = (name: string) => parts.alarms.history().findLast(({ alarmName }) => alarmName === name)?.to;
  const fired = new Set(template.alarms.map(({ name }) => name).filter((name) => stateOf(name) === "ALARM"));
  alarmTransitions.subscribe(({ alarmName, to }) => {
    if (to === "ALARM") fired.add(alarmName);
  });
  return () => [...fired];
}

/** Deploys an image through AWS's protocol, and waits for the end of the deployment. */
async function deployed(cloud: LocalCloud, digest: string, alarms: readonly string[]): Promise<Deployment> {
  const { template, endpoint } = cloud;
  const { application, deploymentGroup, taskDefinition, service } = template;
  // The SDK warns once of Node versions that this project supports.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const [{ ECSClient, RegisterTaskDefinitionCommand }, { CodeDeployClient, CreateDeploymentCommand }] =
    await Promise.all([import("@aws-sdk/client-ecs"), import("@aws-sdk/client-codedeploy")]);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { region: template.region, endpoint, credentials };
  const [{ containerName, containerPort } = { containerName: "", containerPort: 0 }] = service.loadBalancers;
  const revision = {
    ...taskDefinition,
    containerDefinitions: taskDefinition.containerDefinitions.map((container) =>
      container.name === containerName ? { ...container, image: `${template.repository.url}@${digest}` } : container,
    ),
  };
  const ecs = new ECSClient(settings);
  const codeDeploy = new CodeDeployClient(settings);
  try {
    // A task definition of the stacks has the shape that ECS takes.
    const input = revision as unknown as RegisterTaskDefinitionCommandInput;
    const { taskDefinition: registered } = await ecs.send(new RegisterTaskDefinitionCommand(input));
    const properties = {
      TaskDefinition: registered?.taskDefinitionArn,
      LoadBalancerInfo: { ContainerName: containerName, ContainerPort: containerPort },
    };
    const content = JSON.stringify({
      version: "0.0",
      Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties: properties } }],
    });
    const ended = endOfDeployment(cloud);
    await codeDeploy.send(
      new CreateDeploymentCommand({
        applicationName: application.name,
        deploymentGroupName: deploymentGroup.name,
        revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        overrideAlarmConfiguration: { enabled: alarms.length > 0, alarms: alarms.map((name) => ({ name })) },
      }),
    );
    return await ended;
  } finally {
    ecs.destroy();
    codeDeploy.destroy();
  }
}

function endOfDeployment(cloud: LocalCloud): Promise<Deployment> {
  return new Promise((resolve) => {
    cloud.deploymentChanges.subscribe((deployment) => {
      const { creator, status } = deployment;
      if (creator === "user" && (status === "Succeeded" || status === "Stopped" || status === "Failed")) {
        resolve(deployment);
      }
    });
  });
}

/** @throws BareReleaseError */
function endingOf(deployment: Deployment, reachedAll: boolean): BareReleaseResult["stopped"] {
  if (deployment.status === "Succeeded") return "never";
  if (deployment.errorInformation?.code !== "ALARM_ACTIVE") throw new BareReleaseError(deployment);
  return reachedAll ? "after-last-shift" : "before-last-shift";
}
