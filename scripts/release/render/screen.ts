import { stripVTControlCharacters } from "node:util";

/** The parts of a terminal's stream that drawing needs. */
export interface ScreenStream {
  write(text: string): unknown;
  readonly columns?: number;
}

/** Control sequences of ECMA-48 and of DEC's private modes. Every common terminal supports or ignores them. */
const ESC = "\u001B[";
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Without wrapping, a line with characters wider than expected is cut at the edge and stays one line. */
const NO_WRAP = `${ESC}?7l`;
const WRAP = `${ESC}?7h`;
/** Text between these two is shown at once, which avoids flicker. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
const ERASE_LINE = `${ESC}2K`;
const ERASE_BELOW = `${ESC}J`;

/**
 * The text that replaces the lines drawn before. Lines above them stay, and the cursor ends on the line below. Pure.
 *
 * @param widths of the lines drawn before
 * @param columns present width of the terminal; a terminal that became narrower has wrapped the earlier lines
 */
export function redraw(widths: readonly number[], lines: readonly string[], columns: number): string {
  const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  const up = rows === 0 ? "" : `${ESC}${rows}A`;
  const drawn = lines.map((line) => `${ERASE_LINE}${line}\n`).join("");
  return `${BEGIN}${HIDE_CURSOR}${NO_WRAP}${up}\r${drawn}${ERASE_BELOW}${WRAP}${END}`;
}

/** A part of the terminal that is redrawn in place. */
export class Screen {
  private widths: readonly number[] = [];

  constructor(private readonly stream: ScreenStream) {}

  /** Draws lines in place of those drawn last. */
  draw(lines: readonly string[]): void {
    const columns = this.stream.columns ?? 80;
    this.stream.write(redraw(this.widths, lines, columns));
    this.widths = lines.map((line) => Math.min(columns, Array.from(stripVTControlCharacters(line)).length));
  }

  /** Keeps what was drawn last on the screen, and shows the cursor again. */
  keep(): void {
    this.widths = [];
    this.stream.write(SHOW_CURSOR);
  }
}
