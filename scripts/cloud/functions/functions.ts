import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeTemporaryFolder } from "../../command/temporary-folder";
import type { Clock } from "../clock";
import { type Child, startChild } from "../tasks/child";
import type { FunctionTemplate } from "../template";
import { unpack } from "./archive";
import { localCredentials } from "../local-credentials";

/** The script that runs a handler once. */
const INVOKE = path.join(__dirname, "invoke.cjs");
/** Where functions find the AWS SDK, which is part of Lambda's Node.js runtime. */
const RUNTIME_MODULES = path.resolve(__dirname, "..", "..", "..", "node_modules");

/** Dependencies and settings of Functions. */
export interface FunctionsOptions {
  readonly clock: Clock;
  readonly templates: readonly FunctionTemplate[];
  /** The functions' AWS_REGION. */
  readonly region: string;
  /** Variables that override a function's own, such as AWS_ENDPOINT_URL. Read at each call. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Called with every line that a function writes. */
  readonly onLine?: (functionName: string, line: string) => void;
}

/** Lambda for the deployment hooks: runs the packages that the stacks deploy, one process for each call. */
export class Functions {
  private readonly running = new Set<Child>();
  /** The folders of the unpacked packages, by function name. */
  private readonly folders = new Map<string, string>();
  private closed = false;

  constructor(private readonly options: FunctionsOptions) {}

  /**
   * Calls a function and waits until it ends.
   * @param reference name or ARN
   * @throws when there is no such function, it fails, or it exceeds its timeout
   */
  async invoke(reference: string, event: object): Promise<void> {
    const { clock, templates, onLine } = this.options;
    const called = templates.find(({ name, arn }) => reference === name || reference === arn);
    if (!called) {
      const known = templates.map(({ name }) => name).join(", ") || "none";
      throw new Error(`Function not found: ${reference}; the stacks have ${known}`);
    }
    if (this.closed) throw new Error(`${called.name} cannot run: the cloud was stopped`);
    const [file, handler] = splitHandler(called);
    // The function runs in real time, so its timeout is real time too, whatever the clock's speed.
    const limitMs = called.timeoutSeconds * 1000;
    const child = startChild(
      [INVOKE, path.join(this.folderOf(called), file), handler, JSON.stringify(event), String(limitMs)],
      this.environmentOf(called),
      onLine && ((line) => onLine(called.name, line)),
    );
    this.running.add(child);
    const timeout = { passed: false };
    const cancel = clock.after(limitMs * clock.speed, () => {
      timeout.passed = true;
      child.kill("SIGKILL");
    });
    const { code } = await child.exited;
    cancel();
    this.running.delete(child);
    if (timeout.passed) throw new Error(`${called.name} timed out after ${called.timeoutSeconds} seconds`);
    if (code !== 0) throw new Error(`${called.name} failed: ${child.lastLogLines().join("\n")}`);
  }

  /** Kills running functions and removes the unpacked packages; resolves when no process runs. */
  async close(): Promise<void> {
    this.closed = true;
    const children = [...this.running];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map(({ exited }) => exited));
    for (const folder of this.folders.values()) rmSync(folder, { recursive: true, force: true });
    this.folders.clear();
  }

  private folderOf({ name, packageFile }: FunctionTemplate): string {
    const known = this.folders.get(name);
    if (known !== undefined) return known;
    const files = unpack(readFileSync(packageFile));
    const folder = makeTemporaryFolder("function");
    this.folders.set(name, folder);
    for (const [file, content] of files) {
      const target = path.join(folder, file);
      if (!target.startsWith(folder + path.sep)) throw new Error(`${packageFile}: ${file} leads out of the package`);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    return folder;
  }

  private environmentOf({ name, environment }: FunctionTemplate): Record<string, string> {
    const { region } = this.options;
    return {
      ...environment,
      NODE_PATH: RUNTIME_MODULES,
      AWS_LAMBDA_FUNCTION_NAME: name,
      ...localCredentials(region),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...this.options.environment(),
    };
  }
}

/** `index.handler` is the export `handler` of index.js. */
function splitHandler({ name, handler }: FunctionTemplate): readonly [file: string, exported: string] {
  const dot = handler.lastIndexOf(".");
  if (dot <= 0) throw new Error(`${name}: its handler ${handler} is not <file>.<export>`);
  return [`${handler.slice(0, dot)}.js`, handler.slice(dot + 1)];
}
