import { ALARM_ACTIVE, alarmCauseOf, type AlarmCause } from "./alarm-cause";
import type { CanaryResult } from "./canary-check";
import type { ReleaseReport } from "./events";
import { trafficSentence } from "./low-traffic";
import { exitCodeOf, hasInstallStarted, type Outcome, type ReleaseVerdict } from "./outcome";
import { probeSentences, type ProbeReport } from "./probes";
import type { SomeProblems } from "./problem";
import type { Snapshot, StoppedTask } from "./snapshot";
import { afterFailedRollback, afterNoRollback, afterRollback, servesNothing } from "./traffic-state";

/** CodeDeploy's error code when a lifecycle hook failed. */
const HOOK_FAILED = "HOOK_EXECUTION_FAILURE";

/** What to do about a release that was stopped for lack of requests. */
const MORE_TRAFFIC = 'release when there is more traffic, or set gate.lowTraffic to "warn"';

/** A report; members that are not given are empty. */
export function reportOf(
  outcome: Outcome,
  headline: string,
  rest: Partial<Omit<ReleaseReport, "outcome" | "exitCode" | "headline">> = {},
): ReleaseReport {
  return {
    outcome,
    exitCode: exitCodeOf(outcome),
    headline,
    reasons: [],
    notes: [],
    next: [],
    alarms: [],
    problems: [],
    ...rest,
  };
}

/**
 * The report of a refusal. Pure.
 *
 * @param before `changed` when only checks were made; `deployed` when an image may be pushed or a revision registered
 */
export function refusal(problems: SomeProblems, before: "changed" | "deployed" = "changed"): ReleaseReport {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return reportOf("refused", `refused before anything was ${before}: ${count}`, { problems });
}

/** Facts for the report that are not in the last snapshot. */
export interface ReportContext {
  readonly taskDefinition?: string | undefined;
  /** Log group of the hook after test traffic. */
  readonly hookLogGroup?: string | undefined;
  /** All alarms that the deployment watches, including those that CloudWatch doesn't know. */
  readonly alarmNames?: readonly string[] | undefined;
  /** Alarms of the group that the deployment doesn't watch. */
  readonly unwatchedAlarms?: readonly string[] | undefined;
  /** What came of the canary's requests. */
  readonly canary?: CanaryResult | undefined;
  /** What came of the requests that the release sent by itself. */
  readonly probes?: ProbeReport | undefined;
  /** Notes about weaknesses of the gate. */
  readonly notes?: readonly string[] | undefined;
}

/** The report of how a deployment ended, why, and what to do next. It states only what a poll has seen. Pure. */
export function reportVerdict(verdict: ReleaseVerdict, snapshot: Snapshot, context: ReportContext = {}): ReleaseReport {
  const { deployment, rollback } = snapshot;
  const { id } = deployment;
  const watched = context.alarmNames ?? snapshot.alarms.map(({ name }) => name);
  // A deployment that succeeded may still have an old error.
  const error = deployment.status === "Succeeded" ? undefined : deployment.error;
  const cause = alarmCauseOf(error, watched, snapshot.alarms, snapshot.activatedAlarms);
  const rest = {
    deploymentId: id,
    ...(deployment.rollbackId !== undefined && { rollbackDeploymentId: deployment.rollbackId }),
    ...(context.taskDefinition !== undefined && { taskDefinition: context.taskDefinition }),
    alarms: cause.alarms.map(({ name }) => name),
    notes: [...(context.probes ? probeSentences(context.probes) : []), ...(context.notes ?? [])],
    ...(context.probes && { probes: context.probes }),
    watchedAlarms: watched,
    ...(context.unwatchedAlarms && { unwatchedAlarms: context.unwatchedAlarms }),
    ...trafficOf(context.canary),
    ...(cause.possible.length > 0 && { possibleAlarms: cause.possible }),
  };
  const { canary } = context;
  const told = canary ? [trafficSentence(canary.verdict)] : [];
  const isLow = canary?.verdict.traffic === "low";
  const reasons = [
    ...(canary?.stopped === true ? ["stopped before the last shift, as gate.lowTraffic asks", ...told] : []),
    ...reasonsOf(snapshot, cause),
  ];
  switch (verdict.outcome) {
    case "released":
      return reportOf("released", `released${isLow ? " on little traffic" : ""}: deployment ${id} succeeded`, {
        ...rest,
        notes: [
          ...told,
          ...(isLow ? ["these were too few requests to judge the new version: watch it"] : []),
          ...(canary?.stopped === true ? ["it could not be stopped for that before all traffic had moved"] : []),
          ...(servesNothing(snapshot, "Green") ? ["no task of the new version runs: no request is answered"] : []),
          ...rest.notes,
        ],
      });
    case "rolled-back":
      return deployment.rollbackOf === undefined
        ? reportOf("rolled-back", `rolled back: ${id} ended ${deployment.status}, its rollback succeeded`, {
            ...rest,
            reasons,
            next: [
              ...whereToRead(snapshot, context),
              `${afterRollback(snapshot)}; ${canary?.stopped === true ? MORE_TRAFFIC : "correct the cause and release again"}`,
            ],
          })
        : reportOf("rolled-back", `rolled back: ${id} rolled ${deployment.rollbackOf} back`, rest);
    case "interrupted":
      return verdict.because === "rolled-back"
        ? reportOf("interrupted", `interrupted: ${id} was stopped, and its rollback succeeded`, {
            ...rest,
            reasons,
            notes: [afterRollback(snapshot), ...rest.notes],
          })
        : reportOf("interrupted", `interrupted: ${id} was stopped before anything was installed`, rest);
    case "failed":
      return verdict.because === "rollback-failed"
        ? reportOf("failed", `failed: the rollback of ${deployment.rollbackOf ?? id} failed too`, {
            ...rest,
            reasons: [...reasons, ...(rollback ? errorOf(rollback.id, rollback.error) : [])],
            next: [afterFailedRollback(snapshot)],
          })
        : reportOf("failed", `failed: ${id} ended ${deployment.status}, and CodeDeploy rolled nothing back`, {
            ...rest,
            reasons,
            next: [
              ...whereToRead(snapshot, context),
              hasInstallStarted(snapshot)
                ? afterNoRollback(snapshot)
                : "nothing was installed; production is as it was",
            ],
          });
  }
}

function trafficOf(canary: CanaryResult | undefined): Pick<ReleaseReport, "canary" | "lowTraffic"> {
  if (!canary) return {};
  const { verdict } = canary;
  const isKnown = verdict.traffic === "enough" || verdict.traffic === "low";
  return { canary: verdict, ...(isKnown && { lowTraffic: verdict.traffic === "low" }) };
}

/** Where to read why a hook failed: CodeDeploy reports only that it did. */
function whereToRead({ deployment }: Snapshot, { hookLogGroup }: ReportContext): readonly string[] {
  return deployment.error?.code === HOOK_FAILED && hookLogGroup !== undefined
    ? [`read what the hook found in the log group ${hookLogGroup}`]
    : [];
}

/** CodeDeploy's error, shortened when its alarms are already listed: its message would only repeat them. */
function errorBeside(alarms: AlarmCause["alarms"], { id, error }: Snapshot["deployment"]): string[] {
  return alarms.length > 0 && error?.code === ALARM_ACTIVE
    ? [`CodeDeploy stopped ${id} (${ALARM_ACTIVE})`]
    : errorOf(id, error);
}

function* reasonsOf(snapshot: Snapshot, { alarms, remarks }: AlarmCause): Generator<string> {
  for (const alarm of alarms) yield `alarm ${alarm.name}${alarm.reason === undefined ? "" : `: ${alarm.reason}`}`;
  yield* remarks;
  yield* errorBeside(alarms, snapshot.deployment);
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

/** A line for each reason, with the number of tasks that stopped for it. Pure. */
export function summarize(tasks: readonly StoppedTask[]): readonly string[] {
  const groups = new Map<string, number>();
  for (const task of tasks) {
    const words = `${task.reason}${task.exitCode === undefined ? "" : ` (exit code ${task.exitCode})`}`;
    groups.set(words, (groups.get(words) ?? 0) + 1);
  }
  return [...groups].map(([words, count]) => `${count === 1 ? "a new task" : `${count} new tasks`} stopped: ${words}`);
}
