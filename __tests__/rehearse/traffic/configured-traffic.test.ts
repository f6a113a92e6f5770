import type { TrafficAnswer, TrafficRequest } from "../../../scripts/rehearse/traffic-module";
import { configuredTraffic, type ConfiguredRequest } from "../../../scripts/rehearse/traffic/configured-traffic";
import { seededRandom } from "../../../scripts/rehearse/traffic/random";

const CREATE: ConfiguredRequest = { name: "create", method: "POST", path: "/orders", body: { n: "${counter}" } };
const READ: ConfiguredRequest = { name: "read", method: "GET", path: "/orders/${create.order.id}" };

const answer = (status: number, body: unknown = ""): TrafficAnswer => ({
  kind: "response",
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** Sends requests, answered by `answerTo`. */
function sent(
  requests: readonly ConfiguredRequest[],
  count: number,
  answerTo: (request: TrafficRequest) => TrafficAnswer = () => answer(200),
) {
  const traffic = configuredTraffic(requests, seededRandom(1));
  const all = Array.from({ length: count }, () => {
    const planned = traffic.next();
    const { request } = planned;
    return { request, judgement: planned.judge(answerTo(request)) };
  });
  return { all, unsent: traffic.unsent(), warmUp: traffic.warmUp?.() };
}

describe("configured requests", () => {
  it("are drawn by their weights", () => {
    const requests = [
      { name: "often", method: "GET" as const, path: "/a", weight: 3 },
      { name: "by default", method: "GET" as const, path: "/b" },
    ];
    const often = sent(requests, 4000).all.filter(({ request }) => request.name === "often");
    expect(often.length / 4000).toBeCloseTo(0.75, 1);
  });

  it("have a name in reports without one of their own", () => {
    expect(sent([{ method: "GET", path: "/orders/${uuid}" }], 1).all[0]?.request.name).toBe("GET /orders/${uuid}");
  });

  it("count, and have an id of their own", () => {
    const requests = [
      {
        method: "POST" as const,
        path: "/orders/${counter}?id=${uuid}",
        headers: { "idempotency-key": "key ${uuid}" },
        body: { n: "${counter}", texts: ["order ${counter}", "$${counter}"], none: null },
      },
    ];
    const [first, second] = sent(requests, 2).all.map(({ request }) => request);
    expect(first).toMatchObject({
      path: expect.stringMatching(/^\/orders\/1\?id=[0-9a-f-]{36}$/) as string,
      body: { n: 1, texts: ["order 1", "${counter}"], none: null },
    });
    expect(second).toMatchObject({ body: { n: 2, texts: ["order 2", "${counter}"] } });
    const id = first?.path.split("=")[1];
    expect(first?.headers).toEqual({ "idempotency-key": `key ${id}` });
    expect(second?.path).not.toContain(id);
  });

  it("send a body that is a text as it is", () => {
    const [first] = sent([{ method: "POST", path: "/", body: "n=${counter}" }], 1).all;
    expect(first?.request.body).toBe("n=1");
  });

  it("wait for the answer that they need, and take the newest good one", () => {
    let created = 0;
    const { all, unsent } = sent([CREATE, READ], 200, ({ name }) => {
      if (name === "read") return answer(200, {});
      created += 1;
      return created === 2 ? answer(500, { order: { id: "bad" } }) : answer(201, { order: { id: `a/b ${created}` } });
    });
    let newest = "";
    let creates = 0;
    for (const { request } of all) {
      if (request.name === "read") expect(request.path).toBe(`/orders/${newest}`);
      else if (++creates !== 2) newest = `a%2Fb%20${creates}`;
    }
    expect(all[0]?.request.name).toBe("create");
    expect(all.filter(({ request }) => request.name === "read").length).toBeGreaterThan(50);
    expect(unsent).toEqual([]);
  });

  it.each([
    ["no JSON", "<html>"],
    ["no such field", { id: 1 }],
    ["an object there", { order: { id: {} } }],
    ["nothing there", { order: { id: "" } }],
    ["null there", { order: { id: null } }],
  ])("are not sent, and named, when an answer has %s", (_, body) => {
    const { all, unsent } = sent([CREATE, READ], 50, () => answer(201, body));
    expect(all.every(({ request }) => request.name === "create")).toBe(true);
    expect(unsent).toEqual(["read: no good answer had a value for ${create.order.id}"]);
  });

  it.each([
    { expect: undefined, status: 302, judgement: { kind: "ok" } },
    { expect: undefined, status: 404, judgement: { kind: "failed", reason: "read: status 404" } },
    { expect: 404, status: 404, judgement: { kind: "ok" } },
    { expect: [200, 404], status: 404, judgement: { kind: "ok" } },
    { expect: [200, 404], status: 201, judgement: { kind: "failed", reason: "read: status 201" } },
  ])("that expect $expect find $status to be $judgement.kind", ({ expect: expected, status, judgement }) => {
    const request = {
      name: "read",
      method: "GET" as const,
      path: "/",
      ...(expected !== undefined && { expect: expected }),
    };
    expect(sent([request], 1, () => answer(status)).all[0]?.judgement).toEqual(judgement);
  });

  it("fail without an answer", () => {
    const [first] = sent([READ, CREATE], 1, () => ({ kind: "broken", reason: "ECONNRESET" })).all;
    expect(first?.judgement).toEqual({ kind: "failed", reason: "ECONNRESET" });
  });

  it("warm up with the first one that only reads and needs no answer", () => {
    expect(sent([CREATE, READ], 0).warmUp).toBeUndefined();
    expect(sent([CREATE, READ, { method: "GET", path: "/orders" }], 0).warmUp?.path).toBe("/orders");
  });

  it("put any value of an answer into a path and a header", () => {
    const requests: ConfiguredRequest[] = [
      CREATE,
      { name: "read", method: "GET", path: "/o/${create.id}", headers: { token: "${create.id}" } },
    ];
    const { all } = sent(requests, 20, () => answer(200, { id: "ü\r\n\ud800" }));
    const read = all.find(({ request }) => request.name === "read")?.request;
    expect(read).toMatchObject({ path: "/o/%C3%BC%0D%0A%EF%BF%BD", headers: { token: "%C3%BC%0D%0A%EF%BF%BD" } });
  });
});
