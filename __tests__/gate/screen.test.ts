import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { AlarmTemplate } from "../../scripts/cloud/template";
import { minutesRead, prepareGate, type PreparedGate, timeEdges } from "../../scripts/gate/gates";
import { Clockwork, stopOf } from "../../scripts/gate/judgement";
import type { FaultModel } from "../../scripts/gate/models/fault";
import { FAULT_MODELS, type FaultName } from "../../scripts/gate/models/faults";
import { RandomStream } from "../../scripts/gate/random";
import { releaseTimes } from "../../scripts/gate/timeline";
import { ReleaseTraffic } from "../../scripts/gate/traffic";
import { startMinutes } from "../../scripts/gate/traffic-profile";
import { type GateLimit, limitExpressions } from "../../stacks/gate/limit";
import { alarm, article, BALANCED, gate, limited, LOAD_BALANCER, metricAlarm, SUFFIXES } from "./gates";

const RELEASES = 10;
const ALONE: GateLimit = { normalShare: 0.001, sigmas: 4.4, allowance: 1.2, windowSeconds: 300 };

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
  "a limit that falls with the other version": limited("falling", {
    ...BALANCED,
    normalShare: 0.2,
    compare: { sigmas: 0, maxShare: 0.01 },
  }),
  "a limit of 15 minutes": limited("long", { ...BALANCED, windowSeconds: 900 }),
  "windows of a wall clock": gate(
    "clock",
    limited("").template.alarms.map((one) => ({ ...one, evaluationWindow: { type: "wallClock" } as const })),
  ),
  "another limit of slow responses than the simulation's": gate("other", [slowLimit(0.4)]),
  "a limit from below": gate("below", [slowLimit(1.5, { comparisonOperator: "LessThanThreshold", threshold: -1 })]),
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
  "a short period": gate("short", [changed("HTTPCode_Target_5XX_Count", "Sum", {}, 10)]),
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
