import type { Clock } from "./clock";
import type { ReleaseEvent, ReleaseReport } from "./events";
import type { AwsPort } from "./aws-port";
import { silenceNotes } from "./gate";
import type { GroupName, Origin } from "./identity";
import { verdictOf } from "./outcome";
import { LostSight, watchDeployment } from "./poller";
import { readyWaitOf, UNLESS_CONTINUED } from "./ready-wait";
import { reportOf, reportVerdict } from "./report";
import { stopOnRequest } from "./stop";

/** A deployment to follow to its end, and the group it belongs to. */
export interface AttachedDeployment extends GroupName {
  readonly deploymentId: string;
  /** For a deployment that this run asked for: what it is known by. An interruption stops it; any other is only left. */
  readonly origin?: Origin;
  readonly cluster: string;
  readonly service: string;
  readonly alarmNames: readonly string[];
  /** What the end must say of the gate. */
  readonly notes: readonly string[];
  /** Revision that this run registered. */
  readonly taskDefinition?: string;
  /** Log group of the hook after test traffic; absent without one. */
  readonly hookLogGroup?: string | undefined;
  /** The command that follows it again. */
  readonly attach: string;
  /** The command that tells a deployment to go on. */
  readonly continueCommand: (deploymentId: string) => string;
  /** Seconds between two looks. */
  readonly pollInterval: number;
  /** Minutes until the watch is given up. */
  readonly timeout: number;
}

/** What following lives on. */
export interface FollowDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts when the person wants to stop. */
  readonly stop: AbortSignal;
  readonly emit: (event: ReleaseEvent) => void;
}

/**
 * Follows a deployment until its outcome is clear. An interruption has it stopped and rolled back, and the rollback is
 * followed to its end like any other.
 */
export async function follow(deps: FollowDeps, attached: AttachedDeployment): Promise<ReleaseReport> {
  const { clock, emit } = deps;
  const intervalMs = attached.pollInterval * 1000;
  const { deploymentId: id, application, group, origin } = attached;
  const stopper = origin && stopOnRequest(deps, id, intervalMs);
  const results = watchDeployment(deps, {
    deployment: { id, application, group, origin },
    cluster: attached.cluster,
    service: attached.service,
    alarmNames: attached.alarmNames,
    intervalMs,
    deadline: clock.now() + attached.timeout * 60_000,
    wake: deps.stop,
  });
  const left = stopper ? undefined : onDetach(deps.stop);
  const announced = new Set<string>();
  /** Alarms that were seen with data. */
  const heard = new Set<string>();
  try {
    for (;;) {
      const result = await (left ? Promise.race([results.next(), left.promise]) : results.next());
      if (result === "left") return detachedReport(attached);
      emit(result.value);
      if (result.value.type !== "snapshot") continue;
      const { snapshot } = result.value;
      const wait = readyWaitOf(snapshot);
      if (wait && !announced.has(wait.deploymentId)) {
        announced.add(wait.deploymentId);
        const goOn = attached.continueCommand(wait.deploymentId);
        emit({ type: "waiting", ...wait, unlessContinued: UNLESS_CONTINUED, goOn });
      }
      for (const { name, state } of snapshot.alarms) if (state !== "INSUFFICIENT_DATA") heard.add(name);
      const verdict = verdictOf(snapshot, stopper?.mayHaveStopped() ?? false);
      if (!verdict) continue;
      const silence = verdict.outcome === "released" ? silenceNotes(attached.alarmNames, heard) : [];
      return reportVerdict(verdict, snapshot, { ...attached, notes: [...attached.notes, ...silence] });
    }
  } catch (error) {
    if (!(error instanceof LostSight)) throw error;
    return lostSightReport(attached, error.why, error.next);
  } finally {
    stopper?.cancel();
    left?.forget();
  }
}

/** Tells when a person leaves what isn't ours to stop: leaving waits for no answer that is under way. */
export function onDetach(stop: AbortSignal) {
  let forget = () => {
    // Set below.
  };
  const promise = new Promise<"left">((resolve) => {
    const onStop = () => resolve("left");
    if (stop.aborted) onStop();
    else stop.addEventListener("abort", onStop, { once: true });
    forget = () => stop.removeEventListener("abort", onStop);
  });
  return { promise, forget };
}

/** The deployment goes on, and this run no longer sees it. Pure. */
export function lostSightReport(
  attached: Pick<AttachedDeployment, "deploymentId" | "attach" | "taskDefinition">,
  why: string,
  next?: string,
): ReleaseReport {
  return reportOf("lost-sight", `lost sight of ${attached.deploymentId}: it goes on without being watched`, {
    deploymentId: attached.deploymentId,
    ...(attached.taskDefinition !== undefined && { taskDefinition: attached.taskDefinition }),
    reasons: [why],
    next: [...(next === undefined ? [] : [next]), `follow it again with: ${attached.attach}`],
  });
}

/** A person left a deployment that this run didn't start. Pure. */
export function detachedReport(attached: Pick<AttachedDeployment, "deploymentId" | "attach">): ReleaseReport {
  const report = lostSightReport(attached, "interrupted; this run didn't start the deployment, so it doesn't stop it");
  const stop = `aws deploy stop-deployment --deployment-id ${attached.deploymentId} --auto-rollback-enabled`;
  return { ...report, next: [...report.next, `stop it and roll it back with: ${stop}`] };
}
