import { Terminal, type IBufferCell } from "@xterm/headless";

/** How a run of characters looks. */
interface TextStyle {
  /** Number of the ANSI colour, 0 (black) to 7 (white); undefined for the terminal's own. */
  readonly color: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

/** Characters of a line that look alike. */
export interface TextRun extends TextStyle {
  /** Column of the first character, from 0. */
  readonly column: number;
  readonly text: string;
}

/**
 * Gives the lines that a terminal shows after it has received all output, with what has scrolled out of view.
 * @param output what the commands wrote, with escape sequences; lines end with CR LF
 * @param columns width of the terminal; longer lines are wrapped
 */
export async function screenOf(output: string, columns: number): Promise<readonly (readonly TextRun[])[]> {
  const terminal = new Terminal({ cols: columns, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  const lines: TextRun[][] = [];
  for (let y = 0; y < active.length; y += 1) {
    const line = active.getLine(y);
    const cells = Array.from({ length: columns }, (_, x) => line?.getCell(x));
    lines.push(runsOf(cells.filter((cell) => cell !== undefined)));
  }
  terminal.dispose();
  const last = lines.findLastIndex((runs) => runs.length > 0);
  return lines.slice(0, last + 1);
}

function runsOf(cells: readonly IBufferCell[]): TextRun[] {
  const runs: TextRun[] = [];
  cells.forEach((cell, column) => {
    const text = cell.getChars();
    if (text === "" || text === " ") return;
    const style = styleOf(cell);
    const last = runs.at(-1);
    const gap = last ? column - last.column - last.text.length : 0;
    if (last && gap <= 1 && isSameStyle(last, style)) {
      runs[runs.length - 1] = { ...last, text: `${last.text}${" ".repeat(gap)}${text}` };
    } else {
      runs.push({ ...style, column, text });
    }
  });
  return runs;
}

function styleOf(cell: IBufferCell): TextStyle {
  return {
    color: cell.isFgPalette() ? cell.getFgColor() % 8 : undefined,
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
  };
}

function isSameStyle(a: TextStyle, b: TextStyle): boolean {
  return a.color === b.color && a.isBold === b.isBold && a.isDim === b.isDim;
}
