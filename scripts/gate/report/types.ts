/**
 * What `npm run gate --json` prints. gate.schema.json beside it is the same as JSON Schema. Shares are from 0 to 1, times
 * are seconds.
 */
export interface GateReport {
  readonly gates: readonly GateFigures[];
}

/** What one gate catches, and how often it stops a good release. */
export interface GateFigures {
  /** A preset's name, the file of `--compare`, or the environment. */
  readonly name: string;
  /** Good releases that it stops, by traffic; both colours together. */
  readonly falseStops: readonly FalseStops[];
  readonly caught: readonly Caught[];
  /** The smallest fault that it catches before the last shift with the probability of the goal, by traffic. */
  readonly smallestCaught: readonly SmallestCaught[];
  /** The traffic that it needs for the goal. */
  readonly trafficNeeded: TrafficNeeded;
}

/** A share that the simulation estimates, with its confidence interval of 95 %. */
export interface EstimatedShare {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The share of good releases that a gate stops. */
interface FalseStops extends EstimatedShare {
  /** Requests per second of the whole service. */
  readonly rps: number;
}

/** The target group that gets the new version: `blue` is the deployment group's first one. */
export type Colour = "blue" | "green";

/** How a gate judges one fault. For faults that are not the new version's, a stop is a false one. */
export interface Caught {
  readonly fault: string;
  /** What it measures depends on the fault: a share, or seconds. */
  readonly severity: number;
  /** Requests per second of the whole service. */
  readonly rps: number;
  readonly colour: Colour;
  /** Releases that are rolled back before the last shift of traffic. */
  readonly beforeLastShift: EstimatedShare;
  /** Releases that are rolled back before the old version is gone. */
  readonly beforeOldIsGone: EstimatedShare;
  /**
   * The share that the best judge of the same minutes catches before the last shift, when 1 in 1,000 good releases may be
   * stopped. 0 for faults that are not the new version's.
   */
  readonly oracle: number;
  /** From the time at which the fault begins; null when no release was rolled back. */
  readonly secondsToRollback: { readonly median: number | null; readonly p95: number | null };
  /** Requests to the new version that fail or are too slow, on average, until the rollback or until the old version is gone. */
  readonly failedRequests: number;
}

/** The smallest fault that is caught with the probability of the goal; null where none is. */
interface SmallestCaught {
  readonly rps: number;
  /** Share of the requests that fail. */
  readonly errorShare: number | null;
  /** By how much all responses are later. Seconds. */
  readonly slowdownSeconds: number | null;
}

/** The traffic that a goal needs. */
export interface TrafficNeeded {
  /** Share of the requests that fail. */
  readonly badShare: number;
  /** The probability of a rollback before the last shift. */
  readonly probability: number;
  /** Requests per second of the whole service; null when no traffic is enough. */
  readonly rps: number | null;
}
