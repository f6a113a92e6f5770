import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sendAndLeave, sendRaw } from "../raw";
import { serve, type Served } from "./served";

const LIST = { "X-Amz-Target": "CodeDeploy_20141006.ListApplications", "Content-Type": "application/x-amz-json-1.1" };
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const CALLER = "Action=GetCallerIdentity&Version=2011-06-15";

/** A whole request, whose connection the server is to close. */
function request(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
  version = "HTTP/1.1",
): string {
  const all = { Host: "127.0.0.1", Connection: "close", "Content-Length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${target} ${version}\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

let served: Served;
/** What came to the database, and to a server that has nothing to do with the cloud. */
const asked: string[] = [];
const servers: Server[] = [];
let elsewhere: string;

async function listener(name: string): Promise<string> {
  const server = createServer((incoming, response) => {
    asked.push(`${name} ${incoming.method} ${incoming.url} ${incoming.headers.host}`);
    incoming.resume();
    response.end("{}");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let database: string;

beforeAll(async () => {
  database = await listener("database");
  elsewhere = await listener("elsewhere");
  served = await serve({ dynamoEndpoint: `http://${database}` });
});

afterAll(async () => {
  await served.server.stop();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

beforeEach(() => void asked.splice(0));

const send = (bytes: string) => sendRaw(served.server.endpoint, bytes);

describe("a request with an odd target gets an error of AWS's, in its protocol", () => {
  it.each(["//", "//[", "/%", "/..", "/../..", "///", "*", "http://[::1", "/?%", "//?Action=%ff", "/\xff", "?"])(
    "%s",
    async (target) => {
      for (const method of ["GET", "POST", "OPTIONS", "PROPFIND"]) {
        const answer = await send(request(method, target));
        expect(answer).toMatch(/^HTTP\/1\.1 40[03] [^]*x-amzn-requestid: [^]*<ErrorResponse>[^]*<Code>\w+<\/Code>/);
      }
    },
  );

  it.each(["//", "//[", "/%", "/..", "http://127.0.0.1/", "*"])("%s, which does not matter to JSON", async (target) => {
    expect(await send(request("POST", target, LIST, "{}"))).toMatch(/^HTTP\/1\.1 200 [^]*"applications"/);
  });

  it.each(["http://localhost:1/service/Nope/operation/Nope", "/service/%/operation/%"])(
    "%s, in CBOR",
    async (target) => {
      const answer = await send(request("POST", target));
      expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*smithy-protocol: rpc-v2-cbor[^]*UnknownOperationException/);
    },
  );

  it.each([
    ["no target", "GET  HTTP/1.1\r\n\r\n", 400],
    ["gibberish", "GIBBERISH\r\n\r\n", 400],
    ["a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
    ["endless headers", `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, 431],
    [
      "a body in no chunks",
      request("POST", "/", { "Transfer-Encoding": "chunked" }, "x").replace(/Content-L.*\r\n/, ""),
      400,
    ],
  ])("%s, which is no HTTP", async (_what, bytes, status) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*<Code>MalformedHttpRequest</Code>`));
  });

  it.each(["HTTP/1.0", "HTTP/1.1"])("also when it has no Host, in %s", async (version) => {
    const answer = await send(`GET / ${version}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*<Code>AccessDenied<\/Code>/);
  });

  it("also when it has more levels than AWS ever takes", async () => {
    const name = Array.from({ length: 200_000 }, () => "A").join(".");
    const answer = await send(request("POST", "/", FORM, `${CALLER}&${name}=1`));
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*nested too deeply/);
  });
});

describe("a web page", () => {
  const form = (headers: Readonly<Record<string, string>>) =>
    send(request("POST", "/", { ...FORM, ...headers }, CALLER));

  it.each([
    ["under its own name (DNS rebinding)", { Host: "evil.example:4566" }],
    ["by a form", { Origin: "http://evil.example" }],
    ["by a form in a sandbox", { Origin: "null" }],
    ["by a form of plain text", { Origin: "http://evil.example", "Content-Type": "text/plain" }],
    ["without an origin", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" }],
    ["of another server of this machine", { Origin: "http://localhost:3000", "Sec-Fetch-Site": "same-site" }],
  ])("cannot act %s", async (_what, headers) => {
    expect(await form(headers)).toMatch(/^HTTP\/1\.1 403 [^]*<Code>AccessDenied<\/Code>/);
  });

  it.each([
    ["under its own name", { Host: "evil.example:4566" }],
    ["as an image", { "Sec-Fetch-Site": "cross-site" }],
  ])("cannot read %s", async (_what, headers) => {
    expect(await send(request("GET", `/?${CALLER}`, headers))).toMatch(/^HTTP\/1\.1 403 /);
  });

  it.each([
    ["JSON", { ...LIST, Host: "evil.example" }, "/", /"__type":"AccessDeniedException"/],
    ["CBOR", { Host: "evil.example" }, "/service/GraniteServiceVersion20100801/operation/ListMetrics", /AccessDenied/],
    ["DynamoDB", { "X-Amz-Target": "DynamoDB_20120810.Scan", Host: "evil.example" }, "/", /AccessDeniedException/],
  ])("is refused in the protocol it speaks: %s", async (_what, headers, target, error) => {
    const answer = await send(request("POST", target, headers, "{}"));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toMatch(error);
    expect(asked).toEqual([]);
  });

  it("gets no permission by a preflight", async () => {
    const headers = { Origin: "http://evil.example", "Access-Control-Request-Headers": "x-amz-target" };
    const answer = await send(request("OPTIONS", "/", headers));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toMatch(/access-control/i);
  });

  it("is refused for its headers: the same request without them is answered", async () => {
    expect(await form({})).toMatch(/^HTTP\/1\.1 200 /);
    expect(await send(request("GET", `/?${CALLER}`))).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("the forwarding to DynamoDB", () => {
  const scan = (target: string, headers: Readonly<Record<string, string>> = {}) =>
    send(request("POST", target, { "X-Amz-Target": "DynamoDB_20120810.Scan", ...headers }, "{}"));

  it.each([
    (host: string) => `//${host}/`,
    (host: string) => `//${host}`,
    (host: string) => `/\\${host}/`,
    (host: string) => `/@${host}/`,
    (host: string) => `/..//${host}/`,
  ])("leads to its own database alone, whatever the target: %#", async (target) => {
    expect(await scan(target(elsewhere))).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked).toEqual([`database POST / ${database}`]);
  });

  it("is no proxy: an absolute target leads to the database too, or nowhere", async () => {
    expect(await scan(`http://${elsewhere}/`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await scan("http://evil.example/")).toMatch(/^HTTP\/1\.1 403 /);
    expect(asked).toEqual([`database POST / ${database}`]);
  });

  it.each(["X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Original-URL: //evil.example/"])(
    "takes no hint from a header: %s",
    async (header) => {
      const [name = "", value = ""] = header.split(": ");
      await scan("/", { [name]: value });
      expect(asked).toEqual([`database POST / ${database}`]);
    },
  );

  it("passes a signature in the query string on", async () => {
    await scan("/x?X-Amz-Signature=a%2Fb");
    expect(asked).toEqual([`database POST /?X-Amz-Signature=a%2Fb ${database}`]);
  });

  it("refuses a body that is too large in DynamoDB's protocol", async () => {
    const body = " ".repeat(17 * 1024 * 1024);
    const answer = await send(request("POST", "/", { "X-Amz-Target": "DynamoDB_20120810.Scan" }, body));
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*"__type":"RequestEntityTooLargeException"/);
  });

  it("does not forward an incomplete request", async () => {
    const bytes = request("POST", "/", { "X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Length": "100" }, "{");
    await sendAndLeave(served.server.endpoint, bytes, "end");
    await sendAndLeave(served.server.endpoint, bytes, "reset");
    expect(await scan("/")).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked).toHaveLength(1);
  });
});
