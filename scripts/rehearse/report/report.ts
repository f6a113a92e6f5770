import type { AlarmStateValue, AlarmTransition } from "../../cloud/alarms/part";
import type { Deployment } from "../../cloud/codedeploy/part";
import type { RequestRecord } from "../traffic/generator";
import { activatedAlarms } from "../judgement/rollback";
import { rehearsalVerdict } from "../judgement/verdict";
import { byPhase, detectionSeconds, trafficShift, weightAt } from "./canary";
import type { RehearsalFacts } from "./facts";
import type { RehearsalReport } from "./schema";

/** Simulated seconds of one entry of the timeline. */
const TIMELINE_SECONDS = 10;

/** Builds the report from the recorded facts. */
export function buildReport(facts: RehearsalFacts): RehearsalReport {
  const { requests, newVersion, deployment } = facts;
  const shift = trafficShift(facts.weights);
  const { during } = byPhase(requests, shift);
  const onNew = requests.filter(({ version }) => version === newVersion);
  const detection = detectionSeconds(facts, shift);
  const { verdict, exitCode, sentence, reasons } = rehearsalVerdict(facts);
  return {
    verdict,
    exitCode,
    sentence,
    reasons: reasons.map(({ what, details }) => ({ what, details: [...details] })),
    releaseExitCode: facts.release?.exitCode ?? null,
    fault: facts.fault ?? null,
    background: backgroundReport(facts),
    liveFault:
      facts.liveFault === undefined
        ? null
        : { share: facts.liveFault, failed: playedBy("live-fault", requests).length },
    strategy: facts.strategy,
    speed: facts.speed,
    wallSeconds: rounded(facts.wallSeconds, 1),
    simulatedSeconds: rounded((facts.endedAt - facts.startedAt) / 1000, 1),
    requests: {
      total: requests.length,
      failed: countFailed(requests),
      toNewVersion: onNew.length,
      failedOnNewVersion: countFailed(onNew),
      newVersionShareDuringCanary:
        during.length === 0
          ? null
          : rounded(during.filter(({ version }) => version === newVersion).length / during.length, 4),
    },
    detectionSeconds: detection === undefined ? null : rounded(detection, 1),
    activatedAlarms: activatedAlarms(facts),
    notPlayed: [...facts.notPlayed],
    deployment: deployment ? deploymentReport(deployment, facts.startedAt) : null,
    writes: facts.writes ? { acknowledged: facts.writes.acknowledged, lost: facts.writes.lost } : null,
    timeline: timelineOf(facts),
  };
}

/** Counts the failed requests. */
export function countFailed(requests: readonly RequestRecord[]): number {
  return requests.filter(({ failure }) => failure !== undefined).length;
}

function backgroundReport({ background, requests, newVersion }: RehearsalFacts): RehearsalReport["background"] {
  if (background === 0) return null;
  const failed = playedBy("background", requests);
  return {
    share: background,
    failed: failed.length,
    failedOnNewVersion: failed.filter(({ version }) => version === newVersion).length,
  };
}

function playedBy(cause: RequestRecord["played"], requests: readonly RequestRecord[]): readonly RequestRecord[] {
  return requests.filter(({ played }) => played === cause);
}

function deploymentReport(deployment: Deployment, startedAt: number): RehearsalReport["deployment"] {
  const second = (at: number | undefined) => (at === undefined ? null : rounded((at - startedAt) / 1000, 1));
  return {
    id: deployment.id,
    status: deployment.status,
    errorCode: deployment.errorInformation?.code ?? null,
    errorMessage: deployment.errorInformation?.message ?? null,
    rollbackDeploymentId: deployment.rollbackInfo?.rollbackDeploymentId ?? null,
    events: (deployment.target?.lifecycleEvents ?? []).map((event) => ({
      name: event.name,
      status: event.status,
      startSecond: second(event.startedAt),
      endSecond: second(event.endedAt),
    })),
  };
}

function timelineOf(facts: RehearsalFacts): RehearsalReport["timeline"] {
  const { startedAt, endedAt, weights, requests, alarms, transitions } = facts;
  const length = Math.max(0, Math.ceil((endedAt - startedAt) / (TIMELINE_SECONDS * 1000)));
  const buckets = Array.from({ length }, (): RequestRecord[] => []);
  for (const request of requests) {
    buckets[Math.floor((request.at - startedAt) / (TIMELINE_SECONDS * 1000))]?.push(request);
  }
  return buckets.map((bucket, index) => {
    const at = startedAt + index * TIMELINE_SECONDS * 1000;
    const latencies = bucket.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    return {
      second: index * TIMELINE_SECONDS,
      weightNewVersion: rounded(weightAt(weights, at), 2),
      requests: bucket.length,
      errors: countFailed(bucket),
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      alarms: Object.fromEntries(alarms.map(({ name }) => [name, stateAt(transitions, name, at)])),
    };
  });
}

function stateAt(transitions: readonly AlarmTransition[], name: string, at: number): AlarmStateValue {
  return (
    transitions.findLast((transition) => transition.alarmName === name && transition.at <= at)?.to ??
    "INSUFFICIENT_DATA"
  );
}

/** Nearest-rank percentile of sorted values, rounded to whole milliseconds. */
function percentile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : rounded(value, 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
