import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { inTemporaryDirectory } from "./api";
import { median } from "./statistics";

const ROUNDS = 5;
const maxRss = z.object({ name: z.string(), kib: z.number() });

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

/** The most memory, in MiB, that the release command and the local cloud with its rehearsal held in one rehearsal. */
export function memory(root: string): Promise<{ release: number; cloud: number; nothing: number }> {
  return inTemporaryDirectory((directory) => {
    const preload = path.join(__dirname, "max-rss.cjs");
    const env = { MAX_RSS_DIRECTORY: directory };
    run(root, ["--require", preload, "--import", "tsx", "-e", "0"], env);
    run(root, ["--import", "tsx", "scripts/rehearse.ts", "--speed", "40", "--json"], {
      ...env,
      NODE_OPTIONS: `--require ${preload}`,
    });
    const records = readdirSync(directory).map((file) =>
      maxRss.parse(JSON.parse(readFileSync(path.join(directory, file), "utf8"))),
    );
    const most = (name: string) =>
      Math.max(...records.filter((record) => record.name === name).map(({ kib }) => kib)) / 1024;
    return Promise.resolve({ release: most("release.ts"), cloud: most("rehearse.ts"), nothing: most("node") });
  });
}
