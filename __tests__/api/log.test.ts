import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { DEFAULT_LIMITS } from "../../api/src/http/server";
import { Gate } from "./support/gate";
import { startDatabase, startTestService, type Json, type TestService } from "./support/running-service";
import { Wire } from "./support/wire";

const HALF_A_BODY =
  "POST /tasks HTTP/1.1\r\nHost: a\r\nX-Request-Id: the-one\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

afterEach(async () => {
  await service.stop();
  Wire.closeAll();
});

/** Resolves with the lines of the log when it has this number of them. */
async function lines(count: number): Promise<Json[]> {
  while (service.logLines.length < count) await new Promise((resolve) => setImmediate(resolve));
  return service.logLines.map((line) => JSON.parse(line) as Json);
}

describe("the log", () => {
  it("has one JSON line a request", async () => {
    service = await startTestService(database);
    await service.get("/tasks?limit=3", { "x-request-id": "the-one" });
    expect(service.logLines).toHaveLength(1);
    expect(JSON.parse(service.logLines[0] ?? "")).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      version: "v7",
      requestId: "the-one",
      method: "GET",
      path: "/tasks",
      status: 200,
      durationMs: expect.any(Number) as number,
      msg: "request",
    });
  });

  it("shows nothing of bodies, queries and tokens, whether the request is accepted or refused", async () => {
    service = await startTestService(database);
    const headers = { "content-type": "application/json", "x-simulate-token": "hush-hush" };
    for (const text of ['{"title":"hush-hush"}', '{"title":"hush-hush', '{"hush-hush":1}', '"hush-hush"']) {
      await service.request("POST", "/tasks?hush-hush=1", { headers, text });
    }
    await service.request("POST", "/simulate/exit?token=hush-hush", { headers });
    expect(service.logLines).toHaveLength(5);
    expect(service.logLines.join("")).not.toContain("hush-hush");
  });

  it("contains health checks only at the level debug", async () => {
    service = await startTestService(database);
    await service.get("/health");
    expect(service.logLines).toEqual([]);
    await service.stop();
    service = await startTestService(database, { logLevel: "debug" });
    await service.get("/health");
    expect(service.logLines).toHaveLength(1);
  });

  it("has a line for data that is no request, with the id of its response", async () => {
    service = await startTestService(database);
    const wire = await Wire.open(service.running.port);
    const received = await wire.send("GIBBERISH\r\n\r\n").untilEnd();
    const [line] = await lines(1);
    expect(line).toMatchObject({ level: "info", msg: "request refused", status: 400, reason: "HPE_INVALID_METHOD" });
    expect(received).toContain(`x-request-id: ${String(line?.["requestId"])}`);
  });

  it("contains the status of the response when a body took too long", async () => {
    const limits = { ...DEFAULT_LIMITS, requestTimeout: 20, headersTimeout: 20, connectionsCheckingInterval: 5 };
    service = await startTestService(database, {}, { limits });
    const wire = await Wire.open(service.running.port);
    await wire.send(HALF_A_BODY).untilEnd();
    expect(await lines(1)).toEqual([expect.objectContaining({ msg: "request", requestId: "the-one", status: 408 })]);
  });

  it("contains aborted and no status when the client left during its body", async () => {
    service = await startTestService(database);
    const wire = await Wire.open(service.running.port);
    wire.send(HALF_A_BODY);
    // Taken in after it.
    await service.get("/health");
    wire.socket.destroy();
    const [line] = await lines(1);
    expect(line).toMatchObject({ level: "info", msg: "request", requestId: "the-one", aborted: true });
    expect(line).not.toHaveProperty("status");
  });

  it("contains a response that could not be completed, with the request's id", async () => {
    const gate = new Gate();
    const simulate = { name: "slow", ms: 1, rate: 1 } as const;
    service = await startTestService(database, { simulate }, { delay: gate.pass });
    const wire = await Wire.open(service.running.port);
    wire.send("GET /tasks HTTP/1.1\r\nHost: a\r\nX-Request-Id: the-one\r\n\r\n");
    await gate.someoneWaits;
    wire.socket.resetAndDestroy();
    // Its connection is gone when this one is answered.
    await service.get("/health");
    gate.open();
    expect(await lines(2)).toEqual([
      expect.objectContaining({ level: "warn", msg: "a response could not be finished", requestId: "the-one" }),
      expect.objectContaining({ level: "info", msg: "request", requestId: "the-one", aborted: true }),
    ]);
  });

  it("keeps to its level", async () => {
    service = await startTestService(database, { logLevel: "error", simulate: { name: "error", rate: 1 } });
    await service.get("/nope");
    expect(service.logLines).toEqual([]);
    await service.get("/tasks");
    expect(service.logLines).toHaveLength(1);
  });
});
