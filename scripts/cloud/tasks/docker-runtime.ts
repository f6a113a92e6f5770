import { connect } from "node:net";
import path from "node:path";
import type { Clock } from "../clock";
import { type Child, startChild, unlessExited } from "./child";
import { createArguments } from "./docker-arguments";
import { clientVariables } from "./docker-client";
import { type RuntimeOptions, taskEnvironment } from "./environment";
import type { RunningContainer, TaskRuntime } from "./part";
import { stopInTime } from "./stop";

/** Beside this file: makes, runs and removes one container. */
const KEEPER = path.join(__dirname, "keeper.cjs");

/** What tells it to remove the container at once; so does the end of this process. */
const END = "end";

/**
 * The label of every container; its value is the process id of the cloud.
 * `docker ps --filter label=canary-release.cloud` lists them.
 */
export const CLOUD_LABEL = "canary-release.cloud";

/** How often a container is asked whether it listens, simulated milliseconds. */
const LOOK_MS = 1000;

/** Runs tasks as containers of this machine's Docker, on its network, each on any free port of the loopback address. */
export class DockerRuntime implements TaskRuntime {
  private readonly running = new Set<Child>();
  private closed = false;

  constructor(private readonly options: RuntimeOptions) {}

  /**
   * @throws when the image is not one that Docker has, when the task definition asks for what Docker cannot do here, or
   *   when the runtime was closed
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
      [KEEPER, name, ...args],
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
        const task = { exited, ask: () => child.kill("SIGTERM"), kill: () => child.tell(END) };
        return stopInTime(task, clock, timeoutSeconds);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    const keepers = [...this.running];
    for (const keeper of keepers) keeper.tell(END);
    await Promise.all(keepers.map(({ exited }) => exited));
  }
}

/** Resolves when the container of a keeper takes connections; rejects when the keeper ends before. */
async function listening(keeper: Child, clock: Clock): Promise<{ readonly host: string; readonly port: number }> {
  const over = new AbortController();
  void keeper.exited.then(() => over.abort());
  const address = await keeper.listening;
  while (!(await takesConnections(address))) await clock.sleep(LOOK_MS, over.signal);
  return address;
}

function takesConnections(address: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      // A client that happens to be given that very port meets itself.
      resolve(socket.localPort !== address.port);
      socket.destroy();
    });
  });
}
