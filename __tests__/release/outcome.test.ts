import { exitCodeOf, ROLLBACK_NAMING, verdictOf, type ReleaseVerdict } from "../../scripts/release/outcome";
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

const looked = (deployment: Partial<DeploymentView>, rest: Partial<Snapshot> = {}) =>
  snapshot({ deployment: { id: DEPLOYMENT, status: "InProgress", ...deployment }, ...rest });
const rollback = (status: string, id = ROLLBACK): Partial<Snapshot> => ({ rollback: { id, status } });
const afterNamingTime = { sinceEnded: ROLLBACK_NAMING };
const alarm = { code: "ALARM_ACTIVE", message: "One or more alarms have been activated" };

const outcome = (seen: Snapshot, stopped = false) => {
  const verdict = verdictOf(seen, stopped);
  return verdict && ("because" in verdict ? `${verdict.outcome}: ${verdict.because}` : verdict.outcome);
};

describe("the verdict over a deployment", () => {
  it.each(RUNNING)("is open while the deployment is %s, stopped by us or not", (status) => {
    expect(outcome(looked({ status }))).toBeUndefined();
    expect(outcome(looked({ status }), true)).toBeUndefined();
  });

  it("is released when CodeDeploy says Succeeded, even when our stop came too late", () => {
    expect(outcome(looked({ status: "Succeeded" }))).toBe("released");
    expect(outcome(looked({ status: "Succeeded" }), true)).toBe("released");
  });

  it("is not released when only the events succeeded", () => {
    const events = { Install: "Succeeded", AllowTraffic: "Succeeded", AfterAllowTraffic: "Succeeded" };
    expect(outcome(looked({}, { target: target(events, 100) }))).toBeUndefined();
  });

  it.each(BAD_ENDS)("takes the Skipped events of a deployment that is %s for what they are", (status) => {
    const skipped = target({ AllowTraffic: "Skipped", AfterAllowTraffic: "Skipped" }, 100);
    const seen = looked({ status, rollbackId: ROLLBACK }, { target: skipped, ...rollback("Succeeded") });
    expect(outcome(seen)).toBe("rolled-back");
  });

  describe.each(BAD_ENDS)("of a deployment that is %s and has a rollback", (status) => {
    it.each(RUNNING)("is open while the rollback is %s", (rollbackStatus) => {
      expect(
        outcome(looked({ status, rollbackId: ROLLBACK }, { ...rollback(rollbackStatus), ...afterNamingTime })),
      ).toBeUndefined();
    });

    it("is open before the rollback was looked at", () => {
      expect(outcome(looked({ status, rollbackId: ROLLBACK }, afterNamingTime))).toBeUndefined();
    });

    it("is rolled back when the rollback succeeded", () => {
      expect(outcome(looked({ status, rollbackId: ROLLBACK }, rollback("Succeeded")))).toBe("rolled-back");
    });

    it("does not count the success of another deployment", () => {
      expect(outcome(looked({ status, rollbackId: ROLLBACK }, rollback("Succeeded", "d-OTHER0001")))).toBeUndefined();
    });

    it.each(BAD_ENDS)("is failed when the rollback is %s too", (rollbackStatus) => {
      const seen = looked({ status, rollbackId: ROLLBACK }, rollback(rollbackStatus));
      expect(outcome(seen)).toBe("failed: rollback-failed");
      expect(outcome(seen, true)).toBe("failed: rollback-failed");
    });

    it("is interrupted when we asked for its stop, and CodeDeploy says that it was stopped by hand", () => {
      const error = { code: "MANUAL_STOP", message: "stopped" };
      const seen = looked({ status, rollbackId: ROLLBACK, error }, rollback("Succeeded"));
      expect(outcome(seen, true)).toBe("interrupted: rolled-back");
      expect(outcome(seen)).toBe("rolled-back");
    });

    it("is rolled back when an alarm was faster than our stop", () => {
      const seen = looked({ status, rollbackId: ROLLBACK, error: alarm }, rollback("Succeeded"));
      expect(outcome(seen, true)).toBe("rolled-back");
    });
  });

  describe.each(BAD_ENDS)("of a deployment that is %s and has no rollback", (status) => {
    it.each([
      ["at once", { polls: 0, ms: 0 }],
      ["after many quick polls", { polls: 50, ms: ROLLBACK_NAMING.ms - 1 }],
      ["after few slow ones", { polls: ROLLBACK_NAMING.polls - 1, ms: 600_000 }],
    ])("is open %s, since CodeDeploy names a rollback a moment later", (_, sinceEnded) => {
      expect(outcome(looked({ status }, { sinceEnded }))).toBeUndefined();
      expect(outcome(looked({ status }, { sinceEnded }), true)).toBeUndefined();
    });

    it("gives CodeDeploy more than ten seconds for it", () => {
      expect(ROLLBACK_NAMING.ms).toBeGreaterThan(10_000);
    });

    it("is failed after that", () => {
      expect(outcome(looked({ status }, afterNamingTime))).toBe("failed: no-rollback");
    });

    const error = { code: "MANUAL_STOP", message: "stopped" };

    it.each([
      ["failed", "Install", "Succeeded", "failed: no-rollback"],
      ["failed", "Install", "Failed", "failed: no-rollback"],
      ["interrupted", "Install", "Pending", "interrupted: nothing-started"],
      ["interrupted", "Install", "Skipped", "interrupted: nothing-started"],
    ])("is %s when we stopped it with %s being %s", (_, event, eventStatus, expected) => {
      const seen = { ...afterNamingTime, target: target({ [event]: eventStatus }) };
      expect(outcome(looked({ status, error }, seen), true)).toBe(expected);
    });

    it("is interrupted when we stopped it before it started", () => {
      expect(outcome(looked({ status, error }, afterNamingTime), true)).toBe("interrupted: nothing-started");
    });

    it("is failed when an alarm was faster than our stop", () => {
      expect(outcome(looked({ status, error: alarm }, afterNamingTime), true)).toBe("failed: no-rollback");
    });

    it("does not claim that nothing started when the steps could not be read", () => {
      const unread = [{ part: "steps" as const, why: "throttled" }];
      expect(outcome(looked({ status, error }, { ...afterNamingTime, unread }), true)).toBe("failed: no-rollback");
    });
  });

  describe("of a deployment whose stop we asked for", () => {
    const ended = (status: string, code?: string) =>
      looked(
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
      expect(outcome(looked({ status, rollbackOf }))).toBeUndefined();
    });

    it("is rolled back, not released, when it succeeded", () => {
      expect(outcome(looked({ status: "Succeeded", rollbackOf }))).toBe("rolled-back");
    });

    it.each(BAD_ENDS)("is failed at once when it is %s", (status) => {
      expect(outcome(looked({ status, rollbackOf }))).toBe("failed: rollback-failed");
    });
  });
});

describe("exit codes", () => {
  it("are 0 for no way a deployment can end but Succeeded", () => {
    const endings: ReleaseVerdict["outcome"][] = ["rolled-back", "failed", "interrupted"];
    expect(endings.map(exitCodeOf)).not.toContain(0);
  });
});
