import { ALARM_KINDS, type AlarmKind } from "./alarms-schema";
import type { Check } from "./checks";
import { notAllowed } from "./problems";
import { MAX_DEPLOYMENT_MINUTES } from "./delivery-schema";
import { shapeOf, shiftMinutes } from "./strategies";

/** CloudWatch looks back so many seconds in evaluating an alarm. */
const LOOK_BACK_SECONDS = 86_400;

/** What passes besides the breaching periods themselves until an alarm fires. Seconds. */
const LAG = {
  /** A fault begins somewhere in a period. */
  alignment: 60,
  /** So long after its end a minute of a load balancer's metrics is seen in CloudWatch (observed: 92). */
  metricDelay: 90,
  /** Alarms are evaluated once a minute. */
  evaluation: 60,
} as const;
const TOTAL_LAG = LAG.alignment + LAG.metricDelay + LAG.evaluation;

/**
 * Seconds from the beginning of a fault until an alarm on a load balancer's metric has fired for certain.
 * @param datapointsToAlarm breaching periods it takes
 */
function secondsToFire(periodSeconds: number, datapointsToAlarm: number): number {
  return datapointsToAlarm * periodSeconds + TOTAL_LAG;
}

const perKind = (check: (kind: AlarmKind) => Check): Check[] => ALARM_KINDS.map(check);

/** What has to fit together in alarms and strategy. */
export const alarmChecks: readonly Check[] = [
  ...perKind((kind) => (config, right) => {
    const path = `alarms.${kind}`;
    if (!right(`${path}.evaluationPeriods`, `${path}.datapointsToAlarm`)) return [];
    const { datapointsToAlarm, evaluationPeriods } = config.alarms[kind];
    return datapointsToAlarm > evaluationPeriods
      ? [notAllowed(config, `${path}.datapointsToAlarm`, `at most evaluationPeriods (${evaluationPeriods})`)]
      : [];
  }),
  ...perKind((kind) => (config, right) => {
    const path = `alarms.${kind}.evaluationPeriods`;
    if (!right(path, "alarms.periodSeconds")) return [];
    const { periodSeconds } = config.alarms;
    const most = Math.floor(LOOK_BACK_SECONDS / periodSeconds);
    return config.alarms[kind].evaluationPeriods > most
      ? [notAllowed(config, path, `at most ${most}: CloudWatch looks back one day, in periods of ${periodSeconds} s`)]
      : [];
  }),
  (config, right) => {
    if (!right("delivery.strategy")) return [];
    const shape = shapeOf(config.delivery.strategy);
    if (shape.type !== "linear") return [];
    const minutes = shiftMinutes(shape);
    const allowed = `over within ${MAX_DEPLOYMENT_MINUTES} minutes, CodeDeploy's limit; this one takes ${minutes}`;
    return minutes > MAX_DEPLOYMENT_MINUTES ? [notAllowed(config, "delivery.strategy", allowed)] : [];
  },
  // The gate of a canary is its wait: an alarm that fires later finds all traffic moved.
  (config, right) => {
    if (!right("delivery.strategy", "alarms.periodSeconds")) return [];
    const shape = shapeOf(config.delivery.strategy);
    if (shape.type !== "canary") return [];
    const { periodSeconds } = config.alarms;
    const wait = shape.intervalMinutes * 60;
    const needed = (kind: AlarmKind) => secondsToFire(periodSeconds, config.alarms[kind].datapointsToAlarm);
    const possible = (kind: AlarmKind) =>
      right(`alarms.${kind}.evaluationPeriods`, `alarms.${kind}.datapointsToAlarm`) &&
      config.alarms[kind].datapointsToAlarm <= config.alarms[kind].evaluationPeriods;
    const late = ALARM_KINDS.filter((kind) => possible(kind) && needed(kind) > wait);
    if (late.length === 0) return [];
    const alarms = late.map((kind) => `alarms.${kind}`).join(", ");
    const allowed =
      `a canary that waits for its alarms: after a fault ${alarms} may need ${Math.max(...late.map(needed))} s to fire, ` +
      `and it waits ${wait} s; use a longer interval, fewer datapointsToAlarm or a shorter periodSeconds`;
    return [notAllowed(config, "delivery.strategy", allowed)];
  },
];
