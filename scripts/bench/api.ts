import { rmSync } from "node:fs";
import path from "node:path";
import { makeTemporaryFolder } from "../command/temporary-folder";
import { bundleService } from "../rehearse/version-image";
import { startServer, throughput, type Server } from "./load";
import { median } from "./statistics";

const ROUNDS = 7;
const ROUND_SECONDS = 2;
/** A new process is slower until its code is compiled. */
const WARM_UP_SECONDS = 2;
/** Headers that node:http sets itself, because they depend on the request or the connection. */
const OWN_HEADERS = ["date", "connection", "keep-alive", "transfer-encoding", "x-request-id"];

/** The first source of the API, which the bench measures. @param root folder of cdktf.json and scripts/ */
export function apiEntry(root: string): string {
  return path.join(root, "api", "src", "server.ts");
}

/** Starts the API as one bundled process, in `directory`, logging as in production. */
export async function startApi(root: string, directory: string): Promise<Server> {
  const { file } = await bundleService(apiEntry(root), directory);
  return startServer([file], {
    PORT: "0",
    HOST: "127.0.0.1",
    TABLE_NAME: "not-used-by-health",
    AWS_REGION: "us-east-1",
    RELEASE_VERSION: "bench",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  });
}

/** Runs an action with a temporary folder, and removes the folder afterwards. */
export async function inTemporaryDirectory<T>(action: (directory: string) => Promise<T>): Promise<T> {
  const directory = makeTemporaryFolder("bench");
  try {
    return await action(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Measures the requests per second of the API's health route and of a bare node:http server that answers the same bytes,
 * alternately.
 * @returns medians over the rounds
 */
export function apiAgainstBareServer(root: string): Promise<{ api: number; bare: number }> {
  return inTemporaryDirectory(async (directory) => {
    const api = await startApi(root, directory);
    try {
      const answer = await fetch(`${api.url}/health`);
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OWN_HEADERS.includes(name)));
      headers["x-request-id"] = answer.headers.get("x-request-id") ?? "";
      const replay = JSON.stringify({ headers, body: await answer.text() });
      const bare = await startServer([path.join(__dirname, "replay-server.cjs")], { REPLAY: replay });
      try {
        const samples: { api: number[]; bare: number[] } = { api: [], bare: [] };
        for (const { url } of [api, bare]) await throughput(`${url}/health`, WARM_UP_SECONDS);
        for (let round = 0; round < ROUNDS; round += 1) {
          samples.api.push(await throughput(`${api.url}/health`, ROUND_SECONDS));
          samples.bare.push(await throughput(`${bare.url}/health`, ROUND_SECONDS));
        }
        return { api: median(samples.api), bare: median(samples.bare) };
      } finally {
        await bare.stop();
      }
    } finally {
      await api.stop();
    }
  });
}
