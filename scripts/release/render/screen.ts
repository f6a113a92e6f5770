import { stripVTControlCharacters } from "node:util";

/** The terminal's stream, as far as drawing needs it. */
export interface ScreenStream {
  write(text: string): unknown;
  readonly columns?: number;
}

/** Control sequences of ECMA-48, and of DEC's private modes, which every terminal of today knows or ignores. */
const ESC = "\u001B[";
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Characters wider than we think must not make two lines of one: they are cut at the edge instead. */
const NO_WRAP = `${ESC}?7l`;
const WRAP = `${ESC}?7h`;
/** What is written in between is shown at once, so that nothing flickers. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
const ERASE_LINE = `${ESC}2K`;
const ERASE_BELOW = `${ESC}J`;

/**
 * Draws lines over the lines drawn before, all of them anew: what is above them stays, and the cursor waits on the line
 * below. Pure.
 *
 * @param widths of the lines drawn before
 * @param columns width of the terminal now: one that has become narrower has broken those lines into more
 */
export function redraw(widths: readonly number[], lines: readonly string[], columns: number): string {
  const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  const up = rows === 0 ? "" : `${ESC}${rows}A`;
  const drawn = lines.map((line) => `${ERASE_LINE}${line}\n`).join("");
  return `${BEGIN}${HIDE_CURSOR}${NO_WRAP}${up}\r${drawn}${ERASE_BELOW}${WRAP}${END}`;
}

/** A part of the terminal that is drawn again and again in place. */
export class Screen {
  private widths: readonly number[] = [];

  constructor(private readonly stream: ScreenStream) {}

  /** Draws over what was drawn last. */
  draw(lines: readonly string[]): void {
    const columns = this.stream.columns ?? 80;
    this.stream.write(redraw(this.widths, lines, columns));
    this.widths = lines.map((line) => Math.min(columns, Array.from(stripVTControlCharacters(line)).length));
  }

  /** Leaves what was drawn last where it is, and gives the cursor back. */
  keep(): void {
    this.widths = [];
    this.stream.write(SHOW_CURSOR);
  }
}
