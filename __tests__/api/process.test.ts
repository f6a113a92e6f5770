import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { bundleService, ServiceProcess, type Bundle } from "./support/bundle";
import { startDatabase, type Json } from "./support/running-service";

let bundle: Bundle;
let database: EmbeddedDatabase;
let started: ServiceProcess[] = [];

beforeAll(async () => {
  bundle = bundleService();
  database = await startDatabase();
});

afterEach(async () => {
  for (const one of started) one.signal("SIGKILL");
  await Promise.all(started.map((one) => one.exited));
  started = [];
});

afterAll(async () => {
  bundle.remove();
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
  it("says where it listens, serves tasks by the environment alone, and stops with 0 on SIGTERM", async () => {
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

  it("tells start and stop whatever its level", async () => {
    const service = start({ LOG_LEVEL: "silent" });
    expect((await fetch(`${await service.url()}/nope`)).status).toBe(404);
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(0);
    expect(messages(service)).toEqual(["listening", "stopping", "stopped"]);
  });

  it("answers a request in flight before it stops", async () => {
    const service = start({ SIMULATE: "slow:300" });
    const url = await service.url();
    const inFlight = fetch(`${url}/tasks`);
    // Answered only after the one above was taken in: both travel the same event loop.
    await fetch(`${url}/health`);
    service.signal("SIGTERM");
    expect((await service.logged("stopping"))["requestsInFlight"]).toBe(1);
    expect((await inFlight).status).toBe(200);
    await expect(service.exited).resolves.toBe(0);
  });

  it("ends with 1 when a request takes longer than the stop timeout", async () => {
    const service = start({ SIMULATE: "slow:60000", STOP_TIMEOUT_SECONDS: "1" });
    const url = await service.url();
    const inFlight = fetch(`${url}/tasks`);
    inFlight.catch(() => undefined);
    await fetch(`${url}/health`);
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(1);
    await expect(inFlight).rejects.toThrow();
    expect(messages(service).at(-1)).toBe("could not stop in time: ending at once");
  });

  it("ends with 1 at once when it is asked a second time", async () => {
    const service = start({ SIMULATE: "slow:60000" });
    const url = await service.url();
    fetch(`${url}/tasks`).catch(() => undefined);
    await fetch(`${url}/health`);
    service.signal("SIGTERM");
    await service.logged("stopping");
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(1);
  });

  it("refuses wrong settings with 64 and one line a problem", async () => {
    const service = start({ PORT: "http", TABLE_NAME: "", SIMULATE: "crsh" });
    await expect(service.exited).resolves.toBe(64);
    expect(messages(service)).toEqual([
      'refused to start: PORT "http" is not usable: 0 to 65535; 0 takes any free port',
      "refused to start: TABLE_NAME is not set; it must be the name of the DynamoDB table of tasks",
      expect.stringContaining('refused to start: SIMULATE "crsh" is not usable'),
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
    expect(messages(service)).not.toContain("listening");
  });

  it("exit ends it with 1 after it has listened", async () => {
    const service = start({ SIMULATE: "exit:after=0.5" });
    await expect(service.exited).resolves.toBe(1);
    expect(messages(service)).toEqual(["this process simulates a fault", "listening", "a simulated exit"]);
  });

  it("is not left behind when the process is told to stop first", async () => {
    const service = start({ SIMULATE: "exit:after=3600" });
    await service.url();
    service.signal("SIGTERM");
    await expect(service.exited).resolves.toBe(0);
  });
});
