import { duration } from "../../command/duration";
import type { Clock } from "../clock";
import type { ReleaseEvent, Renderer } from "../events";
import { differenceLines } from "./difference-lines";
import { frameOf, type View } from "./frame";
import { gateLines } from "./gate-lines";
import type { Palette } from "./line";
import { reportLines } from "./report-lines";
import { forPeople, oneLine } from "./words";

/** Milliseconds between two drawings when nothing happens: the seconds must tick. */
const TICK_MS = 500;

/** The terminal, as far as the live view needs it. */
export interface Terminal {
  /** Draws over what was drawn last. */
  draw(lines: readonly string[]): void;
  /** Leaves what was drawn last where it is, and gives the cursor back. */
  keep(): void;
  /** Prints a line above anything drawn later. */
  write(line: string): void;
  size(): { readonly columns: number; readonly rows: number };
  readonly palette: Palette;
  /** Calls again and again; gives the function that ends it. */
  every(milliseconds: number, action: () => void): () => void;
}

/** Shows a release in a terminal: one view, drawn again in place. */
export function liveRenderer(terminal: Terminal, clock: Pick<Clock, "now">): Renderer {
  const { palette } = terminal;
  let view: View | undefined;
  let stopTicking: (() => void) | undefined;

  const draw = () => {
    if (view) terminal.draw(frameOf(view, { ...terminal.size(), palette }, clock.now()));
  };
  const tick = () => {
    try {
      draw();
    } catch {
      // Nobody would catch it here; with the next event it is thrown again, and somebody does.
    }
  };
  const change = (part: Partial<View>) => {
    if (!view) return;
    view = { ...view, ...part };
    draw();
  };
  const finish = () => {
    stopTicking?.();
    stopTicking = undefined;
    if (view) terminal.keep();
    view = undefined;
  };
  /** Before the watch a line of its own, during it a note in the view. */
  const note = (text: string, mark: string) => {
    if (view) change({ notes: [...view.notes, text] });
    else terminal.write(`${mark} ${forPeople(text)}`);
  };

  const show = (event: ReleaseEvent): void => {
    switch (event.type) {
      case "progress":
        return note(event.text, palette.green("✓"));
      case "warning":
        return note(event.text, palette.yellow("!"));
      case "output":
        return terminal.write(palette.dim(`  ${oneLine(event.line)}`));
      case "changes":
        return differenceLines(event.from, event.changes, event.unchanged).forEach((line) =>
          terminal.write(`  ${line}`),
        );
      case "gate":
        return gateLines(event.gate).forEach((line) => terminal.write(`${palette.green("✓")} ${line}`));
      case "watching":
        view = {
          deploymentId: event.deploymentId,
          strategy: event.strategy,
          attach: event.attach,
          leftOut: event.leftOut,
          startedAt: event.at,
          notes: [],
        };
        stopTicking = terminal.every(TICK_MS, tick);
        return draw();
      case "waiting":
        return change({ waiting: event });
      case "snapshot":
        return change({ snapshot: event.snapshot, trouble: undefined });
      case "trouble":
        return change({
          trouble: `could not look (${event.failure.type}), again in ${duration(event.retryInMs)}`,
        });
      case "outcome": {
        // What there is to follow, the report says.
        change({ attach: undefined });
        finish();
        const paint = event.report.exitCode === 0 ? palette.green : palette.red;
        return reportLines(event.report).forEach((line, index) =>
          terminal.write(index === 0 ? palette.bold(paint(line)) : line),
        );
      }
    }
  };
  return { show, close: finish };
}
