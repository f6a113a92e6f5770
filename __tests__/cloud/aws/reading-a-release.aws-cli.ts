import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { LAUNCHER } from "../../../scripts/command/launcher";
import { DEFAULTS } from "../../../stacks/config/defaults";
import { alarmKindsOf } from "../../../stacks/gate/presets";
import { TARGET_GROUPS } from "../../../stacks/names";
import { contextJson, ORDERS } from "../../rehearse/command";

/** Needs the AWS CLI on PATH; `npm run test:aws-cli` runs it, `npm test` does not. */

/** Starts a command of scripts/ and resolves with the first match in what it prints. */
async function startUntil(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  pattern: RegExp,
): Promise<{ child: ChildProcess; match: RegExpExecArray; said: () => string }> {
  const child = spawn(process.execPath, [LAUNCHER, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const listen = (chunk: string) => {
      output += chunk;
      const found = pattern.exec(output);
      if (found) resolve(found);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    child.once("exit", (code) => reject(new Error(`${argv.join(" ")} exited with ${code}:\n${output}`)));
  });
  return { child, match, said: () => output };
}

const plain = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"))),
  ENVIRONMENT: "staging",
  CDKTF_CONTEXT_JSON: contextJson(ORDERS),
};
/** The name of ORDERS' service, cluster, CodeDeploy application and deployment group. */
const SERVICE = "orders-staging";
/** Wall milliseconds to the canary: at four times the speed, so that it lasts as long as the AWS CLI takes on a busy machine. */
const START_MS = 180_000;
const cloudReady = /AWS +(http:\S+)[^]*image version 2 (\S+)[^]*AWS_REGION=(\S+)[^]*Ctrl-C/;

describe("the AWS CLI, pointed at the local cloud while a release runs", () => {
  let cloud: ChildProcess;
  let release: ChildProcess;
  let env: NodeJS.ProcessEnv;
  let deploymentId: string;

  /** Runs the AWS CLI and gives the JSON that it prints. */
  function aws(...args: string[]): unknown {
    return JSON.parse(execFileSync("aws", [...args, "--output", "json"], { env, encoding: "utf8" }));
  }

  beforeAll(async () => {
    const started = await startUntil(["scripts/cloud.ts", "--speed", "4", "--rps", "4"], plain, cloudReady);
    cloud = started.child;
    const [, endpoint, image, region] = started.match;
    env = {
      ...plain,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_PAGER: "",
    };
    const command = ["scripts/release.ts", "--image", String(image), "--output", "plain", "--poll-interval", "0.5"];
    const released = await startUntil(command, env, /watching (d-[A-Z0-9]{9})[^]*10 % new version/);
    release = released.child;
    deploymentId = String(released.match[1]);
  }, START_MS);

  afterAll(async () => {
    for (const child of [release, cloud]) {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    }
  });

  it("reads the deployment", () => {
    expect(aws("deploy", "get-deployment", "--deployment-id", deploymentId)).toMatchObject({
      deploymentInfo: { deploymentId, status: "InProgress", creator: "user", computePlatform: "ECS" },
    });
  });

  it("reads its target, with the traffic weights of the canary", () => {
    expect(aws("deploy", "list-deployment-targets", "--deployment-id", deploymentId)).toEqual({
      targetIds: [`${SERVICE}:${SERVICE}`],
    });
    const answer = aws(
      ...["deploy", "get-deployment-target", "--deployment-id", deploymentId],
      ...["--target-id", `${SERVICE}:${SERVICE}`],
    ) as { deploymentTarget: { ecsTarget: { taskSetsInfo: { taskSetLabel: string; trafficWeight: number }[] } } };
    const taskSets = answer.deploymentTarget.ecsTarget.taskSetsInfo;
    expect(Object.fromEntries(taskSets.map((set) => [set.taskSetLabel, set.trafficWeight]))).toEqual({
      Blue: 90,
      Green: 10,
    });
  });

  it("reads the service with both task sets", () => {
    const answer = aws(...["ecs", "describe-services", "--cluster", SERVICE, "--services", SERVICE]) as {
      services: { taskSets: { externalId?: string; status: string }[] }[];
    };
    expect(answer.services).toMatchObject([{ deploymentController: { type: "CODE_DEPLOY" }, desiredCount: 2 }]);
    expect(answer.services[0]?.taskSets.map(({ status, externalId }) => [status, externalId])).toEqual([
      ["PRIMARY", undefined],
      ["ACTIVE", deploymentId],
    ]);
  });

  it("reads the appspec that is deployed, by its sha256", () => {
    const { deploymentInfo } = aws("deploy", "get-deployment", "--deployment-id", deploymentId) as {
      deploymentInfo: { applicationName: string; revision: { appSpecContent: { content?: string; sha256: string } } };
    };
    const { sha256, content } = deploymentInfo.revision.appSpecContent;
    expect(content).toBeUndefined();
    const revision = JSON.stringify({ revisionType: "AppSpecContent", appSpecContent: { sha256 } });
    const answer = aws(
      ...["deploy", "get-application-revision", "--application-name", deploymentInfo.applicationName],
      ...["--revision", revision],
    );
    expect(answer).toMatchObject({
      revision: { appSpecContent: { sha256, content: expect.stringContaining("AWS::ECS::Service") as string } },
      revisionInfo: { description: `Application revision registered by Deployment ID: ${deploymentId}` },
    });
  });

  it("reads a task with its network interface", () => {
    const { taskArns } = aws("ecs", "list-tasks", "--cluster", SERVICE) as { taskArns: string[] };
    const { tasks } = aws("ecs", "describe-tasks", "--cluster", SERVICE, "--tasks", String(taskArns[0])) as {
      tasks: { attachments: { details: { name: string }[] }[] }[];
    };
    expect(tasks[0]?.attachments[0]?.details.map(({ name }) => name)).toEqual([
      "subnetId",
      "networkInterfaceId",
      "macAddress",
      "privateDnsName",
      "privateIPv4Address",
    ]);
  });

  it("changes the deployment group with what it reads of it, and with another wait", () => {
    const group = ["--application-name", SERVICE];
    const read = () =>
      aws("deploy", "get-deployment-group", ...group, "--deployment-group-name", SERVICE) as {
        deploymentGroupInfo: { blueGreenDeploymentConfiguration: object; alarmConfiguration: { alarms: object[] } };
      };
    const { blueGreenDeploymentConfiguration, alarmConfiguration } = read().deploymentGroupInfo;
    const wait = {
      terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 7 },
    };
    aws(
      ...["deploy", "update-deployment-group", ...group, "--current-deployment-group-name", SERVICE],
      ...["--alarm-configuration", JSON.stringify(alarmConfiguration)],
      ...["--blue-green-deployment-configuration", JSON.stringify({ ...blueGreenDeploymentConfiguration, ...wait })],
    );
    expect(read().deploymentGroupInfo).toMatchObject({ blueGreenDeploymentConfiguration: wait, alarmConfiguration });
  });

  it("reads the alarms of both target groups, none of them firing", () => {
    const { MetricAlarms: alarms } = aws("cloudwatch", "describe-alarms") as {
      MetricAlarms: { AlarmName: string; StateValue: string }[];
    };
    expect(alarms).toHaveLength(alarmKindsOf(DEFAULTS).length * TARGET_GROUPS.length);
    expect(alarms.filter(({ StateValue }) => StateValue === "ALARM")).toEqual([]);
  });

  it("reads the listener's address, which answers, and its rule, which forwards a tenth to the new version", async () => {
    const { LoadBalancers: balancers } = aws("elbv2", "describe-load-balancers") as {
      LoadBalancers: { LoadBalancerArn: string; DNSName: string }[];
    };
    const { Listeners: listeners } = aws(
      ...["elbv2", "describe-listeners", "--load-balancer-arn", String(balancers[0]?.LoadBalancerArn)],
    ) as { Listeners: { Port: number; ListenerArn: string }[] };
    const { deploymentInfo } = aws("deploy", "get-deployment", "--deployment-id", deploymentId) as {
      deploymentInfo: {
        loadBalancerInfo: { targetGroupPairInfoList: { prodTrafficRoute: { listenerArns: string[] } }[] };
      };
    };
    const [arn] = deploymentInfo.loadBalancerInfo.targetGroupPairInfoList[0]?.prodTrafficRoute.listenerArns ?? [];
    const production = listeners.find(({ ListenerArn }) => ListenerArn === arn);
    const answer = await fetch(`http://${String(balancers[0]?.DNSName)}:${String(production?.Port)}/ready`);
    expect(answer.status).toBe(200);
    const { Rules: rules } = aws("elbv2", "describe-rules", "--listener-arn", String(production?.ListenerArn)) as {
      Rules: { Actions: { ForwardConfig: { TargetGroups: { Weight: number }[] } }[] }[];
    };
    const weights = rules[0]?.Actions[0]?.ForwardConfig.TargetGroups.map(({ Weight }) => Weight);
    expect(weights?.toSorted((a, b) => a - b)).toEqual([10, 90]);
  });
});
