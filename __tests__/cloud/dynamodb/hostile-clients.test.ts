import path from "node:path";
import { LAUNCHER } from "../../../scripts/command/launcher";
import { type Dynamo, startDynamo } from "../../../scripts/cloud/dynamodb/dynamo";
import { startChild } from "../../../scripts/cloud/tasks/child";
import { sendAndLeave, sendRaw } from "../raw";
import { program, removePrograms } from "../tasks/programs";

const SIGNED = {
  "Content-Type": "application/x-amz-json-1.0",
  "X-Amz-Date": "20200101T000000Z",
  Authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
};
const ITEM = { id: { S: "a" } };

/** A whole request, whose connection the server is to close. */
function request(
  operation: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  target = "/",
): string {
  const all = {
    Host: "127.0.0.1",
    Connection: "close",
    ...SIGNED,
    "X-Amz-Target": `DynamoDB_20120810.${operation}`,
    "Content-Length": String(Buffer.byteLength(body, "latin1")),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

const put = request("PutItem", JSON.stringify({ TableName: "tasks", Item: ITEM }));

let dynamo: Dynamo;

beforeAll(async () => {
  const table = {
    name: "tasks",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" as const }],
    globalSecondaryIndexes: [],
  };
  dynamo = await startDynamo({ tables: [table] });
  expect(await sendRaw(dynamo.endpoint, put)).toMatch(/^HTTP\/1\.1 200 /);
});

afterAll(() => dynamo.stop());

/** What was stored is still there: the same database goes on. */
afterEach(async () => {
  const got = await sendRaw(dynamo.endpoint, request("GetItem", JSON.stringify({ TableName: "tasks", Key: ITEM })));
  expect(got).toMatch(/^HTTP\/1\.1 200 [^]*\{"Item":\{"id":\{"S":"a"\}\}\}$/);
});

describe("the embedded DynamoDB survives a client that", () => {
  const half = put.slice(0, -10);
  it.each([
    ["breaks off in the body", half, "end"],
    ["is killed in the body", half, "reset"],
    ["is killed before the body", put.slice(0, put.indexOf("{")), "reset"],
    [
      "breaks off in a chunk",
      put.replace(/Content-Length: \d+/, "Transfer-Encoding: chunked").replace("\n{", "\nff\r\n{"),
      "end",
    ],
    ["is killed in the headers", put.slice(0, 80), "reset"],
    ["is killed before the answer", put, "reset"],
    ["says that the body is longer than it is", put.replace(/Content-Length: \d+/, "Content-Length: 9999"), "end"],
  ] as const)("%s", async (_what, bytes, how) => {
    for (let times = 0; times < 5; times += 1) await sendAndLeave(dynamo.endpoint, bytes, how);
  });

  it.each([
    ["no JSON", "GetItem", '{"TableName":', 400, "SerializationException"],
    ["null", "GetItem", "null", 400, "SerializationException"],
    ["a list", "GetItem", "[]", 400, "SerializationException"],
    ["bytes", "GetItem", "\xff\xfe\0", 400, "SerializationException"],
    ["nothing", "GetItem", "", 400, "SerializationException"],
    ["a key without value", "GetItem", '{"TableName":"tasks","Key":{"id":null}}', 400, ""],
    ["an item of nulls", "PutItem", '{"TableName":"tasks","Item":{"id":{"L":[null]}}}', 400, "SerializationException"],
    ["a set of nulls", "PutItem", '{"TableName":"tasks","Item":{"id":{"S":"b"},"s":{"SS":[null]}}}', 400, ""],
    ["a batch of nulls", "BatchWriteItem", '{"RequestItems":{"tasks":[null]}}', 400, "SerializationException"],
    ["a poisoned prototype", "PutItem", '{"TableName":"tasks","Item":{"__proto__":null}}', 400, ""],
    [
      "a deep value",
      "PutItem",
      `{"TableName":"tasks","Item":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
      400,
      "",
    ],
    ["an unknown operation", "Nonsense", "{}", 400, "UnknownOperationException"],
    ["an unknown table", "GetItem", '{"TableName":"nope","Key":{"id":{"S":"a"}}}', 400, "ResourceNotFoundException"],
  ])("sends %s", async (_what, operation, body, status, type) => {
    const answer = await sendRaw(dynamo.endpoint, request(operation, body));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*"__type":"[^"]*${type}`));
  });

  it("sends a body that is too large", async () => {
    const answer = await sendRaw(dynamo.endpoint, request("GetItem", " ".repeat(17 * 1024 * 1024)));
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*RequestEntityTooLargeException/);
  });

  it.each([
    ["gibberish", "GIBBERISH\r\n\r\n", 400],
    ["a wrong length", put.replace(/Content-Length: \d+/, "Content-Length: x"), 400],
    ["endless headers", `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, 431],
    ["the request for a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400],
  ])("sends %s", async (_what, bytes, status) => {
    const answer = await sendRaw(dynamo.endpoint, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*"__type":"MalformedHttpRequestException"`));
  });

  it.each(["//", "//[", "/%", "http://127.0.0.1:1/nope", "*"])("has the request target %s", async (target) => {
    const body = JSON.stringify({ TableName: "tasks", Key: ITEM });
    expect(await sendRaw(dynamo.endpoint, request("GetItem", body, {}, target))).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("the embedded DynamoDB is closed to web pages:", () => {
  const list = (headers: Readonly<Record<string, string>>) =>
    sendRaw(dynamo.endpoint, request("ListTables", "{}", headers));

  it.each([
    ["a foreign Host", { Host: "evil.example:8000" }],
    ["a foreign Origin", { Origin: "http://evil.example" }],
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
  ])("%s", async (_what, headers) => {
    const answer = await list(headers);
    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*AccessDeniedException/);
    expect(answer).not.toMatch(/access-control/i);
  });

  it("a preflight gets no permission", async () => {
    const preflight =
      "OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nOrigin: http://evil.example\r\n" +
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-amz-target\r\n\r\n";
    const answer = await sendRaw(dynamo.endpoint, preflight);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toMatch(/access-control/i);
  });

  it("no response has CORS headers", async () => {
    const answer = await list({ Host: "localhost:1", Origin: "http://localhost:1" });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toMatch(/access-control/i);
  });
});

describe("an operation that fails asynchronously with an unexpected exception", () => {
  afterAll(() => removePrograms());

  it("is answered with 500, and the others go on", async () => {
    const server = program(
      `import { createServer } from "node:http";
       import { shield } from ${JSON.stringify(path.resolve("scripts/cloud/dynamodb/shield.ts"))};
       const waiting: (() => void)[] = [];
       const server = createServer((request, response) => {
         request.on("end", () => {
           if (request.headers["x-amz-target"] === "waits") waiting.push(() => response.end("done"));
           else setImmediate(() => { for (const go of waiting) go(); throw new Error("out of order"); });
         });
       });
       const concernsOneRequest = shield(server);
       process.on("uncaughtException", (error) => concernsOneRequest(error) || process.exit(1));
       server.listen(0, "127.0.0.1");`,
      "server.ts",
    );
    const child = startChild([LAUNCHER, server], {});
    const { port } = await child.listening;
    const send = (target: string) =>
      fetch(`http://127.0.0.1:${port}`, { method: "POST", headers: { "x-amz-target": target }, body: "{}" });
    const other = { isDone: false };
    const waits = send("waits").then(async (answer) => {
      other.isDone = true;
      return answer.text();
    });
    // It may come only after the first of these.
    do {
      const failed = await send("fails");
      expect(failed.status).toBe(500);
      expect(await failed.json()).toMatchObject({
        __type: "InternalServerError",
        message: "The embedded DynamoDB failed: out of order",
      });
    } while (!other.isDone);
    expect(await waits).toBe("done");
    child.kill("SIGKILL");
    await child.exited;
  });
});
