import path from "node:path";
import { type RuntimeOptions, taskEnvironment } from "./environment";
import type { Image, RunningContainer, TaskRuntime } from "./part";
import { Ports } from "./ports";
import { ProcessTask } from "./process-task";
import { ProgramTask } from "./program-task";
import { passedVariables, unsupportedByProcess, validVariables } from "./withheld";

/** Runs tasks as processes on this machine. Each gets a free port of the loopback address in PORT. */
export class ProcessRuntime implements TaskRuntime {
  private readonly running = new Set<ProcessTask | ProgramTask>();
  private readonly ports = new Ports();
  private readonly sentNotices = new Set<string>();
  private closed = false;

  constructor(private readonly options: RuntimeOptions) {}

  /** @throws Error when the image has no command that can run here, or the runtime was closed */
  start(input: Omit<Parameters<TaskRuntime["start"]>[0], "definition">): RunningContainer {
    const { taskId, image, environment, container } = input;
    const { onLine } = this.options;
    if (this.closed) throw new Error(`task ${taskId} cannot start: the runtime was closed`);
    const common = {
      clock: this.options.clock,
      ports: this.ports,
      onLine: onLine && ((line: string) => onLine(taskId, line)),
    };
    const variables = taskEnvironment(image, environment, this.options, container);
    let task: ProcessTask | ProgramTask;
    if (image.directory === undefined) {
      const args = scriptOf(image);
      this.notify(unsupportedByProcess(container, environment));
      task = new ProcessTask({ ...common, args, environment: passedVariables(variables) });
    } else {
      const { command, directory } = image;
      task = new ProgramTask({ ...common, command, directory, environment: validVariables(variables) });
    }
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

/**
 * The arguments of `node` in an image's command.
 * @throws Error when the command is another program
 */
function scriptOf({ repository, digest, command }: Image): readonly string[] {
  const [program, ...args] = command;
  if (program !== undefined && args.length > 0 && isNode(program)) return args;
  throw new Error(
    `image ${repository}@${digest} cannot run here: its command must be \`node\` and a script, ` +
      `not ${JSON.stringify(command)}`,
  );
}

function isNode(program: string): boolean {
  return program === process.execPath || path.basename(program) === "node";
}
