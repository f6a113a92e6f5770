import { exitCodeOf, ROLLBACK_NAMING, verdictOf, type Outcome } from "../../scripts/release/outcome";
import type { DeploymentView, Snapshot } from "../../scripts/release/snapshot";
import { DEPLOYMENT, ROLLBACK, snapshot, target } from "./fakes";

const ALL_STATUSES = [
  "Created",
  "Queued",
  "InProgress",
  "Baking",
  "Ready",
  "Succeeded",
  "Failed",
  "Stopped",
  "Unknown",
];
const RUNNING = ALL_STATUSES.filter((status) => !["Succeeded", "Failed", "Stopped"].includes(status));
const BAD_ENDS = ["Failed", "Stopped"];

const seenAs = (deployment: Partial<DeploymentView>, rest: Partial<Snapshot> = {}) =>
  snapshot({ deployment: { id: DEPLOYMENT, status: "InProgress", ...deployment }, ...rest });
const rollback = (status: string, id = ROLLBACK): Partial<Snapshot> => ({ rollback: { id, status } });
const afterNamingTime = { sinceEnded: ROLLBACK_NAMING };
const alarm = { code: "ALARM_ACTIVE", message: "One or more alarms have been activated" };

const outcome = (seen: Snapshot, stopped = false) => {
  const verdict = verdictOf(seen, stopped);
  return verdict && ("because" in verdict ? `${verdict.outcome}: ${verdict.because}` : verdict.outcome);
};

describe("the verdict about a deployment", () => {
  it.each(RUNNING)("is open while the deployment is %s, with or without our stop", (status) => {
    expect(outcome(seenAs({ status }))).toBeUndefined();
    expect(outcome(seenAs({ status }), true)).toBeUndefined();
  });

  it("is released when the status is Succeeded, even when our stop came too late", () => {
    expect(outcome(seenAs({ status: "Succeeded" }))).toBe("released");
    expect(outcome(seenAs({ status: "Succeeded" }), true)).toBe("released");
  });

  it("is not released when only the events succeeded", () => {
    const events = { Install: "Succeeded", AllowTraffic: "Succeeded", AfterAllowTraffic: "Succeeded" };
    expect(outcome(seenAs({}, { target: target(events, 100) }))).toBeUndefined();
  });

  it.each(BAD_ENDS)("doesn't count the Skipped events of a deployment that is %s as success", (status) => {
    const skipped = target({ AllowTraffic: "Skipped", AfterAllowTraffic: "Skipped" }, 100);
    const seen = seenAs({ status, rollbackId: ROLLBACK }, { target: skipped, ...rollback("Succeeded") });
    expect(outcome(seen)).toBe("rolled-back");
  });

  describe.each(BAD_ENDS)("of a deployment that is %s and has a rollback", (status) => {
    it.each(RUNNING)("is open while the rollback is %s", (rollbackStatus) => {
      expect(
        outcome(seenAs({ status, rollbackId: ROLLBACK }, { ...rollback(rollbackStatus), ...afterNamingTime })),
      ).toBeUndefined();
    });

    it("is open before the rollback was read", () => {
      expect(outcome(seenAs({ status, rollbackId: ROLLBACK }, afterNamingTime))).toBeUndefined();
    });

    it("is rolled back when the rollback succeeded", () => {
      expect(outcome(seenAs({ status, rollbackId: ROLLBACK }, rollback("Succeeded")))).toBe("rolled-back");
    });

    it("does not count the success of another deployment", () => {
      expect(outcome(seenAs({ status, rollbackId: ROLLBACK }, rollback("Succeeded", "d-OTHER0001")))).toBeUndefined();
    });

    it.each(BAD_ENDS)("is failed when the rollback is %s too", (rollbackStatus) => {
      const seen = seenAs({ status, rollbackId: ROLLBACK }, rollback(rollbackStatus));
      expect(outcome(seen)).toBe("failed: rollback-failed");
      expect(outcome(seen, true)).toBe("failed: rollback-failed");
    });

    it("is interrupted when we sent a stop, and CodeDeploy reports a manual stop", () => {
      const error = { code: "MANUAL_STOP", message: "stopped" };
      const seen = seenAs({ status, rollbackId: ROLLBACK, error }, rollback("Succeeded"));
      expect(outcome(seen, true)).toBe("interrupted: rolled-back");
      expect(outcome(seen)).toBe("rolled-back");
    });

    it("is rolled back when an alarm was faster than our stop", () => {
      const seen = seenAs({ status, rollbackId: ROLLBACK, error: alarm }, rollback("Succeeded"));
      expect(outcome(seen, true)).toBe("rolled-back");
    });
  });

  describe.each(BAD_ENDS)("of a deployment that is %s and has no rollback", (status) => {
    it.each([
      ["at once", { polls: 0, ms: 0 }],
      ["after many quick polls", { polls: 50, ms: ROLLBACK_NAMING.ms - 1 }],
      ["after few slow ones", { polls: ROLLBACK_NAMING.polls - 1, ms: 600_000 }],
    ])("is open %s, since CodeDeploy names a rollback a moment later", (_, sinceEnded) => {
      expect(outcome(seenAs({ status }, { sinceEnded }))).toBeUndefined();
      expect(outcome(seenAs({ status }, { sinceEnded }), true)).toBeUndefined();
    });

    it("waits more than ten seconds for it", () => {
      expect(ROLLBACK_NAMING.ms).toBeGreaterThan(10_000);
    });

    it("is failed after that", () => {
      expect(outcome(seenAs({ status }, afterNamingTime))).toBe("failed: no-rollback");
    });

    const error = { code: "MANUAL_STOP", message: "stopped" };

    it.each([
      ["failed", "Install", "Succeeded", "failed: no-rollback"],
      ["failed", "Install", "Failed", "failed: no-rollback"],
      ["interrupted", "Install", "Pending", "interrupted: nothing-started"],
      ["interrupted", "Install", "Skipped", "interrupted: nothing-started"],
    ])("is %s when we stopped it with %s being %s", (_, event, eventStatus, expected) => {
      const seen = { ...afterNamingTime, target: target({ [event]: eventStatus }) };
      expect(outcome(seenAs({ status, error }, seen), true)).toBe(expected);
    });

    it("is interrupted when we stopped it before it started", () => {
      expect(outcome(seenAs({ status, error }, afterNamingTime), true)).toBe("interrupted: nothing-started");
    });

    it("is failed when an alarm was faster than our stop", () => {
      expect(outcome(seenAs({ status, error: alarm }, afterNamingTime), true)).toBe("failed: no-rollback");
    });

    it("does not claim that nothing started when the steps could not be read", () => {
      const unread = [{ part: "steps" as const, why: "throttled" }];
      expect(outcome(seenAs({ status, error }, { ...afterNamingTime, unread }), true)).toBe("failed: no-rollback");
    });
  });

  describe("of a deployment for which we sent a stop", () => {
    const ended = (status: string, code?: string) =>
      seenAs(
        { status, rollbackId: ROLLBACK, ...(code !== undefined && { error: { code, message: "" } }) },
        rollback("Succeeded"),
      );

    it.each([
      ["interrupted: rolled-back", "Stopped", undefined],
      ["interrupted: rolled-back", "Stopped", "MANUAL_STOP"],
      ["interrupted: rolled-back", "Stopped", "UNKNOWN"],
      ["interrupted: rolled-back", "Failed", "MANUAL_STOP"],
      ["rolled-back", "Stopped", "ALARM_ACTIVE"],
      ["rolled-back", "Failed", undefined],
      ["rolled-back", "Failed", "HEALTH_CONSTRAINTS"],
      ["rolled-back", "Failed", "HOOK_EXECUTION_FAILURE"],
    ])("is %s when it is %s with the code %s", (expected, status, code) => {
      expect(outcome(ended(status, code), true)).toBe(expected);
      expect(outcome(ended(status, code))).toBe("rolled-back");
    });
  });

  describe("of a rollback that was attached to", () => {
    const rollbackOf = "d-BADONE001";

    it.each(RUNNING)("is open while it is %s", (status) => {
      expect(outcome(seenAs({ status, rollbackOf }))).toBeUndefined();
    });

    it("is rolled back, not released, when it succeeded", () => {
      expect(outcome(seenAs({ status: "Succeeded", rollbackOf }))).toBe("rolled-back");
    });

    it.each(BAD_ENDS)("is failed at once when it is %s", (status) => {
      expect(outcome(seenAs({ status, rollbackOf }))).toBe("failed: rollback-failed");
    });
  });
});

describe("exit codes", () => {
  it.each<[Outcome, number]>([
    ["released", 0],
    ["checked", 0],
    ["rolled-back", 2],
    ["failed", 3],
    ["refused", 4],
    ["lost-sight", 5],
    ["interrupted", 130],
  ])("%s is %d", (outcome, code) => {
    expect(exitCodeOf(outcome)).toBe(code);
  });
});
