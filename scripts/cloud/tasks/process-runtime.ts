import path from "node:path";
import type { RunningContainer, TaskRuntime } from "../parts";
import { type Child, startChild } from "./child";
import { type RuntimeOptions, taskEnvironment } from "./environment";
import { stopInTime } from "./stop";
import { passedOn, unplayedByProcess } from "./withheld";

/** Runs tasks as Node processes on this machine, on any free port of the loopback address. */
export class ProcessRuntime implements TaskRuntime {
  private readonly running = new Set<Child>();
  private readonly told = new Set<string>();
  private closed = false;

  constructor(private readonly options: RuntimeOptions) {}

  /** @throws when the image's command is not a Node program, or the runtime was closed */
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
    this.tell(unplayedByProcess(container, environment));
    const child = startChild(
      args,
      { ...passedOn(taskEnvironment(image, environment, this.options)), PORT: "0" },
      onLine && ((line) => onLine(taskId, line)),
    );
    this.running.add(child);
    void child.exited.then(() => this.running.delete(child));
    return {
      listening: child.listening,
      exited: child.exited,
      lastLogLines: () => child.lastLogLines(),
      stop: (timeoutSeconds) => {
        const { exited } = child;
        const task = { exited, ask: () => child.kill("SIGTERM"), kill: () => child.kill("SIGKILL") };
        return stopInTime(task, clock, timeoutSeconds);
      },
    };
  }

  private tell(notice: string | undefined): void {
    if (notice === undefined || this.told.has(notice)) return;
    this.told.add(notice);
    this.options.onNotice?.(notice);
  }

  async close(): Promise<void> {
    this.closed = true;
    const children = [...this.running];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map(({ exited }) => exited));
  }
}

function isNode(program: string): boolean {
  return program === process.execPath || path.basename(program) === "node";
}
