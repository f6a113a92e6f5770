import { blindLines, profileLine } from "./by-hour";
import { hourCharts } from "./hour-charts";
import { escaped } from "./markup";
import { figure, figuresOf, key, note, tableOf } from "./page-parts";
import type { GateFigures, GateReport } from "./types";
import { percent } from "./words";

/** What gates catch by hour; empty without a profile. */
export function hoursSection(report: GateReport): string {
  const { gates, profile } = report;
  const charts = hourCharts(report);
  if (!profile || charts.length === 0) return "";
  const blind = gates.map(
    (gate, look) =>
      `<li><strong>${key(look)}${escaped(gate.name)}</strong>${blindLines(gate).map(paragraph).join("")}</li>`,
  );
  return `<section aria-labelledby="hours">
<h2 id="hours">By hour</h2>
${note(profileLine(profile))}
<ul class="gates">
${blind.join("\n")}
</ul>
<div class="charts">
${charts.map(figure).join("\n")}
</div>
${figuresOf([hoursCaughtTable(gates)])}
</section>`;
}

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

function hoursCaughtTable(gates: readonly GateFigures[]): string {
  return tableOf(
    "Releases rolled back before the last shift, by the hour in which they begin to shift traffic, %, with the interval of 95 %",
    ["hour", "gate", "mean traffic", "traffic", "caught", "from", "to"],
    (gates[0]?.byHour ?? []).flatMap(({ day, hour, rps, requestsPerSecond }, index) =>
      gates.map(({ name, byHour }) => {
        const { share = 0, low = 0, high = 1 } = byHour?.[index]?.beforeLastShift ?? {};
        return [
          `${day ?? ""} ${String(hour).padStart(2, "0")}`.trim(),
          name,
          `${rps}/s`,
          `${Number(requestsPerSecond.toPrecision(3))}/s`,
          percent(share),
          percent(low),
          percent(high),
        ];
      }),
    ),
    2,
  );
}
