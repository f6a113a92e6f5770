import { timeZoneOf } from "../../cloud/alarms/time-zone";
import { CHART_WIDTH, classOf, markOf, p, svgFrame, textWidth } from "./chart";
import { escaped } from "./markup";
import { linearScale, logScale, roundTop } from "./scale";
import type { HistoryFigures, ReplayFigures } from "./types";
import { percent } from "./words";

/** What is drawn of the traffic of the past, and of what gates would have done with it. */
export type DrawnHistory = Pick<HistoryFigures, "timeZone" | "hours" | "normal" | "gates">;

/** Which colour and mark each gate of a history has: the number of the gate in the report. */
export type Looks = readonly number[];

/** Pixels, as all of these. */
const TOP = 22;
const LABEL = 18;
const TRAFFIC_HEIGHT = 56;
const SHARE_HEIGHT = 96;
const BETWEEN = 12;
const ROW = 15;
const BOTTOM = 24;
const LEFT = 46;
const RIGHT = CHART_WIDTH - 12;
/** The shares that are drawn; smaller ones are drawn as 0. */
const [LEAST_SHARE, ZERO_PART] = [0.0001, 0.12];
const SHARE_TICKS = [1, 0.1, 0.01, 0.001, 0];
const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;

/** An hour with its place in its day. */
interface PlacedHour {
  readonly index: number;
  readonly at: number;
  /** Hours after midnight by the clocks of the time zone. */
  readonly hour: number;
  readonly rps: number;
  readonly failedShare: number;
  readonly slowShare: number;
}

type Clock = (at: number) => { readonly day: string; readonly hour: number };

/**
 * One chart for each day with traffic: the requests, the shares that failed and that were slow, the limits, and the starts
 * that are stopped.
 */
export function historyCharts(history: DrawnHistory, looks: Looks): readonly string[] {
  const clock = clockOf(history.timeZone);
  const days = new Map<string, PlacedHour[]>();
  for (const [index, { at, ...figures }] of history.hours.entries()) {
    const { day, hour } = clock(Date.parse(at));
    const placed = { index, at: Date.parse(at), hour, ...figures };
    const before = days.get(day);
    if (before) before.push(placed);
    else days.set(day, [placed]);
  }
  const most = Math.max(0, ...history.hours.map(({ rps }) => rps));
  return [...days].map(([day, hours]) => dayChart(history, looks, day, hours, most, clock));
}

function dayChart(
  { timeZone, normal, gates }: DrawnHistory,
  looks: Looks,
  day: string,
  hours: readonly PlacedHour[],
  most: number,
  clock: Clock,
): string {
  const { top, ticks } = roundTop(most);
  const traffic = linearScale(top, []);
  const share = logScale(LEAST_SHARE, 1, [], ZERO_PART);
  const trafficBottom = TOP + LABEL + TRAFFIC_HEIGHT;
  const rowsTop = trafficBottom + BETWEEN + LABEL;
  const shareTop = rowsTop + gates.length * ROW + 10;
  const shareBottom = shareTop + SHARE_HEIGHT;
  const yOfTraffic = (rps: number) => trafficBottom - traffic.at(rps) * TRAFFIC_HEIGHT;
  const yOfShare = (value: number) => shareBottom - share.at(value) * SHARE_HEIGHT;
  const runs = runsOf(hours);
  const stopped = gates.map(({ days }) => days.find((one) => one.day === day)?.stopped ?? 0);
  const date = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  const requests = hours.reduce((sum, { rps }) => sum + rps, 0);
  const ofAll = (share: (one: PlacedHour) => number) =>
    percent(requests > 0 ? hours.reduce((sum, one) => sum + one.rps * share(one), 0) / requests : 0);
  const hasSlow = normal.slowShare !== null;
  const description =
    `${Math.round((requests * MS_PER_HOUR) / 1_000)} requests, ${ofAll(({ failedShare }) => failedShare)} % of them failed` +
    `${hasSlow ? `, and ${ofAll(({ slowShare }) => slowShare)} % were slow` : ""}. ` +
    `Starts of releases that would have been stopped: ${gates.map(({ name }, index) => `${name}: ${stopped[index] ?? 0}`).join(", ")}.`;
  const steps = (part: (one: PlacedHour) => number) => (run: readonly PlacedHour[]) =>
    run
      .map((one, index) => `${index === 0 ? "M" : "L"}${p(xAt(one.hour))} ${p(part(one))}H${p(xAt(one.hour + 1))}`)
      .join("");
  const area = (run: readonly PlacedHour[]) =>
    `${steps(({ rps }) => yOfTraffic(rps))(run)}V${trafficBottom}H${p(xAt(run[0]?.hour ?? 0))}z`;
  const content = [
    `<text class="title" x="0" y="14">${escaped(date.format(Date.parse(day)))}</text>`,
    `<text x="0" y="${TOP + 9}">requests/s, by the hour in ${escaped(timeZone)}</text>`,
    ...[ticks[0] ?? 0, top].map((value) => tick(String(value), yOfTraffic(value), value === 0)),
    `<path class="area" d="${runs.map(area).join("")}"/>`,
    `<text x="0" y="${trafficBottom + BETWEEN + 9}">stopped starts; % failed${hasSlow ? ", slow (dots)" : ""}; limits</text>`,
    ...gates.map((gate, look) =>
      stopRow(gate, looks[look] ?? look, rowsTop + look * ROW, stopped[look] ?? 0, barsOf(gate, day, clock)),
    ),
    ...SHARE_TICKS.map((value) => tick(percent(value), yOfShare(value), value === 0)),
    `<path class="measured" d="${runs.map(steps(({ failedShare }) => yOfShare(failedShare))).join("")}"/>`,
    hasSlow
      ? `<path class="measured slow" d="${runs.map(steps(({ slowShare }) => yOfShare(slowShare))).join("")}"/>`
      : "",
    ...gates.map(({ limitShares }, look) => {
      const path = runs
        .flatMap((run) => splitAt(run, ({ index }) => (limitShares[index] ?? null) === null))
        .map(steps(({ index }) => yOfShare(limitShares[index] ?? 1)))
        .join("");
      return path && `<g class="${classOf(looks[look] ?? look)}"><path class="line thin" d="${path}"/></g>`;
    }),
    ...[0, 6, 12, 18, 24].map(
      (hour) =>
        `<path class="axis" d="M${p(xAt(hour))} ${shareBottom}v4"/><text x="${p(xAt(hour))}" y="${shareBottom + 17}" text-anchor="middle">${hour}</text>`,
    ),
  ];
  const frame = { id: `day-${day}`, title: date.format(Date.parse(day)), description };
  return svgFrame(frame, shareBottom + BOTTOM, content.filter((part) => part !== "").join("\n"));
}

function xAt(hour: number): number {
  return LEFT + (Math.min(HOURS_PER_DAY, hour) / HOURS_PER_DAY) * (RIGHT - LEFT);
}

function tick(text: string, y: number, isAxis: boolean): string {
  return `<path class="${isAxis ? "axis" : "grid"}" d="M${LEFT} ${p(y)}H${RIGHT}"/><text x="${LEFT - 6}" y="${p(y + 4)}" text-anchor="end">${escaped(text)}</text>`;
}

/** The hours of a day at which releases start that are stopped. */
function barsOf(
  { stops }: ReplayFigures,
  day: string,
  clock: Clock,
): readonly { readonly from: number; readonly to: number }[] {
  return stops.flatMap(({ from, to }) => {
    const [start, end] = [clock(Date.parse(from)), clock(Date.parse(to))];
    if (start.day > day || end.day < day) return [];
    return [{ from: start.day === day ? start.hour : 0, to: end.day === day ? end.hour : HOURS_PER_DAY }];
  });
}

/** A gate's mark, how many starts it stops on the day, and a bar where it does. */
function stopRow(
  { name }: ReplayFigures,
  look: number,
  y: number,
  stopped: number,
  bars: ReturnType<typeof barsOf>,
): string {
  const path = bars
    .map(({ from, to }) => {
      const width = p(Math.max(2, xAt(to) - xAt(from)));
      return `M${p(xAt(from))} ${y + 2}h${width}v9h-${width}z`;
    })
    .join("");
  const count = String(stopped);
  const text = textWidth(count) > LEFT - 20 ? "" : count;
  return `<g class="${classOf(look)}"><path class="mark" d="${markOf(look, 8, y + 7)}"/><text class="name" x="${LEFT - 6}" y="${y + 11}" text-anchor="end">${text}</text><path class="grid" d="M${LEFT} ${y + 6.5}H${RIGHT}"/>${path && `<path class="mark" d="${path}"/>`}<title>${escaped(
    `${name}: ${count} starts of releases would have been stopped`,
  )}</title></g>`;
}

/** Hours one after the other. A gap in the data, and an hour that the clocks repeat, begin a new run. */
function runsOf(hours: readonly PlacedHour[]): readonly (readonly PlacedHour[])[] {
  const runs: PlacedHour[][] = [];
  for (const one of hours) {
    const last = runs.at(-1)?.at(-1);
    if (last && one.at - last.at <= MS_PER_HOUR && one.hour > last.hour) runs.at(-1)?.push(one);
    else runs.push([one]);
  }
  return runs;
}

function splitAt<T>(values: readonly T[], isBreak: (value: T) => boolean): readonly (readonly T[])[] {
  const parts: T[][] = [[]];
  for (const value of values) {
    if (isBreak(value)) parts.push([]);
    else parts.at(-1)?.push(value);
  }
  return parts.filter(({ length }) => length > 0);
}

/** The day and the hour of a time by the clocks of a time zone. @throws RangeError for an unknown time zone */
function clockOf(timeZone: string): Clock {
  const { offsetAt } = timeZoneOf(timeZone);
  return (at) => {
    const local = new Date(at + offsetAt(at));
    return { day: local.toISOString().slice(0, 10), hour: local.getUTCHours() + local.getUTCMinutes() / 60 };
  };
}
