import path from "node:path";
import { LAUNCHER } from "../command/launcher";
import { inTemporaryDirectory, startApi } from "./api";
import { latencies, startServer } from "./load";
import { percentileOfRounds } from "./statistics";

const ROUNDS = 5;
const REQUESTS_A_ROUND = 1_500;

/** Latency in milliseconds: the median over all rounds of each round's 50th and 99th percentile. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const summary = (rounds: readonly (readonly number[])[]): Latency => ({
  p50: percentileOfRounds(rounds, 0.5),
  p99: percentileOfRounds(rounds, 0.99),
});

/** Measures the latency of the API's health route, directly and through the local load balancer, alternately. */
export function proxyLatency(root: string): Promise<{ direct: Latency; proxied: Latency }> {
  return inTemporaryDirectory(async (directory) => {
    const api = await startApi(root, directory);
    try {
      const proxy = await startServer([LAUNCHER, path.join(__dirname, "proxy-server.ts")], {
        TARGET_PORT: new URL(api.url).port,
      });
      try {
        const direct: number[][] = [];
        const proxied: number[][] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          direct.push(await latencies(`${api.url}/health`, REQUESTS_A_ROUND));
          proxied.push(await latencies(`${proxy.url}/health`, REQUESTS_A_ROUND));
        }
        return { direct: summary(direct), proxied: summary(proxied) };
      } finally {
        await proxy.stop();
      }
    } finally {
      await api.stop();
    }
  });
}
