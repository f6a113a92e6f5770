import type { Clock } from "./clock";
import type { ReleaseEvent, ReleaseReport } from "./events";
import type { AwsPort } from "./aws-port";
import { CanaryCheck, type CanaryPlan } from "./canary-check";
import { missingDataNotes } from "./gate";
import type { GroupName, Origin } from "./identity";
import { verdictOf } from "./outcome";
import { LostSight, watchDeployment } from "./poller";
import type { ProbePlan } from "./probe-plan";
import type { SendProbe } from "./probe-request";
import { Probes } from "./probes";
import { readyWaitOf, UNLESS_CONTINUED } from "./ready-wait";
import { reportOf, reportVerdict } from "./report";
import { weightsOf } from "./snapshot";
import { stopOnRequest } from "./stop";

/** What a person can do while a deployment is stopped for lack of requests. */
const STOPPED_FOR_TRAFFIC = "too few requests in the canary, and gate.lowTraffic is stop";

/** How long the end waits for the requests of a canary that was over before this run attached. Milliseconds. */
const PAST_CANARY_MS = 10_000;

/** A deployment to which this run is attached until its end, and its group. */
export interface AttachedDeployment extends GroupName {
  readonly deploymentId: string;
  /** Identity of a deployment that this run created. An interruption stops it; any other deployment is only left. */
  readonly origin?: Origin;
  readonly cluster: string;
  readonly service: string;
  /** The alarms that it watches. */
  readonly alarmNames: readonly string[];
  /** Alarms of its group that it doesn't watch. */
  readonly unwatchedAlarms: readonly string[];
  /** Notes about the gate for the final report. */
  readonly notes: readonly string[];
  /** Revision that this run registered. */
  readonly taskDefinition?: string;
  /** Its canary; absent when this run doesn't judge it. */
  readonly canary?: CanaryPlan;
  /** The requests that this run sends by itself; absent when it sends none. */
  readonly probes?: ProbePlan;
  /** Log group of the hook after test traffic; absent without a hook. */
  readonly hookLogGroup?: string | undefined;
  /** The command that follows it again. */
  readonly attach: string;
  /** Returns the command that continues a deployment. */
  readonly continueCommand: (deploymentId: string) => string;
  /** Seconds between two polls. */
  readonly pollInterval: number;
  /** Minutes until the watch ends without an outcome. */
  readonly timeout: number;
}

/** Dependencies of `follow`. */
export interface FollowDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts when a person interrupts the release. */
  readonly stop: AbortSignal;
  readonly emit: (event: ReleaseEvent) => void;
  readonly sendProbe: SendProbe;
}

/**
 * Polls a deployment until its outcome is clear. An interruption stops a deployment that this run created and rolls it
 * back; the watch then continues to the end of the rollback.
 */
export async function follow(deps: FollowDeps, attached: AttachedDeployment): Promise<ReleaseReport> {
  const { clock, emit } = deps;
  const intervalMs = attached.pollInterval * 1000;
  const { deploymentId: id, application, group, origin } = attached;
  const stopper = origin && stopOnRequest(deps, id, intervalMs);
  const lowTraffic = new AbortController();
  const lowTrafficStopper =
    origin && stopOnRequest({ ...deps, stop: lowTraffic.signal, hint: STOPPED_FOR_TRAFFIC }, id, intervalMs);
  const stopForTraffic = origin && { stop: () => lowTraffic.abort() };
  const probes =
    attached.probes &&
    new Probes({ send: deps.sendProbe, clock, emit }, attached.probes, attached.canary?.shiftMinutes ?? 0);
  const stopProbes = () => probes?.cancel();
  if (deps.stop.aborted) stopProbes();
  else deps.stop.addEventListener("abort", stopProbes, { once: true });
  const own = probes && { own: () => probes.own };
  const canary =
    attached.canary && new CanaryCheck({ aws: deps.aws, emit, ...stopForTraffic, ...own }, attached.canary, intervalMs);
  const results = watchDeployment(deps, {
    deployment: { id, application, group, origin },
    cluster: attached.cluster,
    service: attached.service,
    alarmNames: attached.alarmNames,
    intervalMs,
    deadline: clock.now() + attached.timeout * 60_000,
    wake: deps.stop,
  });
  const detach = stopper ? undefined : onDetach(deps.stop);
  const announced = new Set<string>();
  const alarmsWithData = new Set<string>();
  try {
    for (;;) {
      const result = await (detach ? Promise.race([results.next(), detach.promise]) : results.next());
      if (result === "detached") return detachedReport(attached);
      emit(result.value);
      if (result.value.type !== "snapshot") continue;
      const { snapshot } = result.value;
      probes?.see(snapshot);
      canary?.see(snapshot);
      // A stop in the termination wait would take the new version from all users, for lack of requests in the canary.
      if ((weightsOf(snapshot.target)?.new ?? 0) >= 100) lowTrafficStopper?.cancel();
      const wait = readyWaitOf(snapshot);
      if (wait && !announced.has(wait.deploymentId)) {
        announced.add(wait.deploymentId);
        const goOn = attached.continueCommand(wait.deploymentId);
        emit({ type: "waiting", ...wait, unlessContinued: UNLESS_CONTINUED, goOn });
      }
      for (const { name, state } of snapshot.alarms) if (state !== "INSUFFICIENT_DATA") alarmsWithData.add(name);
      const verdict = verdictOf(snapshot, stopper?.mayHaveStopped() ?? false);
      if (!verdict) continue;
      await canary?.finish(() => clock.sleep(PAST_CANARY_MS, deps.stop));
      const missingData = verdict.outcome === "released" ? missingDataNotes(attached.alarmNames, alarmsWithData) : [];
      const notes = [...attached.notes, ...missingData];
      stopProbes();
      return reportVerdict(verdict, snapshot, { ...attached, canary: canary?.result, probes: probes?.report, notes });
    }
  } catch (error) {
    if (!(error instanceof LostSight)) throw error;
    stopProbes();
    return { ...lostSightReport(attached, error.why, error.next), ...(probes && { probes: probes.report }) };
  } finally {
    stopProbes();
    deps.stop.removeEventListener("abort", stopProbes);
    canary?.cancel();
    lowTrafficStopper?.cancel();
    stopper?.cancel();
    detach?.cancel();
  }
}

/**
 * Resolves to `detached` when `stop` aborts, so that a caller can leave a deployment at once, without waiting for a response
 * that is under way. `cancel` removes the listener.
 */
export function onDetach(stop: AbortSignal) {
  let cancel = () => {
    // Set below.
  };
  const promise = new Promise<"detached">((resolve) => {
    const onStop = () => resolve("detached");
    if (stop.aborted) onStop();
    else stop.addEventListener("abort", onStop, { once: true });
    cancel = () => stop.removeEventListener("abort", onStop);
  });
  return { promise, cancel };
}

/** The report when the deployment continues but this run no longer watches it. Pure. */
export function lostSightReport(
  attached: Pick<AttachedDeployment, "deploymentId" | "attach" | "taskDefinition">,
  why: string,
  next?: string,
): ReleaseReport {
  return reportOf("lost-sight", `lost sight of ${attached.deploymentId}: it continues without being watched`, {
    deploymentId: attached.deploymentId,
    ...(attached.taskDefinition !== undefined && { taskDefinition: attached.taskDefinition }),
    reasons: [why],
    next: [...(next === undefined ? [] : [next]), `follow it again with: ${attached.attach}`],
  });
}

/** The report when a person left a deployment that this run didn't create. Pure. */
export function detachedReport(attached: Pick<AttachedDeployment, "deploymentId" | "attach">): ReleaseReport {
  const report = lostSightReport(attached, "interrupted; this run didn't start the deployment, so it doesn't stop it");
  const stop = `aws deploy stop-deployment --deployment-id ${attached.deploymentId} --auto-rollback-enabled`;
  return { ...report, next: [...report.next, `stop it and roll it back with: ${stop}`] };
}
