import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { startDatabase, startTestService, type TestService } from "../support/running-service";

const ID = "00000000-0000-4000-8000-000000000000";
const json = { "content-type": "application/json" };

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

describe("a request that cannot be served", () => {
  it.each([
    ["an unknown path", "GET", "/nope", {}, undefined, 404, "Not Found"],
    ["a path that differs in case", "GET", "/TASKS", {}, undefined, 404, "Not Found"],
    ["a path that ends in a slash", "POST", "/tasks/", json, "{}", 404, "Not Found"],
    ["a method that the path does not have", "PUT", "/tasks", json, "{}", 405, "Method Not Allowed"],
    ["an unknown method", "PROPFIND", "/tasks", {}, undefined, 405, "Method Not Allowed"],
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

  it.each([
    ["/tasks", "GET, HEAD, POST"],
    ["/health", "GET, HEAD"],
  ])("is told the methods of %s also when it asks for them", async (path, allow) => {
    const { status, headers, text } = await service.request("OPTIONS", path);
    expect({ status, allow: headers.get("allow"), text }).toEqual({ status: 204, allow, text: "" });
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
