import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { type Clock, SteppedClock } from "../../../scripts/cloud/clock";
import { ProcessRuntime } from "../../../scripts/cloud/tasks/process-runtime";
import { closesWithKilledCloud } from "../killed-cloud";
import { ENVIRONMENT_SERVER, image, program, removePrograms } from "./programs";

const CONTAINER = { name: "api", image: "registry/carts-api:v1" };
const runtimes: ProcessRuntime[] = [];

function runtime(options: Partial<ConstructorParameters<typeof ProcessRuntime>[0]> = {}) {
  const made = new ProcessRuntime({ clock: new SteppedClock(), region: "eu-central-1", environment: {}, ...options });
  runtimes.push(made);
  return made;
}

/** Starts a program from its source. */
function start(source: string, runtimeUsed = runtime()) {
  return runtimeUsed.start({
    taskId: "task",
    image: image(["node", program(source)]),
    containerPort: 8080,
    container: CONTAINER,
    environment: {},
  });
}

afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((made) => made.close()));
  removePrograms();
});

describe("ProcessRuntime", () => {
  it("starts the image's command and gives the address on which it listens", async () => {
    const { host, port } = await start(ENVIRONMENT_SERVER).listening;
    expect(host).toBe("127.0.0.1");
    expect((await fetch(`http://${host}:${port}`)).status).toBe(200);
  });

  it("gives the image's environment, the task definition's over it, and its own over both", async () => {
    const task = runtime({ environment: { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1" } }).start({
      taskId: "task",
      image: image([process.execPath, program(ENVIRONMENT_SERVER)], { A: "image", B: "image", PORT: "8080" }),
      containerPort: 8080,
      container: CONTAINER,
      environment: { B: "definition", AWS_REGION: "elsewhere" },
    });
    const { host, port } = await task.listening;
    const environment = (await (await fetch(`http://${host}:${port}`)).json()) as Record<string, string>;
    expect(environment).toMatchObject({
      A: "image",
      B: "definition",
      PORT: String(port),
      HOST: "127.0.0.1",
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
    });
    expect(environment["AWS_ACCESS_KEY_ID"]).toBeDefined();
    expect(environment["JEST_WORKER_ID"]).toBeUndefined();
  });

  it("withholds variables that change how Node starts, and reports that before", async () => {
    const evil = program("process.kill(process.pid, 'SIGKILL');");
    const notices: string[] = [];
    const made = runtime({ onNotice: (notice) => notices.push(notice) });
    const environment = {
      NODE_OPTIONS: `--require ${evil}`,
      "NODE_OPTIONS=--require /tmp/x #": "",
      NODE_REDIRECT_WARNINGS: "/tmp/warnings",
      NODE_CHANNEL_FD: "9",
      LD_PRELOAD: "/nowhere.so",
      NODE_ENV: "production",
      NODE_CONFIG: "{}",
    };
    const task = () =>
      made.start({
        taskId: "task",
        image: image(["node", program(ENVIRONMENT_SERVER)], { NODE_OPTIONS: "--inspect" }),
        containerPort: 8080,
        container: { ...CONTAINER, command: ["sh", "-c", "true"] },
        environment,
      });
    task();
    expect(notices).toEqual([
      "The container api of the task definition runs here without its command (the image's own program starts); without " +
        '"NODE_OPTIONS", "NODE_OPTIONS=--require /tmp/x #", "NODE_REDIRECT_WARNINGS", "NODE_CHANNEL_FD", "LD_PRELOAD", ' +
        "which would change how Node itself starts. The docker runtime supports that.",
    ]);
    const { host, port } = await task().listening;
    const seen = (await (await fetch(`http://${host}:${port}`)).json()) as Record<string, string>;
    expect(seen).toMatchObject({ NODE_ENV: "production", NODE_CONFIG: "{}" });
    for (const name of ["NODE_OPTIONS", "NODE_REDIRECT_WARNINGS", "LD_PRELOAD"]) expect(seen[name]).toBeUndefined();
    expect(notices).toHaveLength(1);
  });

  it("sets the secrets of the container that have a local value, and no others", async () => {
    const container = {
      name: "api",
      image: "x",
      secrets: [
        { name: "TOKEN", valueFrom: "arn" },
        { name: "KEY", valueFrom: "arn" },
      ],
    };
    const task = runtime({ secrets: { TOKEN: "local", OTHER: "local" } }).start({
      taskId: "task",
      image: image(["node", program(ENVIRONMENT_SERVER)], { TOKEN: "image" }),
      containerPort: 8080,
      environment: {},
      container,
    });
    const { host, port } = await task.listening;
    const environment = (await (await fetch(`http://${host}:${port}`)).json()) as Record<string, string>;
    expect(environment).toMatchObject({ TOKEN: "local" });
    expect(environment).not.toHaveProperty("KEY");
    expect(environment).not.toHaveProperty("OTHER");
  });

  it("gives each task a port of its own that is no 0, for `Number(process.env.PORT) || 3000` must not clash", async () => {
    const own = runtime();
    const source = `
      const server = require("node:http").createServer((request, response) => response.end("well"));
      server.listen(Number(process.env.PORT) || 3000);
    `;
    const addresses = await Promise.all([1, 2, 3].map(() => start(source, own).listening));
    expect(new Set(addresses.map(({ port }) => port)).size).toBe(3);
    for (const { host, port } of addresses) {
      expect(host).toBe("127.0.0.1");
      expect(port).toBeGreaterThan(1024);
      expect(await (await fetch(`http://${host}:${port}`)).text()).toBe("well");
    }
  });

  it("finds the task on its port, whatever else the program listens on first", async () => {
    const { host, port } = await start(`
      const http = require("node:http");
      const metrics = http.createServer((request, response) => response.end("metrics"));
      const service = http.createServer((request, response) => response.end("service"));
      metrics.listen(0, "127.0.0.1", () => service.listen(process.env.PORT, process.env.HOST));
    `).listening;
    expect(await (await fetch(`http://${host}:${port}`)).text()).toBe("service");
  });

  it("ends a program that listens elsewhere only, and names PORT", async () => {
    const clock = new SteppedClock();
    const task = start(`require("node:http").createServer().listen(0, "127.0.0.1");`, runtime({ clock }));
    let exit: { signal: string | null } | undefined;
    void task.exited.then((how) => (exit = how));
    while (exit === undefined) await clock.step(1_000);
    expect(exit).toMatchObject({ signal: "SIGKILL" });
    expect(task.lastLogLines().join("\n")).toMatch(/listens on port \d+, not on \d+ as its variable PORT says/);
    await expect(task.listening).rejects.toThrow("before it listened");
  });

  it("names PORT to a program whose own port is taken, e.g. by the task before", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const task = start(`require("node:http").createServer().listen(${port}, "127.0.0.1");`);
    await expect(task.listening).rejects.toThrow("exited with 1 before it listened");
    expect(task.lastLogLines().join("\n")).toContain(`listens on port ${port}, not on `);
    holder.close();
  });

  it("restarts a program with another port when its port was taken before it listened", async () => {
    const folder = path.dirname(program(""));
    const { port } = await start(`
      const { createServer } = require("node:http");
      const { existsSync, writeFileSync } = require("node:fs");
      const mark = ${JSON.stringify(path.join(folder, "started"))};
      const listen = () => createServer().listen(process.env.PORT, "127.0.0.1");
      if (existsSync(mark)) {
        listen();
      } else {
        writeFileSync(mark, process.env.PORT);
        // Nobody hears of this one: it is another's.
        const { spawn } = require("node:child_process");
        const take = "require('node:net').createServer().listen(process.env.PORT, '127.0.0.1', () => process.send('taken'))";
        const other = spawn(process.execPath, ["-e", take], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
        other.once("message", listen);
      }
    `).listening;
    expect(port).not.toBe(Number(readFileSync(path.join(folder, "started"), "utf8")));
  });

  it("rejects `listening` when the program exits before", async () => {
    const task = start("process.exit(3)");
    await expect(task.listening).rejects.toThrow("exited with 3 before it listened");
    await expect(task.exited).resolves.toEqual({ code: 3, signal: null });
  });

  it("lets a program exit that has nothing left to do", async () => {
    const task = start(`
      const server = require("node:http").createServer();
      server.listen(0, "127.0.0.1", () => server.close());
    `);
    await expect(task.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it("keeps the newest lines of both streams and hands each line on", async () => {
    const lines: string[] = [];
    const task = start(
      `for (let i = 1; i <= 200; i += 1) console.log("line " + i);
       console.error("the end");`,
      runtime({ onLine: (taskId, line) => lines.push(`${taskId}: ${line}`) }),
    );
    await task.exited;
    expect(lines).toContain("task: line 1");
    expect(lines).toContain("task: the end");
    expect(task.lastLogLines()).toHaveLength(50);
    expect(task.lastLogLines()).toContain("line 200");
    expect(task.lastLogLines()).not.toContain("line 1");
  });

  it("takes what a program started along when the program exits", async () => {
    const task = start(`
      const { spawn } = require("node:child_process");
      spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "inherit" });
      process.exit(0);
    `);
    // The output stays open as long as anything holds it.
    await expect(task.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it("stops politely with SIGTERM", async () => {
    const task = start(`
      process.on("SIGTERM", () => process.exit(0));
      require("node:http").createServer().listen(process.env.PORT, "127.0.0.1");
    `);
    await task.listening;
    await task.stop(30);
    await expect(task.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it("kills what does not stop in the simulated time", async () => {
    const clock = new SteppedClock();
    const task = start(
      `process.on("SIGTERM", () => undefined);
       require("node:http").createServer().listen(process.env.PORT, "127.0.0.1");`,
      runtime({ clock }),
    );
    await task.listening;
    const stopped = task.stop(30);
    await clock.step(30_000);
    await stopped;
    await expect(task.exited).resolves.toEqual({ code: null, signal: "SIGKILL" });
  });

  it("gives at least two wall seconds however fast the clock runs", async () => {
    const delays: number[] = [];
    const stepped = new SteppedClock();
    const clock: Clock = {
      speed: 60,
      now: () => stepped.now(),
      work: () => stepped.work(),
      after: (delay, action) => {
        delays.push(delay);
        return stepped.after(delay, action);
      },
      every: (period, action) => stepped.every(period, action),
      sleep: (delay, signal) => stepped.sleep(delay, signal),
    };
    const task = start(ENVIRONMENT_SERVER, runtime({ clock }));
    await task.listening;
    await task.stop(30);
    await task.stop(300);
    expect(delays).toEqual([120_000, 300_000]);
  });

  it("kills everything when closed, and starts nothing after", async () => {
    const own = runtime();
    const tasks = [1, 2].map(() => start(`process.on("SIGTERM", () => undefined); ${ENVIRONMENT_SERVER}`, own));
    await Promise.all(tasks.map(({ listening }) => listening));
    await own.close();
    for (const task of tasks) await expect(task.exited).resolves.toEqual({ code: null, signal: "SIGKILL" });
    expect(() => start(ENVIRONMENT_SERVER, own)).toThrow("the runtime was closed");
  });

  it.each([[[]], [["node"]], [["python", "main.py"]]])("refuses the command %j", (command) => {
    expect(() =>
      runtime().start({
        taskId: "task",
        image: image(command),
        containerPort: 8080,
        container: CONTAINER,
        environment: {},
      }),
    ).toThrow("its command must be `node` and a script");
  });

  it("leaves no task behind when the cloud's process is killed", async () => {
    const source = path.resolve("scripts/cloud");
    const cloud = program(
      `import { WallClock } from ${JSON.stringify(path.join(source, "clock.ts"))};
       import { ProcessRuntime } from ${JSON.stringify(path.join(source, "tasks/process-runtime.ts"))};
       const runtime = new ProcessRuntime({ clock: new WallClock(1), region: "r", environment: {} });
       const task = runtime.start({ taskId: "t", image: ${JSON.stringify(
         image(["node", program(`process.on("SIGTERM", () => undefined); ${ENVIRONMENT_SERVER}`)]),
       )}, containerPort: 1, container: ${JSON.stringify(CONTAINER)}, environment: {} });
       void task.listening.then(({ port }) => console.log(port));`,
      "cloud.ts",
    );
    await closesWithKilledCloud(cloud);
  });
});
