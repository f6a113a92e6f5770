import type { GateArguments } from "../arguments";
import type { Latency } from "../latency";
import { severityOf } from "./words";

/** What the figures are of, besides the command line. */
interface Simulated {
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
  const { compare, ownAlarms, rps, normalBad, latency, watched, slidingWindowEndsAt, runs, seed } = args;
  return [
    ["Environment", environment],
    ...(ownAlarms === undefined ? [] : [["Own alarms", ownAlarms] as const]),
    ...(ownAlarms === undefined || compare.length > 0
      ? [["Gates", compare.length === 0 ? "as configured" : compare.join(", ")] as const]
      : []),
    ["Traffic", `${rps.join(", ")} requests per second of the whole service`],
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
