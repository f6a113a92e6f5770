/**
 * What `npm run gate --json` prints. gate.schema.json beside it is the same as JSON Schema. Shares are from 0 to 1, times
 * are seconds.
 */
export interface GateReport {
  readonly gates: readonly GateFigures[];
  /** Gates without figures. Absent: there are none. */
  readonly unknownGates?: readonly UnknownGate[];
  /** Only with `--profile`. */
  readonly profile?: ProfileFigures;
}

/** How the traffic of the figures changes; their `rps` is then the mean. */
export interface ProfileFigures {
  /** A profile's name, or its file. */
  readonly name: string;
  /** The traffic of equal parts of a day, or of a week from Monday on, divided by its mean. */
  readonly factors: readonly number[];
  /** The length of each part. */
  readonly minutesOfPart: number;
  /** When releases begin to shift their traffic, HH:MM; `to` is not part of it. Absent: at any time. */
  readonly start?: { readonly from: string; readonly to: string };
}

/** A gate of which nothing is known: its alarms would judge a release, and none of them can be simulated or replayed. */
export interface UnknownGate {
  readonly name: string;
  /** The names of these alarms. */
  readonly alarms: readonly string[];
}

/** The report with the traffic of the past. */
export interface ReportWithHistory extends GateReport {
  /** Only with `--live` or `--from`. */
  readonly history?: HistoryFigures;
  /** Only with `--recommend`. */
  readonly recommendation?: Recommendation;
}

/** What a gate has to reach. */
export interface RecommendationGoal {
  /** Share of the requests that fail. */
  readonly badShare: number;
  /** The probability of a rollback before the last shift. */
  readonly probability: number;
  /** The share of good releases that it stops, at most. */
  readonly falseStops: number;
  /** Requests per second of the whole service. */
  readonly rps: number;
}

/** Settings of an environment, as cdktf.json has them. */
export interface RecommendedSettings {
  readonly gate: {
    readonly preset: "balanced" | "strict";
    readonly normalBadShare: number;
    readonly windowMinutes: number;
    readonly sigmas: number;
    readonly allowance: number;
    readonly goal: Omit<RecommendationGoal, "falseStops">;
  };
  readonly delivery: {
    readonly strategy: { readonly type: "canary"; readonly percentage: number; readonly intervalMinutes: number };
  };
}

/** The settings that reach a goal, or what a goal would need. */
export interface Recommendation {
  readonly goal: RecommendationGoal;
  /** The settings with the least exposure; null when none within two hours and half of the traffic reach the goal. */
  readonly found: {
    readonly settings: RecommendedSettings;
    /** The share of the traffic on the new version, times the minutes until the last shift. */
    readonly exposureMinutes: number;
    /** Releases with the goal's share of errors that the simulation stops before the last shift. */
    readonly caught: EstimatedShare;
    /** Good releases that the simulation stops. */
    readonly falseStops: EstimatedShare;
  } | null;
  /** Settings that reach the goal by arithmetic, but not in a simulation. */
  readonly contradicted: number;
  /** What is enough by arithmetic, with all else as in the goal; null when settings are found. */
  readonly needed: {
    /** Requests per second; null when no traffic is enough. */
    readonly rps: number | null;
    /** Share of errors; null when not even a version that fails always is caught. */
    readonly badShare: number | null;
  } | null;
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
  /**
   * Gates with the same number have releases that are alike: one oracle is for all of them. Absent: the releases of all
   * gates are alike.
   */
  readonly releaseGroup?: number;
  /** Names of alarms that can't be simulated, so that they are in no figure. Absent: there are none. */
  readonly notSimulated?: readonly string[];
  /**
   * The deployment group stops on an alarm and doesn't roll back: each rollback of these figures is only a stop. Absent: it
   * rolls back.
   */
  readonly onlyStops?: true;
  /** What it catches of the goal's errors, by the hour in which a release begins to shift traffic. Only with `--profile`. */
  readonly byHour?: readonly HourCaught[];
}

/** The days of a week, in the order of a weekly profile. */
export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** What a gate catches in one hour of the profile. */
export interface HourCaught {
  /** Only with a profile of a week. */
  readonly day?: (typeof DAYS)[number] | undefined;
  /** Hour of the day. */
  readonly hour: number;
  /** Requests per second of the whole service, on average over the profile. */
  readonly rps: number;
  /** The same, in this hour. */
  readonly requestsPerSecond: number;
  /** Releases with the goal's share of errors that are rolled back before the last shift; both colours together. */
  readonly beforeLastShift: EstimatedShare;
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

/** What gates would have done with the traffic of the past. Times are ISO 8601 in UTC; hours and days are of the time zone. */
export interface HistoryFigures {
  /** Start of the first minute. */
  readonly from: string;
  /** End of the last minute. */
  readonly to: string;
  readonly timeZone: string;
  readonly requests: number;
  /** What the service's traffic was like. */
  readonly normal: NormalFigures;
  /** Minutes without requests. CloudWatch has no data of them, so missing data looks the same. */
  readonly quietMinutes: number;
  /** The times of an hour and more without requests. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  /** Every hour with traffic, in the order of time. */
  readonly hours: readonly HourFigures[];
  /** By hour of the day. */
  readonly hoursOfDay: readonly HourOfDay[];
  readonly gates: readonly ReplayFigures[];
  /** Gates of which nothing can be replayed. Absent: there are none. */
  readonly unknownGates?: readonly UnknownGate[];
  /** For each of the gates. */
  readonly advice: readonly Advice[];
}

/** What is normal for a service. */
interface NormalFigures {
  /** Share of the requests that failed: 5xx of targets, and failed connections. */
  readonly failedShare: number;
  /** Share of the responses that were slow; null when the data doesn't say what slow is. */
  readonly slowShare: number | null;
  /** Seconds; null when the data doesn't say it. */
  readonly slowSeconds: number | null;
  /** The median of the minutes, by their numbers of responses; null without responses. */
  readonly responseSeconds: { readonly p50: number; readonly p90: number; readonly p99: number } | null;
}

/** An hour of the past. */
interface HourFigures {
  readonly at: string;
  readonly rps: number;
  readonly failedShare: number;
  readonly slowShare: number;
}

/** An hour of the day, over all days. */
interface HourOfDay {
  readonly hour: number;
  /** Minutes of the data in this hour. */
  readonly minutes: number;
  readonly rps: number;
  readonly failedShare: number;
  readonly slowShare: number;
}

/** A gate's judgement of good releases that start in every minute of the past. */
export interface ReplayFigures {
  readonly name: string;
  readonly releases: number;
  /** Neighbouring minutes share their traffic; the interval takes that into account. */
  readonly falseStops: EstimatedShare;
  /** When the releases started that it stopped. */
  readonly stops: readonly { readonly from: string; readonly to: string; readonly releases: number }[];
  readonly hoursOfDay: readonly {
    readonly hour: number;
    readonly releases: number;
    readonly stopped: number;
    /** The smallest share of failing requests that is caught with 95 % before the last shift; null when none is. */
    readonly smallestErrorShare: number | null;
  }[];
  readonly days: readonly { readonly day: string; readonly releases: number; readonly stopped: number }[];
  /** The share of failing requests that the limit allows the canary, for each of `hours`; null without a limit or traffic. */
  readonly limitShares: readonly (number | null)[];
  /** Names of alarms that can't be replayed, so that they are in no figure. Absent: there are none. */
  readonly notReplayed?: readonly string[];
}

/** What to configure for one gate. */
export interface Advice {
  readonly gate: string;
  /** The share that `gate.normalBadShare` should be; null when nothing says so. */
  readonly normalBadShare: number | null;
  /** What the gate has; null for a gate without limits. */
  readonly configuredBadShare: number | null;
  /** The replay's false stops with that share; null when it is as configured. */
  readonly falseStops: EstimatedShare | null;
  /** What `gate.slowSeconds` should be; null when the response times don't say it. */
  readonly slowSeconds: number | null;
  /** Hours of the day at which a release is judged well: 5 % of errors are caught, and few good releases stopped. */
  readonly releaseHours: readonly number[];
  /** Minutes of a canary that catches 5 % of errors with 95 % at the traffic of the median hour; null when none is enough. */
  readonly canaryMinutes: number | null;
}
