import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { pathAndQuery } from "../../../api/src/http/request-target";
import { startDatabase, startTestService, type Json, type TestService } from "../support/running-service";
import { firstHead, responses, Wire } from "../support/wire";

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
  service = await startTestService(database);
});

afterAll(async () => {
  await service.stop();
  await database.close();
});

afterEach(() => Wire.closeAll());

/** Everything that comes back for these bytes, and what was logged of them. */
async function exchange(bytes: string): Promise<{ readonly received: string; readonly log: readonly Json[] }> {
  const before = service.logLines.length;
  const wire = await Wire.open(service.running.port);
  const received = await wire.send(bytes).untilEnd();
  return { received, log: service.logLines.slice(before).map((line) => JSON.parse(line) as Json) };
}

const asked = (method: string, target: string, version = "HTTP/1.1") =>
  exchange(`${method} ${target} ${version}\r\nHost: a\r\nConnection: close\r\n\r\n`);

describe("the path and query string of a request target", () => {
  it.each([
    ["/tasks?limit=1", "/tasks?limit=1"],
    ["//[", "//["],
    ["/%", "/%"],
    ["*", "*"],
    ["http://a/tasks?limit=1", "/tasks?limit=1"],
    ["HTTPS://a:1", "/"],
    ["http://u:p@a/tasks#part", "/tasks"],
    ["http://[::1]:80/tasks", "/tasks"],
    ["http://[::1", undefined],
    ["http://a:99999/", undefined],
    ["http://", undefined],
    ["ftp://a/tasks", undefined],
    ["mailto:a@b", undefined],
    ["a:1", undefined],
    ["tasks", undefined],
    ["", undefined],
  ])("of %p is %p", (target, expected) => {
    expect(pathAndQuery(target)).toBe(expected);
  });
});

describe("a request whose target", () => {
  it.each([
    ["GET", "http://[::1"],
    ["GET", "http://[::1/tasks"],
    ["POST", "http://[::1/tasks"],
    ["OPTIONS", "http://[::1"],
    ["PROPFIND", "http://[::1"],
    ["GET", "http://"],
    ["GET", "http://xn--/tasks"],
    ["GET", "http://a:99999/tasks"],
    ["GET", "http://%zz/tasks"],
    ["GET", "ftp://a/tasks"],
    // What Node's parser refuses already.
    ["GET", "tasks"],
    ["GET", "a:1"],
    ["GET", "http://a b/tasks"],
  ])("cannot be read is answered with 400 and logged as that: %s %s", async (method, target) => {
    const { received, log } = await asked(method, target);
    const head = firstHead(received);
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/^x-release-version: v7\r$/m);
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    const problem = JSON.parse(received.slice(head.length)) as Json;
    expect(problem).toMatchObject({ status: 400, title: "Bad Request", requestId: expect.any(String) as string });
    expect(head).toMatch(new RegExp(`^x-request-id: ${String(problem["requestId"])}\r$`, "m"));
    expect(log).toEqual([
      expect.objectContaining({ level: "info", status: 400, requestId: problem["requestId"] as string }),
    ]);
  });

  it.each(["HTTP/1.0", "HTTP/0.9", "HTTP/2.0"])("cannot be read is the client's fault in %s too", async (version) => {
    expect((await asked("GET", "http://[::1", version)).received).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    ["GET", "//"],
    ["GET", "//["],
    ["GET", "//[::1/tasks"],
    ["GET", "///tasks"],
    ["GET", "*"],
    ["OPTIONS", "*"],
    ["GET", "/%"],
    ["GET", "/%zz"],
    ["GET", "/tasks/%ff"],
    ["GET", "/tasks/../nope"],
    ["GET", "http://a%5B/nope"],
  ])("is odd, but can be read, is looked for: %s %s", async (method, target) => {
    const { received, log } = await asked(method, target);
    expect(received).toMatch(/^HTTP\/1\.1 40[04] [^]*application\/problem\+json/);
    expect(log).toEqual([expect.objectContaining({ level: "info" })]);
  });

  it("has a query string that is badly encoded is told which field is wrong", async () => {
    const { received } = await asked("GET", "/tasks?limit=%&cursor=%ff");
    expect(received).toMatch(/^HTTP\/1\.1 400 [^]*"field":"limit"/);
  });

  it.each(["http://a/tasks?limit=1", "HTTP://u:p@[::1]:1/tasks"])(
    "names the host too is served: %s",
    async (target) => {
      expect((await asked("GET", target)).received).toMatch(/^HTTP\/1\.1 200 [^]*"items"/);
    },
  );

  it("cannot be read doesn't lose the requests behind it", async () => {
    const health = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const { received } = await exchange(`GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n${health}`);
    expect(responses(received)).toBe(2);
    expect(received).toMatch(/^HTTP\/1\.1 400 [^]*HTTP\/1\.1 200 /);
  });
});

describe("a request with an odd header", () => {
  it.each([
    ["Host: [", 200],
    ["Host: a b", 200],
    ["X-Forwarded-Host: [", 200],
    ["Upgrade: websocket", 200],
    ["Cookie: =", 200],
    ["__proto__: x", 200],
    ["X-Request-Id: \xff", 200],
    ["A: a\0b", 400],
    ["A : a", 400],
    ["Content-Length: -1", 400],
    ["Content-Length: 2\r\nContent-Length: 3", 400],
    ["Content-Length: 99999999999999999999", 400],
    ["Content-Length: 2\r\nTransfer-Encoding: chunked", 400],
    ["Transfer-Encoding: gzip", 400],
    [`A: ${"a".repeat(20_000)}`, 431],
  ])("is answered, and never with 500: %s", async (header, status) => {
    const host = header.startsWith("Host") ? "" : "Host: a\r\n";
    const { received } = await exchange(`GET /tasks HTTP/1.1\r\n${host}${header}\r\nConnection: close\r\n\r\n`);
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(received).toMatch(/^x-request-id: /m);
  });

  it.each([
    ["Content-Type: ;;;", 415],
    ["Content-Type: application/json; charset", 400],
    ["Content-Type: application/json; charset=utf-16", 415],
    ["Content-Type: application/json\r\nContent-Encoding: gzip", 400],
    ["Content-Type: application/json\r\nContent-Encoding: constructor", 415],
    ["Content-Type: application/json\r\nIf-Match: \xff", 400],
  ])("is answered, and never with 500, when it has a body: %s", async (headers, status) => {
    const head = `POST /tasks HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n${headers}\r\n\r\n`;
    expect((await exchange(`${head}{}`)).received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
