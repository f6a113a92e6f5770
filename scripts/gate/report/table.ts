import { byHourSections, profileLine } from "./by-hour";
import { table } from "./columns";
import { historySections } from "./history";
import { leftOutLines } from "./left-out";
import { oraclesOf } from "./oracles";
import type { Caught, GateFigures, GateReport, ReportWithHistory } from "./types";
import { modelOf, percent, perMille, severityOf } from "./words";

/** Writes the figures for people. @returns lines without a line break at the end */
export function tableOf({ history, ...report }: ReportWithHistory): string {
  return [
    ...(history ? historySections(history) : []),
    ...(report.gates.length > 0 ? figureSections(report) : []),
    ...leftOutLines(report),
  ].join("\n\n");
}

function figureSections(report: GateReport): readonly string[] {
  const { gates, profile } = report;
  const rps = gates[0]?.falseStops.map((stops) => stops.rps) ?? [];
  const faults = guilty(gates, true);
  const innocent = guilty(gates, false);
  return [
    ...(profile ? [profileLine(profile)] : []),
    "Good releases stopped, per 1,000 (interval of 95 %)",
    table(
      ["gate", ...rps.map((value) => `${value}/s`)],
      gates.map(({ name, falseStops }) => [
        name,
        ...falseStops.map(({ share, low, high }) => `${perMille(share)} (${perMille(low)}–${perMille(high)})`),
      ]),
    ),
    ...(faults.length > 0
      ? [
          "Bad releases rolled back before the last shift / before the old version is gone, %",
          "oracle: the best judge of the same minutes, when 1 in 1,000 good releases may be stopped",
          table(["fault", "severity", "gate", ...rps.map((value) => `${value}/s`)], rowsOf(gates, faults, true)),
        ]
      : []),
    ...(innocent.length > 0
      ? [
          "Releases stopped although the new version is well, before the last shift / before the old version is gone, %",
          table(
            ["what fails", "severity", "gate", ...rps.map((value) => `${value}/s`)],
            rowsOf(gates, innocent, false),
          ),
        ]
      : []),
    `Smallest fault caught before the last shift with ${percent(gates[0]?.trafficNeeded.probability ?? 0)} %`,
    table(
      ["gate", "fault", ...rps.map((value) => `${value}/s`)],
      gates.flatMap(({ name, smallestCaught }) => [
        [name, "errors", ...smallestCaught.map(({ errorShare }) => severityOf("share", errorShare))],
        ["", "slower by", ...smallestCaught.map(({ slowdownSeconds }) => severityOf("seconds", slowdownSeconds))],
      ]),
    ),
    gates.map(({ name, trafficNeeded }) => neededLine(name, trafficNeeded, profile !== undefined)).join("\n"),
    ...byHourSections(report),
  ];
}

type Row = Pick<Caught, "fault" | "severity">;

/** The faults and severities of the figures, of which the new version is guilty, or not. */
function guilty(gates: readonly GateFigures[], isGuilty: boolean): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { caught } of gates) {
    for (const { fault, severity } of caught) rows.set(`${fault} ${severity}`, { fault, severity });
  }
  return [...rows.values()].filter(({ fault }) => (modelOf(fault)?.signal !== undefined) === isGuilty);
}

function rowsOf(
  gates: readonly GateFigures[],
  rows: readonly Row[],
  withOracle: boolean,
): readonly (readonly string[])[] {
  return rows.flatMap(({ fault, severity }) => {
    const cells = (gate: GateFigures | undefined, show: (both: readonly Caught[]) => string) =>
      (gate?.falseStops ?? []).map(({ rps }) =>
        show(gate?.caught.filter((one) => one.fault === fault && one.severity === severity && one.rps === rps) ?? []),
      );
    const share = (both: readonly Caught[], of: (one: Caught) => number) =>
      percent(both.reduce((sum, one) => sum + of(one), 0) / Math.max(1, both.length));
    const lines = gates.map((gate) => [
      gate.name,
      ...cells(
        gate,
        (both) =>
          `${share(both, (one) => one.beforeLastShift.share)}/${share(both, (one) => one.beforeOldIsGone.share)}`,
      ),
    ]);
    for (const { name, gate } of withOracle ? oraclesOf(gates) : [])
      lines.push([name, ...cells(gate, (both) => share(both, (one) => one.oracle))]);
    return lines.map((line, index) => [
      ...(index === 0 ? [fault, severityOf(modelOf(fault)?.unit ?? "share", severity)] : ["", ""]),
      ...line,
    ]);
  });
}

function neededLine(
  name: string,
  { badShare, probability, rps }: GateFigures["trafficNeeded"],
  isMean: boolean,
): string {
  const goal = `${percent(badShare)} % of errors with ${percent(probability)} % before the last shift`;
  return rps === null
    ? `${name} does not catch ${goal} at any traffic.`
    : `${name} needs ${rps} requests per second${isMean ? " on average" : ""} to catch ${goal}.`;
}
