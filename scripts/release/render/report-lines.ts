import type { Report } from "../events";
import { oneLine } from "./words";

/** The report in lines: how it ended, why, what next. Pure. */
export function reportLines(report: Report): readonly string[] {
  const lines = [
    report.headline,
    ...report.problems.flatMap((problem) => [
      `  - ${problem.what}`,
      `    where: ${problem.where}`,
      `    next:  ${problem.next}`,
    ]),
    ...report.reasons.map((reason) => `  why:  ${reason}`),
    ...report.notes.map((note) => `  note: ${note}`),
    ...report.next.map((step) => `  next: ${step}`),
  ];
  return lines.map(oneLine);
}
