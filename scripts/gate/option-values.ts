import { InvalidArgumentError } from "commander";
import { number } from "../command/options";
import type { Latency } from "./latency";
import { FAULT_MODELS, type FaultName } from "./models/faults";
import type { StartWindow } from "./traffic-profile";

/** Response times of the default table. */
export const DEFAULT_LATENCY: Latency = { median: 0.1, p99: 0.5 };
/** A response that takes longer than a load balancer waits for one is not a slow response. Seconds. */
export const MOST_SECONDS = 4000;
/** The names of the faults. */
export const FAULT_NAMES = Object.keys(FAULT_MODELS) as readonly FaultName[];

/** The reader of a list of values, separated by commas; each value may be there once. */
export function list<T extends string | number>(read: (value: string) => T): (value: string) => readonly T[] {
  return (value) => {
    const values = value.split(",").map((part) => read(part.trim()));
    const twice = values.find((part, index) => values.indexOf(part) !== index);
    if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`);
    return values;
  };
}

/** Reads the name of a fault. */
export function faultName(value: string): FaultName {
  const known = FAULT_NAMES.find((name) => name === value);
  if (known === undefined) throw new InvalidArgumentError(`Allowed faults are ${FAULT_NAMES.join(", ")}.`);
  return known;
}

/** What 1 % exceed when only the median is given, as a multiple of it. */
const USUAL_TAIL = DEFAULT_LATENCY.p99 / DEFAULT_LATENCY.median;

/** Reads a severity: a share or seconds. */
export function severity(value: string): number {
  if (value.endsWith("%")) {
    throw new InvalidArgumentError("It must be a number greater than 0: a share, so that 5 % is 0.05, or seconds.");
  }
  return number({ above: 0 })(value);
}

/** Reads a median of response times, and after a colon what 1 % exceed. */
export function latency(value: string): Latency {
  const seconds = number({ above: 0, to: MOST_SECONDS });
  const [first = "", second, ...more] = value.split(":");
  const median = seconds(first);
  const p99 = second === undefined ? median * USUAL_TAIL : seconds(second);
  if (more.length > 0 || p99 <= median) {
    throw new InvalidArgumentError("It must be the median, or the median and what 1 % exceed, which is more: 0.1:0.5.");
  }
  return { median, p99 };
}

/** Reads the name of a time zone. */
export function timeZone(value: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    // Not every version of Node takes an offset.
    if (/^[A-Za-z]/.test(value)) return value;
  } catch {
    // It is not a name of the database.
  }
  throw new InvalidArgumentError("It must be a name of the IANA time zone database, e.g. Europe/Berlin.");
}

/** Reads HH:MM, or HH:MM-HH:MM, which may be over midnight. A single time is that minute. */
export function startWindow(value: string): StartWindow {
  const [from, to, ...more] = value.split("-").map(minuteOfDay);
  if (from === undefined || more.length > 0 || from === to) {
    throw new InvalidArgumentError("It must be a time of the day or two different ones: 09:00-17:00.");
  }
  return { from, to: to ?? from + 1 };
}

function minuteOfDay(value: string): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(value.trim()) ?? [];
  if (hours === undefined) throw new InvalidArgumentError("It must be HH:MM or HH:MM-HH:MM, from 00:00 to 23:59.");
  return Number(hours) * 60 + Number(minutes);
}
