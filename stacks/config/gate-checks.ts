import { catchProbability } from "../gate/limit";
import { alarmKindsOf, gateLimitOf, isLimitKind } from "../gate/presets";
import { THRESHOLD_KINDS } from "./alarms-schema";
import type { Check } from "./check";
import { valueAt } from "./merge";
import { notAllowed, type ConfigProblem } from "./problems";
import type { Config } from "./schema";
import { shapeOf, shareAt, shiftMinutes, type StrategyShape } from "./strategies";

/** The longest delays from a bad request until CodeDeploy reads an alarm that counts it. Seconds. */
const DELAY = {
  /** A request can come anywhere in a minute, and a metric has the whole minute. */
  alignment: 60,
  /** From the end of a minute until CloudWatch has the load balancer's metrics of it (recorded from AWS: 92). */
  metricDelay: 90,
  /** Alarms are evaluated once a minute. */
  evaluation: 60,
  /** CodeDeploy reads the alarms this often. */
  poll: 10,
} as const;
const SECONDS_TO_STOP = DELAY.alignment + DELAY.metricDelay + DELAY.evaluation + DELAY.poll;

/**
 * Longest time from the beginning of a fault until an alarm with a threshold fires, in seconds.
 * @param datapointsToAlarm the number of breaching periods that fires it
 */
export function secondsToFire(periodSeconds: number, datapointsToAlarm: number): number {
  return datapointsToAlarm * periodSeconds + DELAY.alignment + DELAY.metricDelay + DELAY.evaluation;
}

/** Checks what has to fit together in `gate`, and with `gate.enforce` what is a warning otherwise. */
export const gateChecks: readonly Check[] = [
  (config, isValid) => {
    const path = "gate.compare.maxShare";
    if (!isValid(path, "gate.normalBadShare")) return [];
    const { compare, normalBadShare } = config.gate;
    const allowed = `more than gate.normalBadShare (${normalBadShare}), which is normal anyway`;
    return compare.maxShare > normalBadShare ? [] : [notAllowed(config, path, allowed)];
  },
  (config, isValid) => {
    if (!isValid("gate.goal", "gate.normalBadShare") || !config.gate.goal) return [];
    const { goal, normalBadShare } = config.gate;
    const allowed = `more than gate.normalBadShare (${normalBadShare}), or good releases are stopped too`;
    return goal.badShare > normalBadShare ? [] : [notAllowed(config, "gate.goal.badShare", allowed)];
  },
  (config, isValid) => {
    if (!isValid("gate", "alarms", "delivery.strategy") || !config.gate.enforce) return [];
    return weaknesses(config).map(({ path, text }) => ({ path, text: `${text} (refused because of gate.enforce)` }));
  },
];

/** Finds what the gate of a valid configuration can't notice before the last shift. `gate.enforce` refuses it instead. */
export function gateWarnings(config: Config): readonly ConfigProblem[] {
  return config.gate.enforce ? [] : weaknesses(config);
}

function weaknesses(config: Config): readonly ConfigProblem[] {
  // The alarms of an existing application are not those of the configuration.
  if (config.existing) return [];
  return [...lateAlarms(config), ...missedGoal(config)];
}

function lateAlarms({ alarms, gate, delivery }: Config): readonly ConfigProblem[] {
  const path = ["delivery", "strategy"];
  const shape = shapeOf(delivery.strategy);
  if (shape.type === "all-at-once") {
    const text = "shifts all traffic at once: no alarm can fire before; use a canary or a linear strategy";
    return [{ path, text }];
  }
  // alarm-checks.ts refuses a canary that is too short for the alarms of the article.
  if (gate.preset === "article" && shape.type === "canary") return [];
  const needed = alarmKindsOf({ gate }).map((kind) => ({
    kind,
    seconds: isLimitKind(kind) ? SECONDS_TO_STOP : secondsToFire(alarms.periodSeconds, alarms[kind].datapointsToAlarm),
  }));
  const bake = shiftMinutes(shape) * 60;
  const late = needed.filter(({ seconds }) => seconds > bake);
  if (late.length === 0) return [];
  const list = late.map(({ kind, seconds }) => `${kind} ${seconds} s`).join(", ");
  const text =
    `shifts the last traffic ${bake} s after the first; after a fault the alarms may need longer (${list}); ` +
    "use a longer interval";
  return [{ path, text }];
}

function missedGoal(config: Config): readonly ConfigProblem[] {
  const { goal } = config.gate;
  const limit = gateLimitOf(config);
  if (!goal || !limit) return [];
  const requests = Math.floor(goal.rps * countedSeconds(shapeOf(config.delivery.strategy), limit.windowSeconds));
  const probability = catchProbability(requests, goal.badShare, limit);
  if (probability >= goal.probability) return [];
  const text =
    `is not met: at ${goal.rps} rps, ${requests} requests of the new version are sure to be counted before ` +
    `the last shift; of them, ${percent(goal.badShare)} bad ones fire an alarm with ${percent(probability)} probability, not ` +
    `${percent(goal.probability)}; use a longer interval or a larger percentage, or a goal that this traffic allows`;
  return [{ path: ["gate", "goal"], text }];
}

/**
 * The requests of the new version that the last evaluation before the last shift is sure to count, for one request a second
 * of the whole service.
 */
function countedSeconds(shape: StrategyShape, windowSeconds: number): number {
  const lastEvaluation = shiftMinutes(shape) * 60 - DELAY.poll - DELAY.evaluation;
  const to = lastEvaluation - DELAY.metricDelay - DELAY.alignment;
  const from = Math.max(0, to - windowSeconds);
  let percents = 0;
  for (let second = from; second < to; second += 1) percents += shareAt(shape, second / 60);
  return percents / 100;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Keys of `gate` that only limits have. */
const LIMIT_KEYS = [
  "normalBadShare",
  "slowSeconds",
  "windowMinutes",
  "sigmas",
  "allowance",
  "compare",
  "goal",
] as const;

/**
 * Warns of keys that have no effect with the preset.
 * @param layers the settings as they are written, before the built-in defaults are added
 */
export function unusedGateKeys(config: Config, layers: readonly unknown[]): readonly ConfigProblem[] {
  const { preset, lowTraffic } = config.gate;
  const isWritten = (path: readonly string[]) => layers.some((layer) => valueAt(layer, path) !== undefined);
  const keys =
    preset === "article"
      ? LIMIT_KEYS.map((key) => ["gate", key])
      : THRESHOLD_KINDS.filter((kind) => !alarmKindsOf(config).includes(kind)).map((kind) => ["alarms", kind]);
  return [
    ...keys.filter(isWritten).map((path) => ({
      path,
      text: `has no effect with gate.preset "${preset}", whose alarms are ${alarmKindsOf(config).join(", ")}; leave it out`,
    })),
    ...(lowTraffic !== "probe" && isWritten(["gate", "probeRequests"])
      ? [{ path: ["gate", "probeRequests"], text: `has no effect with gate.lowTraffic "${lowTraffic}"; leave it out` }]
      : []),
  ];
}
