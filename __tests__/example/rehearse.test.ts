import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { reported, run, withDefaults } from "../rehearse/command";
import { TASKS_API } from "./tasks-api";

/** Rehearses with `--json`; gives the exit code and the report. */
function rehearse(line: string, context = TASKS_API) {
  return reported(run("rehearse", `--json ${line}`, context));
}

// They last as long as the machine needs: a busy one slows the cloud's clock down.
jest.setTimeout(300_000);

describe("npm run rehearse", () => {
  it("releases a good version: nothing fails, nothing is lost, a tenth of the traffic goes ahead", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "rehearse-test-"));
    try {
      const { code, report } = await rehearse(`--speed 80 --rps 1 --report ${path.join(folder, "new")}`);
      expect(code).toBe(0);
      expect(report).toMatchObject({
        verdict: "released",
        exitCode: 0,
        releaseExitCode: 0,
        reasons: [],
        fault: null,
        strategy: "ECSCanary10Percent5Minutes",
        speed: 80,
        requests: { failed: 0, failedOnNewVersion: 0 },
        activatedAlarms: [],
        deployment: { status: "Succeeded", errorCode: null },
        writes: { lost: 0 },
      });
      // One a second of the clock, however far this machine lets it come: the first at once, then one each second.
      expect(Math.abs(report.requests.total - (1 + report.simulatedSeconds))).toBeLessThanOrEqual(1.1);
      // Every tenth request, in turn: of about 300, the share is at most one request away.
      expect(report.requests.newVersionShareDuringCanary).toBeCloseTo(0.1, 2);
      // Two of five requests write.
      expect(report.writes?.acknowledged).toBeGreaterThan(report.requests.total * 0.3);
      expect(report.timeline.at(-1)?.weightNewVersion).toBe(100);
      const written: unknown = JSON.parse(readFileSync(path.join(folder, "new", "report.json"), "utf8"));
      expect(written).toEqual(report);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("ends with another exit code when the configuration has another limit", async () => {
    const line = "--fault error --rate 0.9 --speed 80 --rps 1";
    const strict = await rehearse(line);
    const lenient = await rehearse(line, withDefaults(TASKS_API, { gate: { allowance: 1000 } }));
    expect(strict).toMatchObject({
      code: 2,
      report: {
        verdict: "rolled-back",
        activatedAlarms: ["tasks-api-staging-failed-requests-2"],
        deployment: { errorCode: "ALARM_ACTIVE" },
        writes: { lost: 0 },
      },
    });
    expect(strict.report.timeline.at(-1)?.weightNewVersion).toBe(0);
    expect(strict.report.detectionSeconds).toBeGreaterThan(0);
    // Released with the fault: that is nothing to be assured by.
    expect(lenient).toMatchObject({
      code: 10,
      report: { verdict: "not-proven", exitCode: 10, releaseExitCode: 0, activatedAlarms: [] },
    });
    expect(JSON.stringify(lenient.report.reasons)).toMatch(
      /the gate did not stop the fault error.*standard deviations \+ 1000\) is above 0/,
    );
    expect(lenient.report.requests.failedOnNewVersion).toBeGreaterThan(strict.report.requests.failedOnNewVersion);
  });

  it("releases nothing when version 1 is no usable baseline, and shows its answers", async () => {
    const { code, report } = await rehearse(
      "--speed 80 --rps 1",
      withDefaults(TASKS_API, { service: { environment: { SIMULATE: "error:0.5" } } }),
    );
    expect(code).toBe(70);
    expect(report).toMatchObject({ verdict: "broken", exitCode: 70, releaseExitCode: null, deployment: null });
    expect(JSON.stringify(report.reasons)).toMatch(/version 1 answers its own traffic badly.* → 500 /);
  });

  it("shows the configuration's problems and ends with 64", async () => {
    const { code, stderr } = await run(
      "rehearse",
      "--speed 40",
      withDefaults(TASKS_API, { gate: { normalBadShare: -1 } }),
    ).ended;
    expect(code).toBe(64);
    expect(stderr).toContain("gate.normalBadShare");
  });
});
