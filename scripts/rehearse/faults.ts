import { wallTimeMs } from "../cloud/load-balancer/response-time";

/** What can be wrong with a new version, by the names that the API knows too (its `SIMULATE` variable). */
export const FAULTS = ["error", "slow", "crash", "unhealthy", "exit", "broken-start"] as const;
/** One of them. */
export type FaultName = (typeof FAULTS)[number];

/** Faults that strike only a fraction of the responses, with that fraction when none is chosen. */
export const DEFAULT_RATES: Readonly<Partial<Record<FaultName, number>>> = { error: 0.5, slow: 1, crash: 1 };

/** What a fault can bring a gate to see. */
export interface FaultSignals {
  /** Metrics of AWS/ApplicationELB that it shows in. */
  readonly metrics: readonly string[];
  /** Codes of CodeDeploy's errorInformation, besides ALARM_ACTIVE, with which a deployment may end because of it. */
  readonly errorCodes: readonly string[];
}

const HOOK = "HOOK_EXECUTION_FAILURE";
/** The replacement tasks never became steady. */
const NOT_STEADY = "TIMEOUT";

/** The signs of each fault: a rollback for another reason does not show that the gate catches it. */
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

/** Simulated seconds of a slow response: twice what the response-time alarm allows by default. */
const SLOW_SECONDS = 3;
/** Simulated seconds of crash's slow responses; the others are 500. */
const CRASH_SECONDS = 2.5;
/**
 * Simulated seconds, from when the process listens, until it fails its health checks: after the first one has passed
 * (about 1 s), and before the second (30 s later). Three failed ones (60), the metric's minute (60), its delay (90),
 * the alarm's tick (60) and CodeDeploy's poll (10) then fit into a canary of 300 s, which begins about 50 s after the
 * first passed check.
 */
const UNHEALTHY_AFTER_SECONDS = 20;
/**
 * Simulated seconds, from when the process listens, until it dies: after the canary has begun (about 50), and early
 * enough for minute, delay, tick and poll (220) before it ends.
 */
const EXIT_AFTER_SECONDS = 90;

/**
 * The value of the API's `SIMULATE` for a fault. The API waits on the wall clock while the cloud's clock runs `speed`
 * times as fast, so its times are divided by the speed; a slow response is one as the load balancer counts it.
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

/** Without an exponent, which the API refuses, and which JavaScript writes below a millionth. */
function decimal(value: number): string {
  return value < 1e-6 ? value.toFixed(20) : String(value);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
