import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { LAUNCHER } from "../command/launcher";
import { clientEnvironment } from "../rehearse/release-process";
import { watchMemory, type TreeMemory } from "./processes";

/** Simulated seconds per wall second: slow enough that a busy machine passes the health checks. */
const SPEED = 5;

/**
 * Configuration of a release that takes about three simulated minutes, and that no alarm stops on a busy machine: the
 * bench measures memory, not a canary.
 */
const CONTEXT = JSON.stringify({
  defaults: { project: "bench" },
  environments: {
    staging: {
      gate: { slowSeconds: 600 },
      delivery: { strategy: "ECSAllAtOnce", terminationWaitMinutes: 0, hook: false },
    },
  },
});

/** How to use the local cloud, read from its output. */
export interface CloudAddress {
  readonly endpoint: string;
  readonly region: string;
  /** Image of version 2, by digest. */
  readonly image: string;
}

/** Parses the output of `npm run cloud`; undefined until it is complete. */
export function readCloudAddress(output: string): CloudAddress | undefined {
  const endpoint = /export AWS_ENDPOINT_URL=(\S+)/.exec(output)?.[1];
  const region = /export AWS_REGION=(\S+)/.exec(output)?.[1];
  const image = /release -- --image (\S+)\n/.exec(output)?.[1];
  return endpoint === undefined || region === undefined || image === undefined
    ? undefined
    : { endpoint, region, image };
}

/** Peak memory in KiB of an idle Node, of the release command, and of the local cloud. */
export interface MemoryFigures {
  readonly nodeAlone: number;
  readonly release: number;
  readonly cloud: TreeMemory;
}

/**
 * Measures the memory of the local cloud and of the release command while a release runs.
 * @throws when a command does not start
 */
export async function measureMemory(root: string): Promise<MemoryFigures> {
  const nodeAlone = start(root, ["-e", "setTimeout(() => undefined, 2000)"], process.env);
  const { own } = await peakMemory(nodeAlone);

  const environment = { ...process.env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: CONTEXT };
  const cloud = start(root, [LAUNCHER, "scripts/cloud.ts", "--speed", String(SPEED)], environment);
  try {
    const address = await cloud.untilOutput(readCloudAddress);
    const end = watchMemory(cloud.pid);
    const release = start(
      root,
      // The release moves all traffic at once, so no alarm tests it, and it needs the flag to start.
      [
        LAUNCHER,
        "scripts/release.ts",
        "--image",
        address.image,
        "--output",
        "plain",
        "--poll-interval",
        "0.5",
        "--accept-blind-gate",
      ],
      clientEnvironment(environment, address),
    );
    const ofRelease = peakMemory(release);
    // The exit code does not matter: the release has allocated its memory by now.
    await release.untilOutput((output) => /watching d-/.exec(output) ?? undefined);
    return { nodeAlone: own, release: (await ofRelease).own, cloud: end() };
  } finally {
    cloud.child.kill("SIGINT");
    await cloud.ended;
  }
}

interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<unknown>;
  /** Resolves with what `read` finds in the output; rejects with the output when the program ends before. */
  untilOutput<Found>(read: (output: string) => Found | undefined): Promise<Found>;
}

function start(root: string, argv: readonly string[], env: NodeJS.ProcessEnv): Program {
  const child = spawn(process.execPath, argv, { cwd: root, env });
  let output = "";
  const keep = (chunk: string) => (output += chunk);
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const ended = once(child, "close");
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    untilOutput: (read) =>
      new Promise((resolve, reject) => {
        const search = () => {
          const found = read(output);
          if (found !== undefined) resolve(found);
        };
        child.stdout.on("data", search);
        search();
        void ended.then(() => reject(new Error(`${argv.join(" ")} ended too early:\n${output}`)), reject);
      }),
  };
}

async function peakMemory({ pid, ended }: Program): Promise<TreeMemory> {
  const end = watchMemory(pid);
  await ended;
  return end();
}
