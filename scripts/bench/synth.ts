import { spawnSync } from "node:child_process";
import path from "node:path";
import { inTemporaryDirectory } from "./api";
import { median } from "./statistics";

const ROUNDS = 5;

function run(root: string, argv: readonly string[], env: Readonly<Record<string, string>>): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`node ${argv.join(" ")} exited with ${status}:\n${stderr}`);
  return (performance.now() - start) / 1000;
}

/** Wall seconds of `npm run synth`'s program, and of the same Node and loader doing nothing, in turns; medians. */
export function synthTime(root: string): Promise<{ synth: number; nothing: number }> {
  return inTemporaryDirectory((directory) => {
    const samples: { synth: number[]; nothing: number[] } = { synth: [], nothing: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      samples.synth.push(run(root, ["--import", "tsx", "main.ts"], { CDKTF_OUTDIR: path.join(directory, "out") }));
      samples.nothing.push(run(root, ["--import", "tsx", "-e", "0"], {}));
    }
    return Promise.resolve({ synth: median(samples.synth), nothing: median(samples.nothing) });
  });
}
