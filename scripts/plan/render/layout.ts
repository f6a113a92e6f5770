import type { Level } from "../rules/rule";
import type { Section } from "./fit";

/** Names, lines and sentences that a reader still reads. Characters. */
export const MAX_LENGTH = { name: 80, address: 200, reason: 200, line: 240, sentence: 500 } as const;

/** What is shown first when there is no room for all. */
export const RANKS = { notPlanned: 8, danger: 7, table: 6, message: 5, waiting: 4, caution: 1 } as const;
/** And of the resources, by what is found of each. */
export const RESOURCE_RANKS: Readonly<Record<Level, number>> = { danger: 3, caution: 2, fine: 0 };

/** A list is read from the top, and not for long. Lines. */
const MAX_LINES = 40;

/** A list of Markdown whose lines are left out one by one. */
export function listSection(rank: number, lines: readonly string[]): Section {
  return {
    items: lines.slice(0, MAX_LINES).map((line) => ({ rank, lines: [line] })),
    render: (kept) => {
      const left = lines.length - kept.length;
      return [...kept.flatMap((item) => item.lines), ...(left > 0 ? [`- … and ${left} more`] : [])];
    },
  };
}

/** Lines to unfold under a summary. */
export function collapsed(summary: string, lines: readonly string[]): readonly string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

/** `1 value`, `2 values` */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
