import type { TextRun } from "./screen";

/** What the picture shows. */
export interface TerminalPicture {
  /** Read out by screen readers. */
  readonly title: string;
  /** The command of the first line, after a prompt. */
  readonly command: string;
  /** Width of the terminal, in characters. */
  readonly columns: number;
  readonly lines: readonly (readonly TextRun[])[];
}

/** In pixels. */
const FONT_SIZE = 13;
const CELL_WIDTH = 7.8;
const LINE_HEIGHT = 18;
const MARGIN = 20;
const TITLE_BAR = 30;

/** The colours of the window, of its text, and of ANSI 1 to 6 (red, green, yellow, blue, magenta, cyan). */
const LIGHT = {
  window: "#f6f8fa",
  border: "#d0d7de",
  text: "#1f2328",
  ansi: ["#cf222e", "#116329", "#7d4e00", "#0969da", "#8250df", "#1b7c83"],
};
const DARK = {
  window: "#161b22",
  border: "#30363d",
  text: "#e6edf3",
  ansi: ["#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf"],
};

/** Draws a terminal as an SVG that needs no other file, in colours that follow the reader's light or dark mode. Pure. */
export function terminalSvg({ title, command, columns, lines }: TerminalPicture): string {
  const prompt: TextRun[] = [
    { column: 0, text: "$", color: 2, isBold: true, isDim: false },
    { column: 2, text: command, color: undefined, isBold: true, isDim: false },
  ];
  const rows = [prompt, ...lines];
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = TITLE_BAR + rows.length * LINE_HEIGHT + MARGIN;
  const texts = rows.flatMap((runs, row) => runs.map((run) => textOf(run, TITLE_BAR + (row + 1) * LINE_HEIGHT)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>
${rulesOf(LIGHT)}
@media (prefers-color-scheme: dark) {
${rulesOf(DARK)}
}
text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.bold { font-weight: bold }
.dim { opacity: 0.65 }
</style>
<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<g class="dots"><circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/></g>
${texts.join("\n")}
</svg>
`;
}

function rulesOf({ window, border, text, ansi }: typeof LIGHT): string {
  return [
    `.window { fill: ${window}; stroke: ${border} }`,
    `.dots { fill: ${border} }`,
    `text { fill: ${text} }`,
    ...ansi.map((color, index) => `.c${index + 1} { fill: ${color} }`),
  ].join("\n");
}

/** A fixed length keeps the columns in line, whatever the width of the reader's font. */
function textOf({ column, text, color, isBold, isDim }: TextRun, y: number): string {
  const classes = [
    ...(color !== undefined && color >= 1 && color <= LIGHT.ansi.length ? [`c${color}`] : []),
    ...(isBold ? ["bold"] : []),
    ...(isDim ? ["dim"] : []),
  ].join(" ");
  const x = decimal(MARGIN + column * CELL_WIDTH);
  const length = decimal(Array.from(text).length * CELL_WIDTH);
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${classes && ` class="${classes}"`}>${escaped(text)}</text>`;
}

function decimal(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
