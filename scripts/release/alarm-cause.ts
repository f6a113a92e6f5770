import type { AlarmView } from "./snapshot";

/** The alarms that ended a deployment, according to CodeDeploy's message. */
export interface AlarmCause {
  /** Alarms that every reading of the message contains. */
  readonly alarms: readonly AlarmView[];
  /** Names of alarms that only some readings contain. */
  readonly possible: readonly string[];
  /** Sentences about what is uncertain. */
  readonly remarks: readonly string[];
}

const NO_CAUSE: AlarmCause = { alarms: [], possible: [], remarks: [] };
/** CodeDeploy's error code when an alarm ended a deployment. */
export const ALARM_ACTIVE = "ALARM_ACTIVE";
/** A remark shows at most this number of readings. */
const READINGS_SHOWN = 4;
/** Limit of the search for readings: names that overlap everywhere must not delay the release. */
const MAX_STEPS = 10_000;

/**
 * The alarms that ended a deployment. CodeDeploy lists them in its message: each name between angle brackets, separated by
 * spaces (recorded from AWS in 2025). A name may contain brackets, spaces and other names, so the list is compared with
 * the names that the deployment watches, and it may have several readings. Pure.
 *
 * @param error CodeDeploy's errorInformation
 * @param names of all alarms that the deployment watches
 * @param now the alarms in their present state, as far as they could be read
 * @param seen alarms that were seen in ALARM at any time, in that state
 */
export function alarmCauseOf(
  error: { readonly code: string; readonly message: string } | undefined,
  names: readonly string[],
  now: readonly AlarmView[],
  seen: readonly AlarmView[],
): AlarmCause {
  if (error?.code !== ALARM_ACTIVE) return NO_CAUSE;
  const { readings, complete } = readingsOf(error.message, names);
  if (readings.length === 0) return causeWithoutKnownList(error.message, names, now, seen);
  const certain = complete ? names.filter((name) => readings.every((reading) => reading.includes(name))) : [];
  const alarms = certain.map((name) => alarmWhenItFired(name, now, seen));
  if (readings.length === 1 && complete) return { alarms, possible: [], remarks: [] };
  const shown = readings.slice(0, READINGS_SHOWN).map((reading) => reading.map((name) => `"${name}"`).join(" and "));
  const more = readings.length > READINGS_SHOWN || !complete ? "; or in yet other ways" : "";
  return {
    alarms,
    possible: names.filter((name) => !certain.includes(name) && readings.some((reading) => reading.includes(name))),
    remarks: [`CodeDeploy's list of alarms can be read as ${shown.join("; or as ")}${more}`],
  };
}

/** The cause when the message has no list that consists of known names. */
function causeWithoutKnownList(
  message: string,
  names: readonly string[],
  now: readonly AlarmView[],
  seen: readonly AlarmView[],
): AlarmCause {
  const written = namesInBrackets(message);
  const strange = written.filter((name) => !names.includes(name));
  if (strange.length > 0) {
    const list = strange.map((name) => `"${name}"`).join(", ");
    return {
      alarms: written.filter((name) => names.includes(name)).map((name) => alarmWhenItFired(name, now, seen)),
      possible: strange,
      remarks: [`CodeDeploy names ${list}, which this watch does not know as an alarm of the deployment`],
    };
  }
  const possible = seen.map(({ name }) => name);
  const beside =
    seen.length === 0
      ? "and none was seen in ALARM while this watched"
      : `seen in ALARM while this watched: ${seen.map(({ name, reason }) => (reason === undefined ? name : `${name} (${reason})`)).join("; ")}`;
  return {
    alarms: [],
    possible,
    remarks: [`CodeDeploy's message names no alarm that this watch knows; ${beside}`],
  };
}

/** The alarm with the reason for which it fired. The present reason doesn't help when the alarm is OK again. */
function alarmWhenItFired(name: string, now: readonly AlarmView[], seen: readonly AlarmView[]): AlarmView {
  const then = seen.find((alarm) => alarm.name === name);
  if (then) return then;
  const current = now.find((alarm) => alarm.name === name);
  return current === undefined || current.state === "ALARM"
    ? (current ?? { name, state: "UNKNOWN" })
    : { name, state: current.state };
}

/** The list begins after the first match. A name can contain the same words, but all names come later. */
const LIST_START = /activated alarms:\s*/i;
/** Between two names. */
const SEPARATOR = /[\s,;]+/y;
/** After the last name. */
const END = /[\s.,;]*$/y;
/** Delimiters of a name. The first pair is recorded from AWS; each other is tried only when those before give no reading. */
const DELIMITERS = [
  ["<", ">"],
  ["'", "'"],
  ['"', '"'],
  ["", ""],
] as const;

/** Ways to split a list into known names. A reading has each name at most once. */
interface Readings {
  readonly readings: readonly (readonly string[])[];
  /** Whether the search found all readings. */
  readonly complete: boolean;
}

const NO_READING: Readings = { readings: [], complete: true };

function readingsOf(message: string, names: readonly string[]): Readings {
  const list = listOf(message);
  if (list === undefined) return NO_READING;
  for (const [open, close] of DELIMITERS) {
    const items = names.filter((name) => name !== "").map((name) => ({ name, text: `${open}${name}${close}` }));
    const found = segmentations(list, items);
    if (found.readings.length > 0) return found;
  }
  return NO_READING;
}

/** The text after the marker or, without a marker, from the first bracket. */
function listOf(message: string): string | undefined {
  const marker = LIST_START.exec(message);
  if (marker) return message.slice(marker.index + marker[0].length);
  const bracket = message.indexOf("<");
  return bracket === -1 ? undefined : message.slice(bracket);
}

interface Item {
  readonly name: string;
  readonly text: string;
}

function segmentations(list: string, items: readonly Item[]): Readings {
  // Backwards from the end, find the positions from which the rest of the list can be split. They save the search below
  // from dead ends.
  const continuations = new Map<number, readonly { readonly name: string; readonly next: number | undefined }[]>();
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const steps = items
      .filter(({ text }) => list.startsWith(text, at))
      .flatMap(({ name, text }): { name: string; next: number | undefined }[] => {
        const after = at + text.length;
        if (matches(END, list, after) !== undefined) return [{ name, next: undefined }];
        const next = matches(SEPARATOR, list, after);
        return next !== undefined && continuations.has(next) ? [{ name, next }] : [];
      });
    if (steps.length > 0) continuations.set(at, steps);
  }
  const found = new Map<string, readonly string[]>();
  let steps = 0;
  const isEnough = () => found.size > READINGS_SHOWN || steps > MAX_STEPS;
  const walk = (at: number, taken: readonly string[]): void => {
    for (const { name, next } of continuations.get(at) ?? []) {
      steps += 1;
      if (isEnough()) return;
      if (taken.includes(name)) continue;
      const reading = [...taken, name];
      if (next === undefined) found.set(JSON.stringify(reading.toSorted()), reading);
      else walk(next, reading);
    }
  };
  walk(0, []);
  return { readings: [...found.values()], complete: !isEnough() };
}

/** Where a match that begins at `at` ends; undefined when there is none. */
function matches(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The names that the message has in brackets, known or not. */
function namesInBrackets(message: string): readonly string[] {
  const list = listOf(message);
  const inside = list === undefined ? undefined : /^<(.*)>[\s.]*$/s.exec(list)?.[1];
  return inside === undefined ? [] : inside.split(/>\s+</);
}
