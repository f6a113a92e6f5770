import path from "node:path";
import { apiAgainstBareServer } from "./bench/api";
import { memory, synthTime } from "./bench/commands";
import { proxyLatency } from "./bench/proxy";
import { figure } from "./bench/statistics";

/** Prints one row: what, the figure, what it stands beside, and the two compared. */
function row(what: string, value: string, beside: string, compared: string): void {
  console.log(`${what.padEnd(34)} ${value.padStart(14)}   ${beside.padEnd(42)} ${compared}`);
}

async function main(): Promise<void> {
  const root = path.join(__dirname, "..");

  const { api, bare } = await apiAgainstBareServer(root);
  row(
    "API, GET /health",
    `${figure(api)} req/s`,
    `bare node:http, same bytes ${figure(bare)} req/s`,
    `ratio ${figure(api / bare, 2)} (goal ≥ 0.60)`,
  );

  const { direct, proxied } = await proxyLatency(root);
  for (const p of ["p50", "p99"] as const) {
    row(
      `load balancer, ${p}`,
      `${figure(proxied[p], 2)} ms`,
      `direct ${figure(direct[p], 2)} ms`,
      `adds ${figure(proxied[p] - direct[p], 2)} ms`,
    );
  }

  const { synth, nothing } = await synthTime(root);
  row(
    "npm run synth",
    `${figure(synth, 2)} s`,
    `Node and tsx alone ${figure(nothing, 2)} s`,
    `ratio ${figure(synth / nothing, 1)}`,
  );

  const rss = await memory(root);
  const alone = `Node and tsx alone ${figure(rss.nothing)} MiB`;
  row(
    "memory of the release command",
    `${figure(rss.release)} MiB`,
    alone,
    `ratio ${figure(rss.release / rss.nothing, 1)}`,
  );
  row("memory of the local cloud", `${figure(rss.cloud)} MiB`, alone, `ratio ${figure(rss.cloud / rss.nothing, 1)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
