import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import type { Json } from "./running-service";

/** The service as one file, dependencies included, in a folder of its own. */
export interface Bundle {
  readonly file: string;
  /** Writes another file beside it, and gives its path. */
  add(name: string, content: string): string;
  remove(): void;
}

/** Bundles the service as it is in the source. */
export function bundleService(): Bundle {
  const directory = mkdtempSync(path.join(tmpdir(), "tasks-api-"));
  const file = path.join(directory, "server.js");
  buildSync({
    entryPoints: [path.join(__dirname, "../../../api/src/server.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: file,
    logLevel: "error",
  });
  return {
    file,
    add: (name, content) => {
      const added = path.join(directory, name);
      writeFileSync(added, content);
      return added;
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** The service as a process of its own. */
export class ServiceProcess {
  private readonly child: ChildProcess;
  private readonly lines: Json[] = [];
  private readonly waiting: { readonly message: string; readonly resolve: (line: Json) => void }[] = [];
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;

  /** Starts it with these environment variables and no others of ours. */
  constructor(file: string, environment: Record<string, string>) {
    const child = spawn(process.execPath, ["--no-warnings", file], {
      env: { PATH: process.env["PATH"] ?? "", PORT: "0", HOST: "127.0.0.1", AWS_REGION: "us-east-1", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child = child;
    this.exited = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
    createInterface({ input: child.stdout }).on("line", (line) => this.take(JSON.parse(line) as Json));
  }

  /** All lines of its log so far. */
  get log(): readonly Json[] {
    return this.lines;
  }

  /** Resolves with the first line of its log with this message; rejects when it ends without. */
  async logged(message: string): Promise<Json> {
    const line = this.lines.find(({ msg }) => msg === message);
    if (line) return line;
    const ended = this.exited.then((code): never => {
      throw new Error(`it ended with ${code} and never said "${message}": ${JSON.stringify(this.lines)}`);
    });
    return Promise.race([new Promise<Json>((resolve) => this.waiting.push({ message, resolve })), ended]);
  }

  /** Its base URL, once it listens. */
  async url(): Promise<string> {
    return `http://127.0.0.1:${String((await this.logged("listening"))["port"])}`;
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private take(line: Json): void {
    this.lines.push(line);
    for (const one of this.waiting) if (one.message === line["msg"]) one.resolve(line);
  }
}
