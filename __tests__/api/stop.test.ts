import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { startDatabase, startTestService, type TestService } from "./support/running-service";
import type { EmbeddedDatabase } from "../../api/src/dev/embedded-database";

/** Something that is waited for, and the one who lets it go on. */
class Gate {
  // Both are set by the promises beside them, which run at once.
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  reached!: () => void;
  readonly someoneWaits = new Promise<void>((resolve) => (this.reached = resolve));

  readonly pass = (): Promise<void> => {
    this.reached();
    return this.opened;
  };
}

let database: EmbeddedDatabase;
let gate: Gate;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  gate = new Gate();
  service = await startTestService(database, { simulate: { name: "slow", ms: 1, rate: 1 } }, { delay: gate.pass });
});

afterEach(async () => {
  gate.open();
  await service.stop();
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

async function openConnection() {
  const socket = connect(service.running.port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

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

  it("takes no new connection", async () => {
    const inFlight = service.get("/tasks");
    await gate.someoneWaits;
    void service.stop();
    await expect(openConnection()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    gate.open();
    await inFlight;
  });

  it("answers a request that has arrived in part, and turns health to 503", async () => {
    const socket = await openConnection();
    const answer = text(socket);
    socket.write("GET /health HTTP/1.1\r\nHost: a\r\n");
    // Accepted and read later than the part above.
    expect((await service.get("/health")).status).toBe(200);
    const stopped = service.stop();
    socket.write("\r\n");
    await stopped;
    expect(await answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"status":"draining"/);
  });

  it("closes connections that are idle, also those that have never sent a request", async () => {
    const agent = new Agent({ keepAlive: true });
    await get(agent, "/health");
    const silent = await openConnection();
    silent.resume();
    const closed = once(silent, "end");
    await service.stop();
    await closed;
    agent.destroy();
  });

  it("can be asked for twice", async () => {
    await Promise.all([service.stop(), service.stop()]);
  });
});
