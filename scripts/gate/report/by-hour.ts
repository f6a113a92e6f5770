import { isWeekly } from "../traffic-profile";
import { table } from "./columns";
import { DAYS, type GateFigures, type GateReport, type HourCaught, type ProfileFigures } from "./types";
import { percent } from "./words";

const DAY_HOURS = 24;
/** Half of an interval, as a share, that is too wide to rely on. */
const IMPRECISE = 0.06;

/**
 * Writes what gates catch by the hour in which a release begins: a table for a profile of a day, and for all profiles the
 * hours at which a gate is blind.
 * @returns paragraphs; none without a profile
 */
export function byHourSections({ gates, profile }: GateReport): readonly string[] {
  const [first] = gates;
  if (!profile || !first?.byHour) return [];
  const { badShare } = first.trafficNeeded;
  const isDaily = first.byHour.every(({ day }) => day === undefined);
  return [
    ...(isDaily
      ? [
          `Releases with ${percent(badShare)} % of errors rolled back before the last shift, by the hour in which they begin to shift traffic, %`,
          hoursTable(gates, first.byHour),
        ]
      : []),
    gates.flatMap((gate) => blindLines(gate).map((line) => `${gate.name} ${line}`)).join("\n"),
  ];
}

/** Says in a line how the traffic of a report changes. */
export function profileLine(profile: ProfileFigures): string {
  const { name, start } = profile;
  const cycle = isWeekly(profile) ? "week" : "day";
  return (
    `Traffic as in the profile ${name}: n/s is the mean over its ${cycle}. ` +
    `Releases begin to shift traffic ${start ? `from ${start.from} to ${start.to}` : "at any time"}.`
  );
}

/** The mean traffics of figures by hour, in their order. */
export function trafficsByHour(byHour: readonly HourCaught[]): readonly number[] {
  return [...new Set(byHour.map(({ rps }) => rps))];
}

function hoursTable(gates: readonly GateFigures[], byHour: readonly HourCaught[]): string {
  const traffics = trafficsByHour(byHour);
  const hours = [...new Set(byHour.map(({ hour }) => hour))];
  return table(
    ["hour", "traffic", "gate", ...traffics.map((rps) => `${rps}/s`)],
    hours.flatMap((hour) => {
      const at = byHour.find((one) => one.hour === hour);
      const factor = at ? at.requestsPerSecond / at.rps : 0;
      return gates.map((gate, index) => [
        ...(index === 0 ? [String(hour).padStart(2, "0"), `× ${Number(factor.toPrecision(2))}`] : ["", ""]),
        gate.name,
        ...traffics.map((rps) => {
          const found = gate.byHour?.find((one) => one.hour === hour && one.rps === rps);
          return found ? percent(found.beforeLastShift.share) : "–";
        }),
      ]);
    }),
  );
}

/** Says for each traffic at which hours a gate does not catch the goal's errors. */
export function blindLines({ byHour = [], trafficNeeded }: GateFigures): readonly string[] {
  const { badShare, probability } = trafficNeeded;
  const goal = `${percent(badShare)} % of errors with ${percent(probability)} %`;
  return trafficsByHour(byHour).map((rps) => {
    const blind = blindHours(byHour, rps, probability);
    const words = blind === "" ? `catches ${goal} at all hours` : `does not catch ${goal}: ${blind}`;
    return `at ${rps}/s ${words}${precisionWords(byHour.filter((one) => one.rps === rps))}`;
  });
}

/** Says that the figures are not precise, when there are few releases. */
function precisionWords(byHour: readonly HourCaught[]): string {
  const half = Math.max(0, ...byHour.map(({ beforeLastShift: { low, high } }) => (high - low) / 2));
  return half > IMPRECISE ? ` (few releases: each figure is within ${Math.ceil(100 * half)} percentage points)` : "";
}

/**
 * The hours at which less than a share is caught, in words: `00–07, 20–24`, or with days `Mon–Fri 00–07, 20–24; Sat–Sun 00–24`.
 * @returns empty when there are none
 */
export function blindHours(byHour: readonly HourCaught[], rps: number, probability: number): string {
  const blind = byHour.filter((one) => one.rps === rps && one.beforeLastShift.share < probability);
  const ofDays = [undefined, ...DAYS].map((day) => ({
    day,
    hours: rangesOf(blind.filter((one) => one.day === day).map(({ hour }) => hour)),
  }));
  const groups: { from: string | undefined; to: string | undefined; hours: string; last: number }[] = [];
  ofDays.forEach(({ day, hours }, index) => {
    if (hours === "") return;
    const group = groups.at(-1);
    if (group?.hours === hours && group.last === index - 1) {
      group.to = day;
      group.last = index;
    } else {
      groups.push({ from: day, to: day, hours, last: index });
    }
  });
  return groups
    .map(({ from, to, hours }) =>
      [from === undefined || to === undefined ? "" : from === to ? from : `${from}–${to}`, hours].join(" ").trim(),
    )
    .join("; ");
}

function rangesOf(hours: readonly number[]): string {
  const two = (hour: number) => String(hour).padStart(2, "0");
  const ranges: string[] = [];
  for (let hour = 0; hour < DAY_HOURS; hour += 1) {
    if (!hours.includes(hour)) continue;
    let end = hour + 1;
    while (hours.includes(end)) end += 1;
    ranges.push(`${two(hour)}–${two(end)}`);
    hour = end;
  }
  return ranges.join(", ");
}
