import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { LAUNCHER } from "../command/launcher";
import { inTemporaryDirectory } from "./api";
import { median } from "./statistics";

const ROUNDS = 5;

/** Medians in wall seconds. */
export interface StartTimes {
  /** Node from its start to the end of an empty program. */
  readonly nodeAlone: number;
  /** The release command from its start to the first line of its help. */
  readonly releaseFirstLine: number;
  /** A whole synthesis. */
  readonly synth: number;
}

/**
 * Measures how long the commands take to start, and Node with an empty program, in turns.
 * @param root folder of cdktf.json and scripts/
 * @throws when one of them fails
 */
export function startTimes(root: string): Promise<StartTimes> {
  return inTemporaryDirectory(async (directory) => {
    const nodeAlone: number[] = [];
    const releaseFirstLine: number[] = [];
    const synth: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      nodeAlone.push((await run(root, ["-e", "0"])).ended);
      releaseFirstLine.push((await run(root, [LAUNCHER, "scripts/release.ts", "--help"])).firstOutput);
      synth.push((await run(root, [LAUNCHER, "main.ts"], { CDKTF_OUTDIR: path.join(directory, "out") })).ended);
    }
    return { nodeAlone: median(nodeAlone), releaseFirstLine: median(releaseFirstLine), synth: median(synth) };
  });
}

/** Runs a program to its end. Gives wall seconds since its start; without output, `firstOutput` is `ended`. */
async function run(root: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let firstOutput: number | undefined;
  child.stdout.on("data", () => (firstOutput ??= seconds()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`node ${argv.join(" ")} exited with ${code ?? "a signal"}`);
  const ended = seconds();
  return { firstOutput: firstOutput ?? ended, ended };
}
