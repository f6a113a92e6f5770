import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { LAUNCHER } from "../../scripts/command/launcher";
import { parseGateArguments } from "../../scripts/gate/arguments";
import schema from "../../scripts/gate/gate.schema.json";
import { isUnknown, prepareGate } from "../../scripts/gate/gates";
import { openOwnAlarms, type OwnGate } from "../../scripts/gate/own-alarms";
import type { ReportWithHistory } from "../../scripts/gate/report/types";
import { connectToLiveAws, type LiveAction, type LiveAws, type LiveConnection } from "../../scripts/rehearse/live/aws";
import { readLive } from "../../scripts/rehearse/live/read-live";
import { loadConfig } from "../../stacks/config";
import { GROUP_1, GROUP_2, LISTENER, TEMPLATE } from "../cloud/aws/fake-cloud";
import { serve, type Served } from "../cloud/aws/served";
import { answer } from "./history/data";
import { EXISTING_CONTEXT } from "./history/served-history";

const config = loadConfig({ environment: "staging", context: EXISTING_CONTEXT });
const LIVE = { template: undefined, history: { kind: "live", save: undefined } } as const;
const { signal } = new AbortController();

let served: Served;
let connection: LiveConnection;
let folder: string;
const before = process.env;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "gate-own-"));
  served = await serve();
  served.state.forward.set(LISTENER, [
    { targetGroupArn: GROUP_1, weight: 100 },
    { targetGroupArn: GROUP_2, weight: 0 },
  ]);
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: served.server.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  connection = await connectToLiveAws(config.region, signal);
});
afterEach(async () => {
  process.env = before;
  connection.close();
  await served.server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** AWS, of which one answer is changed. */
function answering(action: LiveAction, change: (output: never) => unknown): LiveAws {
  const ask = connection.aws[action] as (input: never) => Promise<object>;
  return { ...connection.aws, [action]: async (input: never) => change((await ask(input)) as never) };
}

/** AWS with other settings of the deployment group. */
const withGroup = (changes: object) =>
  answering("codedeploy:GetDeploymentGroup", ({ deploymentGroupInfo }: { deploymentGroupInfo: object }) => ({
    deploymentGroupInfo: { ...deploymentGroupInfo, ...changes },
  }));

async function read(aws: LiveAws = connection.aws, settings = config): Promise<OwnGate> {
  const own = openOwnAlarms(LIVE, {
    config: settings,
    onProgress: () => undefined,
    signal,
    connect: () => Promise.resolve({ aws, close: () => undefined }),
  });
  if (!own) throw new Error("no alarms are read");
  return own.read();
}

const elsewhere = { ...config, account: "210987654321" };

const prepared = ({ gate }: OwnGate) =>
  ([0, 1] as const).map((newGroup) => prepareGate(gate, newGroup, "new", DEFAULT_SETTINGS));

/** Writes a template file of the live service. */
async function templateFile(change: (file: Record<string, unknown>) => unknown = () => undefined): Promise<string> {
  const options = {
    config,
    region: config.region,
    tables: [],
    withValues: false,
    now: new Date("2026-01-31T12:00:00Z"),
  };
  const content = JSON.parse(JSON.stringify(await readLive(connection.aws, options))) as Record<string, unknown>;
  const file = path.join(folder, "live.json");
  writeFileSync(file, JSON.stringify(change(content) ?? content));
  return file;
}

describe("the alarms that a service in `existing` has", () => {
  it("are read live, with what its releases depend on", async () => {
    const own = await read();
    expect(own.gate.name).toBe("own alarms");
    expect(own.gate.leftOut).toEqual([]);
    expect(own.gate.template).toMatchObject({
      alarms: [{ name: "shop-target-5xx-1", threshold: 2 }, { name: "shop-latency-1" }],
      deploymentGroup: {
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
        terminationWaitMinutes: 5,
        alarms: TEMPLATE.deploymentGroup.alarms,
      },
      loadBalancer: { arnSuffix: TEMPLATE.loadBalancer.arnSuffix },
      targetGroups: TEMPLATE.targetGroups.map(({ name, arnSuffix, healthCheck }) => ({ name, arnSuffix, healthCheck })),
      service: { desiredCount: 2, healthCheckGracePeriodSeconds: 60 },
    });
    expect(own.notices).toEqual([
      "own alarms: shop-latency-1 reads the whole load balancer; the figures are of one that serves this service only",
    ]);
    expect(own.source).toBe("the deployment group shop of shop, read from AWS");
    // The first alarm is about the first target group only.
    expect(prepared(own).map(({ alarms }) => alarms.map(({ alarm }) => alarm.template.name))).toEqual([
      ["shop-target-5xx-1", "shop-latency-1"],
      ["shop-latency-1"],
    ]);
  });

  it("are the same in a template file", async () => {
    const own = openOwnAlarms(
      { template: await templateFile(), history: undefined },
      { config, onProgress: fail, signal },
    );
    const fromFile = await own?.read();
    const live = await read();
    expect(prepared(fromFile ?? live).map(({ alarms }) => alarms.map(({ alarm }) => alarm.template))).toEqual(
      prepared(live).map(({ alarms }) => alarms.map(({ alarm }) => alarm.template)),
    );
    expect(fromFile?.gate.template.service).toEqual(live.gate.template.service);
    expect(fromFile?.notices).toEqual(live.notices);
    expect(fromFile?.source).toMatch(/live\.json, read from AWS at 2026-01-31T12:00:00/);
  });

  it("are not those of another service's file without a word", async () => {
    const file = await templateFile((content) => ({
      ...content,
      from: { ...(content["from"] as object), application: "orders" },
    }));
    const own = await openOwnAlarms(
      { template: file, history: undefined },
      { config, onProgress: fail, signal },
    )?.read();
    expect(own?.notices[0]).toBe(
      `own alarms: ${file} is of the deployment group shop of orders, and the environment's is shop of shop`,
    );
  });

  it("are not those of another account", async () => {
    await expect(read(connection.aws, elsewhere)).rejects.toThrow(
      "of the account 123456789012, and `account` in cdktf.json is 210987654321: choose another AWS_PROFILE",
    );
    const file = await templateFile();
    const of = { template: file, history: undefined };
    const own = await openOwnAlarms(of, { config: elsewhere, onProgress: () => undefined, signal })?.read();
    expect(own?.notices).toContainEqual(
      expect.stringContaining("is of the account 123456789012, and the environment's is 210987654321"),
    );
  });

  it("are unknown, not harmless, when CloudWatch has alarms that can't be simulated only", async () => {
    const composite = answering("cloudwatch:DescribeAlarms", () => ({
      MetricAlarms: [],
      CompositeAlarms: [{ AlarmName: "shop-target-5xx-1" }],
    }));
    const own = await read(composite);
    expect(own.gate.leftOut).toEqual([
      {
        alarm: "shop-target-5xx-1",
        why: "it is a composite alarm, and the local cloud has metric alarms only",
      },
      {
        alarm: "shop-latency-1",
        why: "the deployment group names it, and CloudWatch has no metric or composite alarm of this name",
      },
    ]);
    expect(prepared(own).map(isUnknown)).toEqual([true, true]);
  });

  it("are known to be none where the deployment group has none, or has them switched off", async () => {
    const off = await read(
      withGroup({ alarmConfiguration: { enabled: false, alarms: [{ name: "shop-target-5xx-1" }] } }),
    );
    expect(prepared(off).map((one) => [one.alarms, one.leftOut, isUnknown(one)])).toEqual([
      [[], [], false],
      [[], [], false],
    ]);
    const none = await read(withGroup({ alarmConfiguration: undefined }));
    expect(prepared(none).map(isUnknown)).toEqual([false, false]);
  });

  it("go with a deployment config of its own", async () => {
    const own = await read(withGroup({ deploymentConfigName: "shop-canary" }));
    expect(own.gate.template.deploymentConfigs).toEqual(TEMPLATE.deploymentConfigs);
  });

  it("are read with the calls that the policy in docs/gate.md allows", async () => {
    const calls = new Set<string>();
    const noting = Object.fromEntries(
      Object.entries(connection.aws).map(([action, call]) => [
        action,
        (input: never) => {
          calls.add(action);
          return (call as (input: never) => Promise<unknown>)(input);
        },
      ]),
    ) as unknown as LiveAws;
    await read(noting);
    await read({
      ...noting,
      "codedeploy:GetDeploymentGroup": withGroup({ deploymentConfigName: "shop-canary" })[
        "codedeploy:GetDeploymentGroup"
      ],
    });
    const [, policy = "{}"] = /```json\n(\{\s*"Version".*?)```/s.exec(readFileSync("docs/gate.md", "utf8")) ?? [];
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
    const allowed = Statement.flatMap(({ Action }) => Action);
    expect([...calls].filter((action) => !allowed.includes(action))).toEqual([]);
    // Reading the traffic needs the only other one.
    expect(allowed.filter((action) => !calls.has(action))).toEqual(["cloudwatch:GetMetricData"]);
  });

  const denied = () => Promise.reject(Object.assign(new Error("no policy allows it"), { name: "AccessDenied" }));
  it.each<[string, () => LiveAws, string]>([
    [
      "alarms that may not be read",
      () => ({ ...connection.aws, "cloudwatch:DescribeAlarms": denied }),
      "cloudwatch:DescribeAlarms is not allowed",
    ],
    [
      "a service that doesn't exist",
      () => answering("ecs:DescribeServices", () => ({ services: [] })),
      "The service shop of the cluster shop doesn't exist",
    ],
    [
      "a group of another service",
      () => withGroup({ ecsServices: [{ clusterName: "shop", serviceName: "orders" }] }),
      "releases the service orders of the cluster shop, not shop",
    ],
    [
      "target groups without a load balancer",
      () =>
        answering("elasticloadbalancing:DescribeTargetGroups", ({ TargetGroups }: { TargetGroups: object[] }) => ({
          TargetGroups: TargetGroups.map((group) => ({ ...group, LoadBalancerArns: [] })),
        })),
      "the target groups shop-1 and shop-2 must belong to one load balancer, not to none",
    ],
    [
      "a missing target group",
      () => answering("elasticloadbalancing:DescribeTargetGroups", () => ({ TargetGroups: [] })),
      "AWS answered without the target group shop-1",
    ],
  ])("refuse %s", async (_, aws, problem) => {
    await expect(read(aws())).rejects.toThrow(problem);
  });

  it("are nobody's without --template, or --live with `existing`", () => {
    const input = { config, onProgress: fail, signal };
    expect(openOwnAlarms({ template: undefined, history: undefined }, input)).toBeUndefined();
    expect(openOwnAlarms({ template: undefined, history: { kind: "file", file: "x" } }, input)).toBeUndefined();
    const own = loadConfig({ environment: "staging", context: { ...EXISTING_CONTEXT, defaults: { project: "shop" } } });
    expect(openOwnAlarms(LIVE, { ...input, config: own })).toBeUndefined();
  });

  it.each([["--calibrate"], ["--aws-cli"]])("don't go with %s", (option) => {
    let err = "";
    const parsed = parseGateArguments(["--template", "x.json", option], {
      out: () => undefined,
      err: (text) => (err += text),
    });
    expect(parsed).toEqual({ exitCode: 64 });
    expect(err).toContain("'--template' doesn't go with --calibrate and --aws-cli");
  });
});

describe("npm run gate -- --template", () => {
  const gate = (...args: string[]) =>
    promisify(execFile)(process.execPath, [LAUNCHER, "scripts/gate.ts", ...args], {
      env: { ...process.env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: JSON.stringify(EXISTING_CONTEXT) },
    });

  it("shows the alarms beside a preset, in the figures, the replay and the page", async () => {
    const template = await templateFile();
    const history = path.join(folder, "history.json");
    writeFileSync(history, JSON.stringify(answer(120, () => ({ rps: 20, failed: 0.001 }))));
    const html = path.join(folder, "page.html");
    const quick = ["--fault", "errors", "--severity", "0.2", "--runs", "20", "--rps", "20"];
    const { stdout, stderr } = await gate(
      ...["--template", template, "--from", history, "--compare", "balanced", ...quick, "--json", "--html", html],
    );
    const report = JSON.parse(stdout) as ReportWithHistory;
    const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
    expect(isValid(report) || isValid.errors).toBe(true);
    expect(report.gates.map(({ name }) => name)).toEqual(["own alarms", "balanced"]);
    // The alarm on errors is about the first target group only, and a p99 does not notice errors.
    expect(report.gates[0]?.caught.map(({ colour, beforeLastShift: { share } }) => [colour, share])).toEqual([
      ["blue", 1],
      ["green", 0],
    ]);
    // Nothing is left that judges a release to the second target group.
    expect(report.history?.unknownGates).toEqual([{ name: "own alarms", alarms: ["shop-latency-1"] }]);
    expect(report.history?.gates.map(({ name }) => name)).toEqual(["balanced"]);
    expect(stderr).toContain(
      "own alarms: shop-latency-1 is not replayed: the history does not have TargetResponseTime p99",
    );
    expect(stderr).not.toContain("not its own alarms");
    const page = readFileSync(html, "utf8");
    expect(page).toContain(
      "own alarms: unknown. None of the alarms that judge a release can be replayed: shop-latency-1.",
    );
    expect(page).toContain("live.json, read from AWS at 2026-01-31T12:00:00.000Z");
  });

  it("refuses a file that is none, before anything is synthesized", async () => {
    const file = path.join(folder, "none.json");
    writeFileSync(file, "{}");
    await expect(gate("--template", file)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file} is no template file: it has no format`) as string,
    });
  });
});

function fail(text: string): never {
  throw new Error(`nothing is read, but: ${text}`);
}
