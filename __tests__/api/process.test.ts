import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { bundleService, ServiceProcess, type Bundle } from "./support/bundle";
import { DatabaseProxy } from "./support/database-proxy";
import { Gate } from "./support/gate";
import { startDatabase, type Json } from "./support/running-service";

let bundle: Bundle;
let database: EmbeddedDatabase;
let proxy: DatabaseProxy;
let started: ServiceProcess[] = [];

beforeAll(async () => {
  bundle = bundleService();
  database = await startDatabase();
  proxy = await DatabaseProxy.start(database);
});

afterEach(async () => {
  for (const one of started) one.signal("SIGKILL");
  await Promise.all(started.map((one) => one.exited));
  started = [];
});

afterAll(async () => {
  bundle.remove();
  await proxy.close();
  await database.close();
});

function start(environment: Record<string, string> = {}): ServiceProcess {
  const service = new ServiceProcess(bundle.file, {
    TABLE_NAME: "tasks-under-test",
    RELEASE_VERSION: "v7",
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ACCESS_KEY_ID: "embedded",
    AWS_SECRET_ACCESS_KEY: "embedded",
    ...environment,
  });
  started.push(service);
  return service;
}

const messages = (service: ServiceProcess) => service.log.map(({ msg }) => msg);

describe("the process of the service", () => {
  it("logs where it listens, serves tasks with settings only from the environment, and stops with 0 on SIGTERM", async () => {
    const service = start();
    const url = await service.url();
    const created = await fetch(`${url}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "Water the plants" }),
    });
    expect(created.status).toBe(201);
    expect(created.headers.get("x-release-version")).toBe("v7");
    const task = (await created.json()) as Json;
    expect(await (await fetch(`${url}/tasks/${String(task["id"])}`)).json()).toEqual(task);
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(0);
    expect(messages(service)).toEqual(["listening", "request", "request", "stopping", "stopped"]);
  });

  it("logs start and stop at every level", async () => {
    const service = start({ LOG_LEVEL: "silent" });
    expect((await fetch(`${await service.url()}/nope`)).status).toBe(404);
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(0);
    expect(messages(service)).toEqual(["listening", "stopping", "stopped"]);
  });

  it("answers a request in flight before it stops", async () => {
    const held = new Gate();
    proxy.fate = () => held.pass().then(() => "answer");
    const service = start({ AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const inFlight = fetch(`${await service.url()}/tasks`);
    await held.someoneWaits;
    service.signal("SIGTERM");
    expect((await service.logged("stopping"))["requestsInFlight"]).toBe(1);
    held.open();
    expect((await inFlight).status).toBe(200);
    await expect(service.exited).resolves.toBe(0);
  });

  it("ends with 1 at once when it is asked a second time", async () => {
    const held = new Gate();
    proxy.fate = () => held.pass().then(() => "answer");
    const service = start({ AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const inFlight = fetch(`${await service.url()}/tasks`);
    await held.someoneWaits;
    service.signal("SIGTERM");
    await service.logged("stopping");
    service.signal("SIGTERM");
    await expect(inFlight).rejects.toThrow();
    await expect(service.exited).resolves.toBe(1);
    held.open();
  });

  it.each([
    [
      "while its modules are loaded",
      `const { Module } = require("node:module");
const load = Module._load;
Module._load = (name, ...rest) => {
  if (/^(node:)?https$/.test(name)) process.kill(process.pid, "SIGTERM");
  return load(name, ...rest);
};`,
    ],
    [
      "while it starts",
      `const { Server } = require("node:net");
const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  process.kill(process.pid, "SIGTERM");
  return listen.apply(this, args);
};`,
    ],
  ])("stops with 0 on a SIGTERM that comes %s", async (_what, script) => {
    const service = start({ NODE_OPTIONS: `--require ${bundle.add("preload.cjs", script)}` });
    await expect(service.exited).resolves.toBe(0);
  });

  it("refuses wrong settings with 64 and one line a problem", async () => {
    const service = start({ PORT: "http", TABLE_NAME: "", SIMULATE: "crsh" });
    await expect(service.exited).resolves.toBe(64);
    expect(messages(service)).toEqual([
      'refused to start: PORT "http" is not usable: 0 to 65535; 0 takes any free port',
      expect.stringContaining("refused to start: TABLE_NAME is not set; it must be the name of the DynamoDB table"),
      expect.stringContaining('refused to start: SIMULATE "crsh" is not usable'),
    ]);
  });

  it("refuses a region that can be none with 64", async () => {
    const service = start({ AWS_REGION: "eu central" });
    await expect(service.exited).resolves.toBe(64);
    expect(messages(service)).toEqual([
      expect.stringMatching(/^refused to start: AWS_REGION is not usable: .*"eu central"/),
    ]);
  });

  it("ends with 1 and the reason when the port is taken", async () => {
    const first = start();
    const taken = new URL(await first.url()).port;
    const second = start({ PORT: taken });
    await expect(second.exited).resolves.toBe(1);
    expect(JSON.stringify(second.log)).toContain("EADDRINUSE");
  });
});

describe("a fault of the whole process", () => {
  it("broken-start ends it with 1 before it listens", async () => {
    const service = start({ SIMULATE: "broken-start" });
    await expect(service.exited).resolves.toBe(1);
    expect(messages(service)).toEqual(["this process simulates a fault", "could not start"]);
    expect(JSON.stringify(service.log)).toContain("a simulated broken start");
  });

  it("exit ends it with 1 after it has listened", async () => {
    const service = start({ SIMULATE: "exit:after=0" });
    await expect(service.exited).resolves.toBe(1);
    expect(messages(service)).toEqual(["this process simulates a fault", "listening", "a simulated exit"]);
  });

  it("POST /simulate/exit ends it with 1 when it has answered", async () => {
    const token = "a-token-for-the-tests";
    const service = start({ SIMULATE_TOKEN: token });
    const url = await service.url();
    const answer = await fetch(`${url}/simulate/exit`, { method: "POST", headers: { "x-simulate-token": token } });
    expect(answer.status).toBe(202);
    await expect(service.exited).resolves.toBe(1);
  });
});
