import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { WallClock } from "../../scripts/cloud/clock";
import { createCloud, type LocalCloud } from "../../scripts/cloud/cloud";
import { localCredentials } from "../../scripts/cloud/local-credentials";
import { DEFAULT_SETTINGS } from "../../scripts/cloud/settings";
import type { Template } from "../../scripts/cloud/template";
import { LAUNCHER } from "../../scripts/command/launcher";
import { runProgram } from "../../scripts/command/run-program";
import { ownVariables } from "../terraform/emulated-account";

/** A service of a template in a local cloud, with steady requests and two images to release: `good` and `bad`. */
export interface PlayedService {
  readonly cloud: LocalCloud;
  /** Reference of the image `good`, by its digest. */
  readonly good: string;
  /** Status of the answer to a request. */
  answer(): Promise<number>;
  /** Runs `npm run release` as a process of its own, which knows AWS's address and the configuration. */
  release(context: object, ...args: readonly string[]): Promise<Released>;
  stop(): Promise<void>;
}

/** How a release ended. */
interface Released {
  readonly code: number | null;
  /** The lines of `--output json`. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly stdout: string;
}

/** A version of the service: healthy, and answering all other requests with this status. */
const versionOf = (healthPath: string, status: number) => `
  require("node:http").createServer((request, response) => {
    response.writeHead(request.url === ${JSON.stringify(healthPath)} ? 200 : ${status}).end();
  }).listen(Number(process.env.PORT), process.env.HOST);`;

/** Starts the service; its first version answers 200, `good` answers 201, and `bad` answers 500. */
export async function playService(template: Template): Promise<PlayedService> {
  const directory = mkdtempSync(path.join(tmpdir(), "played-service-"));
  const [group] = template.targetGroups;
  const imageOf = (tag: string, status: number) => {
    const file = path.join(directory, `${tag}.js`);
    writeFileSync(file, versionOf(group?.healthCheck.path ?? "/", status));
    return {
      repository: template.repository.url,
      tags: [tag],
      command: [process.execPath, file],
      environment: {},
      platform: { os: "linux", architecture: "amd64" } as const,
      contentHash: tag,
    };
  };
  const cloud = createCloud({
    template,
    clock: new WallClock(60),
    settings: DEFAULT_SETTINGS,
    image: imageOf("v1", 200),
  });
  await cloud.start();
  const good = cloud.push(imageOf("good", 201));
  cloud.push(imageOf("bad", 500));
  const send = () => fetch(`${cloud.productionUrl}/orders`);
  const requests = setInterval(() => void send().catch(() => undefined), 20);
  const { region } = template;
  return {
    cloud,
    good: `${template.repository.url}@${good.digest}`,
    answer: async () => (await send()).status,
    release: async (context, ...args) => {
      const line = ["--environment", "live", "--output", "json", "--poll-interval", "0.25", ...args];
      const { code, stdout } = await runProgram({
        command: process.execPath,
        args: [LAUNCHER, "scripts/release.ts", ...line],
        directory: ".",
        environment: {
          ...ownVariables(),
          ...localCredentials(region),
          AWS_ENDPOINT_URL: cloud.endpoint,
          CDKTF_CONTEXT_JSON: JSON.stringify(context),
        },
      });
      const events = stdout
        .trim()
        .split("\n")
        .map((event) => JSON.parse(event) as Readonly<Record<string, unknown>>);
      return { code, events, stdout };
    },
    stop: async () => {
      clearInterval(requests);
      await cloud.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
