import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { AlarmTemplate } from "../../scripts/cloud/template";
import { minutesRead, prepareGate, type PreparedGate, timeEdges } from "../../scripts/gate/gates";
import { Clockwork, stopOf } from "../../scripts/gate/judgement";
import type { FaultModel } from "../../scripts/gate/models/fault";
import { FAULT_MODELS, type FaultName } from "../../scripts/gate/models/faults";
import { datapointsOf } from "../../scripts/gate/published";
import { RandomStream } from "../../scripts/gate/random";
import { releaseTimes } from "../../scripts/gate/timeline";
import { emptyCounts, ReleaseTraffic } from "../../scripts/gate/traffic";
import { startMinutes } from "../../scripts/gate/traffic-profile";
import { type GateLimit, limitExpressions } from "../../stacks/gate/limit";
import { alarm, article, BALANCED, gate, limited, LOAD_BALANCER, metricAlarm, SUFFIXES } from "./gates";

const RELEASES = 10;
const minutes = <T>(count: number, at: (minute: number) => T) =>
  Array.from({ length: count }, (_, minute) => at(minute));
const ALONE: GateLimit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };

/** A limit that is lower when the other version fails more than is normal. */
const FALLING: GateLimit = { ...BALANCED, normalShare: 0.2, compare: { sigmas: 0, maxShare: 0.01 } };

/** An alarm of the second target group with other rules. */
function changed(metricName: string, statistic: string, changes: Partial<AlarmTemplate>, period = 60): AlarmTemplate {
  const one = metricAlarm(1, metricName, statistic, 1);
  return { ...one, ...changes, ...(one.metric && { metric: { ...one.metric, period } }) };
}

/** The second target group's alarm with a limit on slow requests. */
function slowLimit(slowSeconds: number, changes: Partial<AlarmTemplate> = {}): AlarmTemplate {
  const judged = {
    bad: { kind: "slowRequests", slowSeconds },
    targetGroup: SUFFIXES[1],
    otherTargetGroup: SUFFIXES[0],
    loadBalancer: LOAD_BALANCER,
  } as const;
  return alarm("slow", { metrics: limitExpressions(BALANCED, judged), ...changes });
}

const GATES = {
  article: article(),
  balanced: limited("balanced"),
  "a limit without a comparison": limited("alone", ALONE),
  "a limit that falls with the other version": limited("falling", FALLING),
  "a limit of 15 minutes": limited("long", { ...BALANCED, windowSeconds: 900 }),
  "windows of a wall clock": gate(
    "clock",
    limited("").template.alarms.map((one) => ({ ...one, evaluationWindow: { type: "wallClock" } as const })),
  ),
  "another limit of slow responses than the simulation's": gate("other", [slowLimit(0.4)]),
  "a limit from below": gate("below", [slowLimit(1.5, { comparisonOperator: "LessThanThreshold" })]),
  "a limit with another threshold": gate("threshold", [slowLimit(1.5, { threshold: -0.5 })]),
  "several periods": gate("several", [
    changed("HTTPCode_Target_5XX_Count", "Sum", { evaluationPeriods: 3, datapointsToAlarm: 2 }),
  ]),
  "missing data that breaches": gate("breaching", [
    changed("HTTPCode_Target_5XX_Count", "Sum", { treatMissingData: "breaching", threshold: 1_000_000 }),
  ]),
  "missing data that is missing": gate("missing", [
    changed("HTTPCode_Target_5XX_Count", "Sum", { treatMissingData: "missing", evaluationPeriods: 2 }),
  ]),
  "missing data that is ignored": gate("ignore", [
    changed("TargetConnectionErrorCount", "Sum", { treatMissingData: "ignore", evaluationPeriods: 2 }),
  ]),
  "a long period": gate("long", [changed("TargetResponseTime", "Average", { threshold: 0.2 }, 180)]),
  // A minute's data is visible when it is older than nine such periods.
  "a short period": gate("short", [
    changed("HTTPCode_Target_5XX_Count", "Sum", { evaluationPeriods: 12, datapointsToAlarm: 1 }, 10),
  ]),
  "a percentile with few samples": gate("percentile", [
    changed("TargetResponseTime", "p99", { evaluateLowSampleCountPercentile: "ignore" }),
  ]),
  "too few requests": gate("few", [
    changed("RequestCount", "Sum", { comparisonOperator: "LessThanOrEqualToThreshold", threshold: 20 }),
  ]),
  "unhealthy hosts": gate("hosts", [changed("UnHealthyHostCount", "Average", { threshold: 0 }, 120)]),
};

/** The times at which a gate stops releases, with its screens or without. */
function stopsOf(
  prepared: PreparedGate,
  template: (typeof GATES)["article"]["template"],
  settings: typeof DEFAULT_SETTINGS,
  { fault: name, severity, rps }: { readonly fault: FaultName; readonly severity: number; readonly rps: number },
): readonly (number | undefined)[] {
  const times = releaseTimes(template, settings);
  const traffic = new ReleaseTraffic({
    traffic: { rps, normalBad: 0.001, latency: { median: 0.1, p99: 0.5 } },
    times,
    tasks: 2,
    newGroup: 1,
    starts: startMinutes(undefined, undefined),
    minutesBefore: minutesRead(prepared, settings),
    edges: timeEdges([prepared], 1.5),
    slowSeconds: 1.5,
  });
  const model: FaultModel = FAULT_MODELS[name];
  const [targetGroup] = template.targetGroups;
  if (!targetGroup) throw new Error("there is no target group");
  const fault = model.of(severity, {
    times,
    tasks: 2,
    healthCheck: targetGroup.healthCheck,
    gracePeriodSeconds: 0,
    settings,
  });
  return Array.from({ length: RELEASES }, (_, index) => {
    const random = new RandomStream(1, 2, index);
    const phases = { tick: random.uniform(), poll: random.uniform() };
    traffic.draw(random, new RandomStream(1, 3, index), fault);
    const clockwork = new Clockwork(traffic, times, phases, settings);
    return stopOf(prepared, traffic, clockwork, traffic.shiftMs + times.end * 1_000, settings);
  });
}

describe("the screen of an alarm", () => {
  it.each(Object.entries(GATES))("leaves out no evaluation that fires: %s", (_name, { name, template }) => {
    const cells = [
      { fault: "errors", severity: 0.03, rps: 0.3 },
      { fault: "errors", severity: 0.03, rps: 20 },
      { fault: "slow", severity: 1, rps: 5 },
      { fault: "crash-loop", severity: 1, rps: 5 },
      { fault: "unhealthy-later", severity: 0.5, rps: 5 },
      { fault: "dependency-later", severity: 0.05, rps: 100 },
    ] as const;
    const variants = [{}, { slidingWindowEndsAt: "now" }, { insufficientDataStops: true }] as const;
    for (const settings of variants.map((variant) => ({ ...DEFAULT_SETTINGS, ...variant }))) {
      const prepared = prepareGate({ name, template }, 1, "new", settings);
      const always = { ...prepared, alarms: prepared.alarms.map((one) => ({ ...one, mayFire: undefined })) };
      for (const cell of cells) {
        expect(stopsOf(prepared, template, settings, cell)).toEqual(stopsOf(always, template, settings, cell));
      }
    }
  });

  /** The counts of a target group in one minute. */
  interface Minute {
    readonly requests: number;
    readonly failed: number;
  }

  it.each<{
    readonly name: string;
    readonly limit: GateLimit;
    readonly changes?: Partial<AlarmTemplate>;
    readonly settings?: Partial<typeof DEFAULT_SETTINGS>;
    readonly own: readonly Minute[];
    readonly other?: Minute;
    /** Minutes of the traffic at the evaluation. */
    readonly now: number;
  }>([
    {
      name: "has a window of a wall clock, between the sliding ones",
      limit: ALONE,
      changes: { evaluationWindow: { type: "wallClock" } },
      own: minutes(10, (minute) => ({ requests: 100, failed: minute === 3 || minute === 4 ? 3 : 0 })),
      now: 10.6,
    },
    {
      name: "has a window that ends now, with few of the published minutes",
      limit: ALONE,
      settings: { slidingWindowEndsAt: "now" },
      own: minutes(10, (minute) => ({ requests: minute < 4 ? 100_000 : 10, failed: minute < 4 ? 100 : 2 })),
      now: 9.6,
    },
    {
      name: "has a limit that falls with the other version",
      limit: FALLING,
      own: minutes(10, () => ({ requests: 100, failed: 10 })),
      other: { requests: 1_000, failed: 500 },
      now: 10.6,
    },
  ])("does not leave out an alarm that $name", ({ limit, changes, settings, own, other, now }) => {
    const [, second] = limited("crafted", limit).template.alarms.filter(({ name }) =>
      name.startsWith("failedRequests"),
    );
    if (!second) throw new Error("there is no alarm on failed requests");
    const { name, template } = gate("crafted", [{ ...second, ...changes }]);
    const [watched] = prepareGate({ name, template }, 1, "new", { ...DEFAULT_SETTINGS, ...settings }).alarms;
    if (!watched) throw new Error("the alarm is not watched");
    const groups = [emptyCounts(own.length, 1.5), emptyCounts(own.length, 1.5)] as const;
    own.forEach(({ requests, failed }, minute) => {
      groups[1].requests[minute] = requests;
      groups[1].failed[minute] = failed;
      groups[0].requests[minute] = other?.requests ?? 0;
      groups[0].failed[minute] = other?.failed ?? 0;
    });
    // A whole hour, so that the periods of a wall clock begin there.
    const firstMinuteMs = 3_600_000 * 100;
    const traffic = { groups, firstMinuteMs, shiftMs: firstMinuteMs, minutes: own.length, upTo: () => undefined };
    const tick = firstMinuteMs + now * 60_000;
    const visible = Math.floor(now - DEFAULT_SETTINGS.metricDelaySeconds / 60);
    const { evaluation } = watched.alarm.decide(tick, (query, boundaries) => {
      const metric = watched.readers.get(query);
      return metric ? datapointsOf(metric, traffic, boundaries, visible) : [];
    });
    expect(evaluation.value).toBe("ALARM");
    expect(watched.mayFire?.(traffic, tick, visible) ?? true).toBe(true);
  });

  it("leaves out most evaluations of good releases", () => {
    const { name, template } = limited("balanced");
    const prepared = prepareGate({ name, template }, 1, "new", DEFAULT_SETTINGS);
    let evaluations = 0;
    const counted = {
      ...prepared,
      alarms: prepared.alarms.map((one) => ({
        ...one,
        alarm: {
          ...one.alarm,
          decide: (...args: Parameters<typeof one.alarm.decide>) => {
            evaluations += 1;
            return one.alarm.decide(...args);
          },
        },
      })),
    };
    stopsOf(counted, template, DEFAULT_SETTINGS, { fault: "broken-live", severity: 0.001, rps: 20 });
    expect(evaluations).toBeLessThan(RELEASES);
  });
});
