import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import path from "node:path";
import type { AwsServer } from "../../../scripts/cloud/aws/server";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { LAUNCHER } from "../../../scripts/command/launcher";
import { runProgram } from "../../../scripts/command/run-program";
import type { ReportWithHistory } from "../../../scripts/gate/report/types";
import { connectToLiveAws } from "../../../scripts/rehearse/live/aws";
import { readLive } from "../../../scripts/rehearse/live/read-live";
import { loadConfig } from "../../../stacks/config";
import { TEMPLATE } from "../../cloud/aws/fake-cloud";
import { everyMinute, EXISTING_CONTEXT, playedMetrics, serveMetrics } from "./served-history";

/** Needs the AWS CLI on PATH; `npm run test:aws-cli` runs it, `npm test` does not. */

const MINUTE_MS = 60_000;
const minuteNow = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

describe("the AWS CLI's answer about the past", () => {
  let folder: string;
  let server: AwsServer | undefined;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "gate-aws-cli-"))));
  afterEach(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program in the folder, with the server as its AWS. @returns what it prints */
  async function run(command: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram({
      command,
      args,
      directory: folder,
      environment: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"))),
        ENVIRONMENT: "staging",
        CDKTF_CONTEXT_JSON: JSON.stringify(EXISTING_CONTEXT),
        AWS_ENDPOINT_URL: server?.endpoint,
        AWS_REGION: TEMPLATE.region,
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_PAGER: "",
      },
    });
    expect({ command, args, code, stderr: code === 0 ? "" : stderr }).toEqual({ command, args, code: 0, stderr: "" });
    return stdout;
  }
  /** Reads the service as `npm run rehearse -- --from-live` does. */
  async function liveTemplate(): Promise<object> {
    const before = process.env;
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: server?.endpoint,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    const config = loadConfig({ environment: "staging", context: EXISTING_CONTEXT });
    const { region } = config;
    const { aws, close } = await connectToLiveAws(region, new AbortController().signal);
    try {
      return await readLive(aws, { config, region, tables: [], withValues: false, now: new Date() });
    } finally {
      close();
      process.env = before;
    }
  }
  const gate = (...args: string[]) => run(process.execPath, [LAUNCHER, path.resolve("scripts/gate.ts"), ...args]);
  const quick = ["--compare", "balanced", "--fault", "errors", "--severity", "0.1", "--runs", "20", "--json"];

  it("gives the same figures as --live, with the calls as they are printed, beside the service's own alarms", async () => {
    const { metrics, clock } = await playedMetrics(60, minuteNow() - 10 * MINUTE_MS);
    await clock.step(10 * MINUTE_MS);
    server = await serveMetrics(metrics, clock);
    let [calls, live, minute] = ["", "", 0];
    do {
      // Both must be of the same minute: what is read ends five minutes ago.
      minute = minuteNow();
      calls = await gate("--aws-cli");
      live = await gate("--live", ...quick);
    } while (minuteNow() !== minute);
    await run("sh", ["-euc", calls]);
    // --live has read the alarms as well; a file has them, too.
    const template = path.join(folder, "alarms.json");
    writeFileSync(template, JSON.stringify(await liveTemplate()));
    const fromFile = await gate("--from", path.join(folder, "history.json"), "--template", template, ...quick);
    expect(JSON.parse(fromFile)).toEqual(JSON.parse(live));
    const { gates, history } = JSON.parse(live) as ReportWithHistory;
    expect(gates.map(({ name }) => name)).toEqual(["own alarms", "balanced"]);
    // Some minutes without requests follow.
    expect(history?.quietMinutes).toBeGreaterThanOrEqual(4);
    expect(history?.requests).toBeGreaterThan(13_000);
    expect(history?.normal.slowShare).toBeCloseTo(0.02, 2);
    expect(history?.normal.failedShare).toBeCloseTo(0.01, 2);
  });

  it("is of all pages", async () => {
    server = await serveMetrics(everyMinute(), new SteppedClock(Date.now()));
    const calls = await gate("--aws-cli");
    await run("sh", ["-euc", calls]);
    const { MetricDataResults: results } = JSON.parse(readFileSync(path.join(folder, "history.json"), "utf8")) as {
      MetricDataResults: { Values: number[] }[];
    };
    const datapoints = results.reduce((sum, { Values }) => sum + Values.length, 0);
    expect(datapoints).toBeGreaterThanOrEqual(18 * 14 * 1_440);
  });
});
