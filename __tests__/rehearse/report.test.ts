import { detectionSeconds, trafficShift } from "../../scripts/rehearse/report/canary";
import type { RehearsalFacts } from "../../scripts/rehearse/report/facts";
import { buildReport } from "../../scripts/rehearse/report/report";
import { reportSchema } from "../../scripts/rehearse/report/schema";
import { summaryLines } from "../../scripts/rehearse/report/summary";
import { alarm, at, deployment, facts, releaseRun, request, rolledBack } from "./facts";

describe("the shift of traffic", () => {
  it("is undefined when the new version never got traffic", () => {
    expect(trafficShift([{ at: at(1), percent: 0 }])).toBeUndefined();
  });

  it("ends when all traffic has moved", () => {
    expect(trafficShift(facts().weights)).toEqual({ from: at(30), to: at(70), takenBack: undefined });
  });

  it("ends when the traffic is taken back", () => {
    expect(trafficShift(rolledBack().weights)).toEqual({ from: at(30), to: at(60), takenBack: at(60) });
  });

  it("includes a rollback after all traffic had moved", () => {
    const weights = [...facts().weights, { at: at(90), percent: 0 }];
    expect(trafficShift(weights)).toEqual({ from: at(30), to: at(70), takenBack: at(90) });
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
    expect(detectionSeconds(recorded, trafficShift(recorded.weights))).toBe(seconds);
  });

  it("is none without a rollback", () => {
    const recorded = facts({ requests: [request(40, failed)] });
    expect(detectionSeconds(recorded, trafficShift(recorded.weights))).toBeUndefined();
  });
});

describe("the report", () => {
  it.each([
    facts(),
    rolledBack(),
    facts({ release: releaseRun(4), deployment: undefined, weights: [], requests: [] }),
    facts({ release: undefined, abortReasons: [{ what: "version 1 answers badly", details: ["get: status 404"] }] }),
    facts({ writes: { acknowledged: 3, lost: 1 } }),
  ])("has the shape that is promised", (recorded) => {
    const report = buildReport(recorded);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it("counts requests, and the new version's share in the canary", () => {
    expect(buildReport(facts()).requests).toEqual({
      total: 4,
      failed: 0,
      toNewVersion: 2,
      failedOnNewVersion: 0,
      newVersionShareDuringCanary: 0.5,
    });
  });

  it("counts a request in the phase in which it arrived, however late it was sent", () => {
    const requests = [
      request(29, { arrivedAt: at(31), version: "2" }),
      request(40, { arrivedAt: at(41) }),
      request(69, { arrivedAt: at(71), version: "2" }),
    ];
    expect(buildReport(facts({ requests })).requests.newVersionShareDuringCanary).toBe(0.5);
  });

  it("counts failures beside the release among all, and apart", () => {
    const failed = { status: 500, failure: "get: status 500" };
    const requests = [
      request(5, { ...failed, played: "live-fault" }),
      request(35, { ...failed, played: "background" }),
      request(45, { ...failed, version: "2", played: "background" }),
      request(85, { version: "2" }),
    ];
    expect(buildReport(facts({ requests, background: 0.001, liveFault: 0.1 }))).toMatchObject({
      verdict: "released",
      requests: { total: 4, failed: 3, failedOnNewVersion: 1 },
      background: { share: 0.001, failed: 2, failedOnNewVersion: 1 },
      liveFault: { share: 0.1, failed: 1 },
    });
    expect(buildReport(facts())).toMatchObject({ background: null, liveFault: null });
  });

  it("names the alarms that CodeDeploy names", () => {
    const message = "Stopped. Activated alarms: <a/b (too many) > 2> <two words>";
    const stopped = deployment({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE", message } });
    const alarms = ["a", "two words", "a/b (too many) > 2", "words"].map((name) => alarm({ name }));
    expect(buildReport(rolledBack({ deployment: stopped, alarms })).activatedAlarms).toEqual([
      "two words",
      "a/b (too many) > 2",
    ]);
  });

  it("puts the deployment's events on the rehearsal's own time", () => {
    expect(buildReport(facts()).deployment?.events).toEqual([
      { name: "BeforeInstall", status: "Succeeded", startSecond: 10, endSecond: 20 },
      { name: "AllowTraffic", status: "Pending", startSecond: null, endSecond: null },
    ]);
  });

  it("has a timeline entry every ten seconds", () => {
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

  it("reports a successful release", () => {
    expect(summary(facts())).toContain("Released: the new version serves all traffic (exit code 0).");
    expect(summary(facts())).toContain("4 in all, 2 to the new version");
  });

  it("says why the writes could not be read back", () => {
    const writes = { acknowledged: 3, lost: null, unreadable: "GET /tasks ended with status 500, 30 times" };
    expect(summary(facts({ writes }))).toContain(
      "3 acknowledged, which could not be read back: GET /tasks ended with status 500, 30 times",
    );
    expect(buildReport(facts({ writes })).writes).toEqual({ acknowledged: 3, lost: null });
  });

  it("names the alarm once, and both deployments", () => {
    const lines = summary(
      rolledBack({ requests: [request(40, { failure: "status 500", version: "2" }), request(85)] }),
    );
    expect(lines).toContain("Rolled back: alarm too-many-errors (exit code 2).");
    expect(lines.match(/too-many-errors/g)).toHaveLength(1);
    expect(lines).toContain("d-ABC123DEF Stopped, rolled back by d-ROLLBACK1");
    expect(lines).toContain("1: 0 before the canary, 1 during it, 0 after it");
    expect(lines).toContain("20 s from the first bad response to the rollback");
  });

  it("says which failures are background, and which are those that the new version corrects", () => {
    const failed = { status: 500, failure: "get: status 500" };
    const requests = [
      request(5, { ...failed, played: "live-fault" }),
      request(35, { ...failed, played: "background" }),
      request(45, { ...failed, version: "2", played: "background" }),
      request(85, { version: "2" }),
    ];
    const lines = summary(facts({ requests, background: 0.001, liveFault: 0.1 }));
    expect(lines).toContain(
      "2 of these failures are background, 1 of them the new version's: both versions fail 0.1 % of their requests " +
        "(1 failed otherwise)",
    );
    expect(lines).toContain(
      "1 of these failures are version 1's, which fails 10 % of its requests; the new version, which corrects it, failed 0",
    );
    expect(summary(rolledBack({ fault: undefined, background: 0.2, liveFault: 0.1 }))).toContain(
      "the cause is the new version, the background failures, the failures of version 1, an alarm's threshold, or this machine",
    );
  });

  it("says what failed most often", () => {
    const failed = ["get: status 500", "list: status 500", "get: status 500"].map((failure) =>
      request(40, { failure }),
    );
    expect(summary(rolledBack({ requests: failed }))).toContain("; most often get: status 500");
  });

  it("counts the failures after a late rollback separately", () => {
    const weights = [...facts().weights, { at: at(90), percent: 0 }];
    const failed = [75, 80, 95].map((second) => request(second, { failure: "status 500" }));
    expect(summary(rolledBack({ weights, requests: failed }))).toContain(
      "3: 0 before the canary, 0 during it, 3 after it (1 after the rollback)",
    );
  });

  it("notes when the old version alone was slow enough to set the alarm off", () => {
    const slow = [request(10, { latencyMs: 1000 }), request(11, { latencyMs: 2400 })];
    expect(summary(rolledBack({ requests: slow }))).toContain(
      "the old version itself took 1700 simulated ms on average in its worst minute",
    );
    const onNew = slow.map((one) => ({ ...one, version: "2" }));
    expect(summary(rolledBack({ requests: [request(10), ...onNew] }))).not.toContain("worst minute");
    expect(summary(facts({ requests: slow }))).not.toContain("worst minute");
  });

  it("shows CodeDeploy's error when no alarm is the reason", () => {
    const errorInformation = { code: "HOOK_EXECUTION_FAILURE", message: "A validation function failed." };
    expect(summary(rolledBack({ deployment: deployment({ errorInformation }) }))).toContain(
      "CodeDeploy  HOOK_EXECUTION_FAILURE: A validation function failed.",
    );
  });

  it("shortens the digest, which the report has in full", () => {
    expect(summary(facts())).toContain("registry/carts-api@sha256:0123456789ab\n");
  });

  it("gives the reasons below the first line", () => {
    const lines = summary(facts({ writes: { acknowledged: 3, lost: 1 } })).split("\n");
    expect(lines[0]).toMatch(/^Not proven: .* \(exit code 10\)\.$/);
    expect(lines[1]).toBe("  why         1 of 3 acknowledged writes are lost");
  });

  it("gives only the reasons of a rehearsal that was aborted before the release", () => {
    const abortReasons = [{ what: "version 1 answers badly", details: ["get: status 404"] }];
    expect(summary(facts({ release: undefined, abortReasons, deployment: undefined })).split("\n")).toEqual([
      "Aborted before the release, because version 1 is no usable baseline (exit code 70).",
      "  why         version 1 answers badly",
      "              get: status 404",
      "  time        1 min 40 s simulated; the whole command took 12 s, speed 20",
    ]);
  });

  it("notes the failures of version 1 itself, and a rollback without an injected fault", () => {
    const requests = [request(5, { failure: "get: status 503" }), request(6), request(85)];
    expect(summary(facts({ requests }))).toContain(
      "version 1 itself failed 50.0 % of its requests before the release (get: status 503)",
    );
    expect(summary(rolledBack({ fault: undefined }))).toContain("no fault was injected");
    expect(summary(rolledBack())).not.toContain("no fault was injected");
    expect(summary(facts())).not.toContain("version 1 itself");
  });

  it("names at its end what is not played", () => {
    const notPlayed = ["TLS is not played.", "The alarm any is not played: it is a composite alarm."];
    const recorded = facts({ notPlayed });
    expect(summary(recorded).split("\n").slice(-2)).toEqual(notPlayed.map((line) => `  not played  ${line}`));
    expect(buildReport(recorded).notPlayed).toEqual(notPlayed);
  });

  it("says that the new version never got traffic", () => {
    expect(summary(facts({ release: releaseRun(2), weights: [] }))).toContain("the new version never got traffic");
  });

  it("stays within a dozen lines", () => {
    expect(summary(rolledBack()).split("\n").length).toBeLessThanOrEqual(12);
  });
});
