import type { Level } from "../rules/rule";
import type { Section } from "./fit";

/** Maximum lengths of names, lines and sentences in the review, in characters. */
export const MAX_LENGTH = { name: 80, address: 200, reason: 200, line: 240, sentence: 500 } as const;

/** Ranks of the parts of the review: higher ranks are kept first when there is no room for all. */
export const RANKS = { notPlanned: 8, danger: 7, table: 6, message: 5, waiting: 4, caution: 1 } as const;
/** Ranks of resources, by the worst finding about each. */
export const RESOURCE_RANKS: Readonly<Record<Level, number>> = { danger: 3, caution: 2, fine: 0 };

/** Maximum length of a list, in lines. */
const MAX_LINES = 40;

/** A Markdown list as a section; lines that don't fit are left out one by one. */
export function listSection(rank: number, lines: readonly string[]): Section {
  return {
    items: lines.slice(0, MAX_LINES).map((line) => ({ rank, lines: [line] })),
    render: (kept) => {
      const left = lines.length - kept.length;
      return [...kept.flatMap((item) => item.lines), ...(left > 0 ? [`- … and ${left} more`] : [])];
    },
  };
}

/** Lines in a fold with a summary. */
export function collapsed(summary: string, lines: readonly string[]): readonly string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

/** A number with its noun: `1 value`, `2 values`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
