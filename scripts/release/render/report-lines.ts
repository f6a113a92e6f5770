import type { ReleaseReport } from "../events";
import { forPeople, oneLine } from "./words";

/** The report as lines: outcome, problems, reasons, notes, next steps. Next steps may be copied, so their digests stay complete. Pure. */
export function reportLines(report: ReleaseReport): readonly string[] {
  return [
    forPeople(report.headline),
    ...report.problems.flatMap((problem) => [
      `  - ${forPeople(problem.what)}`,
      `    where: ${forPeople(problem.where)}`,
      `    next:  ${oneLine(problem.next)}`,
    ]),
    ...report.reasons.map((reason) => `  why:  ${forPeople(reason)}`),
    ...report.notes.map((note) => `  note: ${forPeople(note)}`),
    ...report.next.map((step) => `  next: ${oneLine(step)}`),
  ];
}
