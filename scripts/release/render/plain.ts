import { duration } from "../../command/duration";
import type { Clock } from "../clock";
import type { ReleaseEvent, Renderer } from "../events";
import type { Snapshot } from "../snapshot";
import { changesBetween } from "./changes";
import { gateLines, watchedLines } from "./gate-lines";
import { reportLines } from "./report-lines";
import { differenceLines } from "./difference-lines";
import { forPeople, isWeak, oneLine, phaseOf, stopwatch, waitingLines } from "./words";

/** A line is printed at least at this interval, in milliseconds: CI systems end a job that is silent for ten minutes. */
const SILENCE_LIMIT_MS = 5 * 60_000;

/**
 * Shows a release as lines of text: one for each change, preceded by the time since the start.
 *
 * @param write prints one line
 */
export function plainRenderer(write: (line: string) => void, clock: Pick<Clock, "now">): Renderer {
  const startedAt = clock.now();
  let previous: Snapshot | undefined;
  let lastLineAt = startedAt;
  let lastTrouble = "";
  let gateShown = false;
  const print = (text: string) => {
    lastLineAt = clock.now();
    write(`[${stopwatch(lastLineAt - startedAt)}] ${oneLine(text)}`);
  };
  const showSnapshot = (snapshot: Snapshot) => {
    lastTrouble = "";
    changesBetween(previous, snapshot).map(forPeople).forEach(print);
    if (clock.now() - lastLineAt >= SILENCE_LIMIT_MS)
      print(`still ${snapshot.deployment.status}: ${phaseOf(snapshot)}`);
    previous = snapshot;
  };
  const show = (event: ReleaseEvent) => {
    switch (event.type) {
      case "progress":
        return print(forPeople(event.text));
      case "warning":
        return print(`warning: ${forPeople(event.text)}`);
      case "output":
        return print(`  | ${event.line}`);
      case "changes":
        return differenceLines(event.from, event.changes, event.unchanged).forEach(print);
      case "gate":
        gateShown = true;
        return gateLines(event.gate).forEach(print);
      case "watching":
        print(`watching ${event.deploymentId}${event.strategy === undefined ? "" : `: ${event.strategy}`}`);
        if (!gateShown) watchedLines(event).forEach(print);
        return print(`follow it from elsewhere with: ${event.attach}`);
      case "waiting":
        return waitingLines(event).forEach(print);
      case "canary":
        return print(`${isWeak(event) ? "warning: " : ""}${forPeople(event.text)}`);
      case "snapshot":
        return showSnapshot(event.snapshot);
      case "trouble": {
        const words = `${event.failure.type}: ${event.failure.message}`;
        if (words !== lastTrouble) print(`poll failed (${words}), retrying in ${duration(event.retryInMs)}`);
        lastTrouble = words;
        return;
      }
      case "outcome":
        return reportLines(event.report).forEach(print);
    }
  };
  return { show, close: () => undefined };
}
