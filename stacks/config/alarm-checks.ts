import { ALARM_KINDS, type AlarmKind } from "./alarms-schema";
import type { Check } from "./check";
import { notAllowed } from "./problems";
import { MAX_DEPLOYMENT_MINUTES } from "./delivery-schema";
import { shapeOf, shiftMinutes } from "./strategies";

/**
 * Longest time that an alarm may evaluate, in seconds: one day. CloudWatch allows seven for periods of an hour or more
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html), which no release needs.
 */
const MAX_EVALUATED_SECONDS = 86_400;

/** Delays until an alarm fires, in addition to the breaching periods. Seconds. */
const DELAY = {
  /** A fault can begin anywhere in a period. */
  alignment: 60,
  /** From the end of a minute until CloudWatch has the load balancer's metrics of it (recorded from AWS: 92). */
  metricDelay: 90,
  /** Alarms are evaluated once a minute. */
  evaluation: 60,
} as const;
const TOTAL_DELAY = DELAY.alignment + DELAY.metricDelay + DELAY.evaluation;

/**
 * Longest time from the beginning of a fault until an alarm on a load balancer's metric fires, in seconds.
 * @param datapointsToAlarm the number of breaching periods that fires it
 */
function secondsToFire(periodSeconds: number, datapointsToAlarm: number): number {
  return datapointsToAlarm * periodSeconds + TOTAL_DELAY;
}

const perKind = (check: (kind: AlarmKind) => Check): Check[] => ALARM_KINDS.map(check);

/** Checks what has to fit together in `alarms` and `delivery.strategy`. */
export const alarmChecks: readonly Check[] = [
  ...perKind((kind) => (config, isValid) => {
    const path = `alarms.${kind}`;
    if (!isValid(`${path}.evaluationPeriods`, `${path}.datapointsToAlarm`)) return [];
    const { datapointsToAlarm, evaluationPeriods } = config.alarms[kind];
    return datapointsToAlarm > evaluationPeriods
      ? [notAllowed(config, `${path}.datapointsToAlarm`, `at most evaluationPeriods (${evaluationPeriods})`)]
      : [];
  }),
  ...perKind((kind) => (config, isValid) => {
    const path = `alarms.${kind}.evaluationPeriods`;
    if (!isValid(path, "alarms.periodSeconds")) return [];
    const { periodSeconds } = config.alarms;
    const most = Math.floor(MAX_EVALUATED_SECONDS / periodSeconds);
    return config.alarms[kind].evaluationPeriods > most
      ? [
          notAllowed(
            config,
            path,
            `at most ${most}: an alarm evaluates one day at most, in periods of ${periodSeconds} s`,
          ),
        ]
      : [];
  }),
  (config, isValid) => {
    if (!isValid("delivery.strategy")) return [];
    const minutes = shiftMinutes(shapeOf(config.delivery.strategy));
    const allowed = `over within ${MAX_DEPLOYMENT_MINUTES} minutes, CodeDeploy's limit; this one takes ${minutes}`;
    return minutes > MAX_DEPLOYMENT_MINUTES ? [notAllowed(config, "delivery.strategy", allowed)] : [];
  },
  // The alarms protect users during the wait of a canary. An alarm that fires later fires after all traffic has shifted.
  (config, isValid) => {
    if (!isValid("delivery.strategy", "alarms.periodSeconds")) return [];
    const shape = shapeOf(config.delivery.strategy);
    if (shape.type !== "canary") return [];
    const { periodSeconds } = config.alarms;
    const wait = shape.intervalMinutes * 60;
    const needed = (kind: AlarmKind) => secondsToFire(periodSeconds, config.alarms[kind].datapointsToAlarm);
    const possible = (kind: AlarmKind) =>
      isValid(`alarms.${kind}.evaluationPeriods`, `alarms.${kind}.datapointsToAlarm`) &&
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
