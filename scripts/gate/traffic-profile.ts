import { readFileSync } from "node:fs";
import { parseJson } from "../command/json-text";

/** The most requests per second that a simulation takes. */
export const MOST_RPS = 100_000;

const HOUR_MINUTES = 60;
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A profile that can't be used. The message says what is wrong, where, and what to do. */
export class ProfileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProfileError";
  }
}

/** How a service's traffic changes over a day or a week, which repeats. */
export interface TrafficProfile {
  /** What `--profile` names. */
  readonly name: string;
  /** The traffic of equal parts of a day, or of a week from Monday on, divided by its mean. */
  readonly factors: readonly number[];
  /** The length of each part. */
  readonly minutesOfPart: number;
  /** The mean, in requests per second; undefined for a shape without a size. */
  readonly rps?: number;
}

/** Times of the day at which releases start. Minutes after midnight. */
export interface StartWindow {
  readonly from: number;
  /** Not part of it. It may be smaller than `from`: then it is on the next day. */
  readonly to: number;
}

/**
 * Requests of a service that people use at work, in one time zone, by hour of the day: the shape of the profile `office`.
 * An assumption, to look at a gate before one's own traffic is known.
 */
const OFFICE = [1, 1, 1, 1, 1, 2, 5, 20, 60, 95, 100, 95, 75, 90, 100, 95, 80, 50, 20, 10, 6, 4, 2, 1];

/** Profiles that have a name. */
export const NAMED_PROFILES = ["office"] as const;
/** The profile of the traffic of the past, which `--live` or `--from` reads. */
export const HISTORY_PROFILE = "history";

/** The number of parts that a profile may have, and what they are. */
const PARTS = [
  { count: 24, minutes: HOUR_MINUTES, what: "24 for the hours of a day" },
  { count: 168, minutes: HOUR_MINUTES, what: "168 for the hours of a week from Monday on" },
  { count: DAY_MINUTES, minutes: 1, what: "1440 for the minutes of a day" },
  { count: WEEK_MINUTES, minutes: 1, what: "10080 for the minutes of a week" },
] as const;

const EXPECTED = `It must hold a JSON list of requests per second: ${PARTS.map(({ what }) => what).join(", ")}`;

/**
 * The profile of `--profile`.
 * @param given a name of {@link NAMED_PROFILES}, or a file
 * @throws ProfileError
 */
export function readProfile(given: string): TrafficProfile {
  if (NAMED_PROFILES.some((name) => name === given)) {
    const { factors, minutesOfPart } = profileFromRates(given, OFFICE);
    return { name: given, factors, minutesOfPart };
  }
  const where = `--profile ${given}`;
  let values: unknown;
  try {
    values = parseJson(readFileSync(given, "utf8"));
  } catch (error) {
    throw new ProfileError(`${where}: ${(error as Error).message}. ${EXPECTED}. Or name ${NAMED_PROFILES.join(", ")}`);
  }
  if (!Array.isArray(values)) throw new ProfileError(`${where}: holds no list. ${EXPECTED}`);
  if (!PARTS.some(({ count }) => count === values.length)) {
    throw new ProfileError(`${where}: the list has ${values.length} numbers. ${EXPECTED}`);
  }
  const rates = values.map((value: unknown, index) => {
    if (typeof value === "number" && value >= 0 && value <= MOST_RPS) return value;
    throw new ProfileError(
      `${where}: [${index}] is ${typeof value === "number" ? value : JSON.stringify(value)}; it must be a number of requests per second, from 0 to ${MOST_RPS}`,
    );
  });
  if (rates.every((rate) => rate === 0)) {
    throw new ProfileError(`${where}: every number is 0, so there is no traffic to judge`);
  }
  return profileFromRates(given, rates);
}

/**
 * A profile of these rates.
 * @param rates requests per second of equal parts: 24, 168, 1,440 or 10,080; at least one is above 0
 * @throws RangeError for another number of parts
 */
export function profileFromRates(name: string, rates: readonly number[]): TrafficProfile {
  const minutesOfPart = PARTS.find(({ count }) => count === rates.length)?.minutes;
  if (minutesOfPart === undefined) throw new RangeError(`a profile has no ${rates.length} parts`);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return { name, factors: rates.map((rate) => rate / mean), minutesOfPart, rps: mean };
}

/** Minutes after which the traffic repeats: those of a day, without a profile, or of the profile's week. */
export function cycleOf(profile: TrafficProfile | undefined): number {
  return profile ? profile.factors.length * profile.minutesOfPart : DAY_MINUTES;
}

/** Whether a profile is one of a week. */
export function isWeekly(profile: TrafficProfile): boolean {
  return cycleOf(profile) === WEEK_MINUTES;
}

/** The traffic in a minute of the profile's cycle, divided by its mean. */
export function factorAt({ factors, minutesOfPart }: TrafficProfile, minute: number): number {
  return factors[Math.floor(minute / minutesOfPart)] ?? 0;
}

/** The mean traffic in an hour of the profile's cycle, divided by that of the whole cycle. */
export function factorOfHour(profile: TrafficProfile, hour: number): number {
  let sum = 0;
  for (let minute = 0; minute < HOUR_MINUTES; minute += 1) sum += factorAt(profile, hour * HOUR_MINUTES + minute);
  return sum / HOUR_MINUTES;
}

/**
 * The minutes of the cycle in which a release may begin to shift its traffic.
 * @param hour of the cycle; undefined: any
 */
export function startMinutes(
  profile: TrafficProfile | undefined,
  window: StartWindow | undefined,
  hour?: number,
): readonly number[] {
  const [from, to] = hour === undefined ? [0, cycleOf(profile)] : [hour * HOUR_MINUTES, (hour + 1) * HOUR_MINUTES];
  const minutes = Array.from({ length: to - from }, (_, index) => from + index);
  return window ? minutes.filter((minute) => isWithin(window, minute % DAY_MINUTES)) : minutes;
}

/** The hours of a profile's cycle in which a release may begin to shift its traffic. */
export function startHours(profile: TrafficProfile, window: StartWindow | undefined): readonly number[] {
  const hours = Array.from({ length: cycleOf(profile) / HOUR_MINUTES }, (_, hour) => hour);
  return hours.filter((hour) => startMinutes(profile, window, hour).length > 0);
}

function isWithin({ from, to }: StartWindow, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** A time of the day as HH:MM. @param minute after midnight, at most 24:00, which is 00:00 */
export function timeOfDay(minute: number): string {
  return [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
