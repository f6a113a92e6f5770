import type { AwsServer } from "../../../scripts/cloud/aws/server";
import { SteppedClock } from "../../../scripts/cloud/clock";
import { ANSWER_LIMITS } from "../../../scripts/command/aws-answers";
import { serviceMinutes } from "../../../scripts/gate/history/history";
import { connectForHistory, readLiveHistory } from "../../../scripts/gate/history/live";
import { readHistory } from "../../../scripts/gate/history/read";
import { loadConfig } from "../../../stacks/config";
import { START } from "../../cloud/aws/fake-cloud";
import { everyMinute, EXISTING_CONTEXT, playedMetrics, serveMetrics, valueAt } from "./served-history";

const MINUTE_MS = 60_000;
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
const config = loadConfig({ environment: "staging", context: EXISTING_CONTEXT });

describe("reading the past over the wire, with the SDK", () => {
  const before = process.env;
  let server: AwsServer | undefined;

  afterEach(async () => {
    process.env = before;
    await server?.stop();
  });

  /** Reads what the server has, as `--live` does with the endpoint in the environment. */
  async function read(now: number) {
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: server?.endpoint,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    const pages: number[] = [];
    const { aws, close } = await connectForHistory(config.region, new AbortController().signal, ANSWER_LIMITS);
    try {
      const data = await readLiveHistory(aws, {
        config,
        slowSeconds: 1.5,
        now: new Date(now),
        onProgress: (datapoints) => pages.push(datapoints),
        wait: () => Promise.reject(new Error("there is nothing to wait for")),
      });
      return { data, pages };
    } finally {
      close();
    }
  }

  it("gives the traffic that the local cloud has published, with its percentiles and slow responses", async () => {
    const endMs = START + 40 * MINUTE_MS;
    const { metrics, clock, requests } = await playedMetrics(40, endMs);
    await clock.step(5 * MINUTE_MS);
    server = await serveMetrics(metrics, clock);
    const { data } = await read(endMs + 5 * MINUTE_MS);
    const service = serviceMinutes(readHistory(data, "CloudWatch"));
    expect(service).toMatchObject({ startMs: START, minutes: 40, slowSeconds: 1.5 });
    expect(total(service.requests)).toBe(requests);
    expect(total(service.answers)).toBe(requests);
    expect(total(service.failed) / requests).toBeCloseTo(0.01, 2);
    expect(total(service.slow) / requests).toBeCloseTo(0.02, 2);
    expect(service.p50[3]).toBeGreaterThan(0.1);
    expect(service.p99[30]).toBeGreaterThan(service.p90[30] ?? 0);
    // CodeDeploy swaps the target groups.
    const history = readHistory(data, "CloudWatch");
    expect(history.groups.map(({ requests: own }) => own.findLastIndex((count) => count > 0))).toEqual([19, 39]);
  });

  it("gives two weeks of every minute in pages of what one answer may have", async () => {
    const now = START + 14 * 24 * 60 * MINUTE_MS;
    server = await serveMetrics(everyMinute(), new SteppedClock(now));
    const { data, pages } = await read(now);
    const minutes = (Date.parse(data.to) - Date.parse(data.from)) / MINUTE_MS;
    expect(minutes).toBeGreaterThanOrEqual(14 * 24 * 60);
    const all = 18 * minutes;
    expect(pages).toEqual([100_800, 201_600, 302_400, all]);
    const { groups } = readHistory(data, "CloudWatch");
    const startMs = Date.parse(data.from);
    for (const figures of groups) {
      const wrong = (name: "failed" | "p99", metricName: string, statistic: string) =>
        figures[name].findIndex(
          (value, minute) => value !== valueAt(metricName, statistic, startMs + minute * MINUTE_MS),
        );
      expect(wrong("failed", "HTTPCode_Target_5XX_Count", "Sum")).toBe(-1);
      expect(wrong("p99", "TargetResponseTime", "p99")).toBe(-1);
    }
  });
});
