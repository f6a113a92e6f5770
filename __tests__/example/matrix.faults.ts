import { FAULT_PLAYERS } from "../../scripts/rehearse/faults";
import { CAUGHT_BY } from "../rehearse/caught-by";
import { DEFAULTS } from "../../stacks/config/defaults";
import { reported, run, withDefaults } from "../rehearse/command";
import { CONFIGURED } from "./tasks-api";

/** The preset of the alarms; PRESET chooses another one. */
const preset = (process.env["PRESET"] ?? DEFAULTS.gate.preset) as keyof typeof CAUGHT_BY;
const CONFIGURATION = withDefaults(CONFIGURED, { gate: { preset } });
const rehearse = (...options: string[]) => reported(run("rehearse", ["--json", ...options].join(" "), CONFIGURATION));

const faults = Object.entries(CAUGHT_BY[preset]).flatMap(([fault, alarms]) =>
  FAULT_PLAYERS.map((player) => ({ fault, alarms, player })),
);

const repeats = Array.from({ length: Number(process.env.REPEATS ?? "1") }, (_, index) => index + 1);
const runs = repeats.flatMap((repeat) => faults.map((each) => ({ ...each, repeat })));
const withTraffic = runs.flatMap(({ alarms, ...run }) => (alarms === null ? [] : [{ ...run, alarms }]));
const withoutTraffic = runs.filter(({ alarms }) => alarms === null);

describe("a version with a fault", () => {
  it.concurrent.each(withTraffic)(
    "$fault by the $player (run $repeat): is rolled back by its alarm, and the old version serves everything again",
    async ({ fault, alarms, player }) => {
      const { code, report } = await rehearse("--fault", fault, "--faults-by", player);
      expect(report).toMatchObject({ verdict: "rolled-back", exitCode: 2, writes: { lost: 0 } });
      expect(code).toBe(2);
      expect(report.deployment?.errorCode).toBe("ALARM_ACTIVE");
      expect(report.activatedAlarms.join(" ")).toMatch(alarms);
      expect(report.requests.toNewVersion).toBeGreaterThan(0);
      expect(report.requests.failed / report.requests.total).toBeLessThan(0.1);
      expect(report.writes?.acknowledged).toBeGreaterThan(0);
      // The last entries: weights are back, and nothing fails any more.
      for (const { weightNewVersion, errors } of report.timeline.slice(-4)) {
        expect({ weightNewVersion, errors }).toEqual({ weightNewVersion: 0, errors: 0 });
      }
    },
    300_000,
  );

  it.concurrent.each(withoutTraffic)(
    "$fault by the $player (run $repeat): ends without ever taking production traffic",
    async ({ fault, player }) => {
      const { code, report } = await rehearse("--fault", fault, "--faults-by", player);
      expect(report).toMatchObject({ verdict: "rolled-back", exitCode: 2, writes: { lost: 0 } });
      expect(code).toBe(2);
      expect(report.requests).toMatchObject({ toNewVersion: 0, failed: 0 });
      expect(report.timeline.every(({ weightNewVersion }) => weightNewVersion === 0)).toBe(true);
    },
    300_000,
  );

  it("error: is stopped before any traffic when the hook is left in", async () => {
    const { code, report } = await rehearse("--fault", "error", "--rate", "1", "--hook");
    expect(code).toBe(2);
    expect(report).toMatchObject({
      verdict: "rolled-back",
      activatedAlarms: [],
      deployment: { errorCode: "HOOK_EXECUTION_FAILURE" },
      requests: { toNewVersion: 0, failed: 0 },
      writes: { lost: 0 },
    });
  }, 300_000);
});
