import { once } from "node:events";
import type { RequestListener, Server, ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Connections } from "../../../api/src/http/connections";
import { createHttpServer, DEFAULT_LIMITS } from "../../../api/src/http/server";
import { createLog } from "../../../api/src/log";
import { Wire } from "../support/wire";

const REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

let server: Server;
let connections: Connections;
let port: number;
/** Responses that wait for a test to end them, oldest first. */
let pending: ServerResponse[];

/** Starts a server whose responses begin at once and end when a test ends them. */
async function start(graceMs: number): Promise<void> {
  const listener: RequestListener = (_request, response) => {
    response.write("begun");
    pending.push(response);
  };
  const log = createLog("v7", { write: () => undefined });
  ({ server, connections } = createHttpServer(listener, { releaseVersion: "v7", log, graceMs }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server that listens has an address with a port.
  ({ port } = server.address() as AddressInfo);
}

beforeEach(() => {
  pending = [];
});

afterEach(async () => {
  Wire.closeAll();
  if (server.listening) await connections.drain(0);
});

describe("the limits of the server", () => {
  it("are the default ones unless others are given, and keep idle connections for longer than an ALB", async () => {
    await start(10);
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
    expect(DEFAULT_LIMITS).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    });
  });
});

describe("a connection that was refused", () => {
  it("is closed also when its client does not close it", async () => {
    await start(10);
    const accepted = once(server, "connection");
    const wire = await Wire.open(port, true);
    const [socket] = (await accepted) as [Socket];
    const closed = once(socket, "close");
    await wire.send("GIBBERISH\r\n\r\n").untilEnd();
    await closed;
  });
});

describe("draining", () => {
  it("closes each connection after its last response, even without Connection: close", async () => {
    await start(1000);
    const [first, second] = [await Wire.open(port), await Wire.open(port)];
    await first.send(REQUEST).until(/begun/);
    await second.send(REQUEST).until(/begun/);
    const idle = await Wire.open(port);
    const drained = connections.drain(60_000);
    // What is idle is ended once, and these are not.
    await idle.untilEnd();
    pending[0]?.end();
    expect(await first.untilEnd()).toMatch(/^connection: keep-alive\r$/im);
    expect(connections.requestsInFlight()).toBe(1);
    pending[1]?.end();
    await drained;
  });

  it("does not wait forever for clients that keep connecting", async () => {
    await start(10);
    let drained = false;
    const next = () => {
      if (!drained)
        connect(port, "127.0.0.1")
          .on("connect", next)
          .on("error", () => undefined)
          .resume();
    };
    next();
    await connections.drain(100);
    drained = true;
    expect(server.listening).toBe(false);
  });
});
