import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../../stacks/config";
import { readinessOf } from "../../stacks/config/rehearsal-schema";
import type { Child } from "../cloud/tasks/child";
import { acceptsConnections } from "../cloud/tasks/connection";
import { startProgram } from "../cloud/tasks/program";
import { rejectOnAbort } from "../command/abort";
import { findProgram } from "./service-program";

type Step = Config["rehearsal"]["before"][number];
type Running = Pick<Child, "exited" | "kill" | "lastLogLines">;

/** Default of `readyTimeoutSeconds`. */
const READY_TIMEOUT_SECONDS = 60;
/** Wall milliseconds between two checks whether an address is ready. */
const CHECK_MS = 100;
/** How long one check may take, in wall milliseconds. */
const CHECK_TIMEOUT_MS = 5_000;
/** Wall milliseconds between SIGTERM and SIGKILL at the end. */
const STOP_MS = 5_000;
/** Number of lines that an error shows of a command's output, the newest. */
const SHOWN_LINES = 20;

/** A step of `rehearsal.before` failed; the message names its key path and the next step. */
export class PrerequisiteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PrerequisiteError";
  }
}

/** Settings of the steps of `rehearsal.before`. */
export interface PrerequisiteOptions {
  /** Folder of cdktf.json, in which the commands run. */
  readonly root: string;
  /** Folder for the commands' files, in their variable REHEARSAL_FOLDER. It is removed at the end. */
  readonly folder: string;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Called with each line that a command writes. */
  readonly onLine?: (line: string) => void;
}

/** What was started before the service. */
export interface Prerequisites {
  /** Rejects with a PrerequisiteError when a command that shall go on has ended; never resolves. */
  readonly broken: Promise<never>;
  /** Ends all commands, the newest first; resolves when none runs. */
  stop(): Promise<void>;
}

/**
 * Checks the commands of `rehearsal.before` without starting anything.
 * @throws ConfigError when a program does not exist
 */
export function checkPrerequisites(steps: readonly Step[], root: string): void {
  steps.forEach(({ command }, index) => {
    if (command?.[0] !== undefined) findProgram(command[0], root, `rehearsal.before.${index}.command`);
  });
}

/**
 * Runs the steps of `rehearsal.before`, one after the other. Every command ends with this process, even when this process is
 * killed. After an error, no command is left behind.
 * @throws PrerequisiteError when a step fails; the signal's reason when it aborts
 */
export async function startPrerequisites(steps: readonly Step[], options: PrerequisiteOptions): Promise<Prerequisites> {
  const running: Running[] = [];
  let isStopped = false;
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  broken.catch(() => undefined); // It may break while nothing waits.
  const stop = async () => {
    isStopped = true;
    for (const child of running.reverse().splice(0)) await end(child);
  };
  try {
    for (const [index, step] of steps.entries()) {
      const name = `rehearsal.before.${index}`;
      if (step.command === undefined) {
        await waitUntilReady(step, name, options.signal);
        continue;
      }
      if (step.ready !== undefined) await refuseIfReady(step.ready, name);
      const child = start(step, name, options);
      running.push(child);
      if (step.ready === undefined) {
        await endOf(child, name, options.signal);
        running.pop();
        continue;
      }
      await Promise.race([waitUntilReady(step, name, options.signal, child), endedEarly(child, `${name}.command`)]);
      void endedEarly(child, `${name}.command`).catch((error: unknown) => {
        if (!isStopped) fail(error);
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { broken, stop };
}

function start(
  { command = [], environment }: Step,
  name: string,
  { root, folder, onLine }: PrerequisiteOptions,
): Running {
  const [program = "", ...args] = command;
  const inherited = Object.entries(process.env).flatMap(([variable, value]) =>
    // The commands shall reach nothing on AWS by mistake.
    value === undefined || variable.startsWith("AWS_") ? [] : [[variable, value] as const],
  );
  return startProgram(
    {
      command: [findProgram(program, root, `${name}.command`), ...args],
      directory: root,
      environment: { ...Object.fromEntries(inherited), REHEARSAL_FOLDER: folder, ...environment },
    },
    onLine,
  );
}

/** Resolves when the command has ended with 0. */
async function endOf(child: Running, name: string, signal: AbortSignal): Promise<void> {
  const { code, signal: killed } = await Promise.race([child.exited, rejectOnAbort(signal)]);
  if (code === 0) return;
  throw new PrerequisiteError(
    `${name}.command ended with ${killed ?? code}. A command without "ready" must end with 0.${outputOf(child)}`,
  );
}

/** Rejects when the command has ended; never resolves. */
async function endedEarly(child: Running, key: string): Promise<never> {
  const { code, signal } = await child.exited;
  throw new PrerequisiteError(
    `${key} ended with ${signal ?? code}, although it has "ready" and must go on running.${outputOf(child)}`,
  );
}

/** @throws PrerequisiteError when something else is at the address already: it would be taken for the command's own */
async function refuseIfReady(ready: string, name: string): Promise<void> {
  if ((await readinessProblem(ready)) !== undefined) return;
  throw new PrerequisiteError(
    `${name}.ready: ${ready} is ready before its command was started, so another program is there. ` +
      `End that, choose another address, or leave the command out to use what is there.`,
  );
}

/** Resolves when the address of a step is ready. */
async function waitUntilReady(
  { ready = "", readyTimeoutSeconds = READY_TIMEOUT_SECONDS }: Step,
  name: string,
  signal: AbortSignal,
  child?: Running,
): Promise<void> {
  const limit = AbortSignal.timeout(readyTimeoutSeconds * 1000);
  const ended = new AbortController();
  void child?.exited.then(() => ended.abort());
  for (;;) {
    const problem = await readinessProblem(ready);
    signal.throwIfAborted();
    // The caller tells of the end.
    if (problem === undefined || ended.signal.aborted) return;
    if (limit.aborted) {
      throw new PrerequisiteError(
        `${name}.ready: ${ready} was not ready within ${readyTimeoutSeconds} s (${problem}). ` +
          `Start it, correct the address, or raise readyTimeoutSeconds.${child ? outputOf(child) : ""}`,
      );
    }
    await delay(CHECK_MS);
  }
}

/** Why an address is not ready; undefined when it is. */
async function readinessProblem(ready: string): Promise<string | undefined> {
  const readiness = readinessOf(ready);
  if (readiness === undefined) return "it is no address";
  if (readiness.kind === "tcp") return (await acceptsConnections(readiness)) ? undefined : "it accepts no connection";
  try {
    const { status, body } = await fetch(readiness.url, {
      redirect: "manual",
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    await body?.cancel();
    return status < 500 ? undefined : `it answers with ${status}`;
  } catch (error) {
    // fetch says why in the cause.
    const { message, cause } = error as Error & { readonly cause?: { readonly message?: string } };
    return cause?.message ?? message;
  }
}

/** SIGTERM, and SIGKILL to the command and all that it started when it does not end by that. */
async function end(child: Running): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await child.exited;
  clearTimeout(timer);
}

function outputOf(child: Running): string {
  const lines = child.lastLogLines().slice(-SHOWN_LINES);
  return lines.length === 0 ? " It printed nothing." : ` Its output:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
