import type { Chart, Point, Series, SeriesLook } from "./chart";
import { oraclesOf } from "./oracles";
import { linearScale, logScale, logTicks, roundTop, type Scale } from "./scale";
import type { Caught, GateFigures, GateReport } from "./types";
import { modelOf, percent, perMille, severityOf } from "./words";

/** The share of good releases that a gate may stop, in charts and at which the oracle judges. */
const GOOD_STOPPED_GOAL = 0.001;
/** Faults with fewer severities have a chart for each of them, not one for each traffic. */
const FEW_SEVERITIES = 3;
const TRAFFIC_LABEL = "requests per second of the whole service";
/** The part of an axis that stands for 0. */
const ZERO_PART = 0.12;

/** A fault with the severities that were simulated. */
export interface FaultFigures {
  readonly fault: string;
  readonly unit: "share" | "seconds";
  /** Whether the new version is to blame, so that it should be caught. */
  readonly isGuilty: boolean;
  /** Ascending. */
  readonly severities: readonly number[];
}

/** What a gate, or the oracle, makes of a fault of one severity at one traffic: both target groups together. */
export interface FaultCell {
  /** Shares of the releases. */
  readonly beforeLastShift: number;
  readonly beforeOldIsGone: number;
  readonly oracle: number;
  /** Seconds until the rollback, of the slower target group; null when no release was rolled back. */
  readonly median: number | null;
  readonly p95: number | null;
  readonly failedRequests: number;
}

/** The faults of a report, in its order. */
export function faultsOf({ gates }: GateReport): readonly FaultFigures[] {
  const severities = new Map<string, Set<number>>();
  for (const { fault, severity } of gates.flatMap(({ caught }) => caught)) {
    severities.set(fault, (severities.get(fault) ?? new Set()).add(severity));
  }
  return [...severities].map(([fault, set]) => ({
    fault,
    unit: modelOf(fault)?.unit ?? "share",
    isGuilty: modelOf(fault)?.signal !== undefined,
    severities: [...set].sort((a, b) => a - b),
  }));
}

/** The traffics of a report, ascending. Requests per second. */
export function trafficsOf({ gates }: GateReport): readonly number[] {
  return [...new Set(gates.flatMap(({ falseStops }) => falseStops.map(({ rps }) => rps)))].sort((a, b) => a - b);
}

/** One figure of a fault; undefined where it was not simulated. */
export function cellOf(gate: GateFigures, fault: string, severity: number, rps: number): FaultCell | undefined {
  const both = gate.caught.filter((one) => one.fault === fault && one.severity === severity && one.rps === rps);
  if (both.length === 0) return undefined;
  const mean = (of: (one: Caught) => number) => both.reduce((sum, one) => sum + of(one), 0) / both.length;
  const slower = (of: (one: Caught) => number | null) => {
    const seconds = both.map(of).filter((value) => value !== null);
    return seconds.length === 0 ? null : Math.max(...seconds);
  };
  return {
    beforeLastShift: mean((one) => one.beforeLastShift.share),
    beforeOldIsGone: mean((one) => one.beforeOldIsGone.share),
    oracle: mean((one) => one.oracle),
    median: slower((one) => one.secondsToRollback.median),
    p95: slower((one) => one.secondsToRollback.p95),
    failedRequests: mean((one) => one.failedRequests),
  };
}

/** Good releases that are stopped, by traffic. */
export function falseStopsChart({ gates }: GateReport): Chart {
  const shares = gates.flatMap(({ falseStops }) => falseStops.flatMap(({ share, low }) => [share, low]));
  const from = Math.max(1e-5, 10 ** Math.floor(Math.log10(Math.min(1e-4, ...shares.filter((share) => share > 0)))));
  const ticks = [...logTicks(from, 1).filter(isPowerOfTen), 0];
  return {
    id: "false-stops",
    title: "Good releases stopped",
    description: `Good releases that each gate stops, of 1,000, by traffic. ${gates
      .map(
        ({ name, falseStops }) =>
          `${name}: ${falseStops.map(({ rps, share }) => `${perMille(share)} at ${rps}/s`).join(", ")}.`,
      )
      .join(" ")}`,
    x: trafficScale(gates.flatMap(({ falseStops }) => falseStops.map(({ rps }) => rps))),
    y: {
      label: "of 1,000, with the interval of 95 %; dotted: 1",
      ...logScale(
        from,
        1,
        ticks.map((value) => ({ value, text: perMille(value) })),
        ZERO_PART,
      ),
    },
    series: gates.map(({ name, falseStops }, look) => ({
      name,
      look,
      points: sorted(
        falseStops.map(({ rps, share, low, high }) => ({
          x: rps,
          y: share,
          low,
          high,
          title: `${name}, ${rps}/s: ${perMille(share)} of 1,000 (${perMille(low)} to ${perMille(high)})`,
        })),
      ),
    })),
    reference: { y: GOOD_STOPPED_GOAL, text: "1 of 1,000 good releases" },
  };
}

/** The smallest fault that is caught with the probability of the goal, by traffic: of errors, and of slow responses. */
export function smallestCharts({ gates }: GateReport): readonly Chart[] {
  const probability = percent(gates[0]?.trafficNeeded.probability ?? 0);
  const chart = (
    kind: "errorShare" | "slowdownSeconds",
    title: string,
    label: string,
    words: (value: number) => string,
    text: (value: number) => string,
  ): readonly Chart[] => {
    const values = gates.flatMap(({ smallestCaught }) => smallestCaught.flatMap((one) => one[kind] ?? []));
    if (values.length === 0) return [];
    // An axis of shares ends at 1.
    const least = Math.min(...values, ...(kind === "errorShare" ? [0.1] : []));
    const from = 10 ** Math.floor(Math.log10(least));
    const to = Math.max(from * 10, kind === "errorShare" ? 1 : 10 ** Math.ceil(Math.log10(Math.max(...values))));
    const ticks = logTicks(from, to).filter(isPowerOfTen);
    return [
      {
        id: kind === "errorShare" ? "smallest-errors" : "smallest-slowdown",
        title,
        description: `${title} with a probability of ${probability} %, by traffic. ${gates
          .map(
            ({ name, smallestCaught }) =>
              `${name}: ${smallestCaught.map((one) => `${wordsOrNone(one[kind], words)} at ${one.rps}/s`).join(", ")}.`,
          )
          .join(" ")}`,
        x: trafficScale(gates.flatMap(({ smallestCaught }) => smallestCaught.map(({ rps }) => rps))),
        y: {
          label,
          ...logScale(
            from,
            to,
            ticks.map((value) => ({ value, text: text(value) })),
          ),
        },
        series: gates.map(({ name, smallestCaught }, look) => ({
          name,
          look,
          points: sorted(
            smallestCaught.map((one) => ({
              x: one.rps,
              y: one[kind],
              title: `${name}, ${one.rps}/s: ${wordsOrNone(one[kind], words)}`,
            })),
          ),
        })),
      },
    ];
  };
  const share = (value: number) => `${percent(value)} %`;
  return [
    ...chart("errorShare", "Smallest share of errors caught", "% of the requests that fail", share, percent),
    ...chart(
      "slowdownSeconds",
      "Smallest slowdown caught",
      "seconds by which all responses are later",
      (value) => `${seconds(value)} s`,
      seconds,
    ),
  ];
}

/** How often a fault is caught before the last shift: a chart for each traffic, or for each severity where they are few. */
export function detectionCharts(report: GateReport, fault: FaultFigures): readonly Chart[] {
  const { gates } = report;
  const ticks = [0, 1, 0.5, 0.25, 0.75].map((value) => ({ value, text: percent(value) }));
  return facetsOf(report, fault).map(({ title, x, at, id }) => {
    const points = (name: string, gate: GateFigures, of: (cell: FaultCell) => number) =>
      at.map(({ severity, rps, value }): Point => {
        const cell = cellOf(gate, fault.fault, severity, rps);
        const y = cell ? of(cell) : null;
        const words = `${name}, ${severityOf(fault.unit, severity)}, ${rps}/s: ${y === null ? "not simulated" : `${percent(y)} %`}`;
        return { x: value, y, title: words };
      });
    const oracles = fault.isGuilty ? oraclesOf(gates) : [];
    const series: readonly Series[] = [
      ...gates.map((gate, look) => ({
        name: gate.name,
        look: look satisfies SeriesLook,
        points: points(gate.name, gate, (cell) => cell.beforeLastShift),
      })),
      ...oracles.map(({ name, gate }) => ({
        name,
        look: "oracle" as const,
        points: points(name, gate, (cell) => cell.oracle),
      })),
    ];
    const verb = fault.isGuilty ? "rolled back" : "stopped although the new version is well,";
    return {
      id: `caught-${id}`,
      title,
      description: `Releases ${verb} before the last shift, in percent. ${series.map(seriesWords).join(" ")}`,
      x,
      y: {
        label: fault.isGuilty ? "% caught before the last shift" : "% stopped before the last shift",
        ...linearScale(1, ticks),
      },
      series,
    };
  });
}

/** How long it takes from the beginning of a fault to the rollback: the same charts, in minutes. */
export function timeCharts(report: GateReport, fault: FaultFigures): readonly Chart[] {
  const { gates } = report;
  const facets = facetsOf(report, fault);
  const cells = facets.flatMap(({ at }) =>
    gates.flatMap((gate) => at.flatMap(({ severity, rps }) => cellOf(gate, fault.fault, severity, rps) ?? [])),
  );
  const longest = Math.max(0, ...cells.flatMap(({ p95, median }) => p95 ?? median ?? []));
  if (longest === 0) return [];
  const { top, ticks } = roundTop(longest / 60);
  const important = [...ticks].sort((a, b) => Number(b === 0 || b === top) - Number(a === 0 || a === top));
  return facets.map(({ title, x, at, id }) => {
    const series = gates.map((gate, look) => ({
      name: gate.name,
      look,
      points: at.map(({ severity, rps, value }): Point => {
        const { median = null, p95 = null } = cellOf(gate, fault.fault, severity, rps) ?? {};
        const words = `${gate.name}, ${severityOf(fault.unit, severity)}, ${rps}/s: ${timeWords(median, p95)}`;
        if (median === null) return { x: value, y: null, title: words };
        return { x: value, y: median / 60, low: median / 60, high: (p95 ?? median) / 60, title: words };
      }),
    }));
    return {
      id: `time-${id}`,
      title,
      description: `Minutes from the beginning of the fault to the rollback: the median, and the 95th percentile. ${series.map(seriesWords).join(" ")}`,
      x,
      y: {
        label: "minutes to the rollback: median, 95th percentile",
        ...linearScale(
          top,
          important.map((value) => ({ value, text: String(value) })),
        ),
      },
      series,
    };
  });
}

/** The median and the 95th percentile of the time to a rollback in words. */
function timeWords(median: number | null, p95: number | null): string {
  return median === null ? "no rollback" : `median ${minutes(median)} min, 95 % within ${minutes(p95 ?? median)} min`;
}

/** Seconds as minutes, without unit. */
export function minutes(value: number): string {
  return String(Number((value / 60).toFixed(1)));
}

/** One chart of several: its axis, and which figures are along it. */
interface Facet {
  readonly id: string;
  readonly title: string;
  readonly x: Scale & { readonly label: string };
  readonly at: readonly { readonly severity: number; readonly rps: number; readonly value: number }[];
}

function facetsOf(report: GateReport, { fault, unit, severities }: FaultFigures): readonly Facet[] {
  const traffics = trafficsOf(report);
  // Names in a report are not always those of this program's faults.
  const id = (index: number) => `${fault.replace(/[^\w-]/g, "")}-${index}`;
  if (severities.length < FEW_SEVERITIES) {
    return severities.map((severity, index) => ({
      id: id(index),
      title: `${fault}: ${severityOf(unit, severity)}`,
      x: trafficScale(traffics),
      at: traffics.map((rps) => ({ severity, rps, value: rps })),
    }));
  }
  const label = unit === "share" ? "severity, %" : "severity, seconds";
  const text = unit === "share" ? percent : String;
  return traffics.map((rps, index) => ({
    id: id(index),
    title: `${fault} at ${rps} ${rps === 1 ? "request" : "requests"}/s`,
    x: { label, ...valuesScale(severities, text) },
    at: severities.map((severity) => ({ severity, rps, value: severity })),
  }));
}

function trafficScale(traffics: readonly number[]): Scale & { readonly label: string } {
  return { label: TRAFFIC_LABEL, ...valuesScale(traffics, String) };
}

/** A logarithmic axis with a tick at each value. */
function valuesScale(values: readonly number[], text: (value: number) => string): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const ticks = [least, most, ...[...new Set(values)].sort((a, b) => a - b)].map((value) => ({
    value,
    text: text(value),
  }));
  return least < most ? logScale(least, most, ticks) : logScale(least / 2, least * 2, ticks);
}

function sorted(points: readonly Point[]): readonly Point[] {
  return [...points].sort((a, b) => a.x - b.x);
}

function seriesWords({ points }: Series): string {
  return `${points.map(({ title }) => title).join("; ")}.`;
}

function wordsOrNone(value: number | null, words: (value: number) => string): string {
  return value === null ? "none" : words(value);
}

function seconds(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function isPowerOfTen(value: number): boolean {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-9;
}
