import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { DEFAULT_SETTINGS } from "../cloud/settings";
import { LAUNCHER } from "../command/launcher";
import { runProgram } from "../command/run-program";
import { Simulation } from "../gate/simulate";
import { gatesOf } from "../gate/subjects";
import { watchMemory } from "./processes";
import { median } from "./statistics";

/** Releases of each figure with which the default table has about 100,000 releases. */
const RUNS = 250;
/** Requests per second that are compared: the time of a simulation must not depend on them. */
const [FEW, MANY] = [20, 20_000];
const ROUNDS = 7;
const RELEASES_OF_A_ROUND = 300;

/** How fast gates are simulated. */
export interface GateFigures {
  /** The default table with about 100,000 releases, with the synthesis. */
  readonly seconds: number;
  /** Peak memory of that, in KiB. */
  readonly kib: number;
  /** The default table as it is, with the synthesis. */
  readonly tableSeconds: number;
  /** Time of a release at 20,000 requests per second, as a part of that at 20. */
  readonly ratio: number;
}

/** Measures the simulation of gates. @param root folder of cdktf.json @throws Error when the command fails */
export async function simulateGate(root: string): Promise<GateFigures> {
  const { seconds, kib } = await runGate(root, ["--runs", String(RUNS)]);
  const table = await runGate(root, []);
  return { seconds, kib, tableSeconds: table.seconds, ratio: await ratioByTraffic(root) };
}

async function runGate(root: string, args: readonly string[]): Promise<Pick<GateFigures, "seconds" | "kib">> {
  const beganAt = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, path.join(root, "scripts", "gate.ts"), ...args, "--json"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const memory = watchMemory(child.pid ?? 0);
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - beganAt) / 1_000;
  const { own } = memory();
  if (code !== 0) throw new Error(`npm run gate ended with ${code ?? "a signal"}`);
  return { seconds, kib: own };
}

/** The median, over rounds, of how much longer releases with much traffic take than those with little. */
async function ratioByTraffic(root: string): Promise<number> {
  const gates = await gatesOf({
    root,
    environment: "staging",
    compare: [],
    run: runProgram,
    variables: process.env,
    signal: new AbortController().signal,
  });
  const simulation = new Simulation({
    gates,
    traffic: { normalBad: 0, latency: { median: 0.1, p99: 0.5 } },
    slowSeconds: 1.5,
    watched: "new",
    seed: 1,
    settings: DEFAULT_SETTINGS,
  });
  const timeOf = (rps: number) => {
    const beganAt = performance.now();
    // Nothing is bad, so each release is simulated to its end, at any traffic.
    const runs = { first: RELEASES_OF_A_ROUND, most: RELEASES_OF_A_ROUND, precision: 0 };
    simulation.run({ severity: 0, rps, colour: "green" }, runs);
    return performance.now() - beganAt;
  };
  timeOf(FEW);
  timeOf(MANY);
  return median(Array.from({ length: ROUNDS }, () => timeOf(MANY) / timeOf(FEW)));
}
