import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { LAUNCHER } from "../command/launcher";
import { clientEnvironment } from "../rehearse/release-process";
import { watchMemory, type TreeMemory } from "./processes";

/** Simulated seconds in one wall second: slow enough for a busy machine to keep its health checks. */
const SPEED = 5;

/**
 * A release that is over in three simulated minutes, and that no alarm ends because this machine is busy: what is
 * measured is memory, not a canary.
 */
const CONTEXT = JSON.stringify({
  defaults: {},
  environments: {
    staging: {
      alarms: { responseTime: { threshold: 600, evaluationPeriods: 1, datapointsToAlarm: 1 } },
      delivery: { strategy: "ECSAllAtOnce", terminationWaitMinutes: 0, hook: false },
    },
  },
});

/** Where the local cloud is, as it tells people. */
export interface CloudAddress {
  readonly endpoint: string;
  readonly region: string;
  /** Of version 2, by digest. */
  readonly image: string;
}

/** Reads what `npm run cloud` prints; undefined until it has printed all of it. */
export function readCloudAddress(output: string): CloudAddress | undefined {
  const endpoint = /export AWS_ENDPOINT_URL=(\S+)/.exec(output)?.[1];
  const region = /export AWS_REGION=(\S+)/.exec(output)?.[1];
  const image = /release -- --image (\S+)\n/.exec(output)?.[1];
  return endpoint === undefined || region === undefined || image === undefined
    ? undefined
    : { endpoint, region, image };
}

/** The most memory, in KiB, that each held: Node with nothing to do, the release, the local cloud. */
export interface MemoryFigures {
  readonly nothing: number;
  readonly release: number;
  readonly cloud: TreeMemory;
}

/**
 * Measures the local cloud, run as `npm run cloud` runs it, while the release command releases a version on it.
 * @throws when one of them does not start
 */
export async function measureMemory(root: string): Promise<MemoryFigures> {
  const nothing = start(root, ["-e", "setTimeout(() => undefined, 2000)"], process.env);
  const { own } = await watched(nothing);

  const environment = { ...process.env, ENVIRONMENT: "staging", CDKTF_CONTEXT_JSON: CONTEXT };
  const cloud = start(root, [LAUNCHER, "scripts/cloud.ts", "--speed", String(SPEED)], environment);
  try {
    const address = await cloud.saying(readCloudAddress);
    const end = watchMemory(cloud.pid);
    const release = start(
      root,
      // All at once and without a wait, so that it is over soon: nothing tests such a release, and it says so.
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
    const ofRelease = watched(release);
    // However it ends: it has done all it does by then.
    await release.saying((output) => /watching d-/.exec(output) ?? undefined);
    return { nothing: own, release: (await ofRelease).own, cloud: end() };
  } finally {
    cloud.child.kill("SIGINT");
    await cloud.ended;
  }
}

interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<unknown>;
  /** Resolves with what `read` finds in the output; rejects with the output when it ends before. */
  saying<Found>(read: (output: string) => Found | undefined): Promise<Found>;
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
    saying: (read) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = read(output);
          if (found !== undefined) resolve(found);
        };
        child.stdout.on("data", look);
        look();
        void ended.then(() => reject(new Error(`${argv.join(" ")} ended too early:\n${output}`)), reject);
      }),
  };
}

async function watched({ pid, ended }: Program): Promise<TreeMemory> {
  const end = watchMemory(pid);
  await ended;
  return end();
}
