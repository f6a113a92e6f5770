import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { startDatabase, startTestService, type TestService } from "./support/running-service";

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

afterEach(() => service.stop());

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

  it("leaves health checks out, but for debugging", async () => {
    service = await startTestService(database);
    await service.get("/health");
    expect(service.logLines).toEqual([]);
    await service.stop();
    service = await startTestService(database, { logLevel: "debug" });
    await service.get("/health");
    expect(service.logLines).toHaveLength(1);
  });

  it("keeps to its level", async () => {
    service = await startTestService(database, { logLevel: "error", simulate: { name: "error", rate: 1 } });
    await service.get("/nope");
    expect(service.logLines).toEqual([]);
    await service.get("/tasks");
    expect(service.logLines).toHaveLength(1);
  });
});
