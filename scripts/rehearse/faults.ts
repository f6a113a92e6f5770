import type { FaultName, TargetFault } from "../cloud/faults";
import { wallTimeMs } from "../cloud/load-balancer/response-time";

/** Faults that affect only a fraction of the responses, and the default of that fraction (0 to 1). */
export const DEFAULT_RATES: Readonly<Partial<Record<FaultName, number>>> = { error: 0.5, slow: 1, crash: 1 };

/** The signals by which CodeDeploy can detect a fault. */
export interface FaultSignals {
  /** Metrics of AWS/ApplicationELB that the fault changes. */
  readonly metrics: readonly string[];
  /**
   * Error codes, besides ALARM_ACTIVE, with which the deployment may end because of the fault
   * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html).
   */
  readonly errorCodes: readonly string[];
}

const HOOK = "HOOK_EXECUTION_FAILURE";
/** The replacement task set did not reach a steady state in time. */
const NOT_STEADY = "TIMEOUT";

/** The signals of each fault. A rollback for another reason does not prove that the alarms catch the fault. */
export const FAULT_SIGNALS: Readonly<Record<FaultName, FaultSignals>> = {
  error: { metrics: ["HTTPCode_Target_5XX_Count"], errorCodes: [HOOK] },
  slow: { metrics: ["TargetResponseTime"], errorCodes: [HOOK] },
  crash: { metrics: ["HTTPCode_Target_5XX_Count", "TargetResponseTime"], errorCodes: [HOOK] },
  unhealthy: { metrics: ["UnHealthyHostCount"], errorCodes: [HOOK, NOT_STEADY] },
  exit: {
    metrics: ["TargetConnectionErrorCount", "UnHealthyHostCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_502_Count"],
    errorCodes: [HOOK, NOT_STEADY],
  },
  "broken-start": { metrics: [], errorCodes: [NOT_STEADY] },
};

/** Simulated seconds of a slow response: twice the default of what is too long for an alarm. */
const SLOW_SECONDS = 3;
/** Simulated seconds of a slow response with the fault `crash`; its other bad responses have status 500. */
const CRASH_SECONDS = 2.5;
/**
 * Simulated seconds from when the process listens until its health checks fail. The first check passes (at about 1 s)
 * and the second fails (30 s later). The canary takes 300 s and begins about 50 s after the first check, so these fit
 * in: three failed checks (60 s), the metric's minute (60), its delay (90), the alarm's interval (60) and CodeDeploy's
 * poll (10).
 */
const UNHEALTHY_AFTER_SECONDS = 20;
/**
 * Simulated seconds from when the process listens until it exits: after the canary has begun (about 50 s), and early
 * enough for the metric's minute, its delay, the alarm's interval and CodeDeploy's poll (220 s) before the canary ends.
 */
const EXIT_AFTER_SECONDS = 90;

/** Who plays a fault: the local cloud, for any service, or the service, which reads its variable `SIMULATE`. */
export const FAULT_PLAYERS = ["cloud", "service"] as const;
/** Who plays a fault. */
export type FaultPlayer = (typeof FAULT_PLAYERS)[number];

/**
 * Returns a fault as the local cloud plays it.
 * @param rate fraction of bad responses; only for the faults of DEFAULT_RATES
 */
export function targetFault(fault: FaultName, rate = DEFAULT_RATES[fault] ?? 1): TargetFault {
  switch (fault) {
    case "error":
      return { kind: fault, rate };
    case "slow":
      return { kind: fault, rate, seconds: SLOW_SECONDS };
    case "crash":
      return { kind: fault, rate, seconds: CRASH_SECONDS };
    case "unhealthy":
      return { kind: fault, afterSeconds: UNHEALTHY_AFTER_SECONDS };
    case "exit":
      return { kind: fault, afterSeconds: EXIT_AFTER_SECONDS };
    case "broken-start":
      return { kind: fault };
  }
}

/**
 * Returns the value of the service's variable `SIMULATE` for a fault. The service waits in wall time and the cloud's clock runs
 * `speed` times as fast, so all times are divided by the speed. The time of a slow response is converted as the load
 * balancer counts response times (response-time.ts).
 * @param rate fraction of bad responses; only for the faults of DEFAULT_RATES
 * @param speed simulated seconds in one wall second
 * @param realResponseMs wall milliseconds of a response that count as they are
 */
export function simulateValue(
  fault: FaultName,
  rate: number | undefined,
  speed: number,
  realResponseMs: number,
): string {
  const wallMs = (seconds: number) => rounded(wallTimeMs(seconds * 1000, speed, realResponseMs), 1);
  const fraction = decimal(rate ?? DEFAULT_RATES[fault] ?? 1);
  const atRate = fraction === "1" ? "" : `,rate=${fraction}`;
  switch (fault) {
    case "error":
      return `error:${fraction}`;
    case "slow":
      return `slow:${wallMs(SLOW_SECONDS)}${atRate}`;
    case "crash":
      return `crash:${wallMs(CRASH_SECONDS)}${atRate}`;
    case "unhealthy":
      return `unhealthy:after=${rounded(UNHEALTHY_AFTER_SECONDS / speed, 3)}`;
    case "exit":
      return `exit:after=${rounded(EXIT_AFTER_SECONDS / speed, 3)}`;
    case "broken-start":
      return "broken-start";
  }
}

/** Formats a number without an exponent: JavaScript writes one below a millionth, and the service refuses it. */
function decimal(value: number): string {
  return value < 1e-6 ? value.toFixed(20) : String(value);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
