import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { tableClient } from "../../../api/src/tasks/table-client";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

const ID = "00000000-0000-4000-8000-000000000000";

describe("during an outage of the database", () => {
  let service: TestService;

  beforeAll(async () => {
    const database = await startDatabase();
    await database.close();
    service = await startTestService(database);
  });

  afterAll(() => service.stop());

  it.each([
    ["GET", "/tasks", undefined],
    ["POST", "/tasks", { title: "Water the plants" }],
    ["GET", `/tasks/${ID}`, undefined],
    ["PATCH", `/tasks/${ID}`, { title: "Mine" }],
    ["DELETE", `/tasks/${ID}`, undefined],
  ])("%s %s answers 503, when to try again, and no internals", async (method, path, json) => {
    const { status, headers, text, body } = await service.request(method, path, {
      ...(json && { json }),
      headers: { "if-match": '"1"' },
    });
    expect({ status, retryAfter: headers.get("retry-after") }).toEqual({ status: 503, retryAfter: "2" });
    expect(body).toMatchObject({ title: "Service Unavailable", detail: "The database is not available; try again." });
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|dynamo/i);
  });

  it("health stays 200: an outage must not make all tasks unhealthy", async () => {
    expect((await service.get("/health")).status).toBe(200);
  });

  it("the log contains the cause and the request's id", async () => {
    await service.get("/tasks", { "x-request-id": "the-one" });
    const line = service.logLines.find((one) => one.includes("the-one") && one.includes("not available"));
    expect(line).toContain("ECONNREFUSED");
  });
});

describe("while the database accepts requests and never responds", () => {
  it("answers 503 after three attempts", async () => {
    let attempts = 0;
    const silent = createServer((socket) => {
      attempts += 1;
      socket.resume().on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const client = tableClient({
      endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
      // What the next test looks at, but not for as long.
      requestHandler: { requestTimeout: 20, throwOnRequestTimeout: true },
    });
    const service = await startTestService({ clientConfig: {} }, {}, { client });
    expect((await service.get("/tasks")).status).toBe(503);
    expect(attempts).toBe(3);
    await service.stop();
    await new Promise((resolve) => silent.close(resolve));
  });

  it("limits each attempt, so that a client gets its response well within an ALB's 60 seconds", async () => {
    const database = await startDatabase();
    const client = tableClient(database.clientConfig);
    const service = await startTestService(database, {}, { client });
    // The SDK reads its settings when they are first needed.
    await service.get("/tasks");
    expect(await client.config.maxAttempts()).toBe(3);
    expect(client.config.requestHandler).toMatchObject({
      config: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
    });
    await service.stop();
    await database.close();
  });
});

describe("when the database refuses what it is asked", () => {
  let database: EmbeddedDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await startDatabase();
    service = await startTestService(database, { tableName: "no-such-table" });
  });

  afterAll(async () => {
    await service.stop();
    await database.close();
  });

  it("answers 500 without internals, and keeps them in the log", async () => {
    const { status, text, body } = await service.get("/tasks", { "x-request-id": "the-one" });
    expect(status).toBe(500);
    expect(body).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "Something went wrong on our side.",
      requestId: "the-one",
    });
    expect(text).not.toContain("ResourceNotFoundException");
    expect(service.logLines.join("")).toContain("ResourceNotFoundException");
  });
});
