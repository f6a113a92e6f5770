import { SteppedClock } from "../../../scripts/cloud/clock";
import type { PlannedRequest, Traffic, TrafficAnswer, TrafficRequest } from "../../../scripts/rehearse/traffic-module";
import { TrafficGenerator, type RequestRecord } from "../../../scripts/rehearse/traffic/generator";

type Sent = Omit<TrafficRequest, "name">;

const OK: TrafficAnswer = { kind: "response", status: 200, headers: {}, body: "good" };
const planned = (judge: PlannedRequest["judge"] = () => ({ kind: "ok" })): PlannedRequest => ({
  request: { name: "read", method: "GET", path: "/orders", headers: { accept: "text/plain" } },
  judge,
});

function generator(
  traffic: Traffic,
  options: {
    requestsPerSecond?: number;
    speed?: number;
    answer?: TrafficAnswer | Promise<TrafficAnswer>;
    targetError?: string;
  } = {},
) {
  const { requestsPerSecond = 10, speed = 1, answer = OK, targetError } = options;
  const stepped = new SteppedClock();
  const clock = Object.assign(Object.create(stepped) as SteppedClock, { speed });
  const requests: RequestRecord[] = [];
  const sent: Sent[] = [];
  const tested = new TrafficGenerator({
    traffic,
    clock,
    client: {
      send: (request) => {
        sent.push(request);
        return Promise.resolve(answer);
      },
    },
    requestsPerSecond,
    realResponseMs: 100,
    healthPath: "/health",
    versions: {
      begin: () => ({ id: "7", headers: { trace: "7" } }),
      end: ({ id }) => ({ arrivedAt: 5, version: `version of ${id}`, played: "background", targetError }),
    },
    onRequest: (record) => requests.push(record),
  });
  return { tested, requests, sent, clock: stepped };
}

describe("the traffic", () => {
  it.each([
    { requestsPerSecond: 1, ms: 100_900, sent: 101 },
    { requestsPerSecond: 10, ms: 12_345, sent: 124 },
    { requestsPerSecond: 0.1, ms: 59_999, sent: 6 },
  ])(
    "is $sent requests in $ms ms at $requestsPerSecond a second, however rarely it comes to send them",
    async ({ requestsPerSecond, ms, sent }) => {
      // So fast a clock that the timers of this machine tick only every 20 s of it.
      const { tested, requests, clock } = generator({ next: () => planned() }, { requestsPerSecond, speed: 10_000 });
      tested.start();
      await clock.step(ms);
      await tested.stop();
      await tested.stop();
      expect(requests).toHaveLength(sent);
    },
  );

  it("sends what is planned with a trace, and records the judgement and the version of the trace", async () => {
    const { tested, requests, sent } = generator(
      { next: () => planned(() => ({ kind: "failed", reason: "read: too old" })) },
      { answer: { ...OK, body: " line\n two" } as TrafficAnswer },
    );
    tested.start();
    await tested.stop();
    expect(sent[0]).toMatchObject({ method: "GET", path: "/orders", headers: { accept: "text/plain", trace: "7" } });
    expect(requests).toEqual([
      expect.objectContaining({
        name: "read",
        version: "version of 7",
        status: 200,
        failure: "read: too old",
        refused: false,
        exchange: { request: "GET /orders", answer: "200 line two" },
      }),
    ]);
  });

  it("records why the load balancer answered itself", async () => {
    const answer = { ...OK, status: 502, body: "<html>Bad Gateway" } as TrafficAnswer;
    const targetError = "the target closed the connection (ECONNRESET)";
    const failed = planned(() => ({ kind: "failed", reason: "read: status 502" }));
    const { tested, requests } = generator({ next: () => failed }, { answer, targetError });
    tested.start();
    await tested.stop();
    expect(requests[0]?.exchange).toEqual({ request: "GET /orders", answer: `502: ${targetError}` });
  });

  it("knows which requests have no answer, but for those that were due later", async () => {
    const { tested, clock } = generator(
      { next: () => planned() },
      { answer: new Promise<TrafficAnswer>(() => undefined) },
    );
    const before = clock.now() + 1_000;
    tested.start();
    await clock.step(5_000);
    expect(tested.unanswered(before)).toEqual(Array.from({ length: 10 }, () => "GET /orders"));
  });

  it.each([
    ["next", { next: () => fail() }],
    ["judge", { next: () => planned(() => fail()) }],
  ])("ends, and says so, when %s throws", async (_, traffic) => {
    const { tested, sent, clock } = generator(traffic);
    tested.start();
    await expect(tested.broken).rejects.toThrow("a mistake in the module");
    await clock.step(10_000);
    await tested.stop();
    expect(sent.length).toBeLessThanOrEqual(1);
  });

  it("warms up with the traffic's own request, or with the health check", async () => {
    const own = generator({ next: () => planned(), warmUp: () => ({ name: "w", method: "GET", path: "/warm" }) });
    const none = generator({ next: () => planned() });
    await own.tested.warmUp();
    await none.tested.warmUp();
    expect(new Set(own.sent.map(({ path }) => path))).toEqual(new Set(["/warm"]));
    expect(new Set(none.sent.map(({ path }) => path))).toEqual(new Set(["/health"]));
  });

  it("ends the warm-up of a service that fails", async () => {
    const { tested, sent } = generator(
      { next: () => planned() },
      { answer: { kind: "broken", reason: "ECONNREFUSED" } },
    );
    await tested.warmUp();
    expect(sent).toHaveLength(5);
  });

  it("checks writes only when it can", async () => {
    const { tested } = generator({ next: () => planned() });
    expect([await tested.checkWrites(), tested.uncheckedWrites("aborted")]).toEqual([undefined, undefined]);
    const checking = generator({
      next: () => planned(),
      acknowledgedWrites: 4,
      checkWrites: async (send) => {
        const answer = await send({ name: "read", method: "GET", path: "/orders" });
        return { acknowledged: 4, lost: answer.kind === "response" ? 0 : null };
      },
    }).tested;
    expect(await checking.checkWrites()).toEqual({ acknowledged: 4, lost: 0 });
    expect(checking.uncheckedWrites("aborted")).toEqual({ acknowledged: 4, lost: null, unreadable: "aborted" });
  });
});

function fail(): never {
  throw new Error("a mistake in the module");
}
