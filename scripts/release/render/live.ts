import { duration } from "../../command/duration";
import type { Clock } from "../clock";
import type { ReleaseEvent, Renderer } from "../events";
import { differenceLines } from "./difference-lines";
import { frameOf, type View } from "./frame";
import { gateLines } from "./gate-lines";
import type { Palette } from "./line";
import { reportLines } from "./report-lines";
import { forPeople, isWeak, oneLine } from "./words";

/** Milliseconds between two frames without an event, so that the elapsed time is updated. */
const TICK_MS = 500;

/** Operations of the terminal for the live view. */
export interface Terminal {
  /** Draws lines in place of those drawn last. */
  draw(lines: readonly string[]): void;
  /** Keeps what was drawn last on the screen, and shows the cursor again. */
  keep(): void;
  /** Prints a line. Later drawing begins below it. */
  write(line: string): void;
  size(): { readonly columns: number; readonly rows: number };
  readonly palette: Palette;
  /** Calls `action` at this interval. Returns a function that ends it. */
  every(milliseconds: number, action: () => void): () => void;
}

/** Shows a release in a terminal, as a view that is redrawn in place. */
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
      // Nothing catches an error of a timer. The next event draws again, and its caller catches the error.
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
  /** Shows a text: before the watch as a line, during the watch as a note in the view. */
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
          unwatched: event.unwatched,
          startedAt: event.at,
          notes: [],
        };
        stopTicking = terminal.every(TICK_MS, tick);
        return draw();
      case "canary":
        return note(event.text, isWeak(event) ? palette.yellow("!") : palette.green("✓"));
      case "waiting":
        return change({ waiting: event });
      case "snapshot":
        return change({ snapshot: event.snapshot, trouble: undefined });
      case "trouble":
        return change({
          trouble: `poll failed (${event.failure.type}), retrying in ${duration(event.retryInMs)}`,
        });
      case "outcome": {
        // The report has the commands to follow the deployment.
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
