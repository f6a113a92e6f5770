import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import type { AwsPort } from "../../scripts/release/aws-port";
import { judgeTraffic, lowTrafficPolicy, trafficSentence } from "../../scripts/release/low-traffic";
import {
  ALARMS,
  alarmOn,
  always,
  awsError,
  config,
  deployment,
  DEPLOYMENT,
  describing,
  fakeAws,
  inTurn,
  names,
  recorded,
  ROLLBACK,
  TARGET_GROUPS,
} from "./fakes";
import { alarmStop, deployments, run } from "./running";

describe("attaching", () => {
  const attach = { attach: DEPLOYMENT };

  it("has the same outcomes as a release", async () => {
    const followed = run({ getDeployment: inTurn(deployment("InProgress"), deployment("Succeeded")) }, attach);
    expect(await followed.start()).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(followed.calls.create.inputs).toEqual([]);
    const back = run(
      {
        getDeployment: deployments({
          [DEPLOYMENT]: always(deployment("Stopped", alarmStop)),
          [ROLLBACK]: always(deployment("Succeeded")),
        }),
      },
      attach,
    );
    expect(await back.start()).toMatchObject({ outcome: "rolled-back", exitCode: 2 });
  });

  it("works without the permission to read the group", async () => {
    const { start, events } = run(
      { getDeploymentGroup: always<never>(awsError("AccessDeniedException", "no")) },
      attach,
    );
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(events.some((event) => event.type === "warning")).toBe(true);
  });

  it("is refused for a deployment that doesn't exist, or belongs to another environment", async () => {
    const gone = run({ getDeployment: always<never>(awsError("DeploymentDoesNotExistException")) }, attach);
    expect(await gone.start()).toMatchObject({ exitCode: 4 });
    for (const foreign of [{ applicationName: "other" }, { deploymentGroupName: "other" }]) {
      const other = run({ getDeployment: always(deployment("InProgress", foreign)) }, attach);
      expect(await other.start()).toMatchObject({ exitCode: 4 });
    }
  });

  it("watches the alarms of the group", async () => {
    const describeAlarms = recorded(fakeAws().describeAlarms);
    await run({ describeAlarms: describeAlarms.call }, attach).start();
    expect(describeAlarms.inputs[0]?.AlarmNames).toEqual(ALARMS);
  });

  it("lasts as long as --timeout", async () => {
    const { start, clock } = run({ getDeployment: always(deployment("InProgress")) }, { ...attach, timeout: 10 });
    const startedAt = clock.now();
    const report = await start();
    expect(report).toMatchObject({ exitCode: 5 });
    expect(report.reasons.join()).toContain("not over after 10 minutes");
    expect(clock.now() - startedAt).toBe(600_000);
  });

  it("leaves the deployment running when interrupted, because it didn't start it", async () => {
    const { start, interruption, clock, calls, events } = run(
      { getDeployment: always(deployment("InProgress")) },
      attach,
    );
    clock.onSleep = () => interruption.request();
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.next.join()).toContain("aws deploy stop-deployment");
    expect(events).toContainEqual({
      type: "progress",
      text: "leaving; the deployment continues (Ctrl-C again: leave at once)",
    });
    expect(calls.stop.inputs).toEqual([]);
  });

  it.each([
    ["about another id", deployment("Succeeded", { deploymentId: "d-OTHER0001" })],
    [
      "without an application and a group",
      { deploymentInfo: { deploymentId: DEPLOYMENT, status: "Succeeded" as const } },
    ],
    ["without a deployment", {}],
    ["that never come", awsError("TimeoutError", "no answer")],
    ["that can't be read", new UnreadableAnswer("the answer (200, text/html) can't be read as AWS's")],
  ])("ends as lost sight, not as a refusal, with answers %s: the deployment may run", async (_, answer) => {
    const { start } = run({ getDeployment: always<object>(answer) }, attach);
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.reasons.join()).toContain("reading the deployment failed");
    expect(report.next.join()).toContain(`--attach ${DEPLOYMENT}`);
  });

  it("continues after one answer about another deployment", async () => {
    const other = deployment("Succeeded", { deploymentId: "d-OTHER0001" });
    const { start } = run(
      { getDeployment: inTurn(other, deployment("InProgress"), other, deployment("Succeeded")) },
      attach,
    );
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0 });
  });

  it("follows a deployment that another run created", async () => {
    const theirs = deployment("Succeeded", { description: "somebody's", createTime: new Date(0) });
    expect(await run({ getDeployment: always(theirs) }, attach).start()).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["its first answer", 0],
    ["a look", 1],
  ])("leaves at once when interrupted, though %s never comes", async (_, answered) => {
    let asked = 0;
    const { start, interruption } = run(
      {
        getDeployment: () => {
          asked += 1;
          if (asked <= answered) return Promise.resolve(deployment("InProgress"));
          setImmediate(() => interruption.request());
          return new Promise(() => undefined);
        },
      },
      attach,
    );
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.reasons.join()).toContain("interrupted");
  });
});

describe("attaching to a deployment with a canary", () => {
  const attach = { attach: DEPLOYMENT };
  const [first = "", second = ""] = TARGET_GROUPS.map((arn) => arn.slice(arn.lastIndexOf(":") + 1));
  const SHIFTED_AT = new Date(1_700_000_000_000 - 5 * 60_000);
  /** All traffic has moved; the new version is behind the target group of this index. */
  const moved = (index: number): AwsPort["getDeploymentTarget"] => {
    const taskSet = (taskSetLabel: "Blue" | "Green", trafficWeight: number, one: number) => ({
      ...{ taskSetLabel, trafficWeight, identifer: `ecs-svc/${one}` },
      targetGroup: { name: `${names.prefix}-${one + 1}` },
    });
    return ({ targetId = "" }) =>
      Promise.resolve({
        deploymentTarget: {
          ecsTarget: {
            ...{ deploymentId: DEPLOYMENT, targetId },
            lifecycleEvents: [{ lifecycleEventName: "AllowTraffic", status: "Succeeded", startTime: SHIFTED_AT }],
            taskSetsInfo: [taskSet("Blue", 0, 1 - index), taskSet("Green", 100, index)],
          },
        },
      });
  };
  /** CloudWatch's requests of the first minute of the canary. */
  const requests = (count: number) =>
    recorded<Parameters<AwsPort["getMetricData"]>[0], Awaited<ReturnType<AwsPort["getMetricData"]>>>(
      always({ MetricDataResults: [{ Id: "requests", Timestamps: [SHIFTED_AT], Values: [count] }] }),
    );

  it.each([
    [0, first],
    [1, second],
  ])("judges the requests of the new version's target group, whichever of the two: %d", async (index, expected) => {
    const metrics = requests(41);
    const described = ALARMS.map((name, one) => alarmOn(name, one));
    const { start } = run(
      {
        getDeploymentTarget: moved(index),
        getMetricData: metrics.call,
        // The alarm of the old version would notice far less.
        describeAlarms: describing(described.map((alarm, one) => ({ ...alarm, Threshold: one === index ? 2 : 40 }))),
      },
      attach,
    );
    const report = await start();
    expect(metrics.inputs[0]?.MetricDataQueries?.[0]?.MetricStat?.Metric?.Dimensions).toContainEqual({
      Name: "TargetGroup",
      Value: expected,
    });
    const own = judgeTraffic(
      [{ at: SHIFTED_AT.getTime(), requests: 41 }],
      [alarmOn("a", index)],
      lowTrafficPolicy(config),
    );
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, lowTraffic: true, canary: own });
    expect(report.notes).toContain(trafficSentence(own));
  });

  it.each<readonly [string, Partial<AwsPort>, string]>([
    [
      "the target groups",
      { describeTargetGroups: always<never>(awsError("AccessDeniedException", "no")) },
      "not known which target group has the new version",
    ],
    [
      "the group",
      { getDeploymentGroup: always<never>(awsError("AccessDeniedException", "no")) },
      "not known which target group has the new version",
    ],
    [
      "the strategy",
      { getDeploymentConfig: always<never>(awsError("AccessDeniedException", "no")) },
      "not known how the deployment moves the traffic",
    ],
    [
      "the alarms",
      { describeAlarms: always<never>(awsError("AccessDeniedException", "no")) },
      "41 requests, so far visible in CloudWatch; it can't be told which errors its alarms would have noticed in them",
    ],
  ])("says what it doesn't know without the permission to read %s, and ends with 0", async (_, overrides, words) => {
    const { start, events } = run(
      { getDeploymentTarget: moved(1), getMetricData: requests(41).call, ...overrides },
      attach,
    );
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(report).not.toHaveProperty("lowTraffic");
    expect(report.notes.join()).toContain(words);
    expect(events.some((event) => event.type === "warning" && event.text.includes("not allowed: no"))).toBe(true);
  });

  it.each<readonly [string, Partial<AwsPort>]>([
    [
      "moves all traffic at once",
      {
        getDeploymentConfig: always({
          deploymentConfigInfo: {
            deploymentConfigName: names.deploymentConfig,
            trafficRoutingConfig: { type: "AllAtOnce" as const },
          },
        }),
      },
    ],
    [
      "is a rollback",
      {
        getDeployment: always(
          deployment("Succeeded", { rollbackInfo: { rollbackTriggeringDeploymentId: "d-EARLIER01" } }),
        ),
      },
    ],
  ])("says nothing of a canary when the deployment %s", async (_, overrides) => {
    const metrics = requests(41);
    const { start } = run({ getDeploymentTarget: moved(1), getMetricData: metrics.call, ...overrides }, attach);
    expect(await start()).not.toHaveProperty("canary");
    expect(metrics.inputs).toEqual([]);
  });
});
