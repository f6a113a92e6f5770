import { duration } from "../../command/duration";
import { alarmsByName } from "../alarm-selection";
import { statesInWords } from "../alarms";
import { eventStatus, isKeepingOldTaskSet, isUnread, weightsOf, type EventView, type Snapshot } from "../snapshot";
import type { ReleaseEvent } from "../events";
import { readyWaitOf } from "../ready-wait";
import { fit, plain, type Line, type Paint, type Palette } from "./line";
import { phaseOf, stopwatch, unreadWords, waitingLines } from "./words";

/** State of the live view. */
export interface View {
  readonly deploymentId: string;
  readonly strategy?: string | undefined;
  /** The command that follows the deployment from elsewhere; undefined when it is over. */
  readonly attach?: string | undefined;
  /** Alarms of the group that this deployment doesn't watch. */
  readonly unwatched?: readonly string[] | undefined;
  /** The deployment waits for a person. Shown only while the snapshot shows the same wait. */
  readonly waiting?: Extract<ReleaseEvent, { type: "waiting" }> | undefined;
  /** When the watch began, by this machine's clock, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly snapshot?: Snapshot | undefined;
  /** Why the last poll failed. */
  readonly trouble?: string | undefined;
  /** Warnings and progress during the watch, newest last. */
  readonly notes: readonly string[];
}

/** The terminal on which a frame is drawn. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

/** A block of lines. In a low terminal, blocks with the lowest priority lose their lines first. */
interface Block {
  readonly priority: number;
  readonly lines: readonly Line[];
}

/** Names are padded to the longest lifecycle event's length. */
const NAME_WIDTH = 22;
const LABEL_WIDTH = 9;
const NOTES_SHOWN = 3;

/**
 * A frame of the live view: steps, traffic, alarms, errors. It is never wider or higher than the terminal: the least
 * important lines are left out. Pure.
 *
 * @param now by this machine's clock, milliseconds since the Unix epoch
 */
export function frameOf(view: View, canvas: Canvas, now: number): readonly string[] {
  const { snapshot } = view;
  const { palette } = canvas;
  const blocks: readonly Block[] = [
    { priority: 9, lines: [header(view, palette, now)] },
    { priority: 10, lines: waitLines(view, palette, now) },
    { priority: 3, lines: snapshot ? stepLines(snapshot, palette, now) : [plain("  waiting for CodeDeploy")] },
    { priority: 8, lines: snapshot ? trafficLines(snapshot, canvas) : [] },
    { priority: 7, lines: snapshot ? alarmLines(snapshot, palette) : [] },
    { priority: 4, lines: unwatchedLines(view, palette) },
    { priority: 6, lines: snapshot ? errorLines(snapshot, palette) : [] },
    { priority: 5, lines: noteLines(view, palette) },
    {
      priority: 1,
      lines: view.attach === undefined ? [] : [[{ text: `follow   ${view.attach}`, paint: palette.dim }]],
    },
  ];
  // The cursor needs the line below the frame.
  return shorten(blocks, Math.max(1, canvas.rows - 1)).map((line) => fit(line, canvas.columns));
}

/** Leaves out the least important lines until the rest fits; of a block, the last lines first. */
function shorten(blocks: readonly Block[], rows: number): readonly Line[] {
  const lines = blocks.flatMap(({ priority, lines }) => lines.map((line, index) => ({ priority, index, line })));
  const excess = lines.length - rows;
  if (excess <= 0) return lines.map(({ line }) => line);
  const leastFirst = [...lines].sort((a, b) => a.priority - b.priority || b.index - a.index);
  const dropped = new Set(leastFirst.slice(0, excess));
  return lines.filter((entry) => !dropped.has(entry)).map(({ line }) => line);
}

function header(view: View, palette: Palette, now: number): Line {
  const phase = view.snapshot ? phaseOf(view.snapshot) : "starting";
  const { snapshot } = view;
  const created = snapshot?.deployment.createdAt;
  const elapsed =
    snapshot && created !== undefined ? snapshot.awsTime + (now - snapshot.at) - created : now - view.startedAt;
  return [
    { text: `${view.deploymentId} `, paint: palette.bold },
    { text: `${stopwatch(elapsed)}  `, paint: palette.cyan },
    { text: phase },
    ...(view.strategy === undefined ? [] : [{ text: `  (${view.strategy})`, paint: palette.dim }]),
  ];
}

function stepLines(snapshot: Snapshot, palette: Palette, now: number): readonly Line[] {
  const events = snapshot.target?.events ?? [];
  if (events.length === 0) return [plain(`  ${snapshot.deployment.status}`)];
  const awsNow = snapshot.awsTime + (now - snapshot.at);
  const steps = events.map((event) => stepLine(event, palette, awsNow));
  const wait: Line[] =
    eventStatus(snapshot, "AfterAllowTraffic") === "Succeeded"
      ? [stepLine({ name: "termination wait", ...terminationWait(snapshot) }, palette, awsNow)]
      : [];
  return [...steps, ...wait];
}

/** The termination wait as a step. It is no lifecycle event of CodeDeploy, but may be the longest part of a release. */
function terminationWait(snapshot: Snapshot): Omit<EventView, "name"> {
  const ends = (snapshot.target?.events ?? []).map((event) => event.endedAt ?? 0);
  const startedAt = Math.max(...ends);
  const begun = startedAt > 0 ? { startedAt } : {};
  if (isKeepingOldTaskSet(snapshot)) return { status: "InProgress", ...begun };
  const { completedAt } = snapshot.deployment;
  const status = snapshot.deployment.status === "Succeeded" ? "Succeeded" : "Failed";
  return { status, ...begun, ...(completedAt !== undefined && { endedAt: completedAt }) };
}

function stepLine(event: EventView, palette: Palette, awsNow: number): Line {
  const [mark, paint] = markOf(event.status, palette);
  const end = event.endedAt ?? (event.status === "InProgress" ? awsNow : undefined);
  const took = event.startedAt === undefined || end === undefined ? "" : duration(end - event.startedAt);
  return [
    { text: `  ${mark} `, paint },
    { text: event.name.padEnd(NAME_WIDTH), ...(event.status === "Pending" && { paint: palette.dim }) },
    { text: event.status === "Skipped" ? "skipped" : took, paint: palette.dim },
    ...(event.message ? [{ text: `  ${event.message}`, paint: palette.red }] : []),
  ];
}

function markOf(status: string, palette: Palette): readonly [string, Paint] {
  switch (status) {
    case "Succeeded":
      return ["✓", palette.green];
    case "Failed":
      return ["✗", palette.red];
    case "InProgress":
      return ["●", palette.cyan];
    case "Skipped":
      return ["-", palette.dim];
    default:
      return ["○", palette.dim];
  }
}

function trafficLines(snapshot: Snapshot, { columns, palette }: Canvas): readonly Line[] {
  const weights = weightsOf(snapshot.target);
  if (!weights) return [];
  const label = `  old ${weights.old} %, new ${weights.new} %`;
  const width = Math.max(5, Math.min(40, columns - LABEL_WIDTH - label.length));
  // A share above 0 % has at least one cell, and one below 100 % leaves at least one.
  const share = Math.round((weights.new / 100) * width);
  const green = weights.new <= 0 ? 0 : weights.new >= 100 ? width : Math.min(width - 1, Math.max(1, share));
  return [
    [
      { text: "traffic".padEnd(LABEL_WIDTH) },
      { text: "█".repeat(width - green), paint: palette.blue },
      { text: "▒".repeat(green), paint: palette.green },
      { text: label },
    ],
  ];
}

function alarmLines(snapshot: Snapshot, palette: Palette): readonly Line[] {
  const { alarms } = snapshot;
  if (alarms.length === 0) return [];
  const firing = alarms.filter((alarm) => alarm.state === "ALARM");
  const stale = isUnread(snapshot, "alarms") ? " (as last read)" : "";
  const label = "alarms".padEnd(LABEL_WIDTH);
  if (firing.length === 0) {
    const paint = alarms.some(({ state }) => state === "OK") ? palette.green : palette.yellow;
    return [[{ text: label }, { text: `${statesInWords(alarms)}${stale}`, paint }]];
  }
  return firing.map((alarm, index) => [
    { text: index === 0 ? label : " ".repeat(LABEL_WIDTH) },
    { text: `ALARM ${alarm.name}`, paint: palette.red },
    { text: alarm.reason === undefined ? "" : `: ${alarm.reason}`, paint: palette.dim },
  ]);
}

/** Why the deployment waits, how long, and how to continue it. The most important block: somebody has to act. */
function waitLines({ waiting, snapshot }: View, palette: Palette, now: number): readonly Line[] {
  if (!waiting || !snapshot || readyWaitOf(snapshot)?.deploymentId !== waiting.deploymentId) return [];
  const awsNow = snapshot.awsTime + (now - snapshot.at);
  const left = waiting.until === undefined ? [] : [plain(`  ${duration(waiting.until - awsNow)} left`)];
  return [...waitingLines(waiting).map((text): Line => [{ text, paint: palette.yellow }]), ...left];
}

function unwatchedLines({ unwatched = [] }: View, palette: Palette): readonly Line[] {
  if (unwatched.length === 0) return [];
  return [[{ text: " ".repeat(LABEL_WIDTH) }, { text: `not watched: ${alarmsByName(unwatched)}`, paint: palette.dim }]];
}

function errorLines(snapshot: Snapshot, palette: Palette): readonly Line[] {
  const tasks = snapshot.stoppedTasks.slice(0, 2).map((task) => `task stopped: ${task.reason}`);
  const error = snapshot.deployment.error?.message;
  const texts = [...(error === undefined ? [] : [error]), ...tasks, ...snapshot.serviceMessages.slice(-1)];
  return texts.map((text): Line => [{ text: "! ".padStart(LABEL_WIDTH), paint: palette.red }, { text }]);
}

function noteLines(view: View, palette: Palette): readonly Line[] {
  const blind = (view.snapshot?.unread ?? []).map((each) => `can't read ${unreadWords(each)}: ${each.why}`);
  const trouble = view.trouble === undefined ? [] : [view.trouble];
  return [...view.notes, ...blind, ...trouble]
    .slice(-NOTES_SHOWN)
    .map((text): Line => [{ text: "note".padEnd(LABEL_WIDTH), paint: palette.yellow }, { text }]);
}
