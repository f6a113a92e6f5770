import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { catchProbability } from "../../stacks/gate/limit";
import { noticedErrors } from "../../scripts/release/alarm-limit";
import type { CanaryPlan } from "../../scripts/release/canary-check";
import type { AwsPort } from "../../scripts/release/aws-port";
import type { ReleaseEvent } from "../../scripts/release/events";
import {
  judgeTraffic,
  lowTrafficPolicy,
  trafficSentence,
  trafficWarning,
  type CanaryVerdict,
  type LowTrafficPolicy,
} from "../../scripts/release/low-traffic";
import type { ProbePlan, ProbeTarget } from "../../scripts/release/probe-plan";
import { ListenerUnreachable, type SendProbe } from "../../scripts/release/probe-request";
import { isWeak } from "../../scripts/release/render/words";
import { follow } from "../../scripts/release/watch";
import {
  alarmOn,
  awsError,
  awsRefusal,
  config,
  deployment,
  DEPLOYMENT,
  DESCRIPTION,
  fakeAws,
  forwardRule,
  limitAlarm,
  names,
  recorded,
  ROLLBACK,
  rolledBackWith,
  SleepingClock,
} from "./fakes";
import { run } from "./running";

const MINUTE = 60_000;
const LIMIT = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };
const POLICY: LowTrafficPolicy = { action: "warn", goal: { badShare: 0.05, probability: 0.95 } };
const minutes = (...counts: readonly number[]) => counts.map((requests, index) => ({ at: index * MINUTE, requests }));
const onLimit = limitAlarm("limit", 1, LIMIT);

describe("the errors that an alarm would have noticed", () => {
  it("are those that the fullest window of its limit has, not those of all requests", () => {
    const long = minutes(10, 10, 100, 200, 300, 100, 10, 10);
    expect(noticedErrors(onLimit, minutes(20, 21), 0.2)).toBe(catchProbability(41, 0.2, LIMIT));
    expect(noticedErrors(onLimit, long, 0.01)).toBe(catchProbability(710, 0.01, LIMIT));
  });

  const fixed = (changes: Partial<MetricAlarm> = {}) => ({ ...alarmOn("5xx", 1), ...changes });
  // Of three requests with a share of one half, all three fail in one of eight cases.
  const eighth = 1 / 8;
  it.each<readonly [string, Partial<MetricAlarm>, readonly number[], number]>([
    ["of a fixed count: in any of its periods", {}, [3, 3], 1 - (1 - eighth) ** 2],
    [
      "of a fixed count that is reached",
      { Threshold: 3, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
      [3],
      eighth,
    ],
    ["of two of two periods", { EvaluationPeriods: 2 }, [3, 3], eighth ** 2],
    ["of two of two periods, with one that has no requests between them", { EvaluationPeriods: 2 }, [3, 0, 3], 0],
    ["of two of three periods", { EvaluationPeriods: 3, DatapointsToAlarm: 2 }, [3, 0, 3, 0, 0, 3], eighth ** 2],
    ["of a period of several minutes", { Period: 120 }, [2, 1, 1, 1], eighth],
    ["none in too few requests", {}, [2, 2, 2], 0],
    ["none without requests", {}, [], 0],
  ])("are those %s", (_, changes, counts, probability) => {
    const visible = minutes(...counts).filter(({ requests }) => requests > 0);
    expect(noticedErrors(fixed(changes), visible, 0.5)).toBeCloseTo(probability, 10);
  });

  it.each<readonly [string, MetricAlarm]>([
    ["another metric", fixed({ MetricName: "UnHealthyHostCount" })],
    ["another statistic", fixed({ Statistic: "Average" })],
    ["a metric of one's own", fixed({ Namespace: "Shop" })],
    ["another comparison", fixed({ ComparisonOperator: "LessThanThreshold" })],
    ["periods shorter than the data's", fixed({ Period: 10 })],
    ["very many periods", fixed({ EvaluationPeriods: 60 })],
    ["metric math of one's own", { Metrics: [{ Id: "e", Expression: "m / 2" }] }],
    ["slow answers", limitAlarm("slow", 1, LIMIT, { kind: "slowRequests", slowSeconds: 1.5 })],
    ["nothing that is known", {}],
  ])("are not known of %s", (_, alarm) => {
    expect(noticedErrors(alarm, minutes(100), 0.5)).toBeUndefined();
  });
});

describe("the policy of an environment", () => {
  const policyOf = (gate: Partial<typeof config.gate>) => lowTrafficPolicy({ gate: { ...config.gate, ...gate } });

  it("is a warning at 5 % with 95 % without a goal", () => {
    expect(policyOf({})).toEqual(POLICY);
  });

  it("has the environment's action and goal", () => {
    const goal = { badShare: 0.02, probability: 0.5 };
    expect(policyOf({ lowTraffic: "stop", goal: { ...goal, rps: 5 } })).toEqual({ action: "stop", goal });
  });

  it("sends requests with probe, which the checks say before anything is changed", async () => {
    expect(policyOf({ lowTraffic: "probe" }).action).toBe("probe");
    const probing = { ...config, gate: { ...config.gate, lowTraffic: "probe" as const } };
    const describeRules = () => Promise.resolve({ Rules: [{ ...forwardRule(100, 0), IsDefault: true }] });
    const { start, events } = run({ describeRules }, { dryRun: true }, { config: probing });
    expect(await start()).toMatchObject({ outcome: "checked" });
    const texts = events.flatMap((event) => ("text" in event ? [event.text] : [])).join("\n");
    expect(texts).toMatch(/at most 200 requests of its own, also to production\n.*during the canary, to http:.*GET \//);
    expect(texts).toMatch(/no requests of its own through the test listener: the deployment group has none/);
  });

  it("sends nothing without probe, and reads no addresses", async () => {
    const unread = () => Promise.reject(new Error("was read"));
    const { start, events } = run({ describeListeners: unread, describeLoadBalancers: unread });
    expect(await start()).not.toHaveProperty("probes");
    expect(JSON.stringify(events)).not.toContain("requests of its own");
  });
});

describe("the verdict on the canary's traffic", () => {
  const sentence = (...counts: readonly number[]) =>
    trafficSentence(judgeTraffic(minutes(...counts), [onLimit], POLICY));

  it("says which errors the gate would have noticed", () => {
    expect(sentence(20, 21)).toMatch(
      /^the canary has seen 41 requests, so far visible in CloudWatch; this gate would have noticed 20 % of errors with more than 99 % probability, 5 % with \d\d %, 1 % with less than 1 %$/,
    );
    expect(sentence(4000)).toMatch(
      /20 % of errors with more than 99 % probability, 5 % with more than 99 %, 1 % with more than 99 %$/,
    );
    expect(sentence(1)).toMatch(/^the canary has seen 1 request, .* 20 % of errors with 0 % probability/);
    expect(sentence()).toMatch(/^the canary has seen no request, so far visible/);
  });

  it("takes the better of two alarms, and shares of one's own", () => {
    const policy = { goal: { badShare: 0.025, probability: 0.5 } };
    const verdict = judgeTraffic(minutes(300), [alarmOn("5xx", 1), onLimit], policy);
    expect(verdict.noticed.map(({ badShare }) => badShare)).toEqual([0.2, 0.025, 0.01]);
    const best = Math.max(
      ...[alarmOn("5xx", 1), onLimit].map((alarm) => noticedErrors(alarm, minutes(300), 0.025) ?? 0),
    );
    expect(verdict.noticed[1]?.probability).toBe(best);
    expect(trafficWarning({ ...verdict, traffic: "low" }, policy)).toContain("(goal: 2.5 % with 50 %)");
  });

  it.each<readonly [CanaryVerdict["traffic"], readonly number[], readonly MetricAlarm[]]>([
    ["low", [41], [onLimit]],
    ["low", [], [onLimit]],
    ["enough", [100, 100, 100], [onLimit]],
    ["untold", [1000], []],
    ["untold", [1000], [{ Metrics: [{ Id: "e", Expression: "m / 2" }] }]],
  ])("is %s for %j requests a minute", (traffic, counts, alarms) => {
    expect(judgeTraffic(minutes(...counts), alarms, POLICY).traffic).toBe(traffic);
  });

  it("says how many requests are the release's own, what they ask, and whether the others would be too few", () => {
    const own = (share: number) => ({ asked: "GET /health", reachedIn: (at: number) => (at === 0 ? share : 0) });
    const judged = (share: number, ...counts: readonly number[]) =>
      judgeTraffic(minutes(...counts), [onLimit], POLICY, own(share));
    expect(judged(300, 310)).toMatchObject({
      traffic: "enough",
      requests: 310,
      own: { requests: 300, areNeeded: true },
    });
    expect(trafficSentence(judged(300, 310))).toMatch(
      /^the canary has seen 310 requests, so far visible in CloudWatch \(about 300 of them sent by this release: they test only GET \/health; the others alone would be too few\); this gate/,
    );
    expect([judged(300, 310), judged(20, 4000)].map(isWeak)).toEqual([true, false]);
    expect(judged(20, 4000)).toMatchObject({ traffic: "enough", own: { requests: 20, areNeeded: false } });
    expect(judged(19.6, 41).own).toEqual({ requests: 20, asked: "GET /health", areNeeded: false });
    // Not yet visible, or none.
    expect(judged(500, 10).own?.requests).toBe(10);
    expect(judged(0, 41)).not.toHaveProperty("own");
  });

  it("assures nothing about alarms and requests that it doesn't know", () => {
    expect(trafficSentence(judgeTraffic(minutes(1000), [], POLICY))).toMatch(
      /1000 requests.*can't be told which errors/,
    );
    expect(trafficSentence({ traffic: "unknown", noticed: [], why: "AccessDenied" })).toBe(
      "not known how many requests the canary saw: AccessDenied",
    );
  });
});

const PROBED: ProbeTarget = {
  ...{ protocol: "http:", hostname: "lb", port: 80 },
  requests: [{ path: "/health", headers: {}, isExpected: (status) => status === 200 }],
};
const PROBES: ProbePlan = { maxRequests: 30, testListener: { ...PROBED, port: 9090 }, production: PROBED };

/** A deployment with a canary of 5 minutes, which CodeDeploy plays by the clock: each minute it gets so many requests. */
function canary(
  perMinute: number,
  action: LowTrafficPolicy["action"] = "warn",
  overrides: Partial<AwsPort> = {},
  shiftMinutes: number | undefined = 5,
  send: SendProbe = () => Promise.resolve(200),
  changes: Partial<CanaryPlan> = {},
) {
  const clock = new SleepingClock();
  const interruption = new AbortController();
  const [startedAt, shiftAt] = [clock.now(), clock.now() + 2 * MINUTE];
  const lastShiftAt = shiftAt + 5 * MINUTE;
  let stoppedAt: number | undefined;
  let metricsFailAfter = Infinity;
  const events: ReleaseEvent[] = [];
  const weight = () => (clock.now() < shiftAt ? 0 : stoppedAt !== undefined ? 0 : clock.now() < lastShiftAt ? 10 : 100);
  const status = () => {
    if (stoppedAt !== undefined) return "Stopped" as const;
    return clock.now() < lastShiftAt + MINUTE ? ("InProgress" as const) : ("Succeeded" as const);
  };
  const aws = fakeAws({
    getDeployment: ({ deploymentId = "" }) =>
      Promise.resolve(
        deploymentId === ROLLBACK
          ? deployment("Succeeded", {
              deploymentId,
              rollbackInfo: { rollbackTriggeringDeploymentId: DEPLOYMENT },
              createTime: new Date(clock.now()),
            })
          : deployment(status(), {
              createTime: new Date(startedAt),
              ...(stoppedAt !== undefined && {
                errorInformation: { code: "MANUAL_STOP", message: "stopped" },
                ...rolledBackWith(ROLLBACK),
              }),
            }),
      ),
    getDeploymentTarget: ({ targetId = "" }) =>
      Promise.resolve({
        deploymentTarget: {
          ecsTarget: {
            deploymentId: DEPLOYMENT,
            targetId,
            lifecycleEvents: [
              { lifecycleEventName: "AllowTestTraffic", status: "Succeeded" },
              {
                lifecycleEventName: "AllowTraffic",
                status: clock.now() < shiftAt ? "Pending" : "InProgress",
                ...(clock.now() >= shiftAt && { startTime: new Date(shiftAt) }),
              },
            ],
            taskSetsInfo: [
              { identifer: "ecs-svc/1", taskSetLabel: "Blue", trafficWeight: 100 - weight() },
              { identifer: "ecs-svc/2", taskSetLabel: "Green", trafficWeight: weight() },
            ],
          },
        },
      }),
    getMetricData: ({ StartTime, EndTime }) => {
      if (clock.now() > metricsFailAfter) return Promise.reject(awsError("ThrottlingException"));
      const visible = Array.from({ length: 20 }, (_, index) => Math.floor(shiftAt / MINUTE) * MINUTE + index * MINUTE)
        .filter((at) => perMinute > 0 && at + 2.5 * MINUTE <= clock.now())
        .filter((at) => at >= Number(StartTime) && at < Number(EndTime));
      return Promise.resolve({
        MetricDataResults: [
          { Id: "requests", Timestamps: visible.map((at) => new Date(at)), Values: visible.map(() => perMinute) },
        ],
      });
    },
    stopDeployment: () => {
      stoppedAt = clock.now();
      return Promise.resolve({ status: "Pending" as const });
    },
    ...overrides,
  });
  const metrics = recorded(aws.getMetricData);
  const stops = recorded(aws.stopDeployment);
  const start = (own = true) =>
    follow(
      {
        aws: { ...aws, getMetricData: metrics.call, stopDeployment: stops.call },
        clock,
        random: () => 0.5,
        stop: interruption.signal,
        emit: (event) => events.push(event),
        sendProbe: send,
      },
      {
        ...{ deploymentId: DEPLOYMENT, application: names.application, group: names.deploymentGroup },
        ...(own && { origin: { description: DESCRIPTION, sha256: "", askedAt: startedAt } }),
        ...{ cluster: names.cluster, service: names.service, alarmNames: [], unwatchedAlarms: [], notes: [] },
        ...{ attach: "attach", continueCommand: () => "continue", pollInterval: 5, timeout: 60 },
        ...(action === "probe" && { probes: PROBES }),
        canary: {
          subjectOf: () => ({ group: { loadBalancer: "app/lb/1", next: "targetgroup/s-2/b" }, alarms: [onLimit] }),
          ...{ policy: { ...POLICY, action }, shiftMinutes, ...changes },
        },
      },
    );
  const told = () => events.flatMap((event) => (event.type === "canary" ? [event] : []));
  const atTold = () => {
    const index = events.findIndex(({ type }) => type === "canary");
    return events.slice(0, index).findLast((event) => event.type === "snapshot")?.snapshot.at ?? NaN;
  };
  const failMetricsAfter = (at: number) => void (metricsFailAfter = at);
  return {
    aws,
    interruption,
    start,
    failMetricsAfter,
    clock,
    events,
    told,
    atTold,
    metrics,
    stops,
    shiftAt,
    lastShiftAt,
  };
}

describe("a release whose canary gets few requests", () => {
  it("says so once, before the last shift, and succeeds", async () => {
    const { start, told, atTold, lastShiftAt, stops } = canary(10);
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, lowTraffic: true, canary: { requests: 30 } });
    expect(report.headline).toBe(`released on little traffic: deployment ${DEPLOYMENT} succeeded`);
    expect(report.notes.join("\n")).toMatch(/the canary has seen 30 requests.*\nthese were too few requests/);
    expect(told()).toHaveLength(1);
    expect(told()[0]?.text).toMatch(/30 requests, so far visible.*too few requests .*\(goal: 5 % with 95 %\)$/);
    expect(lastShiftAt - atTold()).toBeGreaterThan(0);
    expect(lastShiftAt - atTold()).toBeLessThan(MINUTE);
    expect(stops.inputs).toEqual([]);
  });

  it("reads the requests of the new version's target group since the first shift", async () => {
    const { start, metrics, shiftAt } = canary(10);
    await start();
    const [query] = metrics.inputs[0]?.MetricDataQueries ?? [];
    expect(query?.MetricStat?.Metric).toMatchObject({
      MetricName: "RequestCount",
      Dimensions: [
        { Name: "TargetGroup", Value: "targetgroup/s-2/b" },
        { Name: "LoadBalancer", Value: "app/lb/1" },
      ],
    });
    expect(shiftAt - Number(metrics.inputs[0]?.StartTime)).toBeLessThan(MINUTE);
    expect(metrics.inputs[0]?.StartTime?.getTime()).toBeLessThanOrEqual(shiftAt);
  });

  it("is stopped before the last shift when the environment asks for it, and is rolled back", async () => {
    const { start, stops, events } = canary(10, "stop");
    const report = await start();
    expect(report).toMatchObject({ outcome: "rolled-back", exitCode: 2, lowTraffic: true });
    expect(report.reasons.slice(0, 2).join("\n")).toMatch(
      /^stopped before the last shift.*\nthe canary has seen 30 req/,
    );
    expect(report.next.join()).toMatch(/release when there is more traffic, or set gate\.lowTraffic/);
    expect(stops.inputs).toEqual([{ deploymentId: DEPLOYMENT, autoRollbackEnabled: true }]);
    expect(events).toContainEqual({
      type: "progress",
      text: "too few requests in the canary, and gate.lowTraffic is stop",
    });
  });

  it("is not stopped when it is somebody else's", async () => {
    const { start, stops } = canary(10, "stop");
    expect(await start(false)).toMatchObject({ outcome: "released", lowTraffic: true });
    expect(stops.inputs).toEqual([]);
  });

  it("is not stopped after the last shift, when CloudWatch answered too late, and it is told", async () => {
    const { start, stops, events, clock, lastShiftAt } = canary(10, "stop", {
      stopDeployment: () => Promise.reject(awsRefusal("ThrottlingException")),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, lowTraffic: true });
    expect(report.notes.join()).toContain("could not be stopped for that before all traffic had moved");
    expect(stops.inputs.length).toBeGreaterThan(1);
    expect(clock.now()).toBeGreaterThan(lastShiftAt);
    expect(
      events
        .filter((event) => event.type === "warning")
        .map(({ text }) => text)
        .join(),
    ).toContain("could not stop it");
  });

  it.each(["warn", "stop"] as const)(
    "goes on with %s when the requests are enough, and says so at once",
    async (action) => {
      const { start, told, atTold, lastShiftAt, stops } = canary(300, action);
      const report = await start();
      expect(report).toMatchObject({ outcome: "released", lowTraffic: false, canary: { traffic: "enough" } });
      expect(report.headline).toBe(`released: deployment ${DEPLOYMENT} succeeded`);
      expect(told()).toHaveLength(1);
      expect(lastShiftAt - atTold()).toBeGreaterThan(MINUTE);
      expect(stops.inputs).toEqual([]);
    },
  );

  it("counts requests that become visible after it has said that they are enough", async () => {
    const { start, told } = canary(300);
    const report = await start();
    expect(report.canary?.requests).toBeGreaterThan(told()[0]?.requests ?? Infinity);
  });

  it.each<readonly [string, AwsPort["getMetricData"], RegExp]>([
    [
      "the permission is missing",
      () => Promise.reject(awsError("AccessDeniedException", "not allowed")),
      /not allowed/,
    ],
    ["CloudWatch never answers", () => new Promise(() => undefined), /gave no answer before the last shift/],
    [
      "its data is not complete",
      () => Promise.resolve({ MetricDataResults: [{ Id: "requests", StatusCode: "InternalError" as const }] }),
      /InternalError/,
    ],
  ])("is not known, never enough, and not stopped when %s", async (_, getMetricData, words) => {
    const { start, told, stops } = canary(10, "stop", { getMetricData });
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", canary: { traffic: "unknown" } });
    expect(report).not.toHaveProperty("lowTraffic");
    expect(report.notes.join()).toMatch(words);
    expect(
      told()
        .map(({ text }) => text)
        .join(),
    ).toMatch(/^not known how many requests the canary saw: /);
    expect(stops.inputs).toEqual([]);
  });

  it("keeps what it has read when later answers are missing", async () => {
    const { start, failMetricsAfter, lastShiftAt } = canary(300);
    failMetricsAfter(lastShiftAt - MINUTE);
    expect(await start()).toMatchObject({ lowTraffic: false, canary: { traffic: "enough" } });
  });
});

describe("a release that sends requests of its own", () => {
  it("counts them apart, and goes on", async () => {
    const { start, told, stops } = canary(10, "probe");
    const report = await start();
    expect(report).toMatchObject({
      ...{ outcome: "released", lowTraffic: true },
      canary: { own: { asked: "GET /health", areNeeded: false } },
      probes: { testListener: { sent: 15, failed: 0, unanswered: 0 }, production: { failed: 0, unanswered: 0 } },
    });
    expect(report.probes?.production.sent).toBeGreaterThan(5);
    expect(report.probes?.production.sent).toBeLessThanOrEqual(15);
    expect(report.notes.join("\n")).toMatch(/15 requests of its own through the test listener: 15 answered 200/);
    expect(told()[0]?.text).toMatch(/30 requests, .* \(about \d+ of them sent by this release: they test only GET/);
    expect(stops.inputs).toEqual([]);
  });

  it.each<readonly [string, SendProbe, RegExp]>([
    [
      "can't reach",
      () => Promise.reject(new ListenerUnreachable("ETIMEDOUT")),
      /can't be reached from here \(ETIMEDOUT\)/,
    ],
    ["gets no good answer from", () => Promise.resolve(500), /15 answered 500; none was answered as expected/],
    ["never hears from", () => new Promise(() => undefined), /too few requests/],
  ])("is released at the same time when it %s the listeners", async (_, send, words) => {
    const [own, plain] = [canary(10, "probe", {}, 5, send), canary(10)];
    const report = await own.start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, lowTraffic: true });
    await plain.start();
    expect(own.clock.now()).toBe(plain.clock.now());
    expect(own.events.flatMap((event) => ("text" in event ? [event.text] : [])).join("\n")).toMatch(words);
  });

  it("sends no more once it is interrupted", async () => {
    const ports: number[] = [];
    const { start, interruption } = canary(10, "probe", {}, 5, ({ target: { port } }) => {
      ports.push(port);
      if (port === 80) interruption.abort();
      return Promise.resolve(200);
    });
    expect(await start()).toMatchObject({ outcome: "interrupted", probes: { production: { sent: 1, unanswered: 1 } } });
    expect(ports.filter((port) => port === 80)).toHaveLength(1);
  });

  it("sends none for a deployment that it only follows, or whose traffic moves all at once", async () => {
    expect(await canary(10, "warn").start()).not.toHaveProperty("probes");
    const atOnce = await canary(10, "probe", {}, 0).start();
    expect(atOnce.probes).toMatchObject({ testListener: { sent: 15 }, production: { sent: 0 } });
  });
});

it("says nothing of traffic that moves all at once, or not at all", async () => {
  expect(await canary(10, "stop", {}, 0).start()).not.toHaveProperty("canary");
  const failed = canary(10, "stop", { getDeployment: () => Promise.resolve(deployment("Failed")) });
  expect(await failed.start()).not.toHaveProperty("canary");
});

describe("a run that attaches to a deployment", () => {
  /** Attaches so many minutes after the deployment has begun: its traffic moves after 2 and 7, and it is over after 8. */
  const attached = async (after: number, ...given: Parameters<typeof canary>) => {
    const followed = canary(...given);
    followed.clock.advance(after * MINUTE);
    const attachedAt = followed.clock.now();
    const report = await followed.start(false);
    return { ...followed, report, attachedAt };
  };
  const sentence = ({ notes }: { readonly notes: readonly string[] }) => notes.find((note) => note.includes("canary"));
  const past = [
    ["all traffic has moved", 7.5],
    ["it has succeeded", 60],
  ] as const;

  it("during its canary counts the requests since the first shift, and says so before the last one", async () => {
    const { start } = canary(10);
    const own = await start();
    const { report, told, atTold, metrics, shiftAt, lastShiftAt } = await attached(4.5, 10);
    expect(sentence(report)).toBe(sentence(own));
    expect(report).toMatchObject({ outcome: "released", lowTraffic: true, canary: { requests: 30 } });
    expect(Number(metrics.inputs[0]?.StartTime)).toBeLessThanOrEqual(shiftAt);
    expect(told()).toHaveLength(1);
    expect(lastShiftAt - atTold()).toBeGreaterThan(0);
    expect(lastShiftAt - atTold()).toBeLessThan(MINUTE);
  });

  it.each(past)("when %s says the same of the requests that were visible before the last shift", async (_, after) => {
    const { report, told, stops } = await attached(after, 10, "stop");
    const own = await canary(10).start();
    expect(report).toMatchObject({ outcome: "released", lowTraffic: true, canary: own.canary });
    expect(sentence(report)).toBe(sentence(own));
    expect(told()).toHaveLength(1);
    expect(stops.inputs).toEqual([]);
  });

  it.each(past)("when %s says that enough were enough", async (_, after) => {
    const { report, told } = await attached(after, 300);
    expect(report).toMatchObject({ outcome: "released", lowTraffic: false, canary: { traffic: "enough" } });
    expect(report.headline).toBe(`released: deployment ${DEPLOYMENT} succeeded`);
    expect(told()).toHaveLength(1);
  });

  it("reads again in the termination wait when CloudWatch refuses the first time", async () => {
    let calls = 0;
    const data = canary(10);
    const getMetricData: AwsPort["getMetricData"] = (input) => {
      calls += 1;
      return calls === 1 ? Promise.reject(awsError("ThrottlingException")) : data.metrics.call(input);
    };
    data.clock.advance(60 * MINUTE);
    const { report } = await attached(7.5, 10, "warn", { getMetricData });
    expect(report).toMatchObject({ canary: { traffic: "low", requests: 30 } });
  });

  it.each<readonly [string, number, Partial<AwsPort>, RegExp]>([
    [
      "CloudWatch never answers",
      60,
      { getMetricData: () => new Promise(() => undefined) },
      /CloudWatch gave no answer/,
    ],
    ["CloudWatch refuses", 60, { getMetricData: () => Promise.reject(awsError("AccessDenied", "not you")) }, /not you/],
    ["the deployment is older than the data", 15 * 24 * 60 + 3, {}, /keeps the data of single minutes for 15 days/],
  ])("says that it doesn't know the requests when %s, and ends all the same", async (_, after, overrides, words) => {
    const { report, told, clock, attachedAt } = await attached(after, 10, "warn", overrides);
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, canary: { traffic: "unknown" } });
    expect(report).not.toHaveProperty("lowTraffic");
    expect(report.notes.join()).toMatch(words);
    expect(told()).toHaveLength(1);
    expect(clock.now() - attachedAt).toBeLessThanOrEqual(10_000);
  });

  it.each([4.5, 7.5, 60])("says so at once when the strategy is not known, after %d minutes", async (after) => {
    const { report, told, metrics } = await attached(after, 10, "warn", {}, undefined, undefined, {
      shiftMinutes: undefined,
    });
    expect(report.notes.join()).toContain("not known how the deployment moves the traffic");
    expect(told()).toHaveLength(1);
    expect(metrics.inputs).toEqual([]);
  });

  it.each([4.5, 7.5, 60])("says so when AWS gives no time of the first shift, after %d minutes", async (after) => {
    const weight = (label: "Blue" | "Green", trafficWeight: number) => ({ taskSetLabel: label, trafficWeight });
    const target: AwsPort["getDeploymentTarget"] = ({ targetId = "" }) =>
      Promise.resolve({
        deploymentTarget: {
          ecsTarget: {
            ...{ deploymentId: DEPLOYMENT, targetId },
            lifecycleEvents: [{ lifecycleEventName: "AllowTraffic", status: "Succeeded" }],
            taskSetsInfo: [weight("Blue", after < 7 ? 90 : 0), weight("Green", after < 7 ? 10 : 100)],
          },
        },
      });
    const { report, metrics } = await attached(after, 10, "warn", { getDeploymentTarget: target });
    expect(report.notes.join()).toContain("AWS doesn't say when the traffic began to move");
    expect(metrics.inputs).toEqual([]);
  });

  it("says that the release which started it may have sent some of the requests, where it may", async () => {
    const { report, told } = await attached(4.5, 300, "warn", {}, 5, undefined, { mayHaveProbes: true });
    expect(told()[0]?.text).toMatch(
      /in CloudWatch \(some may be sent by the release that started the deployment: not known how many\); this gate/,
    );
    expect(report.canary).toMatchObject({ traffic: "enough", mayHaveProbes: true });
    expect(report.canary && isWeak(report.canary)).toBe(true);
  });

  it("says nothing of the canary of a deployment that was rolled back before", async () => {
    const data = canary(10);
    data.clock.advance(4 * MINUTE);
    await data.aws.stopDeployment({ deploymentId: DEPLOYMENT });
    const report = await data.start(false);
    expect(report).toMatchObject({ outcome: "rolled-back" });
    expect(report).not.toHaveProperty("canary");
  });

  it("before the first shift says what the release itself says", async () => {
    const { report, told, atTold, lastShiftAt } = await attached(1, 10);
    expect(report).toMatchObject({ lowTraffic: true, canary: { requests: 30 } });
    expect(told()).toHaveLength(1);
    expect(lastShiftAt - atTold()).toBeGreaterThan(0);
  });
});
