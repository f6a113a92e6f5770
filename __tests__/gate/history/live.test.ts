import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { awsCliCalls } from "../../../scripts/gate/history/aws-cli";
import { historyFromFile } from "../../../scripts/gate/history/files";
import {
  connectForHistory,
  type HistoryAction,
  type HistoryAws,
  type HistoryConnection,
  type LiveInput,
  readLiveHistory,
} from "../../../scripts/gate/history/live";
import { readHistory } from "../../../scripts/gate/history/read";
import { openHistory } from "../../../scripts/gate/history/subject";
import { runProgram } from "../../../scripts/command/run-program";
import { loadConfig } from "../../../stacks/config";
import { answer, DAY, SOURCE, START } from "./data";

const NOW = new Date(START + DAY * 60_000);
const ARNS = SOURCE.targetGroups.map((suffix) => `arn:aws:elasticloadbalancing:eu-central-1:123456789012:${suffix}`);
const LOAD_BALANCER_ARN = `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/${SOURCE.loadBalancer}`;
const configOf = (settings: object) =>
  loadConfig({
    environment: "staging",
    context: { defaults: { project: "shop" }, environments: { staging: settings } },
  });
const own = configOf({});
const existing = configOf({
  existing: { cluster: "shop", service: "shop", application: "shop", deploymentGroup: "blue-green" },
});

const data = answer(120, () => ({ rps: 2, failed: 0.01 }));

/** AWS with a service of two target groups; pages have so many results. */
function aws(changes: Partial<Record<HistoryAction, (input: never) => unknown>> = {}, page = 18) {
  const calls: { readonly action: HistoryAction; readonly input: Readonly<Record<string, unknown>> }[] = [];
  const answers: Record<HistoryAction, (input: never) => unknown> = {
    "codedeploy:GetDeploymentGroup": () => ({
      deploymentGroupInfo: {
        loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: [{ name: "one" }, { name: "two" }] }] },
      },
    }),
    "elasticloadbalancing:DescribeTargetGroups": ({ Names }: { Names: string[] }) => ({
      TargetGroups: Names.map((TargetGroupName, index) => ({
        TargetGroupName,
        TargetGroupArn: ARNS[index],
        // The group without traffic is not in use.
        LoadBalancerArns: index === 0 ? [LOAD_BALANCER_ARN] : [],
      })).reverse(),
    }),
    "cloudwatch:GetMetricData": ({ NextToken = "0" }: { NextToken?: string }) => {
      const from = Number(NextToken);
      const results = data.MetricDataResults.slice(from, from + page);
      return {
        MetricDataResults: results.map((one) => ({ ...one, Timestamps: one.Timestamps.map((time) => new Date(time)) })),
        ...(from + page < data.MetricDataResults.length && { NextToken: String(from + page) }),
      };
    },
    ...changes,
  };
  const noting = Object.entries(answers).map(([action, call]) => [
    action,
    async (input: never) => {
      calls.push({ action: action as HistoryAction, input });
      return Promise.resolve(call(input));
    },
  ]);
  return { calls, aws: Object.fromEntries(noting) as HistoryAws };
}

const never = () => Promise.reject(new Error("there is nothing to wait for"));
const read = (fake: ReturnType<typeof aws>, config = own, wait: LiveInput["wait"] = never) =>
  readLiveHistory(fake.aws, { config, slowSeconds: 1.5, now: NOW, wait });

describe("reading the past from CloudWatch", () => {
  it("reads two weeks of minutes of both target groups", async () => {
    const fake = aws();
    const found = await read(fake);
    expect(found).toMatchObject({ from: "2025-12-22T23:00:00.000Z", to: "2026-01-05T23:55:00.000Z", slowSeconds: 1.5 });
    expect(fake.calls.map(({ action }) => action)).toEqual([
      "elasticloadbalancing:DescribeTargetGroups",
      "cloudwatch:GetMetricData",
    ]);
    expect(fake.calls[0]?.input).toEqual({ Names: ["shop-staging-1", "shop-staging-2"] });
    const queries = fake.calls[1]?.input["MetricDataQueries"] as object[];
    expect(queries).toHaveLength(18);
    expect(queries[4]).toEqual({
      Id: "slow_1",
      Label: `TargetResponseTime PR(1.5:) ${SOURCE.targetGroups[0]}`,
      MetricStat: {
        Metric: {
          Namespace: "AWS/ApplicationELB",
          MetricName: "TargetResponseTime",
          Dimensions: [
            { Name: "TargetGroup", Value: SOURCE.targetGroups[0] },
            { Name: "LoadBalancer", Value: SOURCE.loadBalancer },
          ],
        },
        Period: 60,
        Stat: "PR(1.5:)",
      },
    });
    // The same as of the AWS CLI's answer, apart from the end.
    const fromCli = readHistory(data, "FILE");
    const live = readHistory(found, "CloudWatch");
    expect(live.startMs).toBe(fromCli.startMs);
    expect(live.groups[0].requests.slice(0, 120)).toEqual(fromCli.groups[0].requests);
  });

  it("reads all pages, and says how far it is", async () => {
    const fake = aws({}, 5);
    const progress: number[] = [];
    const found = await readLiveHistory(fake.aws, {
      config: own,
      slowSeconds: 1.5,
      now: NOW,
      onProgress: (count) => progress.push(count),
      wait: never,
    });
    expect(found).toEqual(await read(aws()));
    expect(progress).toHaveLength(4);
    expect(fake.calls.filter(({ action }) => action === "cloudwatch:GetMetricData")).toHaveLength(4);
  });

  it("asks again, later each time, while CloudWatch limits the rate of calls", async () => {
    const answering = aws({}, 5).aws["cloudwatch:GetMetricData"];
    let refused = 0;
    const fake = aws({
      "cloudwatch:GetMetricData": (input: never) => {
        refused += 1;
        // Of the first page, and of the second.
        return refused < 4 || refused === 5
          ? Promise.reject(Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" }))
          : answering(input);
      },
    });
    const waits: number[] = [];
    const found = await read(fake, own, (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    });
    expect(found).toEqual(await read(aws()));
    expect(waits).toEqual([1_000, 2_000, 5_000, 1_000]);
  });

  it("gives up when the rate stays limited, and ends with the signal while it waits", async () => {
    const throttled = {
      "cloudwatch:GetMetricData": () =>
        Promise.reject(Object.assign(new Error("Rate exceeded"), { name: "Throttling" })),
    };
    await expect(read(aws(throttled), own, () => Promise.resolve())).rejects.toThrow(
      "Throttling: Rate exceeded; AWS limits the rate of calls of the account: try again in a few minutes",
    );
    const interruption = new AbortController();
    const opened = openHistory(
      { kind: "live", save: undefined },
      {
        config: own,
        onProgress: () => undefined,
        signal: interruption.signal,
        now: () => NOW,
        connect: () => Promise.resolve({ aws: aws(throttled).aws, close: () => undefined }),
      },
    );
    const reading = opened.read(1.5);
    interruption.abort();
    await expect(reading).rejects.toThrow("aborted");
  });

  it("finds the target groups of an existing service by its deployment group", async () => {
    const fake = aws();
    await read(fake, existing);
    expect(fake.calls[0]).toEqual({
      action: "codedeploy:GetDeploymentGroup",
      input: { applicationName: "shop", deploymentGroupName: "blue-green" },
    });
    expect(fake.calls[1]?.input).toEqual({ Names: ["one", "two"] });
  });

  it("makes calls that the policy in docs/gate.md allows", async () => {
    const fake = aws();
    await read(fake, existing);
    const [, policy = "{}"] = /```json\n(\{\s*"Version".*?)```/s.exec(readFileSync("docs/gate.md", "utf8")) ?? [];
    const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string[] }[] };
    expect(Statement.map(({ Effect }) => Effect)).toEqual(Statement.map(() => "Allow"));
    // The other ones are for the alarms (own-alarms.test.ts).
    expect(Statement.flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(fake.calls.map(({ action }) => action)),
    );
  });

  const denied = () => Promise.reject(Object.assign(new Error("no policy allows it"), { name: "AccessDenied" }));
  const results = (change: object) => () => ({
    MetricDataResults: [{ Id: "requests_1", Timestamps: [], Values: [], ...change }],
  });
  it.each<[string, Parameters<typeof aws>[0], string]>([
    [
      "what is not allowed",
      { "cloudwatch:GetMetricData": denied },
      "cloudwatch:GetMetricData can't read the metrics of the load balancer: AccessDenied: no policy allows it; allow " +
        "cloudwatch:GetMetricData, or choose another AWS_PROFILE",
    ],
    [
      "a service that isn't there",
      {
        "elasticloadbalancing:DescribeTargetGroups": () =>
          Promise.reject(Object.assign(new Error("not found"), { name: "TargetGroupNotFound" })),
      },
      "can't read the target groups shop-staging-1 and shop-staging-2: TargetGroupNotFound: not found; check the environment",
    ],
    [
      "target groups that are not in the answer",
      { "elasticloadbalancing:DescribeTargetGroups": () => ({}) },
      "AWS answered without the target groups shop-staging-1 and shop-staging-2",
    ],
    [
      "target groups without a load balancer",
      {
        "elasticloadbalancing:DescribeTargetGroups": ({ Names }: { Names: string[] }) => ({
          TargetGroups: Names.map((TargetGroupName, index) => ({ TargetGroupName, TargetGroupArn: ARNS[index] })),
        }),
      },
      "must belong to one load balancer, not to none",
    ],
    ["no metrics", { "cloudwatch:GetMetricData": () => ({}) }, "CloudWatch answered without metrics"],
    ["what was not asked for", { "cloudwatch:GetMetricData": results({ Id: "x" }) }, '"x", which was not asked for'],
    [
      "a part of the data",
      {
        "cloudwatch:GetMetricData": results({
          Label: "requests",
          StatusCode: "InternalError",
          Messages: [{ Value: "overload" }],
        }),
      },
      "CloudWatch has not all of requests: InternalError: overload; try again",
    ],
    [
      "pages that never end",
      { "cloudwatch:GetMetricData": () => ({ MetricDataResults: [], NextToken: "again" }) },
      "the same page of metrics again and again",
    ],
  ])("refuses %s", async (_, changes, problem) => {
    await expect(read(aws(changes))).rejects.toThrow(problem);
  });

  it("refuses target groups of another account, which may have the same names", async () => {
    await expect(read(aws(), configOf({ account: "210987654321" }))).rejects.toThrow(
      "of the account 123456789012, and `account` in cdktf.json is 210987654321: choose another AWS_PROFILE",
    );
    await expect(read(aws(), configOf({ account: "123456789012" }))).resolves.toBeDefined();
  });

  it("refuses a deployment group without a pair of target groups", async () => {
    const fake = aws({ "codedeploy:GetDeploymentGroup": () => ({ deploymentGroupInfo: {} }) });
    await expect(read(fake, existing)).rejects.toThrow("blue-green of shop has no pair of target groups");
  });

  it("connects with limits, and ends with the signal", async () => {
    const interruption = new AbortController();
    const connection = await connectForHistory("eu-central-1", interruption.signal);
    interruption.abort();
    await expect(
      connection.aws["cloudwatch:GetMetricData"]({ MetricDataQueries: [], StartTime: NOW, EndTime: NOW }),
    ).rejects.toThrow();
    connection.close();
  });
});

describe("files of the past", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "gate-history-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (file: string) => {
    const connection: HistoryConnection = { aws: aws().aws, close: () => undefined };
    return openHistory(
      { kind: "live", save: file },
      {
        config: own,
        onProgress: () => undefined,
        signal: new AbortController().signal,
        now: () => NOW,
        connect: () => Promise.resolve(connection),
      },
    );
  };

  it("has what was read, and nothing else is left", async () => {
    const file = path.join(folder, "history.json");
    const history = await open(file).read(1.5);
    expect(historyFromFile(file)).toEqual(history);
    expect(readdirSync(folder)).toEqual(["history.json"]);
  });

  it("refuses a file that can't be written before anything is read", () => {
    expect(() => open(folder)).toThrow(`--save ${folder}: it is a folder`);
    expect(() => open(path.join(folder, "no", "file"))).toThrow(/--save .*: the folder .* does not exist/);
  });

  it("leaves no file when nothing is read", () => {
    open(path.join(folder, "history.json")).discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a file that can't be read", () => {
    const file = path.join(folder, "history.json");
    expect(() => historyFromFile(file)).toThrow(
      new RegExp(`^--from ${file}: ENOENT: .*; npm run gate -- --live --save writes such a file$`),
    );
    expect(() => historyFromFile(folder)).toThrow(`--from ${folder}: EISDIR`);
    expect(() => historyFromFile("/dev/zero")).toThrow("--from /dev/zero: is a device; give a file, or a pipe");
    writeFileSync(file, "");
    truncateSync(file, 300 * 2 ** 20);
    expect(() => historyFromFile(file)).toThrow("has 300 MB, more than 256 MB: is it the traffic of one service?");
    const text = JSON.stringify(data);
    for (const [content, problem] of [
      ["METRICDATARESULTS\trequests_1", "; the AWS CLI prints JSON with --output json"],
      ["", "is empty"],
      ["\n \n", "is empty"],
      [text.slice(0, 1_000), "; its end is missing; write it again"],
      [`${text}\n${text}`, "; it must hold one answer and nothing else; two files can't be put together"],
      [text.replace(/\[\d+,/, "[NaN,"), "is not JSON: Unexpected token 'N'"],
      [`[${text}]`, "must hold the answer of get-metric-data, an object"],
      ["null", "must hold the answer of get-metric-data, an object"],
    ] as const) {
      writeFileSync(file, content);
      expect(() => historyFromFile(file)).toThrow(`--from ${file}: `);
      expect(() => historyFromFile(file)).toThrow(problem);
    }
    writeFileSync(file, JSON.stringify({ MetricDataResults: [{ Id: "x", Timestamps: [], Values: [] }] }));
    expect(() => historyFromFile(file)).toThrow(`--from ${file}: MetricDataResults[0].Id: "x" is not known`);
  });

  it("may begin with a byte order mark, and be UTF-16, as PowerShell writes it", () => {
    const file = path.join(folder, "history.json");
    const text = `\uFEFF${JSON.stringify(data)}\r\n`;
    for (const encoding of ["utf8", "utf16le"] as const) {
      writeFileSync(file, text, encoding);
      expect(historyFromFile(file)).toEqual(readHistory(data, "FILE"));
    }
  });

  it.each([
    ["of our stacks", own, "describe-target-groups --region eu-central-1 --names shop-staging-1 shop-staging-2"],
    ["that exists", existing, "describe-target-groups --region eu-central-1 --names one two"],
  ])("come from the AWS CLI as well, for a service %s", async (_, config, names) => {
    // A stand-in for the AWS CLI that writes down its arguments.
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    const stub = [
      "#!/bin/sh",
      `echo "$*" >> '${path.join(folder, "calls")}'`,
      'case "$*" in',
      "*get-deployment-group*) printf 'one\\ttwo\\n' ;;",
      `*TargetGroupArn*) printf '${ARNS.join("\\t")}\\n' ;;`,
      `*LoadBalancerArns*) echo '${LOAD_BALANCER_ARN}' ;;`,
      `*) cat '${path.join(folder, "answer.json")}' ;;`,
      "esac",
    ];
    writeFileSync(path.join(bin, "aws"), stub.join("\n"), { mode: 0o755 });
    writeFileSync(path.join(folder, "answer.json"), JSON.stringify(data));
    const script = path.join(folder, "read.sh");
    writeFileSync(script, awsCliCalls(config, 1.5, NOW));
    const { code, stderr } = await runProgram({
      command: "sh",
      args: ["-eu", script],
      directory: folder,
      environment: { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const calls = readFileSync(path.join(folder, "calls"), "utf8");
    expect(calls).toContain(names);
    const last = calls.slice(calls.indexOf("get-metric-data"));
    expect(last).toContain(
      '--query {from: `"2025-12-22T23:00:00.000Z"`, to: `"2026-01-05T23:55:00.000Z"`, slowSeconds: `1.5`, period: `60`, ' +
        "MetricDataResults: MetricDataResults}",
    );
    expect(last).toContain("--start-time 2025-12-22T23:00:00.000Z --end-time 2026-01-05T23:55:00.000Z");
    const queries = JSON.parse(last.slice(last.indexOf("["), last.lastIndexOf("]") + 1)) as object[];
    const fake = aws();
    await read(fake);
    expect(queries).toEqual(fake.calls[1]?.input["MetricDataQueries"]);
    expect(historyFromFile(path.join(folder, "history.json"))).toEqual(readHistory(data, ""));
  });
});
