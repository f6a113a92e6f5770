import path from "node:path";
import type { Clock } from "../clock";
import { type Child, startChild, unlessExited } from "./child";
import { acceptsConnections } from "./connection";
import { createArguments } from "./docker-arguments";
import { clientVariables } from "./docker-client";
import { type RuntimeOptions, taskEnvironment } from "./environment";
import type { RunningContainer, TaskRuntime } from "./part";
import { stopInTime } from "./stop";

/** The program that creates, runs and removes one container. */
const SUPERVISOR = path.join(__dirname, "container-supervisor.cjs");

/** The message on which the supervisor removes the container at once. It also does so when this process ends. */
const REMOVE = "remove";

/**
 * The label of every container. Its value is the process id of the cloud.
 * `docker ps --filter label=canary-release.cloud` lists them.
 */
export const CLOUD_LABEL = "canary-release.cloud";

/** Wait between two attempts to connect to a starting container, in simulated milliseconds. */
const CONNECT_INTERVAL_MS = 1000;

/**
 * Runs tasks as containers of this machine's Docker on the host network, each on a free port of the loopback address.
 */
export class DockerRuntime implements TaskRuntime {
  private readonly running = new Set<Child>();
  private closed = false;

  constructor(private readonly options: RuntimeOptions) {}

  /**
   * @throws Error when Docker does not have the image, when the task definition has unsupported settings, or when the
   *   runtime was closed
   */
  start(input: Omit<Parameters<TaskRuntime["start"]>[0], "containerPort">): RunningContainer {
    const { taskId, image, environment, definition, container } = input;
    const { clock, onLine } = this.options;
    if (this.closed) throw new Error(`task ${taskId} cannot start: the runtime was closed`);
    if (image.dockerImage === undefined)
      throw new Error(
        `image ${image.repository}@${image.digest} cannot run here: this machine's Docker does not have it`,
      );
    const name = `canary-release-${taskId}`;
    const args = createArguments({
      name,
      labels: { [CLOUD_LABEL]: String(process.pid) },
      image: image.dockerImage,
      environment: taskEnvironment(image, environment, this.options, container),
      definition,
      container,
    });
    const child = startChild(
      [SUPERVISOR, name, ...args],
      clientVariables(process.env),
      onLine && ((line) => onLine(taskId, line)),
      { preload: false },
    );
    this.running.add(child);
    const { exited } = child;
    void exited.then(() => this.running.delete(child));
    return {
      listening: unlessExited(listening(child, clock), exited),
      exited,
      lastLogLines: () => child.lastLogLines(),
      stop: (timeoutSeconds) => {
        const task = { exited, terminate: () => child.kill("SIGTERM"), kill: () => child.send(REMOVE) };
        return stopInTime(task, clock, timeoutSeconds);
      },
      kill: () => child.send(REMOVE),
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    const supervisors = [...this.running];
    for (const supervisor of supervisors) supervisor.send(REMOVE);
    await Promise.all(supervisors.map(({ exited }) => exited));
  }
}

/** Resolves when a supervisor's container accepts connections; rejects when the supervisor exits first. */
async function listening(supervisor: Child, clock: Clock): Promise<{ readonly host: string; readonly port: number }> {
  const exit = new AbortController();
  void supervisor.exited.then(() => exit.abort());
  const address = await supervisor.listening;
  while (!(await acceptsConnections(address))) await clock.sleep(CONNECT_INTERVAL_MS, exit.signal);
  return address;
}
