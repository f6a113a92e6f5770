import { Agent, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import dns from "node:dns";
import { connect, type Socket } from "node:net";
import type { CloudSettings } from "../../../scripts/cloud/settings";
import { ONE, PRODUCTION, signal, START, World, type Reply } from "./support";

const worlds: World[] = [];
let world: World;
beforeEach(async () => {
  world = await open();
});
afterEach(() => Promise.all(worlds.splice(0).map((opened) => opened.close())));

/** A started load balancer; it ends with the test. */
async function open(settings: Partial<CloudSettings> = {}): Promise<World> {
  const opened = new World(settings);
  worlds.push(opened);
  await opened.balancer.start();
  return opened;
}

/** Registers a target in the production target group and lets it become healthy. */
async function behind(listener: RequestListener): Promise<void> {
  world.balancer.register(ONE, await world.target("a", listener));
  await world.clock.step(1_000);
}

async function behindRaw(listener: (socket: Socket) => void): Promise<void> {
  world.balancer.register(ONE, await world.rawTarget("a", listener));
  await world.clock.step(1_000);
}

async function read(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}

/** Sends bytes as they are and resolves with everything that came back until the connection was closed. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.balancer.url(PRODUCTION)).port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
    socket.write(bytes);
  });
}

const headersOf = (reply: Reply): readonly string[] => reply.rawHeaders.filter((_, index) => index % 2 === 0);

describe("a request", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s goes through with its body", async (method) => {
    await behind((request, response) => {
      void read(request).then((body) => response.end(`${request.method ?? ""} ${request.url ?? ""} ${body}`));
    });
    const reply = await world.send(PRODUCTION, { method, path: "/carts?limit=5&q=%C3%A4", body: "hello" });
    expect(reply.body).toBe(`${method} /carts?limit=5&q=%C3%A4 hello`);
  });

  it("HEAD gets headers and no body", async () => {
    await behind((_, response) => void response.writeHead(200, { "content-length": 5 }).end("hello"));
    const reply = await world.send(PRODUCTION, { method: "HEAD" });
    expect(reply).toMatchObject({ status: 200, body: "", headers: { "content-length": "5" } });
  });

  it("without a body stays without one", async () => {
    await behind((request, response) => void response.end(JSON.stringify(request.rawHeaders)));
    const post = JSON.parse((await world.send(PRODUCTION, { method: "POST" })).body) as string[];
    expect(post).not.toContain("Transfer-Encoding");
    const get = JSON.parse((await world.send(PRODUCTION)).body) as string[];
    expect(get.map((name) => name.toLowerCase())).not.toContain("content-length");
  });

  it("keeps its headers but for those of the connection, and gains the load balancer's", async () => {
    await behind((request, response) => void response.end(JSON.stringify(request.headers)));
    const { body } = await world.send(PRODUCTION, {
      headers: {
        host: "tasks.example",
        "x-request-id": "r-1",
        connection: "close, X-Private",
        "x-private": "secret",
        "keep-alive": "timeout=5",
        "proxy-authorization": "Basic x",
        te: "trailers",
        "x-forwarded-proto": "https",
      },
    });
    const headers = JSON.parse(body) as Record<string, string>;
    expect(headers).toEqual({
      host: "tasks.example",
      "x-request-id": "r-1",
      connection: "keep-alive",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) as string,
    });
    expect(headers["x-amzn-trace-id"]?.slice(7, 15)).toBe(Math.floor(world.clock.now() / 1_000).toString(16));
  });

  it("that came through other proxies names them all and keeps its trace", async () => {
    await behind((request, response) => void response.end(JSON.stringify(request.headers)));
    const { body } = await world.send(PRODUCTION, {
      headers: { "x-forwarded-for": "203.0.113.7", "x-amzn-trace-id": "Self=1-0-0;Root=1-67891233-abc;CalledFrom=app" },
    });
    expect(JSON.parse(body)).toMatchObject({
      "x-forwarded-for": "203.0.113.7, 127.0.0.1",
      "x-amzn-trace-id": expect.stringMatching(
        /^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abc;CalledFrom=app$/,
      ) as string,
    });
  });

  it("whose headers exceed 7 KB begins a new trace, as with ALB", async () => {
    await behind((request, response) => void response.end(request.headers["x-amzn-trace-id"]));
    const trace = (size: number) =>
      world.send(PRODUCTION, {
        headers: { "x-amzn-trace-id": "Root=1-67891233-abc;CalledFrom=app", big: "x".repeat(size) },
      });
    const sizes = await Promise.all([6_900, 7_200].map(async (size) => (await trace(size)).body));
    expect(sizes).toEqual([
      expect.stringMatching(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abc;CalledFrom=app$/),
      expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};CalledFrom=app$/),
    ]);
  });

  it.each(["", "Root=", "CalledFrom=app", "Self=1-67891233-abc"])(
    "with the trace %j begins a new one",
    async (sent) => {
      await behind((request, response) => void response.end(request.headers["x-amzn-trace-id"]));
      const { body } = await world.send(PRODUCTION, { headers: { "x-amzn-trace-id": sent } });
      expect(body).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;CalledFrom=app)?$/);
    },
  );

  it("streams: the target reads the first part before the client has sent the last", async () => {
    const first = signal<string>();
    await behind((request, response) => {
      request.once("data", (chunk: Buffer) => first.resolve(chunk.toString()));
      void read(request).then(() => response.end("done"));
    });
    const reply = signal<IncomingMessage>();
    const request = httpRequest(world.balancer.url(PRODUCTION), { method: "POST" }, reply.resolve);
    request.write("one");
    expect(await first.promise).toBe("one");
    request.end("two");
    expect(await read(await reply.promise)).toBe("done");
  });

  it("with Expect: 100-continue gets the interim response of the load balancer, not of the target", async () => {
    await behind((request, response) => {
      void read(request).then((body) => response.end(`${body} ${String(request.headers.expect)}`));
    });
    const text = await raw(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
    );
    expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
    expect(text).toContain("hi undefined");
  });

  it("that asks for an upgrade is forwarded as the plain request it also is", async () => {
    await behind((request, response) => void response.end(`upgrade: ${String(request.headers.upgrade)}`));
    const text = await raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n");
    expect(text).toContain("upgrade: undefined");
  });

  it("of HTTP/1.0 reaches the target with a host", async () => {
    await behind((request, response) => void response.end(`${request.httpVersion} ${String(request.headers.host)}`));
    expect(await raw("GET / HTTP/1.0\r\n\r\n")).toContain("1.1 127.0.0.1");
  });

  it.each([
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405],
    ["a tunnel", "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", 405],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["an unknown expectation", "GET / HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nConnection: close\r\n\r\n", 417],
    ["what is no HTTP", "hello\r\n\r\n", 400],
    ["too large a header", `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${"x".repeat(70_000)}\r\n\r\n`, 400],
  ])("is refused by the load balancer itself: %s", async (_, bytes, status) => {
    await behind((_request, response) => void response.end("reached"));
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*awselb/2.0`, "i"));
    expect(await world.sum("HTTPCode_ELB_4XX_Count")).toBe(1);
    expect(await world.sum("RequestCount")).toBeUndefined();
  });
});

describe("a response", () => {
  it("keeps its status line, its headers and their order, but for those of the connection", async () => {
    await behind((_, response) => {
      response.sendDate = false;
      response
        .writeHead(207, "Some Of It", [
          ["X-First", "1"],
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Connection", "keep-alive, X-Private"],
          ["X-Private", "secret"],
          ["Proxy-Authenticate", "Basic"],
          ["Server", "tasks"],
        ] as unknown as string[])
        .end("body");
    });
    const reply = await world.send(PRODUCTION);
    expect(reply).toMatchObject({
      status: 207,
      body: "body",
      headers: { "set-cookie": ["a=1", "b=2"], server: "tasks" },
    });
    expect(headersOf(reply).slice(0, 4)).toEqual(["X-First", "Set-Cookie", "Set-Cookie", "Server"]);
    expect(reply.headers).not.toHaveProperty("x-private");
    expect(reply.headers).not.toHaveProperty("proxy-authenticate");
  });

  it("streams: the client reads the first part before the target has sent the last", async () => {
    const release = signal();
    await behind((_, response) => {
      response.write("one");
      void release.promise.then(() => response.end("two"));
    });
    const reply = signal<IncomingMessage>();
    httpRequest(world.balancer.url(PRODUCTION), reply.resolve).end();
    const message = await reply.promise;
    const first = signal<string>();
    message.once("data", (chunk: Buffer) => first.resolve(chunk.toString()));
    expect(await first.promise).toBe("one");
    release.resolve();
    expect(await read(message)).toBe("two");
  });

  it("carries large bodies both ways unharmed", async () => {
    await behind((request, response) => void request.pipe(response));
    const body = "0123456789abcdef".repeat(1 << 17);
    expect((await world.send(PRODUCTION, { method: "POST", body })).body === body).toBe(true);
  });

  it("that the target gives before the request is complete reaches the client, whose connection goes on", async () => {
    await behind((_, response) => void response.writeHead(413).end("too large"));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = "x".repeat(1 << 22);
    expect((await world.send(PRODUCTION, { method: "POST", body, agent })).status).toBe(413);
    expect((await world.send(PRODUCTION, { agent })).status).toBe(413);
    agent.destroy();
  });

  it("that the target gives before the request is complete ends its connection, which waits for the rest", async () => {
    const closed = signal();
    await behindRaw((socket) => {
      socket.on("close", () => closed.resolve());
      socket.once("data", () => void socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"));
    });
    const reply = signal<IncomingMessage>();
    const request = httpRequest(world.balancer.url(PRODUCTION), { method: "POST" }, reply.resolve);
    request.write("only this");
    expect(await read(await reply.promise)).toBe("no");
    await closed.promise;
    request.destroy();
  });

  it("that breaks off breaks off for the client too", async () => {
    await behind((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("only this", () => response.destroy());
    });
    await expect(world.send(PRODUCTION)).rejects.toThrow();
    expect((await world.ended(1))[0]).toMatchObject({ status: 200, source: "target" });
  });
});

describe("connections", () => {
  it("to the target and from the client are used again", async () => {
    const ports = new Set<number | undefined>();
    await behind((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 5; i += 1) await world.send(PRODUCTION, { agent });
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it("that the target closes in the moment of their reuse do not fail a request that can be sent again", async () => {
    let requests = 0;
    await behindRaw((socket) => {
      let first = true;
      socket.on("data", () => {
        requests += 1;
        // Keeps the connection after the first response and resets it on the second request.
        if (first) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.resetAndDestroy();
        first = false;
      });
    });
    expect((await world.send(PRODUCTION)).status).toBe(200);
    expect((await world.send(PRODUCTION)).status).toBe(200);
    expect(requests).toBe(3);
    expect(await world.sum("HTTPCode_ELB_502_Count")).toBeUndefined();
  });

  it("that the target closes in the moment of their reuse fail a request that must not be sent twice", async () => {
    let requests = 0;
    await behindRaw((socket) => {
      let first = true;
      socket.on("data", () => {
        requests += 1;
        if (first) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.resetAndDestroy();
        first = false;
      });
    });
    expect((await world.send(PRODUCTION)).status).toBe(200);
    expect((await world.send(PRODUCTION, { method: "POST", body: "x" })).status).toBe(502);
    expect(requests).toBe(2);
    expect(world.answers.at(-1)?.targetError).toBe(
      "the target closed a connection that was kept open for the next request (ECONNRESET)",
    );
  });

  it("that nobody uses are closed before a target would close them", async () => {
    const closed = signal();
    await behindRaw((socket) => {
      socket.on("data", () => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
      socket.on("end", () => closed.resolve());
    });
    expect((await world.send(PRODUCTION)).status).toBe(200);
    await closed.promise;
  });

  it("that are refused are a 502 and a connection error, and no target's error", async () => {
    world.balancer.register(ONE, await world.deadTarget("a"));
    expect((await world.send(PRODUCTION)).status).toBe(502);
    expect((await world.send(PRODUCTION, { method: "POST", body: "x" })).status).toBe(502);
    expect(await world.sum("TargetConnectionErrorCount", "one")).toBe(2);
    expect(await world.sum("TargetConnectionErrorCount")).toBe(2);
    expect(await world.sum("HTTPCode_ELB_502_Count")).toBe(2);
    expect(await world.sum("HTTPCode_ELB_5XX_Count")).toBe(2);
    expect(await world.sum("HTTPCode_ELB_5XX_Count", "one")).toBeUndefined();
    expect(await world.sum("HTTPCode_Target_5XX_Count", "one")).toBeUndefined();
    expect(await world.sum("TargetResponseTime", "one")).toBeUndefined();
    expect(world.events).toEqual(
      [0, 0].map(() => expect.objectContaining({ status: 502, source: "load-balancer" }) as unknown),
    );
  });

  it("that the target resets or closes without a response are a 502", async () => {
    let requests = 0;
    await behindRaw((socket) => {
      socket.on("data", () => {
        requests += 1;
        if (requests === 1) socket.resetAndDestroy();
        else socket.end();
      });
    });
    expect((await world.send(PRODUCTION)).status).toBe(502);
    expect((await world.send(PRODUCTION)).status).toBe(502);
    expect(requests).toBe(2);
    const error = "the target closed the connection (ECONNRESET)";
    expect(world.answers.map(({ targetError }) => targetError)).toEqual([error, error]);
    // The connections had been established.
    expect(await world.sum("TargetConnectionErrorCount", "one")).toBeUndefined();
  });

  it.each([
    ["nonsense", "nonsense\r\n\r\n", /not valid HTTP \(HPE_INVALID_CONSTANT\)/],
    [
      "far too much header",
      `HTTP/1.1 200 OK\r\nX-Big: ${"x".repeat(70_000)}\r\n\r\n`,
      /not valid HTTP \(HPE_HEADER_OVERFLOW\)/,
    ],
    [
      "a control character in its status line",
      "HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok",
      /not valid HTTP|header that HTTP does not allow/,
    ],
    ["a status that is none", "HTTP/1.1 099 Low\r\nContent-Length: 2\r\n\r\nok", /has the status 99,/],
    [
      "a switch of protocols",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
      /switched protocols/,
    ],
  ])("on which the target answers %s are a 502 and no target's response", async (_, answer, targetError) => {
    await behindRaw((socket) => void socket.on("data", () => void socket.write(answer)));
    for (let i = 0; i < 2; i += 1) {
      const reply = await world.send(PRODUCTION);
      expect(reply).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
      expect(reply.body).toContain("502 Bad Gateway");
    }
    expect((await world.ended(2)).map(({ source }) => source)).toEqual(["load-balancer", "load-balancer"]);
    for (const known of world.answers) expect(known.targetError).toMatch(targetError);
    expect(await world.sum("HTTPCode_ELB_502_Count")).toBe(2);
    for (const family of ["2XX", "3XX", "4XX", "5XX"]) {
      expect(await world.sum(`HTTPCode_Target_${family}_Count`)).toBeUndefined();
    }
    expect(await world.sum("TargetResponseTime")).toBeUndefined();
  });
});

describe("a standstill", () => {
  it("of a connection to the target that is never established is a 504 and a connection error", async () => {
    // The name of the target is never looked up to the end, so the connection stays in its beginnings.
    const asked = signal();
    const lookup = jest.spyOn(dns, "lookup").mockImplementation(() => asked.resolve());
    world.balancer.register(ONE, { id: "a", port: 8080, address: { host: "target.invalid", port: 8080 } });
    const reply = world.send(PRODUCTION);
    await asked.promise;
    await world.clock.step(65_000);
    expect((await reply).status).toBe(504);
    lookup.mockRestore();
    expect(world.answers[0]?.targetError).toMatch(/^the target accepted no connection for 6\d s$/);
    expect(await world.sum("HTTPCode_ELB_504_Count")).toBe(1);
    expect(await world.sum("TargetConnectionErrorCount", "one")).toBe(1);
  });

  it("has at least ten seconds on the wall, however short the idle timeout", async () => {
    const other = await open({ idleTimeoutSeconds: 2 });
    const arrived = signal();
    other.balancer.register(ONE, await other.target("a", () => arrived.resolve()));
    const reply = other.send(PRODUCTION);
    await arrived.promise;
    await other.clock.step(10_000);
    expect(other.events).toEqual([]);
    await other.clock.step(2_000);
    expect((await reply).status).toBe(504);
  });

  it("of the target for the idle timeout is a 504", async () => {
    const arrived = signal();
    await behind(() => arrived.resolve());
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    await world.clock.step(50_000);
    expect(world.events).toEqual([]);
    await world.clock.step(15_000);
    expect((await reply).status).toBe(504);
    expect(world.answers[0]?.targetError).toMatch(/^the target sent nothing for 6\d s on its connection$/);
    expect(await world.sum("HTTPCode_ELB_504_Count")).toBe(1);
    expect(await world.sum("TargetConnectionErrorCount")).toBeUndefined();
  });

  it("of the client in the midst of its request is a 408", async () => {
    const arrived = signal();
    await behind(() => arrived.resolve());
    const reply = raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\nonly this");
    await arrived.promise;
    await world.clock.step(65_000);
    expect(await reply).toMatch(/^HTTP\/1.1 408 /);
  });

  it("in the midst of a response breaks it off", async () => {
    await behind((_, response) => void response.writeHead(200, { "content-length": 100 }).write("only this"));
    const reply = signal<IncomingMessage>();
    httpRequest(world.balancer.url(PRODUCTION), reply.resolve).end();
    const message = await reply.promise;
    const broken = read(message).catch(() => "broken off");
    await world.clock.step(65_000);
    expect(await broken).toBe("broken off");
  });

  it("does not end an exchange on which bytes keep moving", async () => {
    const target = signal<{ write(text: string): void; end(): void }>();
    await behind((_, response) => {
      response.writeHead(200).flushHeaders();
      target.resolve({ write: (text) => void response.write(text), end: () => void response.end() });
    });
    const reply = signal<IncomingMessage>();
    httpRequest(world.balancer.url(PRODUCTION), reply.resolve).end();
    const message = await reply.promise;
    const sender = await target.promise;
    for (let i = 0; i < 4; i += 1) {
      const heard = signal();
      message.once("data", () => heard.resolve());
      sender.write("still here");
      await heard.promise;
      await world.clock.step(40_000);
    }
    sender.end();
    await new Promise((resolve) => message.on("end", resolve));
    expect((await world.ended(1))[0]).toMatchObject({ status: 200, durationMs: 160_000 });
  });
});

describe("a client that goes away", () => {
  it("before the response is a 460, and the target's request is given up", async () => {
    const arrived = signal();
    const abandoned = signal();
    await behind((_, response) => {
      response.on("close", () => abandoned.resolve());
      arrived.resolve();
    });
    const request = httpRequest(world.balancer.url(PRODUCTION));
    request.on("error", () => undefined);
    request.end();
    await arrived.promise;
    request.destroy();
    await abandoned.promise;
    expect((await world.ended(1))[0]).toMatchObject({ status: 460, source: "load-balancer" });
    expect(await world.sum("HTTPCode_ELB_4XX_Count")).toBe(1);
    expect(await world.sum("HTTPCode_ELB_5XX_Count")).toBeUndefined();
  });

  it("in the midst of the response frees the target", async () => {
    const abandoned = signal();
    await behind((_, response) => {
      response.on("close", () => abandoned.resolve());
      response.write("only this");
    });
    const reply = signal<IncomingMessage>();
    const request = httpRequest(world.balancer.url(PRODUCTION), reply.resolve);
    request.end();
    (await reply.promise).on("error", () => undefined);
    request.destroy();
    await abandoned.promise;
    expect((await world.ended(1))[0]).toMatchObject({ status: 200, source: "target" });
  });
});

describe("what is published", () => {
  it.each([
    [204, "2XX"],
    [302, "3XX"],
    [404, "4XX"],
    [503, "5XX"],
  ])("of a target's %d counts for the target group and the load balancer", async (status, family) => {
    await behind((_, response) => void response.writeHead(status).end());
    await world.send(PRODUCTION);
    await world.send(PRODUCTION);
    for (const group of ["one", undefined]) {
      expect(await world.sum(`HTTPCode_Target_${family}_Count`, group)).toBe(2);
      expect(await world.sum("RequestCount", group)).toBe(2);
    }
    for (const other of ["2XX", "3XX", "4XX", "5XX"].filter((name) => name !== family)) {
      expect(await world.sum(`HTTPCode_Target_${other}_Count`, "one")).toBeUndefined();
    }
    expect(await world.sum("HTTPCode_ELB_5XX_Count")).toBeUndefined();
    expect(await world.sum("RequestCount", "two")).toBeUndefined();
  });

  it("of the load balancer's own 5xx counts for the target group where it is set to", async () => {
    const other = await open({ loadBalancer5xxPerTargetGroup: true });
    expect((await other.send(PRODUCTION)).status).toBe(503);
    other.balancer.register(ONE, await other.deadTarget("a"));
    expect((await other.send(PRODUCTION)).status).toBe(502);
    for (const group of ["one", undefined]) {
      expect(await other.sum("HTTPCode_ELB_5XX_Count", group)).toBe(2);
      expect(await other.sum("HTTPCode_ELB_502_Count", group)).toBe(1);
    }
  });

  it("of the response time is simulated seconds up to the response's headers", async () => {
    await behind((_, response) => {
      void world.clock
        .step(2_500)
        .then(() => response.flushHeaders())
        .then(() => world.clock.step(4_000))
        .then(() => response.end());
    });
    await world.send(PRODUCTION);
    expect((await world.ended(1))[0]).toEqual({
      at: START + 1_000,
      listenerArn: PRODUCTION,
      targetGroupArn: ONE,
      status: 200,
      durationMs: expect.closeTo(6_500, -3) as number,
      source: "target",
    });
    const [average = 0] = await world.minutes("TargetResponseTime", "Average", "one");
    expect(average).toBe(2.5);
    expect(await world.minutes("TargetResponseTime", "Maximum")).toEqual([2.5]);
  });
});
