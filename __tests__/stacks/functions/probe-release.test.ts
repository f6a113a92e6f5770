import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProbeStep } from "../../../stacks/config/request-schema";
import { answerHook } from "../../../stacks/functions/probe-release/answer-hook";
import { asking, type ProbeResponse, type ProbeRequest } from "../../../stacks/functions/probe-release/http";
import { probeRelease } from "../../../stacks/functions/probe-release/probes";

type Answer = Partial<Omit<ProbeResponse, "headers">> & { readonly version?: string };

const STEPS: readonly ProbeStep[] = [
  { name: "create", method: "POST", path: "/orders", body: { title: "${title}" }, expect: 201 },
  { name: "read", method: "GET", path: "/orders/${create.id}", expectBody: { title: "${title}" } },
  { name: "delete", method: "DELETE", path: "/orders/${create.id}", expect: [200, 204], always: true },
];

const RIGHT: Readonly<Record<string, Answer>> = {
  "POST /orders": { status: 201, json: { id: "7" } },
  "GET /orders/7": { json: { id: "7", title: "a probe", tags: ["x"], owner: { id: 1, name: "o" } } },
  "DELETE /orders/7": { status: 204 },
};

/** Probes a service with correct responses, except those of `say`. */
async function probing(
  say: Readonly<Record<string, Answer>> = {},
  steps = STEPS,
  version: Answer = { version: "2" },
  matcher = "200",
) {
  const asked: ProbeRequest[] = [];
  const lines: string[] = [];
  const ask = (request: ProbeRequest): Promise<ProbeResponse> => {
    asked.push(request);
    const key = `${request.method} ${request.path}`;
    const answer: Answer = { ...version, ...RIGHT[key], ...say[key] };
    return Promise.resolve({
      status: answer.status ?? 200,
      json: answer.json,
      headers: new Headers(answer.version === undefined ? {} : { "x-release-version": answer.version }),
    });
  };
  const log = (line: string) => void lines.push(line);
  const failure = await probeRelease({ ask, health: { path: "/health", matcher }, steps, title: "a probe", log }).catch(
    (error: unknown) => (error as Error).message,
  );
  return { asked: asked.map(({ method, path }) => `${method} ${path}`), requests: asked, failure, lines };
}

const get = (path: string, more: Partial<ProbeStep> = {}): ProbeStep => ({ method: "GET", path, ...more });

describe("the probe of a new version", () => {
  it("is only the health check when there are no requests", async () => {
    expect(await probing({}, [])).toMatchObject({ asked: ["GET /health"], failure: undefined });
  });

  it.each([
    { status: 204, matcher: "200-299", failure: undefined },
    { status: 302, matcher: "200,302", failure: undefined },
    { status: 201, matcher: "200,204", failure: "health: GET /health answered 201, not 200,204" },
    { status: 404, matcher: "200-299", failure: "health: GET /health answered 404, not 200-299" },
  ])("takes $status for health as the load balancer does: $matcher", async ({ status, matcher, failure }) => {
    const result = await probing({ "GET /health": { status } }, [], {}, matcher);
    expect(result.failure).toBe(failure);
  });

  it("checks health, then sends the requests in order, with the fields of earlier answers", async () => {
    const { asked, requests, failure } = await probing();
    expect(failure).toBeUndefined();
    expect(asked).toEqual(["GET /health", "POST /orders", "GET /orders/7", "DELETE /orders/7"]);
    expect(requests[1]?.body).toEqual({ title: "a probe" });
  });

  it.each<[string, string, Answer]>([
    ["health: GET /health answered 503, not 200", "GET /health", { status: 503 }],
    ["health: GET /health answered 204, not 200", "GET /health", { status: 204 }],
    ["create: POST /orders answered 500, not 201", "POST /orders", { status: 500, json: {} }],
    ["create: the answer has no id", "POST /orders", { json: {} }],
    ["create: the answer has no id", "POST /orders", { json: undefined }],
    ["read: GET /orders/7 answered 404, not a status below 400", "GET /orders/7", { status: 404 }],
    ['read: GET /orders/7 answered with title "b", not "a probe"', "GET /orders/7", { json: { title: "b" } }],
    ['read: GET /orders/7 answered with title missing, not "a probe"', "GET /orders/7", { json: {} }],
    ["read: GET /orders/7 answered with a body that is no JSON object", "GET /orders/7", { json: undefined }],
    ["delete: DELETE /orders/7 answered 500, not 200 or 204", "DELETE /orders/7", { status: 500 }],
    ["create: POST /orders: more than one version answers: 2, 1", "POST /orders", { version: "1" }],
  ])("fails by name: %s", async (message, request, wrong) => {
    expect((await probing({ [request]: wrong })).failure).toBe(message);
  });

  it("sends nothing after a wrong answer, except what is always sent", async () => {
    const { asked, failure } = await probing({ "GET /orders/7": { status: 500 } }, [
      ...STEPS.slice(0, 2),
      get("/more"),
      ...STEPS.slice(2),
    ]);
    expect(failure).toMatch(/^read: /);
    expect(asked).toEqual(["GET /health", "POST /orders", "GET /orders/7", "DELETE /orders/7"]);
  });

  it("deletes also what was created with a wrong status", async () => {
    const { asked, failure } = await probing({ "POST /orders": { status: 200 } });
    expect(failure).toBe("create: POST /orders answered 200, not 201");
    expect(asked.at(-1)).toBe("DELETE /orders/7");
  });

  it("says what may be left behind, and fails with the first reason", async () => {
    const { failure, lines } = await probing({ "GET /orders/7": { status: 500 }, "DELETE /orders/7": { status: 500 } });
    expect(failure).toMatch(/^read: /);
    expect(lines.at(-1)).toBe('delete: DELETE /orders/7 answered 500, not 200 or 204; "a probe" may be left behind');
  });

  it("doesn't try to delete what was not created", async () => {
    const { asked, lines } = await probing({ "POST /orders": { status: 500, json: undefined } });
    expect(asked).toEqual(["GET /health", "POST /orders"]);
    expect(lines.join()).not.toMatch(/left behind/);
  });

  it("sends nothing else when the health check fails", async () => {
    expect((await probing({ "GET /health": { status: 500 } }, [get("/x", { always: true })])).asked).toHaveLength(1);
  });

  it("compares versions only of answers that have one", async () => {
    const steps = [get("/a"), get("/b")];
    expect((await probing({}, steps, {})).failure).toBeUndefined();
    expect((await probing({ "GET /a": { version: "2" } }, steps, {})).failure).toBeUndefined();
    const both = { "GET /a": { version: "2" }, "GET /b": { version: "1" } };
    expect((await probing(both, steps, {})).failure).toBe("GET /b: more than one version answers: 2, 1");
  });

  it.each<[object, string | undefined]>([
    [{ owner: { id: 1 }, tags: ["x"] }, undefined],
    [{ owner: {} }, undefined],
    [{ owner: { id: "1" } }, 'owner.id 1, not "1"'],
    [{ tags: [] }, 'tags ["x"], not []'],
    [{ title: { a: 1 } }, "title that is no JSON object"],
    [{ id: null }, 'id "7", not null'],
  ])("compares the fields %j of an answer", async (expectBody, wrong) => {
    const { failure } = await probing({}, [get("/orders/7", { expectBody: { ...expectBody } })]);
    expect(failure).toBe(wrong && `GET /orders/7 answered with ${wrong}`);
  });

  it("fills templates in headers, texts and lists; each uuid is another one", async () => {
    const { requests } = await probing({}, [
      ...STEPS.slice(0, 1),
      { method: "PUT", path: "/a?b=${title}", headers: { "X-Id": "${create.id}" }, body: "t=${title}" },
      { method: "PATCH", path: "/", body: ["${uuid}", "${uuid}", "$${uuid}"] },
    ]);
    expect(requests[2]).toMatchObject({ path: "/a?b=a%20probe", headers: { "X-Id": "7" }, body: "t=a probe" });
    const [first, second, third] = requests[3]?.body as string[];
    expect(first).toMatch(/^[\da-f-]{36}$/);
    expect(second).not.toBe(first);
    expect(third).toBe("${uuid}");
  });
});

describe("the answer to the hook", () => {
  const event = { DeploymentId: "d-ABC", LifecycleEventHookExecutionId: "x1" };
  const answering = async (probe: () => Promise<void>) => {
    const reports: unknown[] = [];
    const lines: string[] = [];
    const report = (of: unknown, status: string) => Promise.resolve(void reports.push([of, status]));
    await answerHook(event, { probe, report, log: (line) => lines.push(line) });
    return { reports, lines };
  };

  it("is Succeeded when every probe passed", async () => {
    expect((await answering(() => Promise.resolve())).reports).toEqual([[event, "Succeeded"]]);
  });

  it.each<[string, () => Promise<void>]>([
    ["fails", () => Promise.reject(new Error("health: no"))],
    [
      "throws",
      () => {
        throw new Error("health: no");
      },
    ],
  ])("is Failed when the probe %s, and the log has the reason", async (_, probe) => {
    const { reports, lines } = await answering(probe);
    expect(reports).toEqual([[event, "Failed"]]);
    expect(lines).toEqual(["d-ABC: stopped before any traffic: health: no"]);
  });
});

describe("asking the service", () => {
  const bodies: unknown[] = [];
  const hosts: unknown[] = [];
  let server: Server;
  let statuses: number[] = [];
  const asked: unknown[] = [];
  let baseUrl = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      hosts.push(request.headers.host);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => bodies.push([request.headers["content-type"], Buffer.concat(chunks).toString()]));
      const status = statuses.shift();
      if (status === undefined) response.destroy();
      else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ status }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const asks = (path: string, answers: number[], deadline = new AbortController().signal) => {
    statuses = answers;
    const ask = asking({ baseUrl, deadline, log: () => undefined, delay: () => Promise.resolve() });
    return ask({ method: "GET", path, headers: {} });
  };
  const health = (answers: number[], deadline?: AbortSignal) => asks("/health", answers, deadline);

  it("never sends to another host, for any path", async () => {
    expect((await asks("//example.com/health", [200])).status).toBe(200);
    expect(asked.at(-1)).toBe("//example.com/health");
  });

  it("sends to the load balancer's address with the host of the rule, however the request names one", async () => {
    statuses = [200, 200];
    const deadline = new AbortController().signal;
    const ask = asking({ baseUrl, host: "billing.example.com", deadline, log: () => undefined });
    await ask({ method: "GET", path: "/health", headers: {} });
    expect(hosts.at(-1)).toBe("billing.example.com");
    await ask({ method: "GET", path: "/health", headers: { Host: "other.example.com" } });
    expect(hosts.at(-1)).toBe("billing.example.com");
  });

  it.each<[string, Partial<ProbeRequest>, readonly unknown[]]>([
    ["JSON", { body: { a: 1 } }, ["application/json", '{"a":1}']],
    [
      "JSON of its own type",
      { body: [1], headers: { "Content-Type": "application/x+json" } },
      ["application/x+json", "[1]"],
    ],
    ["null as JSON", { body: null }, ["application/json", "null"]],
    ["a text as it is", { body: "a=1", headers: { "content-type": "text/plain" } }, ["text/plain", "a=1"]],
  ])("sends %s", async (_, request, sent) => {
    statuses = [200];
    const ask = asking({ baseUrl, deadline: new AbortController().signal, log: () => undefined });
    await ask({ method: "POST", path: "/", headers: {}, ...request });
    expect(bodies.at(-1)).toEqual(sent);
  });

  it("retries when the load balancer itself responds, or nobody does", async () => {
    expect((await health([502, 503, 200])).json).toEqual({ status: 200 });
  });

  it("returns the third response unchanged", async () => {
    expect((await health([504, 504, 503, 200])).status).toBe(503);
  });

  it("never retries a response of the service", async () => {
    expect((await health([500, 200])).status).toBe(500);
  });

  it("fails without a response, and names the request", async () => {
    await expect(health([])).rejects.toThrow("GET /health: no answer");
  });

  it("does not retry after its deadline", async () => {
    await expect(health([503, 200], AbortSignal.abort(new Error("out of time")))).rejects.toThrow("out of time");
    expect(statuses).toEqual([503, 200]);
  });
});
