import { parseLimit } from "../../stacks/gate/limit";
import { prepareAlarm, type PreparedAlarm } from "../cloud/alarms/prepare";
import { ALB_NAMESPACE } from "../cloud/metrics/publication";
import { rangeStatisticOf } from "../cloud/metrics/statistic";
import type { CloudSettings } from "../cloud/settings";
import type { AlarmTemplate, MetricQuery, TargetGroupTemplate, Template } from "../cloud/template";
import { groupsOf, publishedMetric, type PublishedMetric } from "./published";
import { type MayFire, screenOf } from "./screen";
import type { GroupIndex } from "./traffic";

/** Which alarms of the deployment group a release watches: those about the new version, or all of them. */
export const WATCHED_ALARMS = ["new", "all"] as const;
/** Which alarms of the deployment group a release watches. */
export type WatchedAlarms = (typeof WATCHED_ALARMS)[number];

/** The parts of a template that a simulation needs. */
export type GateTemplate = Pick<Template, "alarms" | "deploymentGroup" | "deploymentConfigs"> & {
  readonly loadBalancer: Pick<Template["loadBalancer"], "arnSuffix">;
  readonly targetGroups: readonly Pick<TargetGroupTemplate, "name" | "arnSuffix" | "healthCheck">[];
  readonly service: Pick<Template["service"], "desiredCount" | "healthCheckGracePeriodSeconds">;
};

/** An alarm of a deployment group that is not simulated, and why. */
export interface LeftOutAlarm {
  readonly alarm: string;
  /** In words, e.g. `it is a composite alarm`. */
  readonly why: string;
}

/** A gate that is simulated: the alarms of synthesized stacks, or those of a service as they are. */
export interface Gate {
  readonly name: string;
  readonly template: GateTemplate;
  /** Alarms of the deployment group that the template can't have. */
  readonly leftOut?: readonly LeftOutAlarm[];
}

/** An alarm whose metrics the simulation can read. */
export interface WatchedAlarm {
  readonly alarm: PreparedAlarm;
  readonly readers: ReadonlyMap<MetricQuery, PublishedMetric>;
  /** Absent: it is evaluated at each of its times. */
  readonly mayFire?: MayFire | undefined;
}

/** A gate's alarms for a release to one of the target groups. */
export interface PreparedGate {
  readonly name: string;
  readonly template: GateTemplate;
  readonly alarms: readonly WatchedAlarm[];
  /** The watched alarms that are not simulated. Nobody knows what they would do, so they are in no figure. */
  readonly leftOut: readonly LeftOutAlarm[];
}

/** Whether alarms would judge a release, and none of them is simulated: then nothing is known about the gate. */
export function isUnknown({ alarms, leftOut }: PreparedGate): boolean {
  return alarms.length === 0 && leftOut.length > 0;
}

/** Whether a deployment that an alarm stops is rolled back; otherwise the canary keeps its share of the traffic. */
export function rollsBack({ deploymentGroup: { autoRollback } }: Pick<GateTemplate, "deploymentGroup">): boolean {
  return autoRollback.enabled && autoRollback.events.includes("DEPLOYMENT_STOP_ON_ALARM");
}

/**
 * Whether an alarm judges the live version only, so that a release does not watch it (scripts/release/alarm-selection.ts). An
 * alarm with the stacks' limit judges the group whose requests it counts, and reads the other one only to compare.
 */
function judgesOnlyLive(alarm: AlarmTemplate, template: GateTemplate, newGroup: GroupIndex): boolean {
  const limit = parseLimit(alarm.metrics ?? []);
  const queries = (alarm.metrics ?? []).flatMap(({ metric }) => (metric ? [metric] : []));
  const [first] = queries;
  const judged =
    limit && first
      ? [{ ...first, dimensions: { TargetGroup: limit.judged.targetGroup, LoadBalancer: limit.judged.loadBalancer } }]
      : alarm.metric
        ? [alarm.metric]
        : queries;
  const mayBeNew = judged.some((query) => {
    // A metric that names no target group, such as a custom one, may be about the new version.
    if (query.namespace !== ALB_NAMESPACE || query.dimensions["TargetGroup"] === undefined) return true;
    return groupsOf(query, template)?.includes(newGroup) ?? false;
  });
  return !mayBeNew && judged.some((query) => groupsOf(query, template) !== undefined);
}

/** The alarms that a release to a target group watches: all but those about the live version only; or all. */
function watchedAlarms(template: GateTemplate, newGroup: GroupIndex, watched: WatchedAlarms): readonly AlarmTemplate[] {
  const { enabled, names } = template.deploymentGroup.alarms;
  if (!enabled) return [];
  const alarms = names.flatMap((name) => template.alarms.find((alarm) => alarm.name === name) ?? []);
  return watched === "all" ? alarms : alarms.filter((alarm) => !judgesOnlyLive(alarm, template, newGroup));
}

/**
 * Prepares a gate's alarms for a release to a target group. An alarm that reads a metric which the simulation does not have
 * is left out: without its data, it would look as if it never fired, or always.
 * @throws Error naming the alarm that can't be evaluated
 */
export function prepareGate(
  { name, template, leftOut: unread = [] }: Gate,
  newGroup: GroupIndex,
  watched: WatchedAlarms,
  settings: CloudSettings,
): PreparedGate {
  const leftOut = [...unread];
  const alarms = watchedAlarms(template, newGroup, watched).flatMap((watchedAlarm) => {
    const alarm = prepareAlarm(watchedAlarm, settings);
    const readers = new Map<MetricQuery, PublishedMetric>();
    for (const query of alarm.metrics) {
      const reader = publishedMetric(query, template);
      if (reader) readers.set(query, reader);
    }
    const unknown = alarm.metrics.filter((query) => !readers.has(query));
    if (unknown.length === 0) return [{ alarm, readers, mayFire: screenOf(alarm, readers, template, settings) }];
    leftOut.push({
      alarm: watchedAlarm.name,
      why: `the simulation has no ${[...new Set(unknown.map(metricText))].join(" and no ")}`,
    });
    return [];
  });
  return { name, template, alarms, leftOut };
}

/** A metric in words. */
function metricText({ namespace, metricName, statistic, dimensions }: MetricQuery): string {
  const of = Object.entries(dimensions).map(([name, value]) => `${name} ${value}`);
  return `${namespace} ${metricName} ${statistic}${of.length === 0 ? "" : ` of ${of.join(", ")}`}`;
}

/** Minutes before a deployment that the alarms of a gate may read. */
export function minutesRead({ alarms }: PreparedGate, settings: Pick<CloudSettings, "extraEvaluationBuckets">): number {
  const minutes = alarms.map(({ alarm: { rules, period, delayMs } }) =>
    Math.ceil(((rules.evaluationPeriods + settings.extraEvaluationBuckets) * period + delayMs / 1_000) / 60),
  );
  return Math.max(0, ...minutes) + 2;
}

/** Bins of response times between thresholds, in each factor of ten: for statistics such as an average. */
const BINS_PER_DECADE = 8;
const [SHORTEST_SECONDS, LONGEST_SECONDS] = [0.001, 100];

/**
 * The edges of the bins of response times that alarms need, by target group. A percentile rank or a trimmed count needs
 * its bounds only. Other statistics need fine bins and, in them, the alarm's threshold.
 */
export function timeEdges(
  gates: readonly Pick<PreparedGate, "template" | "alarms">[],
  slowSeconds: number,
): readonly [readonly number[], readonly number[]] {
  const edges: readonly [Set<number>, Set<number>] = [new Set([slowSeconds]), new Set([slowSeconds])];
  for (const { template, alarms } of gates) {
    for (const { alarm } of alarms) {
      for (const query of alarm.metrics) {
        if (query.metricName !== "TargetResponseTime" || query.statistic === "SampleCount") continue;
        const range = rangeStatisticOf(query.statistic);
        const exact = range !== undefined && range.kind !== "TM";
        const needed = exact ? [range.lower, range.upper] : [alarm.rules.threshold, ...fineEdges()];
        for (const group of groupsOf(query, template) ?? []) {
          for (const edge of needed) if (edge > 0 && edge < Infinity) edges[group].add(edge);
        }
      }
    }
  }
  const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);
  return [sorted(edges[0]), sorted(edges[1])];
}

function fineEdges(): readonly number[] {
  const count = Math.round(Math.log10(LONGEST_SECONDS / SHORTEST_SECONDS) * BINS_PER_DECADE);
  return Array.from({ length: count + 1 }, (_, index) => SHORTEST_SECONDS * 10 ** (index / BINS_PER_DECADE));
}
