import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeTemporaryFolder } from "../../command/temporary-folder";
import type { Clock } from "../clock";
import { type Child, startChild } from "../tasks/child";
import type { FunctionTemplate } from "../template";
import { unpack } from "./archive";
import { localCredentials } from "../local-credentials";

/** Beside this file: runs a handler once. */
const INVOKE = path.join(__dirname, "invoke.cjs");
/** Stands for what Lambda's Node runtime brings along: the AWS SDK. */
const RUNTIME_MODULES = path.resolve(__dirname, "..", "..", "..", "node_modules");

/** What functions run on and with. */
export interface FunctionsOptions {
  readonly clock: Clock;
  readonly templates: readonly FunctionTemplate[];
  /** Region the functions believe to be in. */
  readonly region: string;
  /** Variables over a function's own: where something of the cloud really is, e.g. AWS_ENDPOINT_URL. Read at each call. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Called with every line that a function writes. */
  readonly onLine?: (functionName: string, line: string) => void;
}

/** Lambda, as far as a hook needs it: runs the packages that the stacks deploy, each call in a process of its own. */
export class Functions {
  private readonly running = new Set<Child>();
  /** Where packages were unpacked, by function. */
  private readonly folders = new Map<string, string>();
  private closed = false;

  constructor(private readonly options: FunctionsOptions) {}

  /**
   * Calls a function and waits for its end.
   * @param reference name or ARN
   * @throws when there is no such function, it fails, or it takes longer than it may
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
    // What it waits for passes by the wall clock, so its time limit does too.
    const limitMs = called.timeoutSeconds * 1000;
    const child = startChild(
      [INVOKE, path.join(this.folderOf(called), file), handler, JSON.stringify(event), String(limitMs)],
      this.environmentOf(called),
      onLine && ((line) => onLine(called.name, line)),
    );
    this.running.add(child);
    const limit = { passed: false };
    const cancel = clock.after(limitMs * clock.speed, () => {
      limit.passed = true;
      child.kill("SIGKILL");
    });
    const { code } = await child.exited;
    cancel();
    this.running.delete(child);
    if (limit.passed) throw new Error(`${called.name} timed out after ${called.timeoutSeconds} seconds`);
    if (code !== 0) throw new Error(`${called.name} failed: ${child.lastLogLines().join("\n")}`);
  }

  /** Kills what is left and removes what was unpacked; resolves when nothing runs any more. */
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
