import { shortDigests } from "../../command/digest";
import { duration } from "../../command/duration";
import { baselineNote } from "../judgement/baseline";
import { isFailed } from "../judgement/failures";
import { byPhase, trafficShift, worstMinuteOfOldVersion, type TrafficShift } from "./canary";
import type { RehearsalFacts } from "./facts";
import { countFailed } from "./report";
import type { RehearsalReport } from "./schema";

/** A line of the summary: its label and its text. A line with undefined text is left out. */
type Row = readonly [name: string, text: string | undefined];

/** Returns the result of a rehearsal in about a dozen lines, with reasons when it is not proven or broken. */
export function summaryLines(facts: RehearsalFacts, report: RehearsalReport): string[] {
  const time: Row = [
    "time",
    `${duration(report.simulatedSeconds * 1000)} simulated; the whole command took ${duration(report.wallSeconds * 1000)}, ` +
      `speed ${report.speed}`,
  ];
  const reasons = report.reasons.flatMap(({ what, details }): Row[] => [
    ["why", what],
    ...details.map((line): Row => ["", line]),
  ]);
  const rows =
    facts.release === undefined
      ? [...reasons, time]
      : [...reasons, ...releaseRows(facts, report), time, ...trafficRows(facts, report)];
  rows.push(...report.notPlayed.map((line): Row => ["not played", line]));
  return [
    `${report.sentence} (exit code ${report.exitCode}).`,
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(11)} ${text}`])),
  ];
}

function releaseRows(facts: RehearsalFacts, report: RehearsalReport): Row[] {
  const { deployment, strategy, fault } = report;
  return [
    ["image", shortDigests(facts.image)],
    ["strategy", `${strategy}${fault ? `, the new version with the fault ${fault}` : ""}`],
    ["deployment", deployment ? deploymentLine(deployment) : "none was created"],
    ["CodeDeploy", errorOf(report)],
  ];
}

function trafficRows(facts: RehearsalFacts, report: RehearsalReport): Row[] {
  const { requests, detectionSeconds } = report;
  const shift = trafficShift(facts.weights);
  const phases = byPhase(facts.requests, shift);
  const second = (at: number) => duration(at - facts.startedAt);
  return [
    ["requests", `${number(requests.total)} in all, ${number(requests.toNewVersion)} to the new version`],
    [
      "failed",
      `${number(requests.failed)}: ${number(countFailed(phases.before))} before the canary, ` +
        `${number(countFailed(phases.during))} during it, ${number(countFailed(phases.after))} after it` +
        afterRollback(facts, shift) +
        mostFrequentFailure(facts),
    ],
    ["background", backgroundWords(report)],
    ["live fault", liveFaultWords(facts, report)],
    ["canary", canaryWords(shift, requests.newVersionShareDuringCanary, second)],
    [
      "detection",
      detectionSeconds === null
        ? undefined
        : `${duration(detectionSeconds * 1000)} from the first bad response to the rollback`,
    ],
    ["note", busyMachine(facts, report)],
    ["note", baselineNote(facts)],
    ["note", unexpectedRollback(report)],
    ["writes", writesWords(facts)],
  ];
}

/** Says which of the failures every version has beside its faults. */
function backgroundWords({ background, requests }: RehearsalReport): string | undefined {
  if (background === null) return undefined;
  const { share, failed, failedOnNewVersion } = background;
  return (
    `${number(failed)} of these failures are background, ${number(failedOnNewVersion)} of them the new version's: both ` +
    `versions fail ${percent(share)} of their requests (${number(requests.failed - failed)} failed otherwise)`
  );
}

/** Says which of the failures the live version has, and whether the new version corrects it. */
function liveFaultWords(
  { newVersion, requests }: RehearsalFacts,
  { liveFault, fault }: RehearsalReport,
): string | undefined {
  if (liveFault === null) return undefined;
  const broken = `${number(liveFault.failed)} of these failures are version 1's, which fails ${percent(liveFault.share)} of its requests`;
  if (fault !== null) return broken;
  const own = requests.filter((request) => request.version === newVersion && isFailed(request)).length;
  return `${broken}; the new version, which corrects it, failed ${number(own)}`;
}

/** Describes when the new version had a part of the traffic, and how many requests it answered. */
function canaryWords(shift: TrafficShift | undefined, share: number | null, second: (at: number) => string): string {
  if (shift === undefined) return "none: the new version never got traffic";
  if (shift.to === shift.from) return "none: all traffic moved at once";
  const to = shift.to === undefined ? "the end" : second(shift.to);
  const answered =
    share === null
      ? "no request was sent"
      : `${(share * 100).toFixed(1)} % of the requests answered by the new version`;
  return `${answered}, from ${second(shift.from)} to ${to}`;
}

/** Returns CodeDeploy's error; undefined when it only repeats the alarms of the first line. */
function errorOf({ deployment, activatedAlarms }: RehearsalReport): string | undefined {
  if (!deployment?.errorMessage || activatedAlarms.length > 0) return undefined;
  return `${deployment.errorCode}: ${deployment.errorMessage}`;
}

/** Returns the most frequent failure as a suffix; empty when no request failed. */
function mostFrequentFailure({ requests }: RehearsalFacts): string {
  const counts = new Map<string, number>();
  for (const { failure } of requests) if (failure !== undefined) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first ? `; most often ${first[0]}` : "";
}

function writesWords({ writes }: RehearsalFacts): string {
  if (writes === undefined) return "not checked: only a traffic module can check them (rehearsal.module)";
  const { acknowledged, lost, unreadable } = writes;
  const result = lost === null ? `which could not be read back: ${unreadable ?? "no answer"}` : `${number(lost)} lost`;
  return `${number(acknowledged)} acknowledged, ${result}`;
}

/** Returns a note when a busy machine may have caused the rollback. */
function busyMachine(facts: RehearsalFacts, report: RehearsalReport): string | undefined {
  const worst = worstMinuteOfOldVersion(facts);
  if (worst === undefined || report.releaseExitCode === 0) return undefined;
  return (
    `the old version itself took ${Math.round(worst)} simulated ms on average in its worst minute: ` +
    `this machine was too busy for --speed ${facts.speed}, which may have caused the alarm`
  );
}

/** Returns a note when the release was rolled back without an injected fault. */
function unexpectedRollback({ releaseExitCode, fault, background, liveFault }: RehearsalReport): string | undefined {
  if (releaseExitCode !== 2 || fault !== null) return undefined;
  const others = [
    ...(background === null ? [] : ["the background failures"]),
    ...(liveFault === null ? [] : ["the failures of version 1"]),
  ].map((cause) => ` ${cause},`);
  return `no fault was injected: the cause is the new version,${others.join("")} an alarm's threshold, or this machine`;
}

/** Counts the failures after a rollback that came after the end of the canary. */
function afterRollback({ requests }: RehearsalFacts, shift: TrafficShift | undefined): string {
  const { to, takenBack } = shift ?? {};
  if (takenBack === undefined || takenBack === to) return "";
  return ` (${number(countFailed(requests.filter(({ at }) => at >= takenBack)))} after the rollback)`;
}

function deploymentLine(deployment: NonNullable<RehearsalReport["deployment"]>): string {
  const rollback = deployment.rollbackDeploymentId;
  return `${deployment.id} ${deployment.status}${rollback === null ? "" : `, rolled back by ${rollback}`}`;
}

/** A share in percent, without digits that say nothing: `0.1 %`. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
