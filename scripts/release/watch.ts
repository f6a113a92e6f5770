import type { Clock } from "./clock";
import { stopDeployment } from "./deployments";
import type { ReleaseEvent, Report } from "./events";
import type { AwsPort } from "./aws-port";
import { silenceNotes } from "./gate";
import { verdictOf } from "./outcome";
import { LostSight, watchDeployment } from "./poller";
import { reportOf, reportVerdict } from "./report";

/** A deployment to follow to its end. */
export interface Followed {
  readonly deploymentId: string;
  readonly cluster: string;
  readonly service: string;
  readonly alarmNames: readonly string[];
  /** What the end must say of the gate. */
  readonly notes: readonly string[];
  /** Revision that this run registered. */
  readonly taskDefinition?: string;
  /** Log group of the hook after test traffic; absent without one. */
  readonly hookLogGroup?: string | undefined;
  /** Started by this run: then an interruption stops it. Otherwise an interruption only leaves. */
  readonly ours: boolean;
  /** The command that follows it again. */
  readonly attach: string;
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
export async function follow(deps: FollowDeps, followed: Followed): Promise<Report> {
  const { clock, emit } = deps;
  const intervalMs = followed.pollInterval * 1000;
  const stopper = followed.ours ? stopWhenAsked(deps, followed.deploymentId, intervalMs) : undefined;
  const sightings = watchDeployment(deps, {
    deploymentId: followed.deploymentId,
    cluster: followed.cluster,
    service: followed.service,
    alarmNames: followed.alarmNames,
    intervalMs,
    deadline: clock.now() + followed.timeout * 60_000,
    wake: deps.stop,
  });
  /** Alarms that were seen with data. */
  const heard = new Set<string>();
  try {
    for await (const sighting of sightings) {
      emit(sighting);
      if (sighting.type === "snapshot") {
        for (const { name, state } of sighting.snapshot.alarms) if (state !== "INSUFFICIENT_DATA") heard.add(name);
        const verdict = verdictOf(sighting.snapshot, stopper?.isAccepted() ?? false);
        if (verdict) {
          const silence = verdict.outcome === "released" ? silenceNotes(followed.alarmNames, heard) : [];
          return reportVerdict(verdict, sighting.snapshot, { ...followed, notes: [...followed.notes, ...silence] });
        }
      }
      if (deps.stop.aborted && !followed.ours) return leftAttached(followed);
    }
    throw new LostSight("the watch ended by itself", "this is a fault of the release command");
  } catch (error) {
    if (!(error instanceof LostSight)) throw error;
    return lostSightReport(followed, error.why, error.next);
  } finally {
    stopper?.cancel();
  }
}

/** The deployment goes on, and this run no longer sees it. Pure. */
export function lostSightReport(
  followed: Pick<Followed, "deploymentId" | "attach" | "taskDefinition">,
  why: string,
  next?: string,
): Report {
  return reportOf("lost-sight", `lost sight of ${followed.deploymentId}: it goes on without being watched`, {
    deploymentId: followed.deploymentId,
    ...(followed.taskDefinition !== undefined && { taskDefinition: followed.taskDefinition }),
    reasons: [why],
    next: [...(next === undefined ? [] : [next]), `follow it again with: ${followed.attach}`],
  });
}

function leftAttached(followed: Followed): Report {
  const report = lostSightReport(followed, "interrupted; this run didn't start the deployment, so it doesn't stop it");
  const stop = `aws deploy stop-deployment --deployment-id ${followed.deploymentId} --auto-rollback-enabled`;
  return { ...report, next: [...report.next, `stop it and roll it back with: ${stop}`] };
}

/** Sends StopDeployment as soon as it is asked for, not after the look that happens to be under way. */
function stopWhenAsked(deps: FollowDeps, deploymentId: string, retryMs: number) {
  const { aws, clock, stop, emit } = deps;
  let accepted = false;
  let cancelled = false;
  const send = async () => {
    // Two lines, for in a narrow terminal the end of a long one is cut.
    emit({ type: "progress", text: `stopping ${deploymentId} and rolling it back` });
    emit({ type: "progress", text: "Ctrl-C again leaves at once" });
    for (let attempt = 1; !cancelled; attempt += 1) {
      const result = await stopDeployment(aws, deploymentId);
      switch (result.type) {
        case "accepted":
          accepted = true;
          return;
        case "already-over":
          // When an earlier answer was lost, it was that request which ended it.
          accepted = attempt > 1;
          return;
        case "again":
          emit({ type: "warning", text: `could not stop it, trying again: ${result.message}` });
          await clock.sleep(retryMs);
          break;
        case "refused":
          emit({ type: "warning", text: `could not stop it: ${result.message}` });
          emit({ type: "progress", text: "it goes on and is watched on; Ctrl-C again leaves" });
          return;
      }
    }
  };
  const listener = () => void send();
  if (stop.aborted) listener();
  else stop.addEventListener("abort", listener, { once: true });
  return {
    isAccepted: () => accepted,
    cancel: () => {
      cancelled = true;
      stop.removeEventListener("abort", listener);
    },
  };
}
