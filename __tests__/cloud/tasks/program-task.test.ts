import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { SteppedClock, WallClock } from "../../../scripts/cloud/clock";
import { ProcessRuntime } from "../../../scripts/cloud/tasks/process-runtime";
import { closesWithKilledCloud } from "../killed-cloud";
import { image, program, removePrograms } from "./programs";

const CONTAINER = { name: "api", image: "registry/orders:v1" };
const runtimes: ProcessRuntime[] = [];

function runtime(options: Partial<ConstructorParameters<typeof ProcessRuntime>[0]> = {}) {
  const made = new ProcessRuntime({ clock: new WallClock(50), region: "eu-central-1", environment: {}, ...options });
  runtimes.push(made);
  return made;
}

/** An image of a Python program, which runs in the folder of its source. */
function python(source: string, environment: Readonly<Record<string, string>> = {}) {
  const file = program(source, "main.py");
  return { ...image(["python3", "-u", path.basename(file)], environment), directory: path.dirname(file) };
}

/** Answers each request with its environment and its folder. Ignores SIGTERM. */
const STUBBORN_SERVER = `
import http.server, json, os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"environment": dict(os.environ), "folder": os.getcwd()}).encode())
http.server.HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
`;

function start(
  tested: ReturnType<typeof python>,
  used = runtime(),
  environment: Readonly<Record<string, string>> = {},
) {
  return used.start({ taskId: "task", image: tested, containerPort: 8080, container: CONTAINER, environment });
}

/** Resolves when a connection to the port, made now, is closed. */
async function closed(port: number): Promise<unknown> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
}

afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((made) => made.close()));
  removePrograms();
});

describe("a task whose program is not Node", () => {
  it("runs in its folder, with the variables of its container, and listens on the port in PORT", async () => {
    const tested = python(STUBBORN_SERVER, { A: "image", B: "image" });
    const task = start(tested, runtime({ environment: { C: "rehearsal" } }), {
      B: "definition",
      C: "definition",
      NODE_OPTIONS: "--nothing",
      "X=1": "",
    });
    const { host, port } = await task.listening;
    const { environment, folder } = (await (await fetch(`http://${host}:${port}`)).json()) as {
      environment: Record<string, string>;
      folder: string;
    };
    expect(folder).toBe(tested.directory);
    expect(environment).toMatchObject({
      A: "image",
      B: "definition",
      C: "rehearsal",
      PORT: String(port),
      AWS_REGION: "eu-central-1",
      // It is no Node program, and gets every variable as on AWS.
      NODE_OPTIONS: "--nothing",
      PATH: expect.stringContaining(process.env["PATH"] ?? "") as string,
    });
    expect(Object.keys(environment).filter((name) => /^(X|NODE_CHANNEL|JEST_WORKER)/.test(name))).toEqual([]);
  });

  it("is killed, with what it started, when it ignores SIGTERM", async () => {
    const tested = python(`import subprocess\nsubprocess.Popen(["sleep", "1000"])\n${STUBBORN_SERVER}`);
    const clock = new WallClock(1000);
    const task = start(tested, runtime({ clock }));
    const { port } = await task.listening;
    const gone = closed(port);
    await task.stop(1);
    await gone;
    await expect(task.exited).resolves.toEqual({ code: null, signal: "SIGKILL" });
  });

  it("gets SIGTERM, and its exit code is the task's", async () => {
    const script = "trap 'echo ended; exit 7' TERM; echo started; while :; do sleep 0.05; done";
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const tested = { ...image(["sh", "-c", script]), directory: "/" };
    const task = start(tested, runtime({ onLine: (_, line) => line === "started" && started() }));
    await running;
    await task.stop(1000);
    await expect(task.exited).resolves.toEqual({ code: 7, signal: null });
    expect(task.lastLogLines()).toEqual(["started", "ended"]);
  });

  it.each([
    { script: "exit 3", code: 3 },
    { script: "kill -KILL $$", code: 137 },
  ])("that runs `$script` ends with $code", async ({ script, code }) => {
    const task = start({ ...image(["sh", "-c", script]), directory: "/" });
    await expect(task.listening).rejects.toThrow(`exited with ${code} before it listened`);
    await expect(task.exited).resolves.toEqual({ code, signal: null });
  });

  it("says so when there is no such program", async () => {
    const task = start({ ...image(["no-such-program"]), directory: "/" });
    await expect(task.exited).resolves.toMatchObject({ code: 127 });
    expect(task.lastLogLines().join()).toContain("spawn no-such-program ENOENT");
  });

  it("is told that it has to listen on PORT when it does not", async () => {
    const clock = new SteppedClock();
    const task = start({ ...image(["sleep", "1000"]), directory: "/" }, runtime({ clock }));
    await clock.step(0);
    while (task.lastLogLines().length === 0) await clock.step(20_000);
    expect(task.lastLogLines().join()).toMatch(/does not listen on port \d+ as its variable PORT says/);
  });

  it("is told that it needs the port in PORT when it takes a fixed one that another task has", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const task = start(python(`import socket\nsocket.socket().bind(("127.0.0.1", ${port}))`));
    await task.exited;
    expect(task.lastLogLines().at(-1)).toMatch(/another program has the address.*listen on the port in PORT/);
    holder.close();
  });

  it("does not outlive a cloud that is killed", async () => {
    const source = path.resolve("scripts/cloud");
    const cloud = program(
      `import { WallClock } from ${JSON.stringify(path.join(source, "clock.ts"))};
       import { ProcessRuntime } from ${JSON.stringify(path.join(source, "tasks/process-runtime.ts"))};
       const runtime = new ProcessRuntime({ clock: new WallClock(50), region: "r", environment: {} });
       const task = runtime.start({ taskId: "t", image: ${JSON.stringify(python(STUBBORN_SERVER))},
         containerPort: 1, container: ${JSON.stringify(CONTAINER)}, environment: {} });
       void task.listening.then(({ port }) => console.log(port));`,
      "cloud.ts",
    );
    await closesWithKilledCloud(cloud);
  });
});
