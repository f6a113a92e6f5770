import { blamedAlarms } from "./alarms";
import type { Report } from "./events";
import { EXIT_CODES, hasInstallStarted, type Outcome, type Verdict } from "./outcome";
import type { Problem } from "./problem";
import { eventStatus, isUnread, weightsOf, type AlarmView, type Snapshot, type StoppedTask } from "./snapshot";

/** CodeDeploy's code for a lifecycle hook that failed. */
const HOOK_FAILED = "HOOK_EXECUTION_FAILURE";

/** A report with only what it needs; the rest is empty. */
export function reportOf(
  outcome: Outcome,
  headline: string,
  rest: Partial<Omit<Report, "outcome" | "exitCode" | "headline">> = {},
): Report {
  return { outcome, exitCode: EXIT_CODES[outcome], headline, reasons: [], next: [], alarms: [], problems: [], ...rest };
}

/**
 * Refused because of these problems. Pure.
 *
 * @param before nothing was changed as long as only checks were made; once an image is pushed or a revision registered,
 *   nothing was deployed
 */
export function refusal(problems: readonly Problem[], before: "changed" | "deployed" = "changed"): Report {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return reportOf("refused", `refused before anything was ${before}: ${count}`, { problems });
}

/** What is known beside the last snapshot. */
export interface ReportContext {
  readonly taskDefinition?: string | undefined;
  /** Where the hook after test traffic says what it found. */
  readonly hookLogGroup?: string | undefined;
}

/** Says how a deployment ended, why, and what to do now. Pure. */
export function reportVerdict(verdict: Verdict, snapshot: Snapshot, context: ReportContext = {}): Report {
  const { deployment, rollback } = snapshot;
  const alarms =
    deployment.status === "Succeeded" ? [] : blamedAlarms(deployment.error, snapshot.alarms, snapshot.activatedAlarms);
  const rest = {
    deploymentId: deployment.id,
    ...(deployment.rollbackId !== undefined && { rollbackDeploymentId: deployment.rollbackId }),
    ...(context.taskDefinition !== undefined && { taskDefinition: context.taskDefinition }),
    alarms: alarms.map(({ name }) => name),
  };
  const reasons = [...reasonsOf(snapshot, alarms)];
  switch (verdict.outcome) {
    case "released":
      return reportOf("released", `released: deployment ${deployment.id} succeeded`, rest);
    case "rolled-back":
      return deployment.rollbackOf === undefined
        ? reportOf("rolled-back", `rolled back: ${deployment.id} ended ${deployment.status}, its rollback succeeded`, {
            ...rest,
            reasons,
            next: [
              ...whereToRead(snapshot, context),
              "the old version has all traffic; correct the cause and release again",
            ],
          })
        : reportOf("rolled-back", `rolled back: ${deployment.id} took ${deployment.rollbackOf} back`, rest);
    case "interrupted":
      return verdict.because === "rolled-back"
        ? reportOf("interrupted", `interrupted: ${deployment.id} was stopped and rolled back`, { ...rest, reasons })
        : reportOf("interrupted", `interrupted: ${deployment.id} was stopped before anything was installed`, rest);
    case "failed":
      return verdict.because === "rollback-failed"
        ? reportOf("failed", `failed: the rollback of ${deployment.rollbackOf ?? deployment.id} failed too`, {
            ...rest,
            reasons: [...reasons, ...(rollback ? errorOf(rollback.id, rollback.error) : [])],
            next: ["look at the listeners and task sets now: traffic may be split between the versions"],
          })
        : reportOf(
            "failed",
            `failed: ${deployment.id} ended ${deployment.status}, and CodeDeploy rolled nothing back`,
            {
              ...rest,
              reasons,
              next: [...whereToRead(snapshot, context), leftBehind(snapshot)],
            },
          );
  }
}

/** CodeDeploy says only that a hook failed; what it found stands in its log. */
function whereToRead({ deployment }: Snapshot, { hookLogGroup }: ReportContext): readonly string[] {
  return deployment.error?.code === HOOK_FAILED && hookLogGroup !== undefined
    ? [`what the hook found stands in the log group ${hookLogGroup}`]
    : [];
}

function* reasonsOf(snapshot: Snapshot, alarms: readonly AlarmView[]): Generator<string> {
  for (const alarm of alarms) yield `alarm ${alarm.name}${alarm.reason === undefined ? "" : `: ${alarm.reason}`}`;
  yield* errorOf(snapshot.deployment.id, snapshot.deployment.error);
  for (const event of snapshot.target?.events ?? []) {
    if (event.status === "Failed" && event.message) yield `${event.name}: ${event.message}`;
  }
  for (const line of summarize(snapshot.stoppedTasks)) yield line;
  for (const message of snapshot.serviceMessages) yield `ECS: ${message}`;
  if (snapshot.deployment.rollbackMessage) yield `CodeDeploy: ${snapshot.deployment.rollbackMessage}`;
}

function errorOf(id: string, error: { readonly code: string; readonly message: string } | undefined): string[] {
  return error ? [`CodeDeploy on ${id}: ${error.message} (${error.code})`] : [];
}

/** Stopped tasks, those with the same reason on one line. Pure. */
export function summarize(tasks: readonly StoppedTask[]): readonly string[] {
  const groups = new Map<string, number>();
  for (const task of tasks) {
    const words = `${task.reason}${task.exitCode === undefined ? "" : ` (exit code ${task.exitCode})`}`;
    groups.set(words, (groups.get(words) ?? 0) + 1);
  }
  return [...groups].map(([words, count]) => `${count === 1 ? "a new task" : `${count} new tasks`} stopped: ${words}`);
}

/** What a deployment leaves that nobody rolled back. */
function leftBehind(snapshot: Snapshot): string {
  if (!hasInstallStarted(snapshot)) return "nothing was installed; production is as it was";
  return hasMovedTraffic(snapshot)
    ? "look at the listeners and task sets now: traffic may be on the new version"
    : "production traffic never moved; the new task set may still be there";
}

/** Whether production traffic has reached the new version, or might have. */
function hasMovedTraffic(snapshot: Snapshot): boolean {
  const shift = eventStatus(snapshot, "AllowTraffic");
  return (
    (weightsOf(snapshot.target)?.new ?? 0) > 0 ||
    isUnread(snapshot, "steps") ||
    !(shift === undefined || shift === "Pending" || shift === "Skipped")
  );
}
