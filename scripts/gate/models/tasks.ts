import { type Effect, type Fault, type FaultModel, type FaultSetting, type Hosts, WELL } from "./fault";

/** A task with `crash-loop` ends this long after it listens: the new tasks become steady, then crash. Seconds. */
const CRASH_LOOP_SECONDS = 90;
/** The same for `crash-later`: minutes after the first shift. Seconds. */
const CRASH_LATER_SECONDS = 240;
/** Health checks of a task with `unhealthy-later` fail this long after it listens. Seconds. */
const UNHEALTHY_SECONDS = 105;

/** A state of the affected tasks, from an age on. */
interface Stage {
  /** Seconds after they listen. */
  readonly from: number;
  readonly state: "well" | "refusing" | "checking" | "unhealthy" | "gone";
}

/**
 * A fault of the affected tasks, which ECS replaces again and again.
 * @param severity share of the tasks that have the fault; at least one has it
 * @param stages ascending; the last one is `gone`
 * @param length from when the tasks listen until their replacements do. Seconds
 */
function cycling(
  severity: number,
  { times, tasks }: FaultSetting,
  stages: readonly Stage[],
  length: number,
): Pick<Fault, "effectAt" | "hostsAt" | "changes"> {
  const affected = Math.min(tasks, Math.max(1, Math.round(severity * tasks)));
  const others = tasks - affected;
  const stateAt = (second: number) => {
    const age = second - times.listens;
    const inCycle = age % length;
    return age < 0 ? undefined : stages.findLast(({ from }) => inCycle >= from)?.state;
  };
  const cycles = Math.ceil((times.end - times.listens) / length);
  const refusing: Effect = { ...WELL, refused: affected / tasks };
  const unrouted: Effect = others === 0 ? { ...WELL, unrouted: 1 } : WELL;
  return {
    effectAt(second) {
      const state = stateAt(second);
      if (state === "refusing") return refusing;
      return state === "gone" ? unrouted : WELL;
    },
    hostsAt(second): Hosts | undefined {
      const state = stateAt(second);
      if (state === undefined || (state === "gone" && others === 0)) return undefined;
      if (state === "unhealthy") return { healthy: others, unhealthy: affected };
      return { healthy: state === "gone" || state === "checking" ? others : tasks, unhealthy: 0 };
    },
    changes: Array.from({ length: cycles }, (_, cycle) =>
      stages.map(({ from }) => times.listens + cycle * length + from),
    ).flat(),
  };
}

/** Tasks that end this long after they listen, and are started again. */
function crashing(seconds: number, severity: number, setting: FaultSetting): Fault {
  const { stoppedTaskDetectionSeconds, provisioningSeconds } = setting.settings;
  const gone = seconds + stoppedTaskDetectionSeconds;
  const stages: readonly Stage[] = [
    { from: 0, state: "well" },
    { from: seconds, state: "refusing" },
    { from: gone, state: "gone" },
  ];
  const beginsAt = setting.times.listens + seconds;
  return { beginsAt, ...cycling(severity, setting, stages, gone + provisioningSeconds) };
}

/**
 * Tasks whose health checks fail from an age on. The first check comes a second after the task listens, and the target is
 * unhealthy after `unhealthyThreshold` failed checks. ECS stops it later, and not within the grace period.
 */
function failingChecks(age: number, severity: number, setting: FaultSetting): Omit<Fault, "beginsAt"> {
  const { healthCheck, gracePeriodSeconds, settings } = setting;
  const { interval, unhealthyThreshold } = healthCheck;
  const firstFailure = 1 + Math.ceil(Math.max(0, age - 1) / interval) * interval;
  const unhealthy = firstFailure + (unhealthyThreshold - 1) * interval;
  const gone = Math.max(unhealthy, gracePeriodSeconds) + settings.unhealthyStopSeconds;
  const stages: readonly Stage[] = [
    { from: 0, state: age === 0 ? "checking" : "well" },
    { from: unhealthy, state: "unhealthy" },
    { from: gone, state: "gone" },
  ];
  return cycling(severity, setting, stages, gone + settings.provisioningSeconds);
}

const ALL_TASKS = { unit: "share", severities: [1] } as const;

/** Tasks of the new version crash again and again. */
export const crashLoop: FaultModel = {
  description: `a share of the tasks ends ${CRASH_LOOP_SECONDS} s after it listens, again and again`,
  ...ALL_TASKS,
  signal: "failed",
  of: (severity, setting) => crashing(CRASH_LOOP_SECONDS, severity, setting),
};

/** Tasks of the new version crash after minutes. */
export const crashLater: FaultModel = {
  description: `a share of the tasks ends ${CRASH_LATER_SECONDS / 60} minutes after it listens`,
  ...ALL_TASKS,
  signal: "failed",
  of: (severity, setting) => crashing(CRASH_LATER_SECONDS, severity, setting),
};

/** Tasks of the new version never pass a health check. */
export const neverHealthy: FaultModel = {
  description: "a share of the tasks never passes a health check, so no traffic is shifted",
  ...ALL_TASKS,
  signal: "hosts",
  of: (severity, setting) => ({
    beginsAt: setting.times.listens,
    neverShifts: true,
    ...failingChecks(0, severity, setting),
  }),
};

/** Health checks of the new version fail after a time. */
export const unhealthyLater: FaultModel = {
  description: `the health checks of a share of the tasks fail ${UNHEALTHY_SECONDS} s after they listen`,
  ...ALL_TASKS,
  signal: "hosts",
  of: (severity, setting) => ({
    beginsAt: setting.times.listens + UNHEALTHY_SECONDS,
    ...failingChecks(UNHEALTHY_SECONDS, severity, setting),
  }),
};
