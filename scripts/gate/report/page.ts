import { timeZoneOf } from "../../cloud/alarms/time-zone";
import type { Chart } from "./chart";
import {
  cellOf,
  detectionCharts,
  falseStopsChart,
  type FaultFigures,
  faultsOf,
  minutes,
  smallestCharts,
  timeCharts,
  trafficsOf,
} from "./charts";
import { adviceItems, hoursOfDayHead, hoursOfDayRows, summaryLines } from "./history";
import { historyCharts, type Looks } from "./history-charts";
import { hoursSection } from "./hours-section";
import { leftOutLines, notReplayedLines } from "./left-out";
import { escaped } from "./markup";
import { oraclesOf } from "./oracles";
import { figure, figuresOf, key, note, tableOf } from "./page-parts";
import { recommendationWords } from "./recommendation";
import { chartStyle, PAGE_STYLE } from "./style";
import type { GateFigures, GateReport, HistoryFigures, Recommendation, ReportWithHistory } from "./types";
import { modelOf, percent, perMille, severityOf } from "./words";

/** What the page shows. */
export interface PageInput {
  readonly report: ReportWithHistory;
  /** The environment that a recommendation is for. */
  readonly environment: string;
  /** What the figures depend on, e.g. the environment and the seed. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What the simulation does not have. */
  readonly notices: readonly string[];
}

/** The faults whose charts are open at first. */
const OPEN: readonly string[] = ["errors", "slow"];
const NO_SCRIPT_AND_NO_REQUEST = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * Writes the figures as one HTML page that needs no other file, no network and no script. Every text in it is escaped, and
 * the page's policy refuses scripts and requests. Pure.
 */
export function pageOf({ report, environment, facts, notices }: PageInput): string {
  const { gates, history, recommendation } = report;
  const faults = faultsOf(report);
  const guilty = faults.filter(({ isGuilty }) => isGuilty);
  const innocent = faults.filter(({ isGuilty }) => !isGuilty);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${NO_SCRIPT_AND_NO_REQUEST}">
<meta name="color-scheme" content="light dark">
<title>What the gate catches</title>
<link rel="icon" href="data:,">
<style>
${chartStyle(":root")}
${PAGE_STYLE}
</style>
</head>
<body>
<header>
<h1>What the gate catches</h1>
<p class="lead">Releases through a canary, simulated with the alarms of the stacks: how many bad ones are rolled back, and how many good ones are stopped.</p>
<ul class="gates">
${gates.map((gate, look) => gateItem(gate, look, report.profile !== undefined)).join("\n")}
</ul>
${leftOutLines(report).map(note).join("\n")}
</header>
<main>
${recommendation ? recommendationSection(recommendation, environment) : ""}
${gates.length > 0 ? overviewSection(report) : ""}
${history ? historySection(history, looksOf(report, history)) : ""}
${hoursSection(report)}
${faultSection("caught", "Bad releases", `Each chart shows how many releases are rolled back before the last shift of traffic, when the canary is all that users notice. ${ORACLE}`, report, guilty)}
${faultSection("innocent", "Good releases beside something that fails", "The new version is well: something else fails, so fewer stops are better.", report, innocent)}
<section aria-labelledby="made">
<h2 id="made">How the figures are made</h2>
<dl>
${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("\n")}
</dl>
${notices.map(note).join("\n")}
</section>
</main>
</body>
</html>
`;
}

function overviewSection(report: GateReport): string {
  return `<section aria-labelledby="overview">
<h2 id="overview">By traffic</h2>
<div class="charts few">
${[falseStopsChart(report), ...smallestCharts(report)].map(figure).join("\n")}
</div>
${figuresOf([falseStopsTable(report), smallestTable(report)])}
</section>`;
}

const ORACLE =
  "The oracle is the best judge of the same minutes, when 1 in 1,000 good releases may be stopped: no gate can catch more for the same price.";

/** A gate in words, with the mark that it has in every chart. */
function gateItem(gate: GateFigures, look: number, isMean: boolean): string {
  const { name, falseStops, trafficNeeded } = gate;
  const worst = falseStops.reduce<GateFigures["falseStops"][number] | undefined>(
    (most, one) => (most && most.share >= one.share ? most : one),
    undefined,
  );
  const goal = `${percent(trafficNeeded.badShare)} % of errors with a probability of ${percent(trafficNeeded.probability)} %`;
  const catches =
    trafficNeeded.rps === null
      ? `Does not catch ${goal} at any traffic.`
      : `Catches ${goal} from ${trafficNeeded.rps} requests per second${isMean ? " on average" : ""}.`;
  const most = perMille(Math.max(0, ...falseStops.map(({ high }) => high)));
  const stops = !worst
    ? ""
    : worst.share === 0
      ? `Stops none of the good releases that were simulated, so at most about ${most} of 1,000. `
      : `Stops ${perMille(worst.share)} of 1,000 good releases at ${worst.rps}/s, its worst traffic. `;
  return `<li><strong>${key(look)}${escaped(name)}</strong><p>${escaped(stops + catches)}</p></li>`;
}

function faultSection(
  id: string,
  title: string,
  words: string,
  report: GateReport,
  faults: readonly FaultFigures[],
): string {
  if (faults.length === 0) return "";
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escaped(title)}</h2>
<p class="note">${escaped(words)}</p>
${faults.map((fault, index) => faultDetails(report, fault, OPEN.includes(fault.fault) || (index === 0 && faults.length === 1))).join("\n")}
</section>`;
}

function faultDetails(report: GateReport, fault: FaultFigures, isOpen: boolean): string {
  const times = timeCharts(report, fault);
  const part = (title: string, charts: readonly Chart[]) =>
    charts.length === 0
      ? ""
      : `<h4 class="part">${escaped(title)}</h4>\n<div class="charts">\n${charts.map(figure).join("\n")}\n</div>`;
  return `<details class="fault"${isOpen ? " open" : ""}>
<summary><h3>${escaped(fault.fault)}</h3> <span class="note">${escaped(modelOf(fault.fault)?.description ?? "")}</span></summary>
${part(fault.isGuilty ? "How many are caught" : "How many are stopped", detectionCharts(report, fault))}
${part("How long it takes", times)}
${figuresOf([
  faultTable(
    report,
    fault,
    fault.isGuilty
      ? "Releases rolled back before the last shift / before the old version is gone, %"
      : "Releases stopped before the last shift / before the old version is gone, %",
    ({ beforeLastShift, beforeOldIsGone }) => `${percent(beforeLastShift)} / ${percent(beforeOldIsGone)}`,
    ({ oracle }) => percent(oracle),
  ),
  faultTable(
    report,
    fault,
    "Minutes from the beginning of the fault to the rollback, of the slower target group: median / 95th percentile",
    ({ median, p95 }) => (median === null ? "–" : `${minutes(median)} / ${minutes(p95 ?? median)}`),
  ),
  faultTable(
    report,
    fault,
    "Requests to the new version that fail or are too slow, on average in a release",
    ({ failedRequests }) => String(Number(failedRequests.toPrecision(3))),
  ),
])}
</details>`;
}

type Cell = NonNullable<ReturnType<typeof cellOf>>;

function faultTable(
  report: GateReport,
  { fault, unit, isGuilty, severities }: FaultFigures,
  caption: string,
  show: (cell: Cell) => string,
  showOracle?: (cell: Cell) => string,
): string {
  const { gates } = report;
  const traffics = trafficsOf(report);
  const row = (gate: GateFigures, severity: number, of: (cell: Cell) => string) =>
    traffics.map((rps) => {
      const cell = cellOf(gate, fault, severity, rps);
      return cell ? of(cell) : "–";
    });
  const rows = severities.flatMap((severity) => [
    ...gates.map((gate) => ({ severity, name: gate.name, cells: row(gate, severity, show) })),
    ...(showOracle && isGuilty
      ? oraclesOf(gates).map(({ name, gate }) => ({ severity, name, cells: row(gate, severity, showOracle) }))
      : []),
  ]);
  return tableOf(
    caption,
    ["severity", "gate", ...traffics.map((rps) => `${rps}/s`)],
    rows.map(({ severity, name, cells }) => [severityOf(unit, severity), name, ...cells]),
    2,
  );
}

function falseStopsTable({ gates }: GateReport): string {
  return tableOf(
    "Good releases stopped, of 1,000, with the interval of 95 %",
    ["gate", "traffic", "stopped", "from", "to"],
    gates.flatMap(({ name, falseStops }) =>
      falseStops.map(({ rps, share, low, high }) => [name, `${rps}/s`, perMille(share), perMille(low), perMille(high)]),
    ),
    1,
  );
}

function smallestTable({ gates }: GateReport): string {
  return tableOf(
    `Smallest fault caught before the last shift with a probability of ${percent(gates[0]?.trafficNeeded.probability ?? 0)} %`,
    ["gate", "traffic", "errors", "slower by"],
    gates.flatMap(({ name, smallestCaught }) =>
      smallestCaught.map(({ rps, errorShare, slowdownSeconds }) => [
        name,
        `${rps}/s`,
        severityOf("share", errorShare),
        severityOf("seconds", slowdownSeconds),
      ]),
    ),
    1,
  );
}

/** The gates of a history look as in the other charts, also when some of the report are not in it. */
function looksOf({ gates }: GateReport, history: HistoryFigures): readonly number[] {
  return history.gates.map(({ name }, index) => {
    const look = gates.findIndex((gate) => gate.name === name);
    return look < 0 ? index : look;
  });
}

function recommendationSection(recommendation: Recommendation, environment: string): string {
  const { lead, lines, reached, settings } = recommendationWords(recommendation, environment);
  const [title = "", ...figures] = reached;
  return `<section aria-labelledby="recommendation">
<h2 id="recommendation">Recommendation</h2>
<p>${escaped(lead)}</p>
${linesOf([...lines, ...(figures.length > 0 ? [`${title} ${figures.join("; ")}.`] : [])])}
${
  settings
    ? `<p>${escaped(settings.where)}</p>\n<pre tabindex="0" aria-label="The recommended settings">${escaped(settings.json)}</pre>`
    : ""
}
</section>`;
}

function linesOf(lines: readonly string[]): string {
  return `<ul class="lines">${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`;
}

function historySection(history: HistoryFigures, looks: Looks): string {
  const { gates, advice, normal, timeZone } = history;
  const words =
    `In each chart the area is the traffic, and the grey line the share of it that failed` +
    `${normal.slowShare === null ? "" : "; the dotted one is the share that was slow"}. The line of a gate is the share ` +
    "above which it would have stopped a canary. Its bars mark the starts of releases that it would have stopped although " +
    "nothing was wrong with them; their number is beside them.";
  const items = gates.map((gate, index) => {
    const { name, releases, falseStops } = gate;
    const { share, low, high } = falseStops;
    const stopped = `Stops ${perMille(share)} of 1,000 releases falsely (${perMille(low)} to ${perMille(high)}), with a start in each of ${new Intl.NumberFormat("en").format(releases)} minutes.`;
    const own = advice[index];
    const configure = own
      ? `<p>What to configure:</p>\n<ul>${adviceItems(own, history)
          .map((item) => `<li>${escaped(item)}</li>`)
          .join("")}</ul>`
      : "";
    return `<li><strong>${key(looks[index] ?? index)}${escaped(name)}</strong><p>${escaped(stopped)}</p>${configure}</li>`;
  });
  return `<section aria-labelledby="history">
<h2 id="history">Your own traffic</h2>
${linesOf(summaryLines(history))}
<ul class="gates">
${items.join("\n")}
</ul>
${notReplayedLines(history).map(note).join("\n")}
<p class="note">${escaped(`${words} The hours are of ${timeZone}.`)}</p>
<div class="charts">
${historyCharts(history, looks)
  .map((svg) => `<figure>${svg}</figure>`)
  .join("\n")}
</div>
${figuresOf([hoursOfDayTable(history), stopsTable(history), hoursTable(history)])}
</section>`;
}

function hoursOfDayTable(history: HistoryFigures): string {
  return tableOf(`By hour of the day (${history.timeZone})`, hoursOfDayHead(history), hoursOfDayRows(history), 1);
}

function hoursTable({ hours, gates, normal, timeZone }: HistoryFigures): string {
  const time = timeFormat(timeZone);
  return tableOf(
    "By the hour: requests per second, % of them that failed and that were slow, and the % above which each gate stops a canary",
    ["hour", "requests/s", "failed", "slow", ...gates.map(({ name }) => `${name}: limit`)],
    hours.map(({ at, rps, failedShare, slowShare }, index) => [
      time(at),
      String(Number(rps.toPrecision(3))),
      percent(failedShare),
      normal.slowShare === null ? "–" : percent(slowShare),
      ...gates.map(({ limitShares }) => {
        const limit = limitShares[index] ?? null;
        return limit === null ? "–" : percent(limit);
      }),
    ]),
    1,
  );
}

function stopsTable({ gates, timeZone }: HistoryFigures): string {
  const time = timeFormat(timeZone);
  return tableOf(
    "Starts of releases that would have been stopped although nothing was wrong with them",
    ["gate", "from", "to"],
    gates.flatMap(({ name, stops }) => stops.map(({ from, to }) => [name, time(from), time(to)])),
    1,
  );
}

/** Writes times by the clocks of a time zone. */
function timeFormat(timeZone: string): (at: string) => string {
  const { offsetAt } = timeZoneOf(timeZone);
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
  return (at) => format.format(Date.parse(at) + offsetAt(Date.parse(at)));
}
