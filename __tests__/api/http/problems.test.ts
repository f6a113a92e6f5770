import { connect } from "node:net";
import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { DEFAULT_LIMITS } from "../../../api/src/http/server";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

const ID = "00000000-0000-4000-8000-000000000000";
const json = { "content-type": "application/json" };

let database: EmbeddedDatabase;
let service: TestService;

beforeAll(async () => {
  database = await startDatabase();
  service = await startTestService(
    database,
    {},
    { limits: { ...DEFAULT_LIMITS, headersTimeout: 20, requestTimeout: 40, connectionsCheckingInterval: 5 } },
  );
});

afterAll(async () => {
  await service.stop();
  await database.close();
});

/** Sends bytes and gives back everything that came until the connection was closed. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(service.running.port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("a request that cannot be served", () => {
  it.each([
    ["an unknown path", "GET", "/nope", {}, undefined, 404, "Not Found"],
    ["a path that differs in case", "GET", "/TASKS", {}, undefined, 404, "Not Found"],
    ["a method that the path does not have", "PUT", "/tasks", json, "{}", 405, "Method Not Allowed"],
    ["a method nobody has heard of", "PROPFIND", "/tasks", {}, undefined, 405, "Method Not Allowed"],
    ["a change of the health", "POST", "/health", {}, undefined, 405, "Method Not Allowed"],
    [
      "a form",
      "POST",
      "/tasks",
      { "content-type": "application/x-www-form-urlencoded" },
      "title=a",
      415,
      "Unsupported Media Type",
    ],
    ["text", "PATCH", `/tasks/${ID}`, { "content-type": "text/plain" }, "{}", 415, "Unsupported Media Type"],
    ["a packed body", "POST", "/tasks", { ...json, "content-encoding": "zip" }, "{}", 415, "Unsupported Media Type"],
    [
      "a body over 64 KiB",
      "POST",
      "/tasks",
      json,
      JSON.stringify({ title: "a".repeat(65_536) }),
      413,
      "Payload Too Large",
    ],
    ["half a JSON text", "POST", "/tasks", json, '{"title":', 400, "Bad Request"],
    ["JSON that is no object", "POST", "/tasks", json, '"title"', 400, "Bad Request"],
    ["a JSON array", "POST", "/tasks", json, "[]", 400, "Bad Request"],
    ["a poisoned prototype", "POST", "/tasks", json, '{"title":"a","__proto__":{"x":1}}', 400, "Bad Request"],
    ["no body", "POST", "/tasks", json, undefined, 400, "Bad Request"],
  ] as const)("is answered with a problem: %s", async (_what, method, path, headers, text, status, title) => {
    const answer = await service.request(method, path, { headers, ...(text !== undefined && { text }) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.body).toMatchObject({
      type: "about:blank",
      title,
      status,
      requestId: answer.headers.get("x-request-id"),
    });
    expect(answer.headers.get("x-release-version")).toBe("v7");
  });

  it.each([
    ["/tasks", "GET, HEAD, POST"],
    [`/tasks/${ID}`, "DELETE, GET, HEAD, PATCH"],
    ["/simulate/error", "POST"],
    ["/health", "GET, HEAD"],
  ])("is told which methods %s has", async (path, allow) => {
    expect((await service.request("PUT", path)).headers.get("allow")).toBe(allow);
  });

  it("is told the methods of a path also when it asks for them", async () => {
    const { status, headers } = await service.request("OPTIONS", "/tasks");
    expect({ status, allow: headers.get("allow") }).toEqual({ status: 204, allow: "GET, HEAD, POST" });
  });

  it("is told which field is wrong when the body cannot be read", async () => {
    const { body } = await service.request("POST", "/tasks", { headers: json, text: "{" });
    expect(body["errors"]).toEqual([{ field: "body", message: "must be a JSON object" }]);
  });

  it("loses its connection when the rest of its body will not be read", async () => {
    const head =
      "POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\n{";
    await expect(exchange(head)).resolves.toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/);
  });
});

describe("a request that is no HTTP", () => {
  it.each([
    ["is gibberish", "GIBBERISH\r\n\r\n", 400],
    ["has headers without end", `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, 431],
    ["stops in the middle of its headers", "GET /health HTTP/1.1\r\nHost:", 408],
    [
      "stops in the middle of its body",
      "POST /tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
      408,
    ],
  ])("is answered with a problem and the release version when it %s", async (_what, bytes, status) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/^x-release-version: v7\r$/m);
    expect(answer).toMatch(/^content-type: application\/problem\+json/im);
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ status });
  });
});

describe("the request id", () => {
  it("is the client's own", async () => {
    const { headers } = await service.get("/health", { "x-request-id": "Root=1-67891233-abcdef" });
    expect(headers.get("x-request-id")).toBe("Root=1-67891233-abcdef");
  });

  it.each(["", "a b", "a".repeat(129), "{}"])("is a new one in place of %p", async (id) => {
    const { headers } = await service.get("/health", { "x-request-id": id });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
