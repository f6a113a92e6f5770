import type { Deployment } from "../../scripts/cloud/codedeploy/part";
import type { AlarmFacts, RehearsalFacts, ReleaseRun } from "../../scripts/rehearse/report/facts";
import type { RequestRecord } from "../../scripts/rehearse/traffic/generator";
import { TEMPLATE } from "../cloud/aws/fake-cloud";

/** When the rehearsals of these tests begin. */
const START = 1_700_000_000_000;

/** A second of them, in milliseconds since the Unix epoch. */
export const at = (second: number) => START + second * 1000;

/** A request that version 1 answered well. */
export const request = (second: number, changes: Partial<RequestRecord> = {}): RequestRecord => ({
  at: at(second),
  arrivedAt: undefined,
  name: "get",
  version: "1",
  status: 200,
  failure: undefined,
  played: undefined,
  refused: false,
  exchange: undefined,
  latencyMs: 40,
  ...changes,
});

/** A deployment that succeeded. */
export const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  id: "d-ABC123DEF",
  status: "Succeeded",
  deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
  routing: { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 },
  group: TEMPLATE.deploymentGroup,
  creator: "user",
  appSpec: { content: "", sha256: "" },
  createdAt: at(10),
  target: {
    id: "c:s",
    status: "Succeeded",
    updatedAt: at(60),
    lifecycleEvents: [
      { name: "BeforeInstall", status: "Succeeded", startedAt: at(10), endedAt: at(20) },
      { name: "AllowTraffic", status: "Pending" },
    ],
    taskSets: [],
  },
  ...changes,
});

/** An alarm of the gate on the new version's 5xx. */
export const alarm = (changes: Partial<AlarmFacts> = {}): AlarmFacts => ({
  name: "too-many-errors",
  metrics: ["HTTPCode_Target_5XX_Count"],
  watches: "new",
  inGate: true,
  missing: undefined,
  condition: "HTTPCode_Target_5XX_Count (Sum of 60 s) is above 2 in 1 of 1",
  worst: undefined,
  ...changes,
});

/** A run of the release, from second 10 to second 80. */
export const releaseRun = (exitCode = 0, changes: Partial<ReleaseRun> = {}): ReleaseRun => ({
  exitCode,
  from: at(10),
  until: at(80),
  ...changes,
});

/** A good release: a tenth of the traffic from second 30, all of it from second 70. */
export const facts = (changes: Partial<RehearsalFacts> = {}): RehearsalFacts => ({
  image: `registry/carts-api@sha256:${"0123456789abcdef".repeat(4)}`,
  oldVersion: "1",
  newVersion: "2",
  fault: undefined,
  background: 0,
  liveFault: undefined,
  faultsBy: "cloud",
  strategy: "ECSCanary10Percent5Minutes",
  speed: 20,
  release: releaseRun(),
  abortReasons: [],
  interrupted: false,
  startedAt: START,
  endedAt: at(100),
  wallSeconds: 12.34,
  requests: [request(5), request(35), request(45, { version: "2" }), request(85, { version: "2" })],
  weights: [
    { at: at(30), percent: 10 },
    { at: at(70), percent: 100 },
  ],
  alarms: [alarm()],
  leftOutAlarms: [],
  notPlayed: [],
  transitions: [{ alarmName: "too-many-errors", at: at(15), from: "INSUFFICIENT_DATA", to: "OK", reason: "" }],
  newTargetGroup: { requests: 2, unhealthy: 0 },
  responseTimeThresholdMs: 1500,
  deployment: deployment(),
  writes: { acknowledged: 3, lost: 0 },
  ...changes,
});

/** A canary with the fault `error` that was taken back at second 60 because of an alarm. */
export const rolledBack = (changes: Partial<RehearsalFacts> = {}): RehearsalFacts =>
  facts({
    release: releaseRun(2),
    fault: "error",
    requests: [request(5), request(35), request(45, { version: "2" }), request(85)],
    weights: [
      { at: at(30), percent: 10 },
      { at: at(60), percent: 0 },
    ],
    transitions: [
      { alarmName: "too-many-errors", at: at(15), from: "INSUFFICIENT_DATA", to: "OK", reason: "" },
      { alarmName: "too-many-errors", at: at(55), from: "OK", to: "ALARM", reason: "" },
    ],
    deployment: deployment({
      status: "Stopped",
      errorInformation: { code: "ALARM_ACTIVE", message: "Stopped. Activated alarms: <too-many-errors>" },
      rollbackInfo: { rollbackDeploymentId: "d-ROLLBACK1" },
    }),
    ...changes,
  });
