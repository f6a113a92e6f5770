import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { DEFAULT_LIMITS } from "../../../api/src/http/server";
import { Gate } from "../support/gate";
import { startDatabase, startTestService, type Json, type TestService } from "../support/running-service";
import { firstHead, responses, Wire } from "../support/wire";

const HALF_A_HEADER = "GET /health HTTP/1.1\r\nHost:";
const HALF_A_BODY = "POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
const HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

afterEach(() => Wire.closeAll());

/** The only response that came: what it is, and that it is one of ours. */
function theProblem(received: string): Json {
  expect(responses(received)).toBe(1);
  const head = firstHead(received);
  expect(head).toMatch(/^x-release-version: v7\r$/m);
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  const problem = JSON.parse(received.slice(head.length)) as Json;
  expect(head).toMatch(new RegExp(`^x-request-id: ${String(problem["requestId"])}\r$`, "m"));
  return problem;
}

describe("a request that is no request", () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService(database);
  });

  afterAll(() => service.stop());

  it.each([
    ["is gibberish", "GIBBERISH\r\n\r\n", 400],
    ["has headers without end", `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, 431],
    ["has a body that cannot be read", HALF_A_BODY.replace("Content-Length: 50", "Transfer-Encoding: chunked"), 400],
    ["asks for a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
  ])("is answered with a problem and loses its connection when it %s", async (_what, bytes, status) => {
    const wire = await Wire.open(service.running.port);
    const received = await wire.send(bytes).untilEnd();
    expect(theProblem(received)).toMatchObject({ status });
    expect(firstHead(received)).toMatch(/^Connection: close\r?$/im);
  });

  it.each([
    ["does not say whose", "GET /health HTTP/1.1\r\n\r\n", 400],
    ["expects something unknown", `${HEALTH.slice(0, -2)}Expect: the-moon\r\n\r\n`, 417],
  ])("is answered with a problem when it %s", async (_what, bytes, status) => {
    const wire = await Wire.open(service.running.port);
    expect(theProblem(await wire.send(bytes).until(/\}$/))).toMatchObject({ status });
  });

  it("may do without Host in HTTP/1.0, which has none", async () => {
    const wire = await Wire.open(service.running.port);
    expect(await wire.send("GET /health HTTP/1.0\r\n\r\n").untilEnd()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("may expect 100-continue", async () => {
    const wire = await Wire.open(service.running.port);
    wire.send(`${HEALTH.slice(0, -2)}Expect: 100-continue\r\nConnection: close\r\n\r\n`);
    expect(await wire.untilEnd()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it("ends nothing but its connection when a tunnel is asked for and then reset", async () => {
    const wire = await Wire.open(service.running.port, true);
    await wire.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n").untilEnd();
    wire.socket.resetAndDestroy();
    expect((await service.get("/health")).status).toBe(200);
  });
});

describe("invalid data after a request without a response", () => {
  it("does not get its response", async () => {
    const gate = new Gate();
    const simulate = { name: "slow", ms: 1, rate: 1 } as const;
    const service = await startTestService(database, { simulate }, { delay: gate.pass });
    const wire = await Wire.open(service.running.port);
    wire.send("GET /tasks HTTP/1.1\r\nHost: a\r\n\r\nGIBBERISH\r\n\r\n");
    await gate.someoneWaits;
    gate.open();
    const received = await wire.untilEnd();
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(responses(received)).toBe(1);
    await service.stop();
  });
});

describe("a request that is not received in time", () => {
  let service: TestService;

  beforeAll(async () => {
    const limits = { ...DEFAULT_LIMITS, headersTimeout: 20, requestTimeout: 40, connectionsCheckingInterval: 5 };
    service = await startTestService(database, {}, { limits });
  });

  afterAll(() => service.stop());

  it.each([
    ["headers", HALF_A_HEADER],
    ["body", HALF_A_BODY],
  ])("is answered with 408 when it stops in the middle of its %s", async (_what, bytes) => {
    const wire = await Wire.open(service.running.port);
    expect(theProblem(await wire.send(bytes).untilEnd())).toMatchObject({ status: 408 });
  });

  it("is answered once, also when the answer did not need the rest of it", async () => {
    const wire = await Wire.open(service.running.port);
    const received = await wire.send(HALF_A_BODY.replace("50", "9999999")).untilEnd();
    expect(theProblem(received)).toMatchObject({ status: 413 });
  });

  it("does not exist on an unused connection, which stays open", async () => {
    const unused = await Wire.open(service.running.port);
    const late = await Wire.open(service.running.port);
    // The older one is looked at no later than this.
    expect(await late.send(HALF_A_HEADER).untilEnd()).toMatch(/^HTTP\/1\.1 408 /);
    expect(await unused.send(HEALTH).until(/\}$/)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("an idle connection", () => {
  it("is closed after the same time, used before or not; a slow request is not interrupted", async () => {
    const gate = new Gate();
    const simulate = { name: "slow", ms: 1, rate: 1 } as const;
    const limits = { ...DEFAULT_LIMITS, keepAliveTimeout: 30 };
    const service = await startTestService(database, { simulate }, { delay: gate.pass, limits });
    const used = await Wire.open(service.running.port);
    used.send("GET /tasks HTTP/1.1\r\nHost: a\r\n\r\n");
    await gate.someoneWaits;
    const unused = await Wire.open(service.running.port);
    expect(await unused.untilEnd()).toBe("");
    gate.open();
    expect(await used.until(/\}$/)).toMatch(/^HTTP\/1\.1 200 /);
    await service.stop();
  });
});
