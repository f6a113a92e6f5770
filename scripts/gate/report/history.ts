import { table } from "./columns";
import { notReplayedLines } from "./left-out";
import type { Advice, HistoryFigures, ReplayFigures } from "./types";
import { percent, perMille } from "./words";

/** Lines of a list that people read. */
const SHOWN = 8;
/** What a gate is blind to. */
const BLIND_FROM = 0.05;
/** The longest window that gates have by default. Minutes. */
const LONGEST_DEFAULT_WINDOW = 15;
const TWO_WEEKS_MINUTES = 14 * 1_440;

/** Writes what gates would have done with the traffic of the past: paragraphs and tables. */
export function historySections(history: HistoryFigures): readonly string[] {
  const { gates, advice, timeZone } = history;
  return [
    summaryLines(history).join("\n"),
    `By hour of the day (${timeZone})`,
    table(hoursOfDayHead(history), hoursOfDayRows(history)),
    ...notReplayedLines(history),
    ...gates.flatMap((gate, index) => [
      gateLines(gate),
      ...(advice[index] ? [adviceLines(advice[index], history)] : []),
    ]),
  ];
}

/** Says what the traffic of the past was like. */
export function summaryLines({ from, to, requests, normal, quietMinutes, gaps }: HistoryFigures): readonly string[] {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const days = Number((minutes / 1_440).toPrecision(3));
  const { failedShare, slowShare, slowSeconds, responseSeconds } = normal;
  return [
    `Traffic of the past: ${days} ${days === 1 ? "day" : "days"}, ${from} to ${to}, ${requests} requests`,
    `failed: ${percent(failedShare)} %` +
      (slowShare === null || slowSeconds === null ? "" : `; later than ${slowSeconds} s: ${percent(slowShare)} %`) +
      (responseSeconds
        ? `; response times: median ${seconds(responseSeconds.p50)}, 90 % within ${seconds(responseSeconds.p90)}, ` +
          `99 % within ${seconds(responseSeconds.p99)}`
        : ""),
    ...(minutes < TWO_WEEKS_MINUTES
      ? [`It is less than two weeks, so it may not show what happens at other hours and on other days.`]
      : []),
    ...(quietMinutes > 0
      ? [
          `${quietMinutes} minutes have no request. CloudWatch has no data of such minutes, so missing data looks the same.`,
        ]
      : []),
    ...shown(gaps, ({ from: begin, to: end }) => `no request from ${begin} to ${end}`),
  ];
}

/** The head of the table by hour of the day. */
export function hoursOfDayHead({ gates }: HistoryFigures): readonly string[] {
  const ofGates = gates.map(({ name }) => `${name}: stopped, per 1,000; blind below`);
  return ["hour", "requests/s", "failed, %", "slow, %", ...ofGates];
}

/** Its rows: for each hour, the traffic, the good releases that each gate stops, and the errors to which it is blind. */
export function hoursOfDayRows({ gates, hoursOfDay, normal }: HistoryFigures): readonly (readonly string[])[] {
  return hoursOfDay.map(({ hour, rps, failedShare, slowShare }) => [
    String(hour).padStart(2, "0"),
    String(Number(rps.toPrecision(3))),
    percent(failedShare),
    normal.slowShare === null ? "–" : percent(slowShare),
    ...gates.map((gate) => hourCell(gate, hour)),
  ]);
}

function hourCell({ hoursOfDay }: ReplayFigures, hour: number): string {
  const own = hoursOfDay.find((one) => one.hour === hour);
  if (!own) return "–";
  const blind = own.smallestErrorShare === null ? "all" : `${percent(own.smallestErrorShare)} %`;
  return `${perMille(own.stopped / own.releases)}; ${blind}`;
}

function gateLines({ name, releases, falseStops, stops, days, hoursOfDay }: ReplayFigures): string {
  const blind = hoursOfDay.filter(({ smallestErrorShare: share }) => share === null || share > BLIND_FROM);
  const stoppedDays = days.filter(({ stopped }) => stopped > 0).sort((one, other) => other.stopped - one.stopped);
  const { share, low, high } = falseStops;
  return [
    `${name}: a good release in each of ${releases} minutes; ${perMille(share)} of 1,000 are stopped ` +
      `(${perMille(low)}–${perMille(high)})`,
    ...shown(
      [...stops].sort((one, other) => other.releases - one.releases),
      ({ from, to, releases: count }) => `stopped: ${count} ${count === 1 ? "start" : "starts"} from ${from} to ${to}`,
    ),
    ...(stoppedDays.length > 0
      ? [
          `by day: ${stoppedDays
            .slice(0, SHOWN)
            .map(({ day, stopped }) => `${day}: ${stopped}`)
            .join(", ")}`,
        ]
      : []),
    blind.length === 0
      ? "At every hour, it catches 5 % of errors or less with 95 % before the last shift."
      : `Blind to 5 % of errors for lack of traffic at: ${hoursText(blind.map(({ hour }) => hour))}`,
  ].join("\n");
}

function adviceLines(advice: Advice, history: HistoryFigures): string {
  return [`What to configure (${advice.gate}):`, ...adviceItems(advice, history).map((item) => `  ${item}`)].join("\n");
}

/** What to configure for a gate: one line for each thing. */
export function adviceItems(advice: Advice, { normal }: Pick<HistoryFigures, "normal">): readonly string[] {
  const { normalBadShare, configuredBadShare, falseStops, slowSeconds, releaseHours, canaryMinutes } = advice;
  const change =
    falseStops === null
      ? ""
      : `; ${perMille(falseStops.share)} of 1,000 good releases are then stopped (${perMille(falseStops.low)}–` +
        `${perMille(falseStops.high)})`;
  return [
    normalBadShare === null
      ? "gate.normalBadShare: there are too few requests to tell"
      : configuredBadShare === null
        ? `gate.normalBadShare: ${normalBadShare}, with the preset balanced; this gate has no such number`
        : `gate.normalBadShare: ${normalBadShare}` +
          (normalBadShare === configuredBadShare ? ", as it is" : ` instead of ${configuredBadShare}${change}`),
    slowSeconds === null
      ? "gate.slowSeconds: there are no response times to tell from"
      : `gate.slowSeconds: about ${slowSeconds}` +
        (normal.slowSeconds === null
          ? ""
          : ` (the data counts responses later than ${normal.slowSeconds} s); then read again`),
    releaseHours.length === 0
      ? "release at: no hour is good, because it is blind or stops good releases at each"
      : `release at: ${hoursText(releaseHours)}`,
    ...(configuredBadShare === null ? [] : [canaryLine(canaryMinutes)]),
  ];
}

function canaryLine(minutes: number | null): string {
  if (minutes === null) {
    return "canary: no time up to 4 hours catches 5 % of errors with 95 % at the median hour's traffic";
  }
  const window = minutes > LONGEST_DEFAULT_WINDOW ? `, with gate.windowMinutes ${minutes}` : "";
  return `canary: ${minutes} minutes catch 5 % of errors with 95 % at the median hour's traffic${window}`;
}

function shown<T>(items: readonly T[], line: (item: T) => string): readonly string[] {
  const more = items.length - SHOWN;
  return [...items.slice(0, SHOWN).map(line), ...(more > 0 ? [`and ${more} more (--json has all)`] : [])];
}

/** Hours as ranges: 8–11, 22. */
function hoursText(hours: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const hour of hours) {
    const last = ranges.at(-1);
    if (last && last[1] === hour - 1) last[1] = hour;
    else ranges.push([hour, hour]);
  }
  const two = (hour: number) => String(hour).padStart(2, "0");
  return ranges.map(([from, to]) => `${two(from)}:00–${two(to)}:59`).join(", ");
}

function seconds(value: number): string {
  return `${Number(value.toPrecision(3))} s`;
}
