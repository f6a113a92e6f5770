import { SteppedClock } from "../../scripts/cloud/clock";
import { Metrics } from "../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import { wilson } from "../../scripts/gate/distributions";
import { type Gate, prepareGate, type WatchedAlarms } from "../../scripts/gate/gates";
import type { FaultModel } from "../../scripts/gate/models/fault";
import { FAULT_MODELS, type FaultName } from "../../scripts/gate/models/faults";
import { datapointsOf, publishedMetric } from "../../scripts/gate/published";
import { RandomStream } from "../../scripts/gate/random";
import { type Cell, Simulation, type SimulationInput } from "../../scripts/gate/simulate";
import { releaseTimes } from "../../scripts/gate/timeline";
import { ReleaseTraffic } from "../../scripts/gate/traffic";
import { startMinutes } from "../../scripts/gate/traffic-profile";
import { alarm, article, BALANCED, gate, limited, LOAD_BALANCER, metricAlarm, SUFFIXES } from "./gates";

const fixed = (releases: number) => ({ first: releases, most: releases, precision: 0 });

function simulation(gates: readonly Gate[], changes: Partial<SimulationInput> = {}): Simulation {
  return new Simulation({
    gates,
    traffic: { normalBad: 0.001, latency: { median: 0.1, p99: 0.5 } },
    slowSeconds: 1.5,
    watched: "new",
    seed: 1,
    settings: DEFAULT_SETTINGS,
    ...changes,
  });
}

/** The share of the releases of a cell that each gate stops before the last shift, or good ones that it stops at all. */
function shares(gates: readonly Gate[], cell: Partial<Cell>, releases: number, changes: Partial<SimulationInput> = {}) {
  const whole: Cell = { severity: 0, rps: 20, colour: "green", ...cell };
  const result = simulation(gates, changes).run(whole, fixed(releases));
  return {
    beforeLastShift: result.gates.map((tally) => tally.beforeLastShift / releases),
    beforeOldIsGone: result.gates.map((tally) => tally.beforeOldIsGone / releases),
    oracle: (result.gates[0]?.oracle ?? NaN) / releases,
    result,
  };
}

const stopAll = metricAlarm(1, "RequestCount", "Sum", 0);

describe("the gate of the source article", () => {
  // An independent simulation of the same rules gave these shares, rounded to a percent.
  it.each([
    [1, 0.02, 0.002],
    [1, 0.05, 0.01],
    [1, 0.1, 0.05],
    [5, 0.02, 0.05],
    [5, 0.05, 0.38],
    [5, 0.1, 0.83],
    [20, 0.02, 0.72],
    [20, 0.05, 0.995],
    [100, 0.02, 1],
  ])("at %s requests/s catches %s of errors in %s of the releases", (rps, severity, expected) => {
    const releases = 300;
    const [share = NaN] = shares([article()], { fault: "errors", severity, rps }, releases).beforeLastShift;
    const { low, high } = wilson(Math.round(share * releases), releases);
    expect(low - 0.02).toBeLessThanOrEqual(expected);
    expect(high + 0.02).toBeGreaterThanOrEqual(expected);
  });

  it("stops good releases the more, the busier the service is", () => {
    const stopped = [1, 5, 20, 100].map((rps) => shares([article()], { rps }, 300).beforeOldIsGone[0] ?? NaN);
    expect(stopped[0]).toBeLessThan(0.02);
    expect(stopped[1]).toBeLessThan(0.04);
    expect(Math.abs((stopped[2] ?? 0) - 0.25)).toBeLessThan(0.08);
    expect(stopped[3]).toBeGreaterThan(0.98);
  });
});

describe("a limit that follows the traffic", () => {
  it("stops at most about 1 in 1,000 good releases", () => {
    const releases = 600;
    for (const rps of [1, 20, 1_000]) {
      const [share = NaN] = shares([limited("balanced")], { rps }, releases).beforeOldIsGone;
      expect(wilson(Math.round(share * releases), releases).low).toBeLessThan(0.001);
    }
  });

  it("catches at least 95 % of what the oracle catches, over faults, severities, traffic and both colours", () => {
    const simulated = simulation([limited("balanced")]);
    const models: readonly (readonly [string, FaultModel])[] = Object.entries(FAULT_MODELS);
    const cells = models
      .filter(([, { signal }]) => signal !== undefined)
      .flatMap(([fault, { severities, unit }]) =>
        severities
          // Responses that are later by less than the limit of slow ones are not bad.
          .filter((severity) => severity >= (unit === "share" ? 0.02 : 1.5))
          .flatMap((severity) =>
            [1, 5, 20, 100, 1_000].flatMap((rps) =>
              (["blue", "green"] as const).map((colour) => ({ fault: fault as FaultName, severity, rps, colour })),
            ),
          ),
      );
    expect(cells.length).toBeGreaterThan(150);
    let [caught, oracle] = [0, 0];
    for (const cell of cells) {
      const result = simulated.run(cell, fixed(20));
      caught += result.gates[0]?.beforeLastShift ?? 0;
      oracle += result.gates[0]?.oracle ?? 0;
    }
    expect(caught / oracle).toBeGreaterThanOrEqual(0.95);
  });

  it.each(["blue", "green"] as const)("catches almost what the oracle catches, with a new version in %s", (colour) => {
    for (const rps of [1, 5, 20, 100]) {
      for (const severity of [0.05, 0.2]) {
        const found = shares([limited("balanced")], { fault: "errors", severity, rps, colour }, 200);
        expect(found.beforeLastShift[0]).toBeGreaterThanOrEqual(0.9 * found.oracle - 0.03);
        expect(found.beforeLastShift[0]).toBeLessThanOrEqual(found.oracle + 0.05);
      }
    }
  });

  it("lets the correction of a live version with 10 % of errors through, unless its own alarms are watched", () => {
    const cell = { fault: "broken-live", severity: 0.1, rps: 20 } as const;
    expect(shares([limited("balanced")], cell, 200).beforeOldIsGone).toEqual([0]);
    expect(shares([limited("balanced")], cell, 100, { watched: "all" }).beforeOldIsGone).toEqual([1]);
  });

  it("does not blame the new version for a dependency that fails already, where the article's gate does", () => {
    for (const severity of [0.02, 0.1]) {
      const found = shares([limited("balanced"), article()], { fault: "dependency", severity, rps: 20 }, 200);
      expect(found.beforeLastShift[0]).toBeLessThan(0.02);
      expect(found.beforeLastShift[1]).toBeGreaterThan(0.6);
    }
  });

  it.each([
    [20, 0.02],
    [100, 0.1],
    [1_000, 0.02],
  ])(
    "at %s requests/s does not blame the new version for a dependency that begins to fail %s with it",
    (rps, severity) => {
      const compare = { sigmas: 2, maxShare: 0.1 };
      const gates = [limited("balanced"), limited("of all requests", { ...BALANCED, compare })];
      const found = shares(gates, { fault: "dependency-later", severity, rps }, 200).beforeLastShift;
      expect(found[0]).toBeLessThanOrEqual(0.04);
      expect(found[1]).toBeGreaterThan((found[0] ?? 1) + 0.04);
    },
  );

  it("stops a release while both versions fail far more than its largest share", () => {
    const found = shares([limited("balanced")], { fault: "dependency-later", severity: 0.3, rps: 20 }, 50);
    expect(found.beforeLastShift).toEqual([1]);
  });

  it("has an oracle that knows how many responses are slow anyway", () => {
    const traffic = { normalBad: 0.001, latency: { median: 1, p99: 3 } };
    const found = shares([limited("balanced")], { fault: "slow", severity: 0.001 }, 200, { traffic });
    expect(found.oracle).toBeLessThan(0.02);
  });

  it("sees slow responses from its limit on, not before", () => {
    const at = (severity: number) => shares([limited("balanced")], { fault: "slow", severity }, 50).beforeLastShift[0];
    expect(at(0.5)).toBe(0);
    expect(at(2)).toBe(1);
  });
});

describe("faults of tasks", () => {
  it("stop a release whose tasks never become healthy before any traffic", () => {
    const { result } = shares([article()], { fault: "never-healthy", severity: 1 }, 50);
    expect(result.gates[0]).toMatchObject({ beforeLastShift: 50, failedRequests: 0 });
    // Three failed checks take 61 s; the minute, its delay, the tick and the poll follow.
    const seconds = result.gates[0]?.secondsToRollback ?? [];
    expect(seconds[0]).toBeGreaterThanOrEqual(61 + 90);
    expect(seconds.at(-1)).toBeLessThanOrEqual(61 + 10 + 60 + 90 + 60 + 10);
  });

  it("end a release without an alarm when its tasks are not steady in time", () => {
    const { result } = shares([gate("blind", [])], { fault: "never-healthy", severity: 1 }, 5);
    expect(result.gates[0]).toMatchObject({ beforeLastShift: 5, beforeOldIsGone: 5 });
    expect(result.gates[0]?.secondsToRollback[0]).toBeGreaterThan(3_500);
  });

  it.each(["crash-loop", "unhealthy-later", "crash-later"] as const)("are seen with %s", (fault) => {
    const found = shares([article(), gate("blind", [])], { fault, severity: 1, rps: 20 }, 100);
    expect(found.beforeOldIsGone).toEqual([1, 0]);
  });

  it("cost fewer requests when they are caught", () => {
    const found = shares([limited("balanced"), gate("blind", [])], { fault: "errors", severity: 0.5, rps: 20 }, 100);
    const [caught, missed] = found.result.gates.map((tally) => tally.failedRequests / 100);
    // A tenth of 20 requests/s for about 160 s; then all of them until ten minutes have passed.
    expect(caught).toBeCloseTo(0.5 * 2 * 160, -2);
    expect(missed).toBeCloseTo(0.5 * (2 * 300 + 20 * 300), -2);
  });
});

describe("a simulation", () => {
  it("gives the same results for the same seed, whatever is simulated before or beside it", () => {
    const cell: Cell = { fault: "errors", severity: 0.05, rps: 5, colour: "blue" };
    const alone = simulation([limited("balanced")]).run(cell, fixed(100));
    const another = simulation([limited("balanced"), article()]);
    another.run({ severity: 0, rps: 20, colour: "green" }, fixed(10));
    expect(another.run(cell, fixed(100)).gates[0]).toEqual(alone.gates[0]);
    expect(simulation([limited("balanced")], { seed: 2 }).run(cell, fixed(100))).not.toEqual(alone);
  });

  it("gives a gate the same figures, whichever others are simulated beside it", () => {
    const runs = { first: 50, most: 400, precision: 0.05 };
    const cell: Cell = { fault: "errors", severity: 0.05, rps: 5, colour: "green" };
    const gates = [gate("always", [stopAll]), limited("balanced"), article()];
    const beside = simulation(gates).run(cell, runs).gates;
    // How many minutes before a release are drawn depends on the longest window.
    const alone = gates.map((one) => simulation([one, limited("balanced")]).run(cell, runs).gates[0]);
    expect(beside).toEqual(alone);
    expect(beside.map(({ releases }) => releases)).toEqual([50, 400, 400]);
  });

  it("doubles the releases until their figures are precise", () => {
    const cell = (severity: number): Cell => ({ fault: "errors", severity, rps: 5, colour: "blue" });
    const runs = { first: 50, most: 400, precision: 0.05 };
    const releases = (severity: number) => simulation([article()]).run(cell(severity), runs).gates[0]?.releases;
    expect([releases(1), releases(0.05)]).toEqual([50, 400]);
  });

  it("stops a release at once when an alarm is in ALARM already", () => {
    // The live version has traffic when the deployment starts.
    const live = gate("live", [metricAlarm(0, "RequestCount", "Sum", 0)]);
    const { result } = shares([live], { fault: "errors", severity: 1 }, 20, { watched: "all" });
    expect(result.gates[0]).toMatchObject({ beforeLastShift: 20, failedRequests: 0 });
    expect(result.gates[0]?.secondsToRollback).toEqual(new Array(20).fill(0));
  });

  it.each<[WatchedAlarms, "blue" | "green", number]>([
    ["new", "green", 1],
    ["new", "blue", 0],
    ["all", "blue", 1],
  ])("watches %s alarms with the new version in %s", (watched, colour, expected) => {
    expect(shares([gate("green", [stopAll])], { colour }, 20, { watched }).beforeOldIsGone).toEqual([expected]);
  });

  it("watches alarms about no target group, and none when the deployment group has them switched off", () => {
    const dimensions = { LoadBalancer: LOAD_BALANCER };
    const whole = alarm("whole", {
      metric: { namespace: "AWS/ApplicationELB", metricName: "RequestCount", dimensions, period: 60, statistic: "Sum" },
    });
    expect(shares([gate("whole", [whole])], {}, 20).beforeOldIsGone).toEqual([1]);
    const { template } = gate("off", [whole]);
    const deploymentGroup = {
      ...template.deploymentGroup,
      alarms: { ...template.deploymentGroup.alarms, enabled: false },
    };
    expect(shares([gate("off", [whole], { deploymentGroup })], {}, 20).beforeOldIsGone).toEqual([0]);
  });

  it("watches what a release watches: all alarms but those about the live version only", () => {
    const dimensionsOf = (group: 0 | 1) => ({ TargetGroup: SUFFIXES[group], LoadBalancer: LOAD_BALANCER });
    const failed = (id: string, dimensions: Record<string, string>, namespace = "AWS/ApplicationELB") => ({
      id,
      returnData: false,
      metric: { namespace, metricName: "HTTPCode_Target_5XX_Count", dimensions, period: 60, statistic: "Sum" },
    });
    const summed = (name: string, ...metrics: ReturnType<typeof failed>[]) =>
      alarm(name, {
        threshold: 2,
        metrics: [...metrics, { id: "all", returnData: true, expression: metrics.map(({ id }) => id).join(" + ") }],
      });
    const other = { TargetGroup: "targetgroup/other/9", LoadBalancer: LOAD_BALANCER };
    const mine = gate("mine", [
      metricAlarm(0, "RequestCount", "Sum", 1e9),
      metricAlarm(1, "RequestCount", "Sum", 1e9),
      summed("both", failed("one", dimensionsOf(0)), failed("two", dimensionsOf(1))),
      summed("first-and-other", failed("one", dimensionsOf(0)), failed("two", other)),
      summed("other", failed("one", other)),
      summed("first-and-custom", failed("one", dimensionsOf(0)), failed("two", {}, "Shop")),
    ]);
    const watchedIn = (newGroup: 0 | 1) => {
      const { alarms, leftOut } = prepareGate(mine, newGroup, "new", DEFAULT_SETTINGS);
      return [...alarms.map((one) => one.alarm.template.name), ...leftOut.map((one) => one.alarm)];
    };
    expect(watchedIn(0)).toEqual(["RequestCount-0", "both", "first-and-other", "other", "first-and-custom"]);
    expect(watchedIn(1)).toEqual(["RequestCount-1", "both", "other", "first-and-custom"]);
    // So an alarm on the sum of both target groups stops a release to either of them.
    const sum = gate("sum", [summed("both", failed("one", dimensionsOf(0)), failed("two", dimensionsOf(1)))]);
    for (const colour of ["blue", "green"] as const) {
      const cell = { fault: "errors", severity: 1, colour } as const;
      expect(shares([sum], cell, 20).beforeLastShift).toEqual([1]);
    }
  });

  it("leaves an alarm out whose metrics it does not have, also when the alarm would fire without data", () => {
    const cpu = alarm("cpu", {
      treatMissingData: "breaching",
      metric: { namespace: "AWS/ECS", metricName: "CPUUtilization", dimensions: {}, period: 60, statistic: "Average" },
    });
    const hosts = { ...metricAlarm(0, "HealthyHostCount", "p10", 5), treatMissingData: "breaching" as const };
    const mine = gate("mine", [
      cpu,
      hosts,
      ...([0, 1] as const).map((one) => metricAlarm(one, "RequestCount", "Sum", 1e9)),
    ]);
    expect(shares([mine], {}, 20).beforeOldIsGone).toEqual([0]);
    expect(prepareGate(mine, 0, "new", DEFAULT_SETTINGS).leftOut).toEqual([
      { alarm: "cpu", why: "the simulation has no AWS/ECS CPUUtilization Average" },
      {
        alarm: "HealthyHostCount-0",
        why: `the simulation has no AWS/ApplicationELB HealthyHostCount p10 of TargetGroup ${SUFFIXES[0]}, LoadBalancer ${LOAD_BALANCER}`,
      },
    ]);
    expect(prepareGate(mine, 1, "new", DEFAULT_SETTINGS).leftOut).toHaveLength(1);
  });

  it("names what is probably not intended: a version whose release watches no alarm, and no rollback", () => {
    const { template } = gate("mine", [stopAll]);
    const deploymentGroup = {
      ...template.deploymentGroup,
      autoRollback: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    };
    expect(simulation([gate("mine", [stopAll], { deploymentGroup })]).notices).toEqual([
      "mine: the deployment group stops on an alarm, but does not roll back",
      "mine: a release to the blue target group watches no alarm",
    ]);
  });

  it("refuses an alarm that can't be evaluated, and an unknown deployment config", () => {
    expect(() => simulation([gate("mine", [metricAlarm(1, "RequestCount", "Median", 0)])])).toThrow(
      'alarm "RequestCount-1": the statistic "Median" is not supported',
    );
    const { template } = article();
    const deploymentGroup = { ...template.deploymentGroup, deploymentConfigName: "mine" };
    expect(() => simulation([gate("mine", [], { deploymentGroup })])).toThrow("the deployment config mine");
  });

  it("can end sliding windows now, which makes little difference to the default gate", () => {
    const config = "CodeDeployDefault.ECSCanary10Percent15Minutes";
    const { name, template } = limited("balanced");
    const deploymentGroup = { ...template.deploymentGroup, deploymentConfigName: config };
    const longer: Gate = { name, template: { ...template, deploymentGroup } };
    const cell = { fault: "errors", severity: 0.02, rps: 5 } as const;
    const published = shares([longer], cell, 200);
    const settings = { ...DEFAULT_SETTINGS, slidingWindowEndsAt: "now" } as const;
    const now = shares([longer], cell, 200, { settings });
    expect(now.result.gates[0]?.secondsToRollback).not.toEqual(published.result.gates[0]?.secondsToRollback);
    expect(Math.abs((now.beforeLastShift[0] ?? 0) - (published.beforeLastShift[0] ?? 0))).toBeLessThan(0.15);
  });

  it("has windows of a wall clock see less than sliding ones", () => {
    const clock = limited("clock");
    const alarms = clock.template.alarms.map((one) =>
      one.metrics ? { ...one, evaluationWindow: { type: "wallClock" as const } } : one,
    );
    const cell = { fault: "errors", severity: 0.1, rps: 5 } as const;
    const found = shares([limited("sliding"), gate("clock", alarms)], cell, 100).beforeLastShift;
    expect(found[1]).toBeLessThan((found[0] ?? 0) / 2);
  });

  it("judges linear shifts until the last one, and an all-at-once shift not before it", () => {
    const withConfig = (deploymentConfigName: string): Gate => {
      const { name, template } = limited("balanced", { ...BALANCED, windowSeconds: 300 });
      return {
        name,
        template: { ...template, deploymentGroup: { ...template.deploymentGroup, deploymentConfigName } },
      };
    };
    const cell = { fault: "errors", severity: 0.1, rps: 5 } as const;
    const at = (name: string) => shares([withConfig(`CodeDeployDefault.${name}`)], cell, 100);
    expect(at("ECSLinear10PercentEvery1Minutes").beforeLastShift).toEqual([1]);
    expect(at("ECSAllAtOnce")).toMatchObject({ beforeLastShift: [0], beforeOldIsGone: [1], oracle: 0 });
  });
});

describe("the metrics that are simulated", () => {
  it.each([
    ["RequestCount", "Sum", 60],
    ["RequestCount", "Average", 60],
    ["HTTPCode_Target_5XX_Count", "Sum", 300],
    ["HTTPCode_Target_2XX_Count", "SampleCount", 300],
    ["TargetConnectionErrorCount", "Sum", 60],
    ["TargetResponseTime", "SampleCount", 60],
    ["TargetResponseTime", "PR(1.5:)", 300],
    ["TargetResponseTime", "TC(:1.5)", 120],
    ["TargetResponseTime", "p99", 300],
    ["UnHealthyHostCount", "Maximum", 60],
    ["HealthyHostCount", "Minimum", 300],
    ["HealthyHostCount", "Average", 60],
  ])("are read as the cloud's store reads the same samples: %s, %s, %s s", async (metricName, statistic, period) => {
    const { template } = article();
    const times = releaseTimes(template, DEFAULT_SETTINGS);
    const traffic = new ReleaseTraffic({
      traffic: { rps: 2, normalBad: 0.05, latency: { median: 0.5, p99: 3 } },
      times,
      tasks: 2,
      newGroup: 1,
      starts: startMinutes(undefined, undefined),
      minutesBefore: 10,
      edges: [[1.5], [1.5]],
      slowSeconds: 1.5,
    });
    traffic.draw(new RandomStream(1, 2, 3), new RandomStream(1, 2, 4), undefined);
    traffic.upTo(traffic.minutes);
    const query = {
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions: { TargetGroup: SUFFIXES[1], LoadBalancer: LOAD_BALANCER },
      period,
      statistic,
    };
    const from = traffic.firstMinuteMs + 20 * 86_400_000;
    const clock = new SteppedClock(from);
    const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
    const counts = traffic.groups[1];
    const put = (name: string, times: number, value = 1) => {
      for (let sample = 0; sample < times; sample += 1) metrics.put({ ...query, metricName: name, value });
    };
    for (let minute = 0; minute < traffic.minutes; minute += 1) {
      put("RequestCount", counts.requests[minute] ?? 0);
      put("HTTPCode_Target_5XX_Count", counts.failed[minute] ?? 0);
      put("HTTPCode_Target_2XX_Count", counts.succeeded[minute] ?? 0);
      put("TargetConnectionErrorCount", counts.refused[minute] ?? 0);
      // The values that stand for the two bins.
      put("TargetResponseTime", counts.times[minute * 2] ?? 0, 0.75);
      put("TargetResponseTime", counts.times[minute * 2 + 1] ?? 0, 2.25);
      const samples = counts.hostSamples[minute] ?? 0;
      put("HealthyHostCount", samples, (counts.healthy.sum[minute] ?? 0) / samples);
      put("UnHealthyHostCount", samples, (counts.unhealthy.sum[minute] ?? 0) / samples);
      await clock.step(60_000);
    }
    const boundaries = Array.from({ length: 6 }, (_, slot) => clock.now() - 120_000 - (5 - slot) * period * 1_000);
    const read = publishedMetric(query, template);
    const visible = traffic.minutes - 2;
    const shifted = boundaries.map((boundary) => boundary - 20 * 86_400_000);
    const own = read && datapointsOf(read, traffic, shifted, visible);
    const expected = metrics.read(query, boundaries);
    expect(own?.map(({ at, sampleCount }) => [at + 20 * 86_400_000, sampleCount])).toEqual(
      expected.map(({ at, sampleCount }) => [at, sampleCount]),
    );
    own?.forEach(({ value }, index) => expect(value).toBeCloseTo(expected[index]?.value ?? NaN, 6));
    if (metricName === "RequestCount") expect(expected).toHaveLength(5);
  });
});
