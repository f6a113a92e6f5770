import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openOutputFile } from "../../scripts/command/output-file";
import { reported, run, withDefaults, ORDERS } from "./command";

// They last as long as the machine needs: a busy one slows the cloud's clock down.
jest.setTimeout(300_000);

const LINE = "--json --speed 80 --rps 1";

describe("a rehearsal of a service that was only configured", () => {
  it("releases a good version, knows which version answered, and checks no writes", async () => {
    const before = [{ command: ["python3", "-c", "print('prepared')"] }];
    const context = withDefaults(ORDERS, { rehearsal: { before } });
    const { code, report } = await reported(run("rehearse", LINE, context));
    expect({ code, report }).toMatchObject({
      code: 0,
      report: { verdict: "released", reasons: [], requests: { failed: 0, failedOnNewVersion: 0 }, writes: null },
    });
    expect(report.requests.toNewVersion).toBeGreaterThan(0);
    // Every tenth request, in turn: of about 300, the share is at most one request away.
    expect(report.requests.newVersionShareDuringCanary).toBeCloseTo(0.1, 2);
  });

  it("is rolled back by the alarm for a fault of which the service knows nothing", async () => {
    const { code, report } = await reported(run("rehearse", `${LINE} --fault error --rate 0.9`));
    expect({ code, report }).toMatchObject({
      code: 2,
      report: { verdict: "rolled-back", activatedAlarms: ["orders-staging-failed-requests-2"], writes: null },
    });
  });

  it("releases a good version over a broken one, with background errors, and counts both", async () => {
    const { code, report } = await reported(run("rehearse", `${LINE} --no-hook --live-fault 60% --background 2%`));
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        verdict: "released",
        reasons: [],
        deployment: { status: "Succeeded" },
        background: { share: 0.02 },
        liveFault: { share: 0.6 },
      },
    });
    const { background, liveFault, requests } = report;
    expect(background?.failed).toBeGreaterThan(0);
    expect(background?.failedOnNewVersion).toBe(requests.failedOnNewVersion);
    expect((background?.failed ?? 0) + (liveFault?.failed ?? 0)).toBe(requests.failed);
  });

  it("tells that a service which ignores SIMULATE has no fault", async () => {
    const { code, report } = await reported(run("rehearse", `${LINE} --fault error --faults-by service`));
    expect({ code, verdict: report.verdict }).toEqual({ code: 10, verdict: "not-proven" });
    expect(JSON.stringify(report.reasons)).toContain("--faults-by cloud");
  });

  it("releases nothing when version 1 gives other answers than expected", async () => {
    const requests = [{ name: "read", method: "GET", path: "/orders/nobody" }];
    const context = withDefaults(ORDERS, { rehearsal: { requests } });
    const { code, report } = await reported(run("rehearse", LINE, context));
    expect({ code, report }).toMatchObject({ code: 70, report: { verdict: "broken", releaseExitCode: null } });
    expect(JSON.stringify(report.reasons)).toMatch(/read: status 404 .* GET \/orders\/nobody → 404 null/);
  });
});

describe("a rehearsal that can't start", () => {
  it.each([
    { it: "no traffic", rehearsal: { requests: undefined }, code: 64, says: /rehearsal\.requests: there are none/ },
    {
      it: "a missing program",
      rehearsal: { command: ["no-such-program"] },
      code: 64,
      says: /rehearsal\.command: the program "no-such-program" is on no folder of PATH/,
    },
    {
      it: "a missing module",
      rehearsal: { requests: undefined, module: "nowhere/traffic.ts" },
      code: 64,
      says: /rehearsal\.module: nowhere\/traffic\.ts does not compile/,
    },
    {
      it: "a step before it that fails",
      rehearsal: { before: [{ command: ["sh", "-c", "echo no database; exit 1"] }] },
      code: 70,
      says: /rehearsal\.before\.0\.command ended with 1[^]* {2}no database/,
    },
    {
      it: "a service that does not start",
      rehearsal: { environment: {} },
      code: 70,
      says: /The first version does not start[^]*AssertionError: rehearsal\.environment stands over/,
    },
  ])("because of $it says so", async ({ rehearsal, code, says }) => {
    const ended = await run("rehearse", "--speed 80", withDefaults(ORDERS, { rehearsal })).ended;
    expect(ended.stderr).toMatch(says);
    expect(ended.code).toBe(code);
  });

  it("because another one writes its report to the same folder says so, at once, and leaves that one alone", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "report-"));
    try {
      // This process stands for the other rehearsal.
      const other = openOutputFile("--report", path.join(folder, "report.json"), { alone: true });
      const { code, stdout, stderr } = await run("rehearse", `--report ${folder}`).ended;
      expect({ code, stdout, stderr }).toEqual({
        code: 64,
        stdout: "",
        stderr: `--report ${folder}/report.json: process ${process.pid} writes it at the moment; wait until it has ended, or choose another place\n`,
      });
      other.write("theirs");
      expect(readdirSync(folder)).toEqual(["report.json"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [
      "takes no entries",
      "/proc/none/report",
      /^--report \/proc\/none\/report: .*; choose a folder that can be written to\n$/,
    ],
    [
      "is a file",
      path.resolve("package.json"),
      /^--report .*package\.json: .* is no folder; choose a folder that can be written to\n$/,
    ],
  ])("because its folder %s says so, at once", async (_, folder, says) => {
    const { code, stdout, stderr } = await run("rehearse", `--report ${folder}`).ended;
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(says);
  });
});
