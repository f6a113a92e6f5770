import { byPhase, shiftOf, worstMinuteOfOldVersion, type Shift } from "./canary";
import type { RehearsalFacts } from "./facts";
import { failures } from "./report";
import type { Report } from "./schema";

/** The end of a rehearsal in a dozen lines for people. */
export function summaryLines(facts: RehearsalFacts, report: Report): string[] {
  const shift = shiftOf(facts.weights);
  const phases = byPhase(facts.requests, shift);
  const share = report.requests.newVersionShareDuringCanary;
  const { deployment } = report;
  const second = (at: number) => duration((at - facts.startedAt) / 1000);
  const rows: [string, string | undefined][] = [
    ["image", facts.image],
    ["strategy", `${report.strategy}${report.fault ? `, the new version with the fault ${report.fault}` : ""}`],
    ["deployment", deployment ? deploymentLine(deployment) : "none was created"],
    ["CodeDeploy", deployment?.errorMessage ? `${deployment.errorCode}: ${deployment.errorMessage}` : undefined],
    [
      "time",
      `${duration(report.simulatedSeconds)} simulated, ${duration(report.wallSeconds)} of wall time in all, ` +
        `speed ${report.speed}`,
    ],
    ["requests", `${number(report.requests.total)} in all, ${number(report.requests.toNewVersion)} to the new version`],
    [
      "failed",
      `${number(report.requests.failed)}: ${number(failures(phases.before))} before the canary, ` +
        `${number(failures(phases.during))} during it, ${number(failures(phases.after))} after it` +
        afterRollback(facts, shift) +
        commonestFailure(facts),
    ],
    [
      "canary",
      share === null || shift?.to === undefined
        ? shift
          ? "none: all traffic moved at once"
          : "none: the new version never got traffic"
        : `${(share * 100).toFixed(1)} % of the requests answered by the new version, ` +
          `from ${second(shift.from)} to ${second(shift.to)}`,
    ],
    [
      "detection",
      report.detectionSeconds === null
        ? undefined
        : `${duration(report.detectionSeconds)} from the first bad response to the rollback`,
    ],
    ["note", busyMachine(facts)],
    ["writes", `${number(report.writes.acknowledged)} acknowledged, ${lostWrites(facts)}`],
  ];
  return [
    headline(report),
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(11)} ${text}`])),
  ];
}

/** What failed requests failed with most often; nothing when none failed. */
function commonestFailure({ requests }: RehearsalFacts): string {
  const counts = new Map<string, number>();
  for (const { failure } of requests) if (failure !== undefined) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first ? `; most often ${first[0]}` : "";
}

function lostWrites({ writes: { lost, unreadable } }: RehearsalFacts): string {
  return lost === null ? `which could not be read back: ${unreadable ?? "no answer"}` : `${number(lost)} lost`;
}

/** When what ended the release was perhaps the machine. */
function busyMachine(facts: RehearsalFacts): string | undefined {
  const worst = worstMinuteOfOldVersion(facts);
  if (worst === undefined || facts.exitCode === 0) return undefined;
  return (
    `the old version itself took ${Math.round(worst)} simulated ms on average in its worst minute: ` +
    `this machine was too busy for --speed ${facts.speed}, so judge the alarm with care`
  );
}

/** When the rollback came after the canary's end: what failed after it. */
function afterRollback({ requests }: RehearsalFacts, shift: Shift | undefined): string {
  const { to, takenBack } = shift ?? {};
  if (takenBack === undefined || takenBack === to) return "";
  return ` (${number(failures(requests.filter(({ at }) => at >= takenBack)))} after the rollback)`;
}

/** How it ended, by the exit codes of the release command. */
function headline(report: Report): string {
  return `${ending(report)} (exit code ${report.exitCode}).`;
}

function ending({ exitCode, activatedAlarms, deployment }: Report): string {
  switch (exitCode) {
    case 0:
      return "Released: the new version serves all traffic";
    case 2: {
      const alarms = `${activatedAlarms.length === 1 ? "alarm" : "alarms"} ${activatedAlarms.join(", ")}`;
      return `Rolled back: ${activatedAlarms.length > 0 ? alarms : (deployment?.errorCode ?? "no reason given")}`;
    }
    case 3:
      return "Failed: the deployment ended without success, and without a rollback that finished";
    case 4:
      return "Refused: nothing was deployed; what the release says above is why";
    case 5:
      return "Lost sight: the release gave up watching its deployment; what it says above is why";
    case 130:
      if (!deployment) return "Interrupted: nothing was deployed yet";
      return deployment.rollbackDeploymentId === null
        ? "Stopped: the release was interrupted before anything was installed"
        : "Rolled back: the release was interrupted";
    default:
      return "Broken: the release command ended as it never should";
  }
}

function deploymentLine(deployment: NonNullable<Report["deployment"]>): string {
  const rollback = deployment.rollbackDeploymentId;
  return `${deployment.id} ${deployment.status}${rollback === null ? "" : `, rolled back by ${rollback}`}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
