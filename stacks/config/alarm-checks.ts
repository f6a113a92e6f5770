import { THRESHOLD_KINDS, type ThresholdKind } from "./alarms-schema";
import type { Check } from "./check";
import { notAllowed } from "./problems";
import { MAX_DEPLOYMENT_MINUTES } from "./delivery-schema";
import { secondsToFire } from "./gate-checks";
import { shapeOf, shiftMinutes } from "./strategies";

/**
 * Longest time that an alarm may evaluate, in seconds: seven days with periods of an hour or more, else one day
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
 */
const MAX_EVALUATED = {
  fromPeriod: 3600,
  long: { seconds: 604_800, words: "seven days" },
  short: { seconds: 86_400, words: "one day" },
};

const perKind = (check: (kind: ThresholdKind) => Check): Check[] => THRESHOLD_KINDS.map(check);

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
    const { seconds, words } = periodSeconds < MAX_EVALUATED.fromPeriod ? MAX_EVALUATED.short : MAX_EVALUATED.long;
    const most = Math.floor(seconds / periodSeconds);
    return config.alarms[kind].evaluationPeriods > most
      ? [
          notAllowed(
            config,
            path,
            `at most ${most}: an alarm evaluates ${words} at most, in periods of ${periodSeconds} s`,
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
  // With another preset than that of the article, gate-checks.ts warns of it.
  (config, isValid) => {
    if (!isValid("delivery.strategy", "alarms.periodSeconds", "gate.preset") || config.gate.preset !== "article")
      return [];
    const shape = shapeOf(config.delivery.strategy);
    if (shape.type !== "canary") return [];
    const { periodSeconds } = config.alarms;
    const wait = shape.intervalMinutes * 60;
    const needed = (kind: ThresholdKind) => secondsToFire(periodSeconds, config.alarms[kind].datapointsToAlarm);
    const possible = (kind: ThresholdKind) =>
      isValid(`alarms.${kind}.evaluationPeriods`, `alarms.${kind}.datapointsToAlarm`) &&
      config.alarms[kind].datapointsToAlarm <= config.alarms[kind].evaluationPeriods;
    const late = THRESHOLD_KINDS.filter((kind) => possible(kind) && needed(kind) > wait);
    if (late.length === 0) return [];
    const alarms = late.map((kind) => `alarms.${kind}`).join(", ");
    const allowed =
      `a canary that waits for its alarms: after a fault ${alarms} may need ${Math.max(...late.map(needed))} s to fire, ` +
      `and it waits ${wait} s; use a longer interval, fewer datapointsToAlarm or a shorter periodSeconds`;
    return [notAllowed(config, "delivery.strategy", allowed)];
  },
];
