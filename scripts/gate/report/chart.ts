import { escaped, shortened } from "./markup";
import type { Scale, Tick } from "./scale";
import { SERIES_COLOURS } from "./style";

/** A point of a series. */
export interface Point {
  readonly x: number;
  /** Null: there is no value, and the line has a gap. */
  readonly y: number | null;
  /** Ends of the whisker; absent: there is none. */
  readonly low?: number;
  readonly high?: number;
  /** The figure in words. */
  readonly title: string;
}

/** How a series looks: the number of a gate, or the oracle. */
export type SeriesLook = number | "oracle";

/** A line of a chart. */
export interface Series {
  readonly name: string;
  readonly look: SeriesLook;
  /** Ascending by x. */
  readonly points: readonly Point[];
}

/** A small chart with lines that are labelled at their ends. */
export interface Chart {
  /** Unique in the document; letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What a reader who doesn't see the chart needs: read out by screen readers. */
  readonly description: string;
  readonly x: Scale & { readonly label: string };
  readonly y: Scale & { readonly label: string };
  readonly series: readonly Series[];
  /** A line across, with a text. */
  readonly reference?: { readonly y: number; readonly text: string };
}

/** Width of a chart. Pixels, as all of these. */
export const CHART_WIDTH = 320;
const FONT_SIZE = 12;
const TOP = 44;
const BOTTOM = 40;
const PLOT_HEIGHT = 148;
/** Between the plot's edge and the first and last points. */
const INSET = 8;
const LABEL_HEIGHT = 15;
const LABEL_GAP = 20;
/** Of a name beside a line. */
const LONGEST_NAME = 96;
const DODGE = 4;
/** How much wider bold text is. */
const BOLD = 1.15;

const MARKS: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `M${p(x - 3.5)} ${p(y)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z`,
  (x, y) => `M${p(x - 3.2)} ${p(y - 3.2)}h6.4v6.4h-6.4z`,
  (x, y) => `M${p(x)} ${p(y - 4.2)}l4.2 7.4h-8.4z`,
  (x, y) => `M${p(x)} ${p(y - 4.6)}l4.6 4.6l-4.6 4.6l-4.6 -4.6z`,
  (x, y) => `M${p(x)} ${p(y + 4.2)}l4.2 -7.4h-8.4z`,
  (x, y) => `M${p(x - 1.4)} ${p(y - 4.2)}h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8v-2.8h2.8z`,
];

/** A coordinate: a tenth of a pixel is enough. */
export function p(value: number): number {
  return Number(value.toFixed(1));
}

/** About how wide a text is; rather too wide than too narrow. */
export function textWidth(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + FONT_SIZE * characterWidth(character), 0);
}

/** Width of a character in a wide font, as a part of the font's size. */
function characterWidth(character: string): number {
  if (/^[ijl.,:;'|!\[\]]$/.test(character)) return 0.4;
  if (/^[mwMW@%]$/.test(character)) return 1;
  if (/^[ -~–]$/.test(character)) return /^[A-Z]$/.test(character) ? 0.75 : 0.64;
  return character.length > 1 ? 1.4 : 1.1;
}

/** The beginning of a name that fits beside a line. */
function shortName(name: string): string {
  const most = Array.from(name).length;
  const lengths = Array.from({ length: most }, (_, index) => most - index);
  const fitting = lengths.find((length) => textWidth(shortened(name, length)) * BOLD <= LONGEST_NAME);
  return shortened(name, fitting ?? 1);
}

/** The class that gives a series its colour. */
export function classOf(look: SeriesLook): string {
  return look === "oracle" ? "oracle" : `s${look % SERIES_COLOURS}`;
}

/** The path of a series' mark; the oracle's is a dash. */
export function markOf(look: SeriesLook, x: number, y: number): string {
  if (look === "oracle") return `M${p(x - 5)} ${p(y - 1)}h10v2h-10z`;
  return MARKS[look % MARKS.length]?.(x, y) ?? "";
}

/** Height of a chart: its labels must have room. */
export function chartHeight({ series }: Pick<Chart, "series">): number {
  return TOP + Math.max(PLOT_HEIGHT, series.length * LABEL_HEIGHT) + BOTTOM;
}

/** Draws a chart as an SVG without its style, which the document has (chartStyle). Pure. */
export function chartSvg(chart: Chart): string {
  const height = chartHeight(chart);
  return svgFrame(chart, height, chartContent(chart));
}

/** An SVG with a title and a description. */
export function svgFrame(
  { id, title, description }: Pick<Chart, "id" | "title" | "description">,
  height: number,
  content: string,
): string {
  return `<svg viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d">
<title id="${id}-t">${escaped(title)}</title>
<desc id="${id}-d">${escaped(description)}</desc>
${content}
</svg>`;
}

/** The elements of a chart, from 0,0 on. */
export function chartContent(chart: Chart): string {
  const { x, y, series, reference } = chart;
  const plotHeight = chartHeight(chart) - TOP - BOTTOM;
  const yTicks = ticksThatFit(
    y.ticks,
    (tick) => -y.at(tick.value) * plotHeight,
    () => LABEL_HEIGHT - 2,
  );
  const left = 10 + Math.max(...yTicks.map(({ text }) => textWidth(text)));
  const names = series.map(({ name }) => shortName(name));
  const right = CHART_WIDTH - LABEL_GAP - 2 - Math.max(30, ...names.map((name) => textWidth(name) * BOLD));
  const xAt = (value: number) => left + INSET + x.at(value) * (right - left - 2 * INSET);
  const yAt = (value: number) => TOP + plotHeight * (1 - y.at(value));
  const xTicks = ticksThatFit(
    x.ticks,
    (tick) => xAt(tick.value),
    (tick) => textWidth(tick.text) + 6,
  );
  const bottom = TOP + plotHeight;
  const ends = series.map(({ points }) => {
    const last = points.findLast((point) => point.y !== null);
    return last ? { x: xAt(last.x), y: yAt(last.y ?? 0) } : undefined;
  });
  const labelYs = spread(
    ends.map((end) => end?.y ?? bottom),
    TOP + 2,
    bottom,
  );
  return [
    `<text class="title" x="0" y="14">${escaped(shortened(chart.title, 44))}</text>`,
    `<text x="0" y="31">${escaped(y.label)}</text>`,
    ...yTicks.flatMap(({ value, text }) => [
      `<path class="${yAt(value) === bottom ? "axis" : "grid"}" d="M${p(left)} ${p(yAt(value))}H${p(right)}"/>`,
      `<text x="${p(left - 6)}" y="${p(yAt(value) + 4)}" text-anchor="end">${escaped(text)}</text>`,
    ]),
    ...xTicks.flatMap(({ value, text }) => [
      `<path class="axis" d="M${p(xAt(value))} ${p(bottom)}v4"/>`,
      `<text x="${p(xAt(value))}" y="${p(bottom + 17)}" text-anchor="middle">${escaped(text)}</text>`,
    ]),
    `<text x="${p(left)}" y="${p(bottom + 34)}">${escaped(x.label)}</text>`,
    ...(reference
      ? [
          `<path class="reference" d="M${p(left)} ${p(yAt(reference.y))}H${p(right)}"><title>${escaped(reference.text)}</title></path>`,
        ]
      : []),
    // The first gate is drawn after the others, and the dashes of the oracle after all, so that they are on top.
    ...series
      .map((one, index) => {
        const shift = (index - (series.length - 1) / 2) * DODGE;
        const end = ends[index];
        const labelY = labelYs[index] ?? bottom;
        const labelX = right + LABEL_GAP;
        const label = `<text class="name" x="${p(labelX)}" y="${p(labelY + 4)}">${escaped(names[index] ?? "")}${
          names[index] === one.name ? "" : `<title>${escaped(one.name)}</title>`
        }</text>`;
        return `<g class="${classOf(one.look)}">${[
          lineOf(one, xAt, yAt),
          ...(end
            ? [
                `<path class="leader" d="M${p(end.x + 6)} ${p(end.y)}L${p(right + 4)} ${p(end.y)}L${p(labelX - 4)} ${p(labelY)}"/>`,
              ]
            : []),
          // The dashes of the oracle are enough where it has a line: its marks would hide those of the gates.
          ...(one.look === "oracle" && one.points.length > 1
            ? []
            : one.points.map((point) => pointOf(point, one.look, shift, xAt, yAt))),
          ...(end ? [label] : []),
        ].join("")}</g>`;
      })
      .map((drawn, index) => ({ drawn, isOracle: series[index]?.look === "oracle" }))
      .reverse()
      .sort((a, b) => Number(a.isOracle) - Number(b.isOracle))
      .map(({ drawn }) => drawn),
  ].join("\n");
}

function lineOf({ points }: Series, xAt: (value: number) => number, yAt: (value: number) => number): string {
  const parts = points.map(({ x, y }, index) => {
    if (y === null) return "";
    const isContinued = (points[index - 1]?.y ?? null) !== null;
    return `${isContinued ? "L" : "M"}${p(xAt(x))} ${p(yAt(y))}`;
  });
  const path = parts.join("");
  return path === "" ? "" : `<path class="line" d="${path}"/>`;
}

function pointOf(
  { x, y, low, high, title }: Point,
  look: SeriesLook,
  shift: number,
  xAt: (value: number) => number,
  yAt: (value: number) => number,
): string {
  if (y === null) return "";
  const whiskerX = p(xAt(x) + shift);
  const whisker =
    low === undefined || high === undefined || yAt(low) - yAt(high) < 1
      ? ""
      : `<path class="whisker" d="M${whiskerX} ${p(yAt(low))}V${p(yAt(high))}m-2 0h4"/>`;
  const mark = markOf(look, xAt(x), yAt(y));
  return `${whisker}<path class="mark" d="${mark}"><title>${escaped(title)}</title></path>`;
}

/** The ticks whose texts don't touch one before. */
function ticksThatFit(
  ticks: readonly Tick[],
  at: (tick: Tick) => number,
  size: (tick: Tick) => number,
): readonly Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (kept.every((other) => Math.abs(at(other) - at(tick)) >= (size(other) + size(tick)) / 2)) kept.push(tick);
  }
  return kept;
}

/** Moves labels apart, in their order, as little as is needed. @returns their middles, in the order of `wanted` */
function spread(wanted: readonly number[], top: number, bottom: number): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const placed: number[] = [];
  let before = top - LABEL_HEIGHT;
  for (const index of order) placed.push((before = Math.max(wanted[index] ?? 0, before + LABEL_HEIGHT)));
  let after = bottom + LABEL_HEIGHT;
  for (let place = placed.length - 1; place >= 0; place--) {
    placed[place] = after = Math.min(placed[place] ?? 0, after - LABEL_HEIGHT);
  }
  return wanted.map((_, index) => placed[order.indexOf(index)] ?? 0);
}
