import path from "node:path";
import { type RuntimeOptions, taskEnvironment } from "./environment";
import type { RunningContainer, TaskRuntime } from "./part";
import { Ports } from "./ports";
import { ProcessTask } from "./process-task";
import { passedVariables, unsupportedByProcess } from "./withheld";

/** Runs tasks as Node processes on this machine. Each gets a free port of the loopback address in PORT. */
export class ProcessRuntime implements TaskRuntime {
  private readonly running = new Set<ProcessTask>();
  private readonly ports = new Ports();
  private readonly sentNotices = new Set<string>();
  private closed = false;

  constructor(private readonly options: RuntimeOptions) {}

  /** @throws Error when the image's command is not a Node program, or the runtime was closed */
  start(input: Omit<Parameters<TaskRuntime["start"]>[0], "definition">): RunningContainer {
    const { taskId, image, environment, container } = input;
    const { clock, onLine } = this.options;
    if (this.closed) throw new Error(`task ${taskId} cannot start: the runtime was closed`);
    const [program, ...args] = image.command;
    if (program === undefined || args.length === 0 || !isNode(program))
      throw new Error(
        `image ${image.repository}@${image.digest} cannot run here: its command must be \`node\` and a script, ` +
          `not ${JSON.stringify(image.command)}`,
      );
    this.notify(unsupportedByProcess(container, environment));
    const task = new ProcessTask({
      clock,
      ports: this.ports,
      args,
      environment: passedVariables(taskEnvironment(image, environment, this.options, container)),
      onLine: onLine && ((line) => onLine(taskId, line)),
    });
    this.running.add(task);
    void task.exited.then(() => this.running.delete(task));
    return task;
  }

  private notify(notice: string | undefined): void {
    if (notice === undefined || this.sentNotices.has(notice)) return;
    this.sentNotices.add(notice);
    this.options.onNotice?.(notice);
  }

  async close(): Promise<void> {
    this.closed = true;
    const tasks = [...this.running];
    for (const task of tasks) task.kill();
    await Promise.all(tasks.map(({ exited }) => exited));
  }
}

function isNode(program: string): boolean {
  return program === process.execPath || path.basename(program) === "node";
}
