import { type Chart, CHART_WIDTH, chartContent, chartHeight } from "./chart";
import { detectionCharts, falseStopsChart, faultsOf, smallestCharts, timeCharts } from "./charts";
import { escaped } from "./markup";
import { chartStyle } from "./style";
import type { GateReport } from "./types";

/** The fault that the pictures are about. */
export const PICTURED_FAULT = "errors";
/** Files of the pictures. */
export const PICTURES = ["gate-stopped.svg", "gate-caught.svg", "gate-time.svg"] as const;

const COLUMNS = 2;
const [MARGIN, GAP] = [20, 28];

/**
 * Draws the pictures of the documentation: each an SVG that needs no other file, in colours that follow the reader's light
 * or dark mode. Pure.
 * @param report with the fault `errors`
 * @returns the picture of each file
 */
export function picturesOf(report: GateReport): Readonly<Record<(typeof PICTURES)[number], string>> {
  const fault = faultsOf(report).find((one) => one.fault === PICTURED_FAULT);
  const names = report.gates.map(({ name }) => name).join(", ");
  return {
    "gate-stopped.svg": picture(
      `Good releases stopped, and the smallest share of errors caught, by traffic: ${names}`,
      [falseStopsChart(report), ...smallestCharts(report).slice(0, 1)],
    ),
    "gate-caught.svg": picture(
      `Releases with errors that are rolled back before the last shift of traffic: ${names} and the oracle`,
      fault ? detectionCharts(report, fault) : [],
    ),
    "gate-time.svg": picture(
      `Minutes from the beginning of errors to the rollback: ${names}`,
      fault ? timeCharts(report, fault) : [],
    ),
  };
}

function picture(title: string, charts: readonly Chart[]): string {
  const rows = Math.max(1, Math.ceil(charts.length / COLUMNS));
  const rowHeight = Math.max(0, ...charts.map(chartHeight)) + GAP;
  const width = 2 * MARGIN + COLUMNS * CHART_WIDTH + (COLUMNS - 1) * GAP;
  const height = 2 * MARGIN + rows * rowHeight - GAP;
  const description = charts.map((chart) => `${chart.title}. ${chart.description}`).join("\n");
  const content = charts.map((chart, index) => {
    const x = MARGIN + (index % COLUMNS) * (CHART_WIDTH + GAP);
    const y = MARGIN + Math.floor(index / COLUMNS) * rowHeight;
    return `<g transform="translate(${x} ${y})">\n${chartContent(chart)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title" aria-describedby="description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>
${chartStyle("svg")}
</style>
<rect class="surface" width="${width}" height="${height}" rx="8"/>
${content.join("\n")}
</svg>
`;
}
