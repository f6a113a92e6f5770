import { Alarms } from "../../../scripts/cloud/alarms/alarms";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import { type CloudSettings, DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import type { AlarmTemplate, MetricQuery } from "../../../scripts/cloud/template";

const MINUTE = 60_000;
const START = 1_700_000_040_000;

const metric = (changes: Partial<MetricQuery> = {}): MetricQuery => ({
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: { TargetGroup: "targetgroup/one/1", LoadBalancer: "app/lb/1" },
  period: 60,
  statistic: "Sum",
  ...changes,
});

const template = (changes: Partial<AlarmTemplate> = {}): AlarmTemplate => ({
  name: "errors",
  arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 2,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
  metric: metric(),
  ...changes,
});

const build = (...templates: readonly AlarmTemplate[]) => buildWith(DEFAULT_SETTINGS, ...templates);

function buildWith(settings: CloudSettings, ...templates: readonly AlarmTemplate[]) {
  const clock = new SteppedClock(START);
  const metrics = new Metrics({ clock, settings });
  const alarms = new Alarms({ clock, metrics, templates, settings });
  const put = (count: number, query = metric()) => {
    for (let i = 0; i < count; i += 1) metrics.put({ ...query, value: 1 });
  };
  const seconds = () => (clock.now() - START) / 1_000;
  const observed: string[] = [];
  alarms.transitions.subscribe(({ alarmName, from, to }) =>
    observed.push(`${seconds()} ${alarmName} ${from} -> ${to}`),
  );
  return { clock, metrics, alarms, put, observed };
}

describe("alarms", () => {
  it("begin with insufficient data and are evaluated when they start", () => {
    const { alarms, observed } = build(template());
    expect(alarms.state("errors")).toMatchObject({
      value: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
      updatedAt: START,
    });
    alarms.start();
    expect(observed).toEqual(["0 errors INSUFFICIENT_DATA -> OK"]);
    alarms.stop();
  });

  it("fire at the first tick after the bad minute was published, and end when it has left the range", async () => {
    const { clock, alarms, put, observed } = build(template());
    alarms.start();
    await clock.step(10_000);
    put(3);
    await clock.step(20 * MINUTE);
    // The minute ends at 60 s, is visible at 150 s, and is read at 180 s; three buckets later it is out of the range.
    expect(observed.slice(1)).toEqual(["180 errors OK -> ALARM", "360 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("give the reason, in the state and in the history", async () => {
    const { clock, alarms, put } = build(template());
    alarms.start();
    put(3);
    await clock.step(3 * MINUTE);
    const reason =
      "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (14/11/23 22:14:00)] was greater than the threshold (2.0) (minimum 1 datapoint for OK -> ALARM transition).";
    expect(alarms.state("errors")).toMatchObject({ value: "ALARM", reason, transitionedAt: START + 3 * MINUTE });
    const { reasonData = "" } = alarms.state("errors") ?? {};
    expect(JSON.parse(reasonData)).toMatchObject({
      statistic: "Sum",
      recentDatapoints: [3],
    });
    expect(alarms.history()).toEqual([
      expect.objectContaining({ from: "INSUFFICIENT_DATA", to: "OK", at: START }),
      { alarmName: "errors", at: START + 3 * MINUTE, from: "OK", to: "ALARM", reason, reasonData },
    ]);
    alarms.stop();
  });

  it("do not take a minute for missing that is merely not published yet", async () => {
    const { clock, alarms, put, observed } = build(template({ treatMissingData: "breaching" }));
    // Data flows from before the alarms are started, one sample a minute.
    put(1);
    for (let i = 0; i < 5; i += 1) {
      await clock.step(MINUTE);
      put(1);
    }
    alarms.start();
    for (let i = 0; i < 10; i += 1) {
      await clock.step(MINUTE);
      put(1);
    }
    expect(observed).toEqual(["300 errors INSUFFICIENT_DATA -> OK"]);
    alarms.stop();
  });

  it("are evaluated every ten seconds for a period below a minute", async () => {
    const { clock, alarms, put, observed } = build(template({ metric: metric({ period: 30 }) }));
    alarms.start();
    put(3);
    await clock.step(10 * MINUTE);
    // The minute is visible from 150 s on. The range of three periods then ends at 60 s; it leaves 0 behind with 100 s.
    expect(observed.slice(1)).toEqual(["150 errors OK -> ALARM", "190 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("evaluate a window that slides with each evaluation, not periods of the clock", async () => {
    const { clock, alarms, put, observed } = build(template({ metric: metric({ period: 300 }), threshold: 5 }));
    alarms.start();
    // Three in one minute and three two minutes later: together in one window, but on both sides of a full five minutes.
    await clock.step(4 * MINUTE);
    put(3);
    await clock.step(2 * MINUTE);
    put(3);
    await clock.step(14 * MINUTE);
    // The second minute ends at 420 s, is visible at 510 s and read at 540 s. The newest five minutes then end at 420 s
    // and hold both; those that end at 600 s hold the second one alone.
    expect(observed.slice(1, 3)).toEqual(["540 errors OK -> ALARM", "720 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("keep a long window in ALARM until the bad minute has left it and the older windows of the range", async () => {
    const { clock, alarms, put, observed } = build(template({ metric: metric({ period: 300 }) }));
    alarms.start();
    put(3);
    await clock.step(MINUTE);
    for (let minute = 1; minute < 30; minute += 1) {
      put(1, metric({ metricName: "another" }));
      await clock.step(MINUTE);
    }
    // No minute after the bad one has data, so the alarm reads it until it leaves the range of three windows.
    expect(observed.slice(1)).toEqual(["180 errors OK -> ALARM", "1080 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("leave a bad minute behind with the newest window that has data", async () => {
    const { clock, alarms, put, observed } = build(template({ metric: metric({ period: 300 }), threshold: 5 }));
    alarms.start();
    for (let minute = 0; minute < 30; minute += 1) {
      put(minute === 0 ? 6 : 1);
      await clock.step(MINUTE);
    }
    expect(observed.slice(1)).toEqual(["180 errors OK -> ALARM", "480 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("end a sliding window at the newest minute where that is set, unpublished minutes included", async () => {
    const now = { ...DEFAULT_SETTINGS, slidingWindowEndsAt: "now" } as const;
    const { clock, alarms, put, observed } = buildWith(
      now,
      template({ metric: metric({ period: 300 }), threshold: 5 }),
      template({
        name: "clock",
        metric: metric({ period: 300 }),
        threshold: 5,
        evaluationWindow: { type: "wallClock" },
      }),
    );
    alarms.start();
    for (let minute = 0; minute < 30; minute += 1) {
      put(minute === 0 ? 6 : 1);
      await clock.step(MINUTE);
    }
    // The minute is read at the same tick, but the window leaves it behind two minutes earlier. A wall clock window holds
    // whole periods only, so the setting does not apply to it: its period ends at 60 s and is read at 180 s.
    expect(observed.filter((line) => line.includes(" errors ")).slice(1)).toEqual([
      "180 errors OK -> ALARM",
      "360 errors ALARM -> OK",
    ]);
    expect(observed.filter((line) => line.includes(" clock ")).slice(1)).toEqual([
      "180 clock OK -> ALARM",
      "480 clock ALARM -> OK",
    ]);
    alarms.stop();
  });

  it("can watch the share of slow responses", async () => {
    const time = (statistic: string) => metric({ metricName: "TargetResponseTime", statistic });
    const slow = template({
      name: "slow",
      metric: undefined,
      threshold: 1,
      metrics: [
        { id: "rank", metric: time("PR(1.5:)"), returnData: false },
        { id: "all", metric: time("SampleCount"), returnData: false },
        { id: "slow", expression: "rank / 100 * all", returnData: true },
      ],
    });
    const { clock, metrics, alarms } = build(slow, template({ name: "rank", metric: time("PR(1.5:)"), threshold: 39 }));
    alarms.start();
    for (const value of [0.1, 1.5, 1.6, 9, 1]) metrics.put({ ...time("Sum"), value });
    await clock.step(3 * MINUTE);
    expect(alarms.state("slow")?.reason).toContain("[2.0 (14/11/23 22:14:00)]");
    expect(alarms.state("rank")?.reason).toContain("[40.0 (14/11/23 22:14:00)]");
    alarms.stop();
  });

  it("evaluate whole periods of the clock with a wall clock window", async () => {
    const wallClock = {
      metric: metric({ period: 300 }),
      threshold: 5,
      evaluationWindow: { type: "wallClock" },
    } as const;
    const { clock, alarms, put, observed } = build(
      template(wallClock),
      template({ ...wallClock, name: "split", metric: metric({ period: 300, metricName: "split" }) }),
    );
    alarms.start();
    // START is four minutes after a full five: the periods of the clock end at 60 s, 360 s, 660 s, …
    expect((START / MINUTE) % 5).toBe(4);
    await clock.step(3 * MINUTE);
    put(3);
    put(3, metric({ metricName: "split" }));
    await clock.step(2 * MINUTE);
    put(3);
    await clock.step(2 * MINUTE);
    put(3, metric({ metricName: "split" }));
    await clock.step(20 * MINUTE);
    // The period from 60 s to 360 s holds all six: it ends, is visible 90 s later, and is read at 480 s.
    expect(observed.slice(2)).toEqual(["480 errors OK -> ALARM", "1380 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("take a changed alarm at once, and keep its state until it is evaluated", async () => {
    const { clock, alarms, put, observed } = build(template());
    alarms.start();
    put(3);
    await clock.step(3 * MINUTE);
    alarms.put(template({ threshold: 5 }));
    expect(alarms.state("errors")).toMatchObject({ value: "ALARM", configuredAt: START + 3 * MINUTE });
    await clock.step(MINUTE);
    expect(observed.slice(1)).toEqual(["180 errors OK -> ALARM", "240 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("evaluate a new alarm at once, and forget a deleted one", async () => {
    const { clock, alarms, put, observed } = build();
    alarms.start();
    alarms.put(template());
    put(3);
    await clock.step(3 * MINUTE);
    alarms.delete("errors");
    await clock.step(10 * MINUTE);
    expect(observed).toEqual(["0 errors INSUFFICIENT_DATA -> OK", "180 errors OK -> ALARM"]);
    expect(alarms.all()).toEqual([]);
    alarms.stop();
  });

  it("lapse into insufficient data with a twenty-second period on a metric published once a minute", async () => {
    const short = template({ metric: metric({ period: 20 }), treatMissingData: "missing" });
    const { clock, alarms, put, observed } = build(short);
    alarms.start();
    for (let i = 0; i < 10; i += 1) {
      put(1);
      await clock.step(MINUTE);
    }
    expect(observed.slice(0, 3)).toEqual([
      "150 errors INSUFFICIENT_DATA -> OK",
      "160 errors OK -> INSUFFICIENT_DATA",
      "210 errors INSUFFICIENT_DATA -> OK",
    ]);
    alarms.stop();
  });

  it("can watch metric math", async () => {
    const errors = metric();
    const requests = metric({ metricName: "RequestCount" });
    const rate = template({
      name: "rate",
      metric: undefined,
      threshold: 10,
      metrics: [
        { id: "errors", metric: errors, returnData: false },
        { id: "requests", metric: requests, returnData: false },
        { id: "rate", expression: "100 * errors / requests", returnData: true },
      ],
    });
    const { clock, alarms, put } = build(rate);
    alarms.start();
    put(20, requests);
    put(3, errors);
    await clock.step(3 * MINUTE);
    expect(alarms.state("rate")).toMatchObject({
      value: "ALARM",
      reason: expect.stringContaining("[15.0 (14/11/23 22:14:00)] was greater than the threshold (10.0)") as string,
    });
    alarms.stop();
  });

  it("hold a state that was set until the next evaluation", async () => {
    const { clock, alarms, observed } = build(template());
    alarms.start();
    await clock.step(30_000);
    alarms.set("errors", "ALARM", "a drill", '{"drill":1}');
    expect(alarms.state("errors")).toMatchObject({ value: "ALARM", reason: "a drill", updatedAt: START + 30_000 });
    expect([alarms.state("errors"), alarms.history().at(-1)]).toMatchObject(
      [0, 0].map(() => ({ reasonData: '{"drill":1}' })),
    );
    await clock.step(29_999);
    expect(alarms.state("errors")?.value).toBe("ALARM");
    await clock.step(1);
    expect(alarms.state("errors")?.value).toBe("OK");
    expect(observed.slice(1)).toEqual(["30 errors OK -> ALARM", "60 errors ALARM -> OK"]);
    alarms.stop();
  });

  it("note a new reason for the same state without calling it a transition", async () => {
    const { clock, alarms, observed } = build(template());
    alarms.start();
    await clock.step(1_000);
    alarms.set("errors", "OK", "looked at it");
    expect(alarms.state("errors")).toMatchObject({
      reason: "looked at it",
      updatedAt: START + 1_000,
      transitionedAt: START,
    });
    expect(observed).toHaveLength(1);
    alarms.stop();
  });

  it("keep their state when missing data is ignored", async () => {
    const { clock, alarms } = build(template({ treatMissingData: "ignore" }));
    alarms.start();
    alarms.set("errors", "ALARM", "a drill");
    await clock.step(10 * MINUTE);
    expect(alarms.state("errors")?.value).toBe("ALARM");
    alarms.stop();
  });

  it("stop", async () => {
    const { clock, alarms, put, observed } = build(template());
    alarms.start();
    put(3);
    alarms.stop();
    await clock.step(10 * MINUTE);
    expect(observed).toHaveLength(1);
  });

  it("know only what was synthesized", () => {
    const { alarms } = build(template(), template({ name: "other" }));
    expect(alarms.all().map((state) => state.template.name)).toEqual(["errors", "other"]);
    expect(alarms.state("unknown")).toBeUndefined();
    const refused = { type: "ResourceNotFound", status: 404 };
    expect(() => alarms.set("unknown", "OK", "")).toThrow(expect.objectContaining(refused) as Error);
  });

  it.each<[string, Partial<AlarmTemplate>]>([
    ['"Median" is not supported', { metric: metric({ statistic: "Median" }) }],
    ["not 45", { metric: metric({ period: 45 }) }],
    ["604800 seconds, not 120", { metric: metric({ period: 120 }), evaluationWindow: { type: "wallClock" } }],
    ['"Mars" is not a time zone', { evaluationWindow: { type: "wallClock", timeZone: "Mars" } }],
    [
      "keeps the single values that p99 needs for 3 hours; 3 periods of 3600 s take longer",
      { metric: metric({ period: 3600, statistic: "p99" }), evaluationPeriods: 3 },
    ],
    [
      "keeps the single values that PR(1:) needs for 3 hours",
      { metric: metric({ period: 3600, statistic: "PR(1:)" }), evaluationPeriods: 3 },
    ],
    ['"TC(1.5:)" is not one of an alarm', { metric: metric({ statistic: "TC(1.5:)" }) }],
    ["exactly one of its metrics must return data, not 0", { metric: undefined, metrics: [] }],
    [
      'no metric or expression with the id "m2"',
      {
        metric: undefined,
        metrics: [
          { id: "m1", metric: metric(), returnData: false },
          { id: "e1", expression: "m1 + m2", returnData: true },
        ],
      },
    ],
    [
      "it yields a single number",
      {
        metric: undefined,
        metrics: [
          { id: "m1", metric: metric(), returnData: false },
          { id: "e1", expression: "AVG(m1)", returnData: true },
        ],
      },
    ],
  ])("are refused by name when they cannot be evaluated: %s", (problem, changes) => {
    expect(() => build(template(changes))).toThrow(/^alarm "errors": /);
    expect(() => build(template(changes))).toThrow(problem);
  });
});
