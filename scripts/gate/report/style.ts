/** Colours of text and lines, and of up to four gates. Each text colour has a contrast of at least 4.5 to the surface. */
interface Colours {
  readonly surface: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly fill: string;
  /** Blue, orange, green and purple of similar strength, which colour-blind readers can tell apart (Okabe and Ito). */
  readonly series: readonly [string, string, string, string];
}

const LIGHT: Colours = {
  surface: "#ffffff",
  panel: "#f7f8fa",
  ink: "#1b2027",
  muted: "#57606b",
  grid: "#e8ebef",
  axis: "#9aa3ad",
  fill: "#d5dbe3",
  series: ["#0a5ea8", "#ad4708", "#0a6b57", "#853a8b"],
};

const DARK: Colours = {
  surface: "#11151a",
  panel: "#181d24",
  ink: "#e7eaee",
  muted: "#a0aab5",
  grid: "#262d36",
  axis: "#5c6672",
  fill: "#333d49",
  series: ["#6fb4ff", "#f29b5e", "#4fc9a8", "#dba0e2"],
};

/** Number of colours for gates; further gates have the same ones with other marks. */
export const SERIES_COLOURS = 4;

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';

/** The rules of the charts, in colours that follow the reader's light or dark mode. @param scope the element with the colours */
export function chartStyle(scope: ":root" | "svg"): string {
  return `${scope} { color-scheme: light dark; ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { ${scope} { ${variables(DARK)} } }
svg text { font: 12px ${FONT}; fill: var(--muted); font-variant-numeric: tabular-nums }
svg .title { font-weight: 600; fill: var(--ink) }
svg .surface { fill: var(--surface) }
svg .grid { stroke: var(--grid); fill: none }
svg .axis { stroke: var(--axis); fill: none }
svg .reference { stroke: var(--muted); stroke-dasharray: 2 3; fill: none }
svg .area { fill: var(--fill) }
svg .measured { stroke: var(--axis); stroke-width: 1; fill: none }
svg .line { stroke: currentColor; stroke-width: 2; fill: none; stroke-linejoin: round; stroke-linecap: round }
svg .thin { stroke-width: 1.25 }
svg .whisker { stroke: currentColor; fill: none; opacity: 0.55 }
svg .leader { stroke: currentColor; fill: none; opacity: 0.5 }
svg .mark { fill: currentColor; stroke: var(--surface) }
svg .name { fill: currentColor; font-weight: 600 }
.s0 { color: var(--s0) } .s1 { color: var(--s1) } .s2 { color: var(--s2) } .s3 { color: var(--s3) } .oracle { color: var(--muted) }
svg .oracle .line { stroke-dasharray: 5 4; stroke-width: 1.5 }
svg .oracle .name { font-weight: 400 }`;
}

/** The rules of the page around the charts. */
export const PAGE_STYLE = `* { box-sizing: border-box }
html { background: var(--surface); color: var(--ink); font: 16px/1.55 ${FONT}; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; max-width: 1600px; padding: clamp(16px, 3vw, 48px) clamp(14px, 3vw, 40px) 64px; overflow-wrap: anywhere }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.4vw, 2.3rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 8px }
h2 { font-size: 1.3rem; line-height: 1.3; letter-spacing: -0.01em; margin: 56px 0 6px }
h3 { font-size: 1.02rem; line-height: 1.4; margin: 0; display: inline }
p { margin: 0 0 12px; max-width: 74ch }
.lead, .note, figcaption, dt { color: var(--muted) }
.note, figcaption { font-size: 0.9rem }
a { color: inherit }
.gates { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 12px 32px; list-style: none; margin: 24px 0 0; padding: 0 }
.gates > li { border-top: 1px solid var(--grid); padding-top: 10px }
.gates strong { display: inline-flex; gap: 8px; align-items: center }
.gates p { margin: 2px 0 0; font-size: 0.95rem }
.gates ul, .lines { list-style: disc; margin: 4px 0 12px; padding: 0 0 0 1.1em; font-size: 0.95rem; max-width: 74ch }
.gates + .note { margin-top: 20px }
pre { background: var(--panel); font: 0.85rem/1.45 ui-monospace, "SFMono-Regular", "Liberation Mono", monospace; margin: 8px 0; max-width: 74ch; overflow-x: auto; padding: 12px 16px }
.key { width: 26px; height: 12px; flex: none }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 268px), 1fr)); gap: 14px; margin: 12px 0 8px }
.charts.few { grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 24px }
figure { margin: 0 }
svg .measured.slow { stroke-width: 1.5; stroke-dasharray: 1.5 3 }
figure svg { display: block; width: 100%; height: auto; max-width: 440px }
section > h4, details > h4, .part { font-size: 0.92rem; font-weight: 600; margin: 18px 0 0 }
details { border-top: 1px solid var(--grid) }
details.fault { padding: 14px 0 }
details.figures { border: 0; margin-top: 6px }
summary { cursor: pointer; border-radius: 4px }
summary .note { margin-left: 6px }
details.figures > summary { color: var(--muted); font-size: 0.9rem }
:focus-visible { outline: 2px solid var(--s0); outline-offset: 2px }
.scroll { overflow-x: auto; margin: 8px 0 4px; max-width: 100% }
table { border-collapse: collapse; font-size: 0.85rem; line-height: 1.35; font-variant-numeric: tabular-nums; overflow-wrap: normal }
caption { text-align: left; color: var(--muted); padding: 0 0 6px; max-width: min(74ch, calc(100vw - 28px)) }
th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: baseline }
th { font-weight: 600 }
thead th { border-bottom: 1px solid var(--axis); color: var(--muted); font-weight: 400; white-space: nowrap }
.number { text-align: right; padding: 4px 0 4px 14px }
td.number { white-space: nowrap }
tbody tr.first > * { border-top: 1px solid var(--grid) }
tbody th.name { max-width: 16em; overflow-wrap: anywhere; font-weight: 400 }
dl { display: grid; grid-template-columns: minmax(8em, max-content) 1fr; gap: 4px 20px; font-size: 0.9rem; margin: 8px 0 }
dd { margin: 0 }
@media (max-width: 480px) { dl { grid-template-columns: 1fr } dd { margin-bottom: 6px } }`;

function variables({ series, ...rest }: Colours): string {
  return [...Object.entries(rest), ...series.map((colour, index) => [`s${index}`, colour])]
    .map(([name, colour]) => `--${name}: ${colour}`)
    .join("; ");
}
