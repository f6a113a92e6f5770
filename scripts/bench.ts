import { existsSync } from "node:fs";
import path from "node:path";
import { apiAgainstBareServer, apiEntry } from "./bench/api";
import { parseBenchArguments } from "./bench/arguments";
import { simulateGate } from "./bench/gate";
import { measureMemory } from "./bench/memory";
import { proxyLatency } from "./bench/proxy";
import { figure } from "./bench/statistics";
import { startTimes } from "./bench/starts";
import { EXIT_CODES } from "./command/exit-codes";
import { processLines, processOutput, runCommand } from "./command/run-command";
import { TemporaryFolderError } from "./command/temporary-folder";

/** Prints one row: what is measured, its value, the value to compare it with, and the comparison. */
function row(what: string, value: string, beside: string, compared: string): void {
  processLines.out(`${what.padEnd(34)} ${value.padStart(14)}   ${beside.padEnd(42)} ${compared}`);
}

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseBenchArguments(argv, processOutput);
  if ("exitCode" in parsed) return parsed.exitCode;
  const root = path.join(__dirname, "..");
  if (!existsSync(apiEntry(root))) {
    processLines.err(`there is no ${path.relative(root, apiEntry(root))}: the bench measures with the example service`);
    return EXIT_CODES.bench.failed.code;
  }
  try {
    await measure(root);
    return EXIT_CODES.bench.done.code;
  } catch (error) {
    if (!(error instanceof TemporaryFolderError)) throw error;
    processLines.err(error.message);
    return EXIT_CODES.bench.failed.code;
  }
}

async function measure(root: string): Promise<void> {
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

  const { nodeAlone: nodeSeconds, releaseFirstLine, synth } = await startTimes(root);
  for (const [what, seconds] of [
    ["first line of release --help", releaseFirstLine],
    ["npm run synth", synth],
  ] as const) {
    row(what, `${figure(seconds, 2)} s`, `Node alone ${figure(nodeSeconds, 2)} s`, ratio(seconds, nodeSeconds));
  }

  const { nodeAlone: nodeKib, release, cloud } = await measureMemory(root);
  row("memory of the release command", mebibytes(release), `Node alone ${mebibytes(nodeKib)}`, ratio(release, nodeKib));
  row(
    "memory of the local cloud",
    mebibytes(cloud.own),
    `with its database and tasks ${mebibytes(cloud.tree)}`,
    ratio(cloud.own, nodeKib),
  );

  const gate = await simulateGate(root);
  row("gate, 100,000 releases", `${figure(gate.seconds)} s`, "its memory", `${mebibytes(gate.kib)} (goal < 500 MiB)`);
  row("gate, default table", `${figure(gate.tableSeconds)} s`, "as precise as it is", "(goal < 10 s on two cores)");
  row("gate, a release at 20,000 req/s", figure(gate.ratio, 2), "at 20 req/s: 1", "independent of the traffic");
}

/** Formats a value in KiB. */
function mebibytes(kib: number): string {
  return `${figure(kib / 1024)} MiB`;
}

function ratio(value: number, beside: number): string {
  return `ratio ${figure(value / beside, 1)}`;
}

runCommand({ name: "bench", faultExitCode: EXIT_CODES.bench.failed.code, main });
