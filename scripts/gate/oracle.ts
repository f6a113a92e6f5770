import { poissonTail } from "./distributions";
import type { Fault, FaultModel } from "./models/fault";
import type { GroupIndex, PublishedTraffic } from "./traffic";

const MINUTE_MS = 60_000;

/** The share of good releases that the oracle may stop. */
const ORACLE_FALSE_STOPS = 0.001;

/** What the oracle judges. */
export interface OracleInput {
  readonly fault: Fault;
  readonly signal: FaultModel["signal"];
  /** The target group of the new version. */
  readonly group: GroupIndex;
  readonly traffic: PublishedTraffic;
  /** The number of minutes that are published at the last look before the last shift. */
  readonly visible: number;
  /** Share of the requests that is bad in this way when the version is well. */
  readonly normalBad: number;
}

/**
 * Whether the best judge of the same minutes stops a release before its last shift: an exact test of all requests of the
 * new version since the fault began, as far as they are published at the last look. It knows what is wrong and since when,
 * but not how bad it is. The test of a Poisson number against its normal mean is then the most powerful one there is.
 */
export function oracleStops({ fault, signal, group, traffic, visible, normalBad }: OracleInput): boolean {
  if (signal === undefined) return false;
  traffic.upTo(visible);
  const counts = traffic.groups[group];
  const beganAt = (traffic.shiftMs + fault.beginsAt * 1_000 - traffic.firstMinuteMs) / MINUTE_MS;
  let requests = 0;
  let bad = 0;
  for (let minute = Math.max(0, Math.floor(beganAt)); minute < Math.min(visible, traffic.minutes); minute += 1) {
    if (signal === "hosts") {
      if ((counts.unhealthy.maximum[minute] ?? 0) > 0) return true;
      continue;
    }
    requests += counts.requests[minute] ?? 0;
    bad +=
      signal === "slow" ? (counts.slow[minute] ?? 0) : (counts.failed[minute] ?? 0) + (counts.refused[minute] ?? 0);
  }
  return requests > 0 && poissonTail(bad, requests * normalBad) <= ORACLE_FALSE_STOPS;
}
