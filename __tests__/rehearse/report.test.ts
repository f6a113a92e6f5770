import type { Deployment } from "../../scripts/cloud/parts";
import { detectionSeconds, shiftOf } from "../../scripts/rehearse/report/canary";
import type { RehearsalFacts } from "../../scripts/rehearse/report/facts";
import { buildReport } from "../../scripts/rehearse/report/report";
import { reportSchema } from "../../scripts/rehearse/report/schema";
import { summaryLines } from "../../scripts/rehearse/report/summary";
import type { RequestRecord } from "../../scripts/rehearse/traffic/traffic";

const START = 1_700_000_000_000;
const at = (second: number) => START + second * 1000;

const request = (second: number, changes: Partial<RequestRecord> = {}): RequestRecord => ({
  at: at(second),
  operation: "get",
  version: "1",
  failure: undefined,
  latencyMs: 40,
  ...changes,
});

const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  id: "d-ABC123DEF",
  status: "Succeeded",
  deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
  routing: { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 },
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

const facts = (changes: Partial<RehearsalFacts> = {}): RehearsalFacts => ({
  image: "registry/tasks-api@sha256:00",
  newVersion: "2",
  fault: undefined,
  strategy: "ECSCanary10Percent5Minutes",
  speed: 20,
  exitCode: 0,
  startedAt: START,
  endedAt: at(100),
  wallSeconds: 12.34,
  requests: [request(5), request(35), request(45, { version: "2" }), request(85, { version: "2" })],
  weights: [
    { at: at(30), percent: 10 },
    { at: at(70), percent: 100 },
  ],
  alarmNames: ["too-many-errors"],
  transitions: [],
  responseTimeThresholdMs: 1500,
  deployment: deployment(),
  writes: { acknowledged: 3, lost: 0 },
  ...changes,
});

/** A canary that was taken back at second 60 because of an alarm. */
const rolledBack = (changes: Partial<RehearsalFacts> = {}): RehearsalFacts =>
  facts({
    exitCode: 2,
    fault: "error",
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
      errorInformation: { code: "ALARM_ACTIVE", message: "Stopped. Activated alarms: too-many-errors" },
      rollbackInfo: { rollbackDeploymentId: "d-ROLLBACK1" },
    }),
    ...changes,
  });

describe("the shift of traffic", () => {
  it("is none when the new version never got traffic", () => {
    expect(shiftOf([{ at: at(1), percent: 0 }])).toBeUndefined();
  });

  it("ends when all traffic has moved", () => {
    expect(shiftOf(facts().weights)).toEqual({ from: at(30), to: at(70), takenBack: undefined });
  });

  it("ends when the traffic is taken back", () => {
    expect(shiftOf(rolledBack().weights)).toEqual({ from: at(30), to: at(60), takenBack: at(60) });
  });

  it("knows a rollback after all traffic had moved", () => {
    const weights = [...facts().weights, { at: at(90), percent: 0 }];
    expect(shiftOf(weights)).toEqual({ from: at(30), to: at(70), takenBack: at(90) });
  });
});

describe("the time of detection", () => {
  const failed = { failure: "get: status 500", version: "2", latencyMs: 0 };
  it.each([
    { it: "a failure in the canary", requests: [request(40, failed)], seconds: 20 },
    { it: "the first of two", requests: [request(50, failed), request(35, failed)], seconds: 25 },
    { it: "a failure that nobody answered", requests: [request(45, { ...failed, version: undefined })], seconds: 15 },
    { it: "a slow answer of the new version", requests: [request(40, { version: "2", latencyMs: 3000 })], seconds: 17 },
    { it: "a slow answer of the old one", requests: [request(40, { latencyMs: 3000 })], seconds: undefined },
    { it: "a failure before the canary", requests: [request(20, failed)], seconds: undefined },
    { it: "no bad response", requests: [request(40)], seconds: undefined },
  ])("with $it is $seconds", ({ requests, seconds }) => {
    const recorded = rolledBack({ requests });
    expect(detectionSeconds(recorded, shiftOf(recorded.weights))).toBe(seconds);
  });

  it("is none without a rollback", () => {
    const recorded = facts({ requests: [request(40, failed)] });
    expect(detectionSeconds(recorded, shiftOf(recorded.weights))).toBeUndefined();
  });
});

describe("the report", () => {
  it.each([
    { exitCode: 0, verdict: "released" },
    { exitCode: 2, verdict: "rolled-back" },
    { exitCode: 130, verdict: "rolled-back" },
    { exitCode: 3, verdict: "failed" },
    { exitCode: 4, verdict: "failed" },
    { exitCode: 5, verdict: "failed" },
    { exitCode: 64, verdict: "failed" },
  ])("of exit code $exitCode is $verdict", ({ exitCode, verdict }) => {
    expect(buildReport(facts({ exitCode })).verdict).toBe(verdict);
  });

  it.each([facts(), rolledBack(), facts({ exitCode: 4, deployment: undefined, weights: [], requests: [] })])(
    "has the shape that is promised",
    (recorded) => {
      const report = buildReport(recorded);
      expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    },
  );

  it("counts requests, and the new version's share in the canary", () => {
    expect(buildReport(facts()).requests).toEqual({
      total: 4,
      failed: 0,
      toNewVersion: 2,
      failedOnNewVersion: 0,
      newVersionShareDuringCanary: 0.5,
    });
  });

  it("names the alarms that CodeDeploy names", () => {
    const message = "Stopped. Activated alarms: <one> <two>";
    const stopped = deployment({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE", message } });
    expect(buildReport(rolledBack({ deployment: stopped })).activatedAlarms).toEqual(["one", "two"]);
  });

  it("puts the deployment's events on the rehearsal's own time", () => {
    expect(buildReport(facts()).deployment?.events).toEqual([
      { name: "BeforeInstall", status: "Succeeded", startSecond: 10, endSecond: 20 },
      { name: "AllowTraffic", status: "Pending", startSecond: null, endSecond: null },
    ]);
  });

  it("draws a line every ten seconds", () => {
    const { timeline } = buildReport(
      rolledBack({
        requests: [request(41), request(42, { latencyMs: 60 }), request(43, { failure: "status 500", latencyMs: 900 })],
      }),
    );
    expect(timeline).toHaveLength(10);
    expect(timeline[4]).toEqual({
      second: 40,
      weightNewVersion: 10,
      requests: 3,
      errors: 1,
      p50Ms: 60,
      p95Ms: 900,
      alarms: { "too-many-errors": "OK" },
    });
    expect(timeline.map((entry) => entry.alarms["too-many-errors"])).toEqual([
      ...Array.from({ length: 2 }, () => "INSUFFICIENT_DATA"),
      ...Array.from({ length: 4 }, () => "OK"),
      ...Array.from({ length: 4 }, () => "ALARM"),
    ]);
    expect(timeline[0]).toMatchObject({ requests: 0, p50Ms: null, p95Ms: null, weightNewVersion: 0 });
  });
});

describe("the summary", () => {
  const summary = (recorded: RehearsalFacts) => summaryLines(recorded, buildReport(recorded)).join("\n");

  it("says that all went well", () => {
    expect(summary(facts())).toContain("Released: the new version serves all traffic (exit code 0).");
    expect(summary(facts())).toContain("4 in all, 2 to the new version");
  });

  it("says why nothing is known of the writes when they could not be read back", () => {
    const writes = { acknowledged: 3, lost: null, unreadable: "GET /tasks ended with status 500, 30 times" };
    expect(summary(facts({ writes }))).toContain(
      "3 acknowledged, which could not be read back: GET /tasks ended with status 500, 30 times",
    );
    expect(buildReport(facts({ writes })).writes).toEqual({ acknowledged: 3, lost: null });
  });

  it("names the alarm, CodeDeploy's message and both deployments", () => {
    const lines = summary(rolledBack({ requests: [request(40, { failure: "status 500", version: "2" })] }));
    expect(lines).toContain("Rolled back: alarm too-many-errors (exit code 2).");
    expect(lines).toContain("ALARM_ACTIVE: Stopped. Activated alarms: too-many-errors");
    expect(lines).toContain("d-ABC123DEF Stopped, rolled back by d-ROLLBACK1");
    expect(lines).toContain("1: 0 before the canary, 1 during it, 0 after it");
    expect(lines).toContain("20 s from the first bad response to the rollback");
  });

  it("says what failed most often", () => {
    const failed = ["get: status 500", "list: status 500", "get: status 500"].map((failure) =>
      request(40, { failure }),
    );
    expect(summary(rolledBack({ requests: failed }))).toContain("; most often get: status 500");
  });

  it("tells apart what failed after a rollback that came late", () => {
    const weights = [...facts().weights, { at: at(90), percent: 0 }];
    const failed = [75, 80, 95].map((second) => request(second, { failure: "status 500" }));
    expect(summary(rolledBack({ weights, requests: failed }))).toContain(
      "3: 0 before the canary, 0 during it, 3 after it (1 after the rollback)",
    );
  });

  it("says when the old version itself was slow enough to set the alarm off", () => {
    const slow = [request(10, { latencyMs: 1000 }), request(11, { latencyMs: 2400 })];
    expect(summary(rolledBack({ requests: slow }))).toContain(
      "the old version itself took 1700 simulated ms on average in its worst minute",
    );
    const onNew = slow.map((one) => ({ ...one, version: "2" }));
    expect(summary(rolledBack({ requests: [request(10), ...onNew] }))).not.toContain("worst minute");
    expect(summary(facts({ requests: slow }))).not.toContain("worst minute");
  });

  const failed = (exitCode: number, changes: Partial<RehearsalFacts> = {}) => summary(facts({ exitCode, ...changes }));
  const ended = deployment({ status: "Stopped", rollbackInfo: { rollbackDeploymentId: "d-ROLLBACK1" } });
  it.each([
    ["Failed: the deployment ended without success", failed(3)],
    ["Refused: nothing was deployed", failed(4, { deployment: undefined, weights: [] })],
    ["Lost sight: the release gave up watching", failed(5)],
    ["Broken: the release command ended as it never should (exit code 1).", failed(1)],
    ["Rolled back: the release was interrupted (exit code 130).", failed(130, { deployment: ended })],
    ["Stopped: the release was interrupted before anything was installed", failed(130)],
    ["Interrupted: nothing was deployed yet (exit code 130).", failed(130, { deployment: undefined, weights: [] })],
  ])("begins with %s", (words, lines) => {
    expect(lines.startsWith(words)).toBe(true);
  });

  it("says that the new version never got traffic", () => {
    expect(summary(facts({ exitCode: 2, weights: [] }))).toContain("the new version never got traffic");
  });

  it("stays within a dozen lines", () => {
    expect(summary(rolledBack()).split("\n").length).toBeLessThanOrEqual(12);
  });
});
