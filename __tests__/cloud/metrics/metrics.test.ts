import { SteppedClock } from "../../../scripts/cloud/clock";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { clockBoundaries } from "../../../scripts/cloud/metrics/periods";
import type { MetricQuery } from "../../../scripts/cloud/template";

const MINUTE = 60_000;
const START = 1_700_000_040_000;
const DIMENSIONS = { TargetGroup: "targetgroup/one/1", LoadBalancer: "app/lb/1" };

const albQuery = (changes: Partial<MetricQuery> = {}): MetricQuery => ({
  namespace: "AWS/ApplicationELB",
  metricName: "TargetResponseTime",
  dimensions: DIMENSIONS,
  period: 60,
  statistic: "Sum",
  ...changes,
});

function build() {
  const clock = new SteppedClock(START);
  const metrics = new Metrics({ clock, settings: { ...DEFAULT_SETTINGS, metricDelaySeconds: 90 } });
  const put = (value: number, namespace = "AWS/ApplicationELB") =>
    metrics.put({ namespace, metricName: "TargetResponseTime", dimensions: DIMENSIONS, value });
  const values = (changes: Partial<MetricQuery> = {}, from = START, to = START + 100 * MINUTE) =>
    metrics
      .read(albQuery(changes), clockBoundaries(from, to, changes.period ?? 60))
      .map(({ at, value }) => [(at - START) / 1_000, value]);
  return { clock, metrics, put, values };
}

describe("metrics", () => {
  it.each([
    ["Sum", 10],
    ["Average", 2.5],
    ["Minimum", 1],
    ["Maximum", 4],
    ["SampleCount", 4],
    ["p0", 1],
    ["p50", 2.5],
    ["p90", 3.7],
    ["p99.9", 3.997],
    ["p100", 4],
    // the range excludes its lower bound and includes its upper one
    ["PR(2:)", 50],
    ["PR(:2)", 50],
    ["PR(1.5:3)", 50],
    ["PR(4:)", 0],
    ["PR(-1:0.5)", 0],
    ["TC(2:)", 2],
    ["TC(:1)", 1],
    ["TC(9:10)", 0],
    ["TM(1:3)", 2.5],
    ["TM(2:)", 3.5],
  ])("computes %s of a minute's samples", async (statistic, expected) => {
    const { clock, put, values } = build();
    for (const value of [3, 1, 4, 2]) put(value);
    await clock.step(10 * MINUTE);
    expect(values({ statistic })).toEqual([[0, expect.closeTo(expected, 9)]]);
  });

  it("counts equal samples in a percentile rank, over all minutes of a longer period", async () => {
    const { clock, put, values } = build();
    await clock.step(MINUTE);
    for (let i = 0; i < 9; i += 1) put(1);
    await clock.step(MINUTE);
    put(2);
    await clock.step(10 * MINUTE);
    expect(values({ statistic: "PR(1:)", period: 300 })).toEqual([[60, 10]]);
    expect(values({ statistic: "TC(0.5:1)", period: 300 })).toEqual([[60, 9]]);
  });

  it("has no trimmed mean where no sample is in the range", async () => {
    const { clock, put, values } = build();
    put(1);
    await clock.step(10 * MINUTE);
    expect(values({ statistic: "TM(2:)" })).toEqual([]);
  });

  it("weighs equal samples in a percentile", async () => {
    const { clock, put, values } = build();
    for (let i = 0; i < 9; i += 1) put(1);
    put(2);
    await clock.step(10 * MINUTE);
    expect(values({ statistic: "p50" })).toEqual([[0, 1]]);
    expect(values({ statistic: "p100" })).toEqual([[0, 2]]);
  });

  it("shows a minute of an ALB metric only when the delay after its end has passed", async () => {
    const { clock, put, values } = build();
    put(1);
    await clock.step(MINUTE + 89_999);
    expect(values()).toEqual([]);
    await clock.step(1);
    expect(values()).toEqual([[0, 1]]);
  });

  it("shows a custom metric as soon as its second is over", async () => {
    const { clock, put, values } = build();
    put(1, "Custom");
    await clock.step(1_000);
    expect(values({ namespace: "Custom", period: 10 })).toEqual([[0, 1]]);
  });

  it("stamps all samples of an ALB metric with the start of their minute, so every second 30 s bucket is empty", async () => {
    const { clock, put, values } = build();
    for (let i = 0; i < 8; i += 1) {
      put(1);
      await clock.step(15_000);
    }
    await clock.step(5 * MINUTE);
    expect(values({ period: 30 })).toEqual([
      [0, 4],
      [60, 4],
    ]);
  });

  it("adds up minutes for longer periods, aligned to the period", async () => {
    const { clock, put, values } = build();
    for (let i = 0; i < 8; i += 1) {
      put(i);
      await clock.step(MINUTE);
    }
    await clock.step(5 * MINUTE);
    // The first minute is 14 minutes into the hour: its five-minute bucket began four minutes before.
    expect(values({ period: 300 }, START - 5 * MINUTE)).toEqual([
      [-240, 0],
      [60, 15],
      [360, 13],
    ]);
  });

  it("reads from the first instant given to before the last one", async () => {
    const { clock, put, values } = build();
    for (let i = 0; i < 4; i += 1) {
      put(i);
      await clock.step(MINUTE);
    }
    await clock.step(5 * MINUTE);
    expect(values({}, START + MINUTE, START + 3 * MINUTE)).toEqual([
      [60, 1],
      [120, 2],
    ]);
  });

  it("identifies a metric by its dimensions in any order", async () => {
    const { clock, metrics, put, values } = build();
    put(1);
    metrics.put({
      ...albQuery(),
      dimensions: { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/one/1" },
      value: 2,
    });
    metrics.put({ ...albQuery(), dimensions: { LoadBalancer: "app/lb/1" }, value: 10 });
    await clock.step(10 * MINUTE);
    expect(values()).toEqual([[0, 3]]);
    expect(values({ dimensions: { LoadBalancer: "app/lb/1" } })).toEqual([[0, 10]]);
    expect(metrics.list()).toHaveLength(2);
  });

  it("has nothing to say of a metric it has never seen", () => {
    expect(build().values({ metricName: "Unknown" })).toEqual([]);
  });

  it.each([
    "PR(:)",
    "PR()",
    "PR(2:1)",
    "PR(1:1)",
    "PR(a:)",
    "PR(1.5)",
    "PR(1%:)",
    "pr(1:)",
    "TC(1:2",
    "TS(1:2)",
    "tm90",
    "IQM",
  ])("refuses %s", (statistic) => {
    expect(() => build().values({ statistic })).toThrow(`"${statistic}" is not supported`);
  });

  it("refuses a statistic and a period that CloudWatch does not have", () => {
    const { values } = build();
    expect(() => values({ statistic: "Median" })).toThrow(/"Median" is not supported: use Average, Sum/);
    expect(() => values({ statistic: "p101" })).toThrow(RangeError);
    expect(() => values({ statistic: "toString" })).toThrow(RangeError);
    expect(() => values({ period: 45 })).toThrow(/not 45/);
  });

  it("stays near the true percentile when a minute has more different values than are kept exactly", async () => {
    const { clock, put, values } = build();
    for (let i = 1; i <= 20_000; i += 1) put(i / 1_000);
    await clock.step(10 * MINUTE);
    const [[, p99] = []] = values({ statistic: "p99" });
    expect(p99).toBeGreaterThan(19.8 * 0.99);
    expect(p99).toBeLessThan(19.8 * 1.01);
    expect(values({ statistic: "SampleCount" })).toEqual([[0, 20_000]]);
  });

  it("lets single values go after three hours and everything after fifteen days", async () => {
    const { clock, put, values } = build();
    put(1);
    await clock.step(4 * 60 * MINUTE);
    put(2);
    await clock.step(10 * MINUTE);
    const far = START + 100_000 * MINUTE;
    expect(values({}, START, far)).toEqual([
      [0, 1],
      [240 * 60, 2],
    ]);
    for (const statistic of ["p50", "TM(0:9)"]) expect(values({ statistic }, START, far)).toEqual([[240 * 60, 2]]);
    await clock.step(15 * 24 * 60 * MINUTE);
    put(3);
    await clock.step(10 * MINUTE);
    expect(values({}, START, far).map(([, value]) => value)).toEqual([3]);
  });
});
