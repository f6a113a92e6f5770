import { limitOf } from "../../../stacks/gate/limit";
import type { TimeZone } from "../../cloud/alarms/time-zone";
import { smallestCaughtShare } from "../arithmetic";
import { wilson } from "../distributions";
import type { EstimatedShare, ReplayFigures } from "../report/types";
import type { ServiceMinutes } from "./history";
import { hourOfDay, isoTime, type Profile } from "./profile";
import type { Replay, ReplayedRelease } from "./replay";

const MINUTE_MS = 60_000;
/** Stopped releases that are closer together than this are one time of trouble. */
const TOGETHER_MINUTES = 15;
/** Minutes of a block: traffic of blocks is nearly independent of each other. */
const BLOCK_MINUTES = 60;
/** The probability with which a caught share is caught. */
const CAUGHT = 0.95;

/** The smallest error share that a gate without a limit catches at a traffic, found by simulation. */
export type SimulatedShare = (rps: number) => number | null;

/** Says what a replay shows, by hour of the day and by day. */
export function judgedOf(
  name: string,
  replay: Replay,
  { startMs }: Pick<ServiceMinutes, "startMs">,
  profile: Pick<Profile, "hours" | "hoursOfDay">,
  zone: TimeZone,
  simulated: SimulatedShare,
): ReplayFigures {
  const { releases, limit, canaryShare } = replay;
  const byHour = new Map<number, { releases: number; stopped: number; seen: Map<number, number> }>();
  const byDay = new Map<string, { releases: number; stopped: number }>();
  for (const { minute, stopped, seen } of releases) {
    const time = startMs + minute * MINUTE_MS;
    const local = time + zone.offsetAt(time);
    const hour = hourOfDay(local);
    const inHour = byHour.get(hour) ?? { releases: 0, stopped: 0, seen: new Map<number, number>() };
    byHour.set(hour, inHour);
    const day = isoTime(local).slice(0, 10);
    const inDay = byDay.get(day) ?? { releases: 0, stopped: 0 };
    byDay.set(day, inDay);
    for (const counts of [inHour, inDay]) {
      counts.releases += 1;
      if (stopped) counts.stopped += 1;
    }
    if (seen !== undefined) inHour.seen.set(seen, (inHour.seen.get(seen) ?? 0) + 1);
  }
  return {
    name,
    releases: releases.length,
    falseStops: falseStopsOf(replay),
    stops: stopsOf(releases, startMs),
    hoursOfDay: [...byHour]
      .sort(([one], [other]) => one - other)
      .map(([hour, { seen, ...counts }]) => ({
        hour,
        ...counts,
        smallestErrorShare: limit
          ? smallestCaughtShare(limit, seen, CAUGHT)
          : simulated(profile.hoursOfDay.find((one) => one.hour === hour)?.rps ?? 0),
      })),
    days: [...byDay].map(([day, counts]) => ({ day, ...counts })),
    limitShares: profile.hours.map(({ rps }) => {
      const requests = rps * canaryShare * (limit?.windowSeconds ?? 0);
      return limit && requests > 0 ? Math.min(1, limitOf(requests, limit) / requests) : null;
    }),
  };
}

/**
 * The share of releases that were stopped. Its interval counts as many independent releases as the spread over blocks of
 * an hour shows; without any spread, releases that don't overlap.
 */
export function falseStopsOf({ releases, minutesOfRelease }: Replay): EstimatedShare {
  const all = releases.length;
  const stopped = releases.filter((release) => release.stopped).length;
  const share = stopped / all;
  const blocks = new Map<number, number>();
  for (const release of releases) {
    const block = Math.floor(release.minute / BLOCK_MINUTES);
    blocks.set(block, (blocks.get(block) ?? 0) + (release.stopped ? 1 : 0) - share);
  }
  const variance = [...blocks.values()].reduce((sum, excess) => sum + excess * excess, 0) / (all * all);
  const apart = Math.max(1, all / minutesOfRelease);
  const independent = variance > 0 ? Math.min(all, (share * (1 - share)) / variance) : apart;
  return wilson(share * independent, independent);
}

function stopsOf(releases: readonly ReplayedRelease[], startMs: number): ReplayFigures["stops"] {
  const stops: { first: number; last: number; releases: number }[] = [];
  for (const { minute, stopped } of releases) {
    if (!stopped) continue;
    const last = stops.at(-1);
    if (last && minute - last.last <= TOGETHER_MINUTES) {
      last.last = minute;
      last.releases += 1;
    } else {
      stops.push({ first: minute, last: minute, releases: 1 });
    }
  }
  const at = (minute: number) => isoTime(startMs + minute * MINUTE_MS);
  return stops.map(({ first, last, releases: count }) => ({ from: at(first), to: at(last + 1), releases: count }));
}
