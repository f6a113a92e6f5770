import path from "node:path";
import { SteppedClock, WallClock } from "../../../scripts/cloud/clock";
import { CLOUD_LABEL, DockerRuntime } from "../../../scripts/cloud/tasks/docker-runtime";
import type { Image } from "../../../scripts/cloud/tasks/part";
import { closesWithKilledCloud } from "../killed-cloud";
import { type FakeDocker, installDocker, RUNNING_PROGRAMS } from "./fake-docker";
import { ENVIRONMENT_SERVER, image, program, removePrograms } from "./programs";

const CONTAINER = { name: "api", image: "registry/carts-api:v1" };
const DEFINITION = { family: "tasks", containerDefinitions: [CONTAINER] };

const runtimes: DockerRuntime[] = [];
let docker: FakeDocker;

function runtime(options: Partial<ConstructorParameters<typeof DockerRuntime>[0]> = {}) {
  const clock = new WallClock(1000);
  const made = new DockerRuntime({ clock, region: "eu-central-1", environment: {}, ...options });
  runtimes.push(made);
  return made;
}

/** An image that Docker runs as this program. */
function dockerImage(source: string, environment: Readonly<Record<string, string>> = {}): Image {
  return { ...image([], environment), dockerImage: program(source) };
}

function start(source: string, runtimeUsed = runtime()) {
  return runtimeUsed.start({
    taskId: "task",
    image: dockerImage(source),
    environment: {},
    definition: DEFINITION,
    container: CONTAINER,
  });
}

/** Options that tell when a task has written `ready`. */
function readiness() {
  let tell: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (tell = resolve));
  return { ready, onLine: (_taskId: string, line: string) => line === "ready" && tell() };
}

beforeEach(() => {
  docker = installDocker(RUNNING_PROGRAMS);
});
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((made) => made.close()));
  docker.remove();
  removePrograms();
});

describe("DockerRuntime", () => {
  it("creates a labelled container, and gives its address when it listens", async () => {
    const { host, port } = await start(ENVIRONMENT_SERVER).listening;
    expect((await fetch(`http://${host}:${port}`)).status).toBe(200);
    const [create, begin] = docker.calls();
    expect(create).toEqual(
      expect.arrayContaining(["create", "--rm", "--name=canary-release-task", `--label=${CLOUD_LABEL}=${process.pid}`]),
    );
    expect(begin).toEqual(["start", "--attach", "canary-release-task"]);
  });

  it("gives the image's environment, the task definition's over it, and its own over both", async () => {
    const task = runtime({ environment: { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" } }).start({
      taskId: "task",
      image: dockerImage(ENVIRONMENT_SERVER, { A: "image", B: "image" }),
      environment: { B: "definition, with = and\ntwo lines", AWS_REGION: "elsewhere", PORT: "8080" },
      definition: DEFINITION,
      container: CONTAINER,
    });
    const { host, port } = await task.listening;
    expect(await (await fetch(`http://${host}:${port}`)).json()).toMatchObject({
      A: "image",
      B: "definition, with = and\ntwo lines",
      PORT: String(port),
      HOST: "127.0.0.1",
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
    });
  });

  it("passes on its exit code and its lines, and rejects `listening`", async () => {
    const lines: string[] = [];
    const source = `console.log("one"); console.error("two"); process.exit(3);`;
    const task = start(source, runtime({ onLine: (taskId, line) => lines.push(`${taskId}: ${line}`) }));
    await expect(task.listening).rejects.toThrow("exited with 3 before it listened");
    await expect(task.exited).resolves.toEqual({ code: 3, signal: null });
    expect([...lines].sort()).toEqual(["task: one", "task: two"]);
    expect([...task.lastLogLines()].sort()).toEqual(["one", "two"]);
  });

  it("ends a task whose container cannot be made, with Docker's own words", async () => {
    const task = runtime().start({
      taskId: "task",
      image: { ...image([]), dockerImage: "/nowhere" },
      environment: {},
      definition: DEFINITION,
      container: CONTAINER,
    });
    await expect(task.exited).resolves.toEqual({ code: 1, signal: null });
    expect(task.lastLogLines()).toEqual(["Error: No such image: /nowhere"]);
  });

  it("stops politely by Docker's own stop", async () => {
    const task = start(`process.on("SIGTERM", () => process.exit(0)); ${ENVIRONMENT_SERVER}`);
    await task.listening;
    await task.stop(30);
    await expect(task.exited).resolves.toEqual({ code: 0, signal: null });
    expect(docker.calls()).toContainEqual(["stop", "-t", "-1", "canary-release-task"]);
  });

  it("removes a container that does not stop in the simulated time, as SIGKILL would", async () => {
    const clock = new SteppedClock();
    const { ready, onLine } = readiness();
    const task = start(
      `process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000); console.log("ready");`,
      runtime({ clock, onLine }),
    );
    await ready;
    const stopped = task.stop(30);
    await clock.step(30_000);
    await stopped;
    await expect(task.exited).resolves.toEqual({ code: 137, signal: null });
  });

  it("removes a container that is killed at once", async () => {
    const task = start(`process.on("SIGTERM", () => undefined); ${ENVIRONMENT_SERVER}`);
    await task.listening;
    task.kill();
    await expect(task.exited).resolves.toEqual({ code: 137, signal: null });
  });

  it("removes everything when closed, and starts nothing after", async () => {
    const own = runtime();
    const task = start(`process.on("SIGTERM", () => undefined); ${ENVIRONMENT_SERVER}`, own);
    await task.listening;
    await own.close();
    await expect(task.exited).resolves.toEqual({ code: 137, signal: null });
    expect(() => start(ENVIRONMENT_SERVER, own)).toThrow("the runtime was closed");
  });

  it("never starts what is to be removed while it is made", async () => {
    const own = runtime();
    const task = start(ENVIRONMENT_SERVER, own);
    await own.close();
    await expect(task.exited).resolves.toEqual({ code: 137, signal: null });
    expect(docker.calls().map(([command]) => command)).not.toContain("start");
  });

  it("refuses an image that Docker does not have", () => {
    const input = { taskId: "task", environment: {}, definition: DEFINITION, container: CONTAINER };
    expect(() => runtime().start({ ...input, image: image(["node", "main.js"]) })).toThrow(
      "image registry/carts-api@sha256:0 cannot run here: this machine's Docker does not have it",
    );
  });

  it("refuses what a task definition asks for and Docker cannot do here", () => {
    const container = { ...CONTAINER, privileged: true };
    const input = { taskId: "task", image: dockerImage(""), environment: {}, definition: DEFINITION, container };
    expect(() => runtime().start(input)).toThrow("containerDefinitions.api.privileged is not supported");
  });

  it("leaves no container behind when the cloud's process is killed", async () => {
    const source = path.resolve("scripts/cloud");
    const input = {
      taskId: "task",
      image: dockerImage(`process.on("SIGTERM", () => undefined); ${ENVIRONMENT_SERVER}`),
      environment: {},
      definition: DEFINITION,
      container: CONTAINER,
    };
    const cloud = program(
      `import { WallClock } from ${JSON.stringify(path.join(source, "clock.ts"))};
       import { DockerRuntime } from ${JSON.stringify(path.join(source, "tasks/docker-runtime.ts"))};
       const runtime = new DockerRuntime({ clock: new WallClock(1000), region: "r", environment: {} });
       const task = runtime.start(${JSON.stringify(input)});
       void task.listening.then(({ port }) => console.log(port));`,
      "cloud.ts",
    );
    await closesWithKilledCloud(cloud);
  });
});
