import type { AlarmView } from "./snapshot";

/** Which alarms ended a deployment, as far as CodeDeploy's message tells. */
export interface AlarmCause {
  /** Those that the message names, however it is read. */
  readonly alarms: readonly AlarmView[];
  /** Names of those that it may name: nobody can tell. */
  readonly possible: readonly string[];
  /** What can't be told, in words. */
  readonly remarks: readonly string[];
}

const NO_CAUSE: AlarmCause = { alarms: [], possible: [], remarks: [] };
/** CodeDeploy's code for a deployment that an alarm ended. */
export const ALARM_ACTIVE = "ALARM_ACTIVE";
/** More readings than these are of use to nobody. */
const READINGS_SHOWN = 4;
/** Steps of the search for readings: a list whose names overlap everywhere must not keep the release waiting. */
const STEPS = 10_000;

/**
 * The alarms that ended a deployment. CodeDeploy lists them in its message, each between angle brackets, a space between
 * two (recorded in deployments of 2025). A name may hold brackets, spaces and whole other names, so that the list is
 * held against the names which the deployment watches. Pure.
 *
 * @param error CodeDeploy's errorInformation
 * @param names of all alarms that the deployment watches
 * @param now how they are now, as far as they could be read
 * @param seen those seen in ALARM at any time, as they were then
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

/** The message has no list that the known names make up. */
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

/** The reason of the moment it fired. By now it may be OK again, and the reason it has now is why it is OK. */
function alarmWhenItFired(name: string, now: readonly AlarmView[], seen: readonly AlarmView[]): AlarmView {
  const then = seen.find((alarm) => alarm.name === name);
  if (then) return then;
  const current = now.find((alarm) => alarm.name === name);
  return current === undefined || current.state === "ALARM"
    ? (current ?? { name, state: "UNKNOWN" })
    : { name, state: current.state };
}

/** The list begins after the first of these; names come after it, so that none of them can be mistaken for it. */
const LIST = /activated alarms:\s*/i;
/** Between two names, and after the last. */
const SEPARATOR = /[\s,;]+/y;
const END = /[\s.,;]*$/y;
/** How a name may be set off, the recorded way first; the next is tried only when the one before gives no reading. */
const DELIMITERS = [
  ["<", ">"],
  ["'", "'"],
  ['"', '"'],
  ["", ""],
] as const;

/** Ways to take a list apart into known names, each name at most once in a reading. */
interface Readings {
  readonly readings: readonly (readonly string[])[];
  /** There are no others. */
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

/** What follows the marker; without one, what begins with the first bracket. */
function listOf(message: string): string | undefined {
  const marker = LIST.exec(message);
  if (marker) return message.slice(marker.index + marker[0].length);
  const bracket = message.indexOf("<");
  return bracket === -1 ? undefined : message.slice(bracket);
}

interface Item {
  readonly name: string;
  readonly text: string;
}

function segmentations(list: string, items: readonly Item[]): Readings {
  // From the end backwards: where the rest of the list can be taken apart. It keeps the search below from dead ends.
  const goesOn = new Map<number, readonly { readonly name: string; readonly next: number | undefined }[]>();
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const steps = items
      .filter(({ text }) => list.startsWith(text, at))
      .flatMap(({ name, text }): { name: string; next: number | undefined }[] => {
        const after = at + text.length;
        if (matches(END, list, after) !== undefined) return [{ name, next: undefined }];
        const next = matches(SEPARATOR, list, after);
        return next !== undefined && goesOn.has(next) ? [{ name, next }] : [];
      });
    if (steps.length > 0) goesOn.set(at, steps);
  }
  const found = new Map<string, readonly string[]>();
  let steps = 0;
  const isEnough = () => found.size > READINGS_SHOWN || steps > STEPS;
  const walk = (at: number, taken: readonly string[]): void => {
    for (const { name, next } of goesOn.get(at) ?? []) {
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

/** Where a match at `at` ends; undefined: there is none. */
function matches(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Names as the message sets them off, whoever knows them; none when it doesn't. */
function namesInBrackets(message: string): readonly string[] {
  const list = listOf(message);
  const inside = list === undefined ? undefined : /^<(.*)>[\s.]*$/s.exec(list)?.[1];
  return inside === undefined ? [] : inside.split(/>\s+</);
}
