import path from "node:path";
import type { Clock } from "../clock";
import type { RunningContainer, TaskRuntime } from "../parts";
import { type Child, startChild } from "./child";
import { localCredentials } from "../local-credentials";

/**
 * Wall seconds that a task has after SIGTERM, however fast the clock runs: closing connections is real work, and a fast
 * clock would turn every polite stop into a kill.
 */
const STOP_FLOOR_WALL_SECONDS = 2;

/** What tasks run on and with. */
export interface ProcessRuntimeOptions {
  readonly clock: Clock;
  /** Region the tasks believe to be in. */
  readonly region: string;
  /** Given to every task, over image and task definition: endpoints, e.g. AWS_ENDPOINT_URL_DYNAMODB. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called with every line that a task writes. */
  readonly onLine?: (taskId: string, line: string) => void;
}

/** Runs tasks as Node processes on this machine, on any free port of the loopback address. */
export class ProcessRuntime implements TaskRuntime {
  private readonly running = new Set<Child>();
  private closed = false;

  constructor(private readonly options: ProcessRuntimeOptions) {}

  /** @throws when the image's command is not a Node program, or the runtime was closed */
  start(input: Parameters<TaskRuntime["start"]>[0]): RunningContainer {
    const { taskId, image, environment } = input;
    const { clock, onLine } = this.options;
    if (this.closed) throw new Error(`task ${taskId} cannot start: the runtime was closed`);
    const [program, ...args] = image.command;
    if (program === undefined || args.length === 0 || !isNode(program))
      throw new Error(
        `image ${image.repository}@${image.digest} cannot run here: its command must be \`node\` and a script, ` +
          `not ${JSON.stringify(image.command)}`,
      );
    const child = startChild(
      args,
      { ...image.environment, ...environment, ...this.imposed() },
      onLine && ((line) => onLine(taskId, line)),
    );
    this.running.add(child);
    void child.exited.then(() => this.running.delete(child));
    return {
      listening: child.listening,
      exited: child.exited,
      lastLogLines: () => child.lastLogLines(),
      stop: (timeoutSeconds) => stop(child, clock, timeoutSeconds),
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    const children = [...this.running];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map(({ exited }) => exited));
  }

  /** What every task gets whatever its image and definition say. */
  private imposed(): Readonly<Record<string, string>> {
    const { region, environment } = this.options;
    return {
      ...localCredentials(region),
      ...environment,
      HOST: "127.0.0.1",
      PORT: "0",
    };
  }
}

function isNode(program: string): boolean {
  return program === process.execPath || path.basename(program) === "node";
}

async function stop(child: Child, clock: Clock, timeoutSeconds: number): Promise<void> {
  child.kill("SIGTERM");
  const patience = Math.max(timeoutSeconds, STOP_FLOOR_WALL_SECONDS * clock.speed) * 1000;
  const cancel = clock.after(patience, () => child.kill("SIGKILL"));
  await child.exited;
  cancel();
}
