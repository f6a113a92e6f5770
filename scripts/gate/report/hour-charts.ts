import type { Chart, Point } from "./chart";
import { trafficsByHour } from "./by-hour";
import { linearScale } from "./scale";
import type { GateReport, HourCaught } from "./types";
import { percent } from "./words";

const DAY_HOURS = 24;
const HOUR_TICKS = [0, DAY_HOURS, 12, 6, 18, 3, 9, 15, 21];

/** What gates catch by the hour in which a release begins: a chart for each traffic, and for each day of a week. */
export function hourCharts({ gates }: GateReport): readonly Chart[] {
  const [first] = gates;
  if (!first?.byHour) return [];
  const { badShare, probability } = first.trafficNeeded;
  const days = [...new Set(first.byHour.map(({ day }) => day))];
  const ticks = [0, 1, 0.5, 0.25, 0.75].map((value) => ({ value, text: percent(value) }));
  return trafficsByHour(first.byHour).flatMap((rps, traffic) =>
    days.map((day, index): Chart => {
      const title = [...(day === undefined ? [] : [day]), `${rps}/s on average`].join(", ");
      const series = gates.map(({ name, byHour = [] }, look) => ({
        name,
        look,
        points: byHour.filter((one) => one.rps === rps && one.day === day).map((one) => pointOf(name, one)),
      }));
      const words = series.map(({ points }) => `${points.map((point) => point.title).join("; ")}.`);
      return {
        id: `hours-${traffic}-${index}`,
        title,
        description: `Releases with ${percent(badShare)} % of errors that are rolled back before the last shift, by hour. ${words.join(" ")}`,
        x: {
          label: "hour in which a release begins to shift traffic",
          ...linearScale(
            DAY_HOURS,
            HOUR_TICKS.map((value) => ({ value, text: String(value) })),
          ),
        },
        y: { label: `% of ${percent(badShare)} % errors caught; dotted: the goal`, ...linearScale(1, ticks) },
        series,
        reference: { y: probability, text: `goal: ${percent(probability)} %` },
      };
    }),
  );
}

function pointOf(name: string, { day, hour, requestsPerSecond, beforeLastShift }: HourCaught): Point {
  const { share, low, high } = beforeLastShift;
  const at = [...(day === undefined ? [] : [day]), `${String(hour).padStart(2, "0")}:00`].join(" ");
  const rps = `${Number(requestsPerSecond.toPrecision(3))}/s`;
  return { x: hour, y: share, low, high, title: `${name}, ${at}, ${rps}: ${percent(share)} %` };
}
