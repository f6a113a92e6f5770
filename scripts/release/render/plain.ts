import { duration } from "../../command/duration";
import type { Clock } from "../clock";
import type { ReleaseEvent, Renderer } from "../events";
import type { Snapshot } from "../snapshot";
import { alarmsByName } from "../alarm-selection";
import { changesBetween } from "./changes";
import { gateLines } from "./gate-lines";
import { reportLines } from "./report-lines";
import { differenceLines } from "./difference-lines";
import { forPeople, oneLine, phaseOf, stopwatch, waitingLines } from "./words";

/** CI systems end a job that prints nothing for ten minutes. Milliseconds. */
const SILENCE_LIMIT_MS = 5 * 60_000;

/**
 * Shows a release as lines of text: one for each thing that happened, with the time since the start before it.
 *
 * @param write prints one line
 */
export function plainRenderer(write: (line: string) => void, clock: Pick<Clock, "now">): Renderer {
  const startedAt = clock.now();
  let previous: Snapshot | undefined;
  let lastLineAt = startedAt;
  let lastTrouble = "";
  const say = (text: string) => {
    lastLineAt = clock.now();
    write(`[${stopwatch(lastLineAt - startedAt)}] ${oneLine(text)}`);
  };
  const showSnapshot = (snapshot: Snapshot) => {
    lastTrouble = "";
    changesBetween(previous, snapshot).map(forPeople).forEach(say);
    if (clock.now() - lastLineAt >= SILENCE_LIMIT_MS) say(`still ${snapshot.deployment.status}: ${phaseOf(snapshot)}`);
    previous = snapshot;
  };
  const show = (event: ReleaseEvent) => {
    switch (event.type) {
      case "progress":
        return say(forPeople(event.text));
      case "warning":
        return say(`warning: ${forPeople(event.text)}`);
      case "output":
        return say(`  | ${event.line}`);
      case "changes":
        return differenceLines(event.from, event.changes, event.unchanged).forEach(say);
      case "gate":
        return gateLines(event.gate).forEach(say);
      case "watching":
        say(`watching ${event.deploymentId}${event.strategy === undefined ? "" : `: ${event.strategy}`}`);
        if (event.leftOut && event.leftOut.length > 0) say(`not watched by it: ${alarmsByName(event.leftOut)}`);
        return say(`follow it from elsewhere with: ${event.attach}`);
      case "waiting":
        return waitingLines(event).forEach(say);
      case "snapshot":
        return showSnapshot(event.snapshot);
      case "trouble": {
        const words = `${event.failure.type}: ${event.failure.message}`;
        if (words !== lastTrouble) say(`could not look (${words}), trying again in ${duration(event.retryInMs)}`);
        lastTrouble = words;
        return;
      }
      case "outcome":
        return reportLines(event.report).forEach(say);
    }
  };
  return { show, close: () => undefined };
}
