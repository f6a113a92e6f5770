import type { GateArguments } from "../arguments";
import type { Latency } from "../latency";
import { isWeekly, timeOfDay, type TrafficProfile } from "../traffic-profile";
import { severityOf } from "./words";

/** What the figures are of, besides the command line. */
interface Simulated {
  readonly trafficProfile: TrafficProfile | undefined;
  readonly rps: readonly number[];
  readonly latency: Latency;
  /** Where the alarms that the service has come from; undefined: they are not judged. */
  readonly ownAlarms: string | undefined;
}

/** What the figures depend on, in words. */
export function factsOf(
  args: GateArguments & Simulated,
  environment: string,
): readonly (readonly [name: string, value: string])[] {
  const { trafficProfile: profile, start, compare, ownAlarms } = args;
  const { rps, normalBad, latency, watched, slidingWindowEndsAt, runs, seed } = args;
  return [
    ["Environment", environment],
    ...(ownAlarms === undefined ? [] : [["Own alarms", ownAlarms] as const]),
    ...(ownAlarms === undefined || compare.length > 0
      ? [["Gates", compare.length === 0 ? "as configured" : compare.join(", ")] as const]
      : []),
    [
      "Traffic",
      `${rps.join(", ")} requests per second of the whole service` +
        (profile ? `, on average over the ${isWeekly(profile) ? "week" : "day"} of the profile ${profile.name}` : ""),
    ],
    ...(profile
      ? [["Releases begin", start ? `from ${timeOfDay(start.from)} to ${timeOfDay(start.to)}` : "at any time"] as const]
      : []),
    [
      "Bad anyway",
      normalBad === undefined ? "the share that the gate takes as normal" : severityOf("share", normalBad),
    ],
    ["Response times", `median ${latency.median} s; 1 % take longer than ${latency.p99} s`],
    ["Watched alarms", watched === "new" ? "those about the new version" : "all"],
    ["Sliding windows", slidingWindowEndsAt === "now" ? "end now" : "end at the newest published minute"],
    ["Releases", runs === undefined ? "as many as the precision of each figure needs" : `${runs} for each figure`],
    ["Seed", String(seed)],
  ];
}
