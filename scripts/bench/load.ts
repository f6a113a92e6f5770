import { once } from "node:events";
import { Agent, get } from "node:http";
import { spawn, type ChildProcess } from "node:child_process";
import autocannon from "autocannon";

/** A server under measurement, in its own process. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Node program that prints a line with its port (`port` and digits, as JSON or plain) when it listens.
 * @throws when the program exits before
 */
export async function startServer(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const exited = once(child, "exit");
      if (child.exitCode === null && child.kill("SIGKILL")) await exited;
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.once("exit", (code) => reject(new Error(`the server exited with ${code} before it listened:\n${output}`)));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-10_000);
      const port = /"?port"?[: ]+(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/**
 * Loads a URL for `seconds` with 50 connections, as fast as it answers.
 * @returns requests per second
 * @throws when a request fails or its answer is not 2xx, because a rate of errors is no throughput
 */
export async function throughput(url: string, seconds: number): Promise<number> {
  const result = await autocannon({ url, connections: 50, duration: seconds });
  if (result.non2xx + result.errors + result.timeouts > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`);
  }
  return result.requests.average;
}

/**
 * Measures the milliseconds of each of `count` requests, sent one after the other on one keep-alive connection.
 * autocannon measures whole milliseconds, which is not precise enough for a proxy.
 * @throws when an answer is not 2xx
 */
export async function latencies(url: string, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const samples: number[] = [];
  try {
    for (let sent = 0; sent < count; sent += 1) {
      const start = performance.now();
      await new Promise<void>((resolve, reject) => {
        get(url, { agent }, (response) => {
          if (response.statusCode === undefined || response.statusCode >= 300) {
            reject(new Error(`${url} answered ${response.statusCode}`));
          }
          response.resume().once("end", resolve);
        }).once("error", reject);
      });
      samples.push(performance.now() - start);
    }
  } finally {
    agent.destroy();
  }
  return samples;
}
