import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";
import { Gate } from "./support/gate";
import { startDatabase, startTestService, type TestService } from "./support/running-service";
import { responses, Wire } from "./support/wire";

const HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = "POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

let database: EmbeddedDatabase;
let gate: Gate;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

/** Starts a service whose task requests wait at the gate. A tenth of the stop timeout is what clients get. */
async function start(stopTimeoutSeconds: number): Promise<void> {
  gate = new Gate();
  const simulate = { name: "slow", ms: 1, rate: 1 } as const;
  service = await startTestService(database, { simulate, stopTimeoutSeconds }, { delay: gate.pass });
}

beforeEach(() => start(25));

afterEach(async () => {
  gate.open();
  await service.stop();
  Wire.closeAll();
});

/** One GET by a connection of this agent. */
async function get(
  agent: Agent,
  path: string,
): Promise<{ status: number | undefined; connection: string | undefined }> {
  const sent = request(service.url + path, { agent });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return { status: response.statusCode, connection: response.headers.connection };
}

const open = (stubborn = false) => Wire.open(service.running.port, stubborn);

describe("stopping", () => {
  it("answers the requests in flight before it is done, and closes their connections", async () => {
    const agent = new Agent({ keepAlive: true });
    const inFlight = get(agent, "/tasks");
    await gate.someoneWaits;
    let done = false;
    const stopped = service.stop().then(() => (done = true));
    expect(service.running.requestsInFlight()).toBe(1);
    expect(done).toBe(false);
    gate.open();
    await expect(inFlight).resolves.toEqual({ status: 200, connection: "close" });
    await stopped;
    expect(service.running.requestsInFlight()).toBe(0);
    agent.destroy();
  });

  it("has the health draining, on new connections too, while a request is in flight", async () => {
    const inFlight = service.get("/tasks");
    await gate.someoneWaits;
    const idle = await open();
    const stopped = service.stop();
    await idle.untilEnd();
    const { status, headers, body } = await service.get("/health");
    expect({ status, connection: headers.get("connection") }).toEqual({ status: 503, connection: "close" });
    expect(body["status"]).toBe("draining");
    gate.open();
    expect((await inFlight).status).toBe(200);
    await stopped;
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("answers the requests that wait to be accepted", async () => {
    const sockets = Array.from({ length: 20 }, () => connect(service.running.port, "127.0.0.1"));
    for (const socket of sockets) socket.write(HEALTH);
    const answers = Promise.all(sockets.map((socket) => text(socket)));
    // Now they are connected to this machine, but not to the service: the event loop had no turn.
    await Promise.resolve();
    await service.stop();
    expect((await answers).filter((answer) => answer.includes('"status":"draining"'))).toHaveLength(20);
  });

  it("answers a request on a connection that was used before and has not been read since", async () => {
    const wire = await open();
    await wire.send(HEALTH).until(/"ok"/);
    wire.send(HEALTH);
    await service.stop();
    expect(await wire.untilEnd()).toMatch(/HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"draining"/i);
  });

  it("answers a request that comes in part, when the rest of it comes", async () => {
    const half = await open();
    half.send(HEALTH.slice(0, -2));
    const idle = await open();
    const stopped = service.stop();
    // It ends what is idle, and leaves this.
    await idle.untilEnd();
    half.send(HEALTH.slice(-2));
    expect(await half.untilEnd()).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"draining"/i);
    await stopped;
  });

  it("closes connections that are idle, also those that have never sent a request", async () => {
    const agent = new Agent({ keepAlive: true });
    await get(agent, "/health");
    const silent = await open();
    await service.stop();
    expect(await silent.untilEnd()).toBe("");
    agent.destroy();
  });

  it("does nothing for a request that comes when its connection was ended", async () => {
    const inFlight = service.get("/tasks");
    await gate.someoneWaits;
    const idle = await open(true);
    const stopped = service.stop();
    await idle.untilEnd();
    await idle.send(`${POST}Content-Length: 17\r\n\r\n{"title":"Ghost"}`).untilGone();
    gate.open();
    expect((await inFlight).status).toBe(200);
    await stopped;
    expect(service.logLines.join("")).not.toContain("POST");
  });

  it("can be called twice", async () => {
    await Promise.all([service.stop(), service.stop()]);
  });
});

describe("stopping, with clients that delay it", () => {
  beforeEach(async () => {
    await service.stop();
    await start(0.05);
  });

  it.each([
    ["header", HEALTH.slice(0, -2)],
    ["body", `${POST}Content-Length: 50\r\n\r\n{`],
  ])("answers 408 when half a %s has come and no more comes", async (_what, bytes) => {
    const wire = await open(true);
    wire.send(bytes);
    gate.open();
    await service.stop();
    const received = await wire.untilEnd();
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(responses(received)).toBe(1);
  });

  it("does not treat the rest of a body as a request after an early response", async () => {
    const wire = await open(true);
    await wire.send("POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n0123456789").until(/^HTTP\/1\.1 404 /);
    wire.send("0123456789");
    // Read later than that.
    await service.get("/health");
    await service.stop();
    expect(responses(await wire.untilEnd())).toBe(1);
  });

  it.each([
    ["never said anything", "", /^$/],
    ["expected something unknown", `${HEALTH.slice(0, -2)}Expect: the-moon\r\n\r\n`, /^HTTP\/1\.1 417 /],
    ["was refused", "GIBBERISH\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "was answered before it had sent its body",
      "POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n0123456789",
      /^HTTP\/1\.1 404 /,
    ],
  ])("closes the connection of one who %s and does not close it", async (_what, bytes, expected) => {
    const wire = await open(true);
    await wire.send(bytes).until(expected);
    await service.stop();
    const received = await wire.untilEnd();
    expect(received).toMatch(expected);
    expect(responses(received)).toBeLessThanOrEqual(1);
  });
});
