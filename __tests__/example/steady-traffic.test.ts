import { createTraffic } from "../../api/rehearsal";
import type { TaskContent } from "../../api/rehearsal/ledger";
import { SteppedClock } from "../../scripts/cloud/clock";
import type { TrafficAnswer, TrafficRequest } from "../../scripts/rehearse/traffic-module";
import { seededRandom } from "../../scripts/rehearse/traffic/random";
import { TrafficGenerator, type RequestRecord } from "../../scripts/rehearse/traffic/generator";

type SentRequest = Omit<TrafficRequest, "name">;

/** The Tasks API, as far as the traffic asks it; counts the writes that it acknowledged. */
class Service {
  readonly tasks = new Map<string, TaskContent>();
  readonly acknowledged = { POST: 0, PATCH: 0, DELETE: 0 };
  /** Answers instead of it, when it does. */
  instead: (request: SentRequest) => TrafficAnswer | undefined = () => undefined;

  send(request: SentRequest): Promise<TrafficAnswer> {
    return Promise.resolve(this.instead(request) ?? this.answer(request));
  }

  private answer({ method, path, body }: SentRequest): TrafficAnswer {
    const id = /^\/tasks\/(.+)$/.exec(path)?.[1] ?? `t${this.tasks.size + this.acknowledged.DELETE}`;
    const known = this.tasks.get(id);
    const write = (task: TaskContent) => {
      this.tasks.set(id, task);
      return task;
    };
    if (method === "GET" && path.startsWith("/tasks?")) {
      return answer(200, { items: [...this.tasks.values()], nextCursor: null });
    }
    if (method === "POST") {
      this.acknowledged.POST += 1;
      return answer(201, write({ ...(body as TaskContent), id, version: 1 }));
    }
    if (!known) return answer(404);
    if (method === "GET") return answer(200, known);
    if (method === "PATCH") {
      this.acknowledged.PATCH += 1;
      return answer(200, write({ ...known, ...(body as TaskContent), version: known.version + 1 }));
    }
    this.acknowledged.DELETE += 1;
    this.tasks.delete(id);
    return answer(204);
  }
}

const answer = (status: number, body: unknown = ""): TrafficAnswer => ({
  kind: "response",
  status,
  headers: {},
  body: body === "" ? "" : JSON.stringify(body),
});

async function traffic(service: Service, seconds = 60) {
  const clock = new SteppedClock();
  const requests: RequestRecord[] = [];
  const sent = new TrafficGenerator({
    traffic: createTraffic({ random: seededRandom(1) }),
    clock,
    client: service,
    requestsPerSecond: 10,
    realResponseMs: 100,
    healthPath: "/health",
    versions: {
      begin: () => ({ id: "", headers: {} }),
      end: () => ({ arrivedAt: undefined, version: "1", played: undefined, targetError: undefined }),
    },
    onRequest: (record) => requests.push(record),
  });
  sent.start();
  await clock.step(seconds * 1000);
  await sent.stop();
  return { requests, check: () => sent.checkWrites() };
}

describe("traffic on a service that keeps what it acknowledges", () => {
  it("is sent at its rate, and no request fails", async () => {
    const { requests } = await traffic(new Service());
    expect(requests).toHaveLength(601);
    expect(requests.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it("counts every acknowledged write, of each kind, and finds them all", async () => {
    const service = new Service();
    const { check } = await traffic(service);
    const { POST, PATCH, DELETE } = service.acknowledged;
    for (const count of [POST, PATCH, DELETE]) expect(count).toBeGreaterThan(10);
    expect(await check()).toEqual({ acknowledged: POST + PATCH + DELETE, lost: 0 });
  });
});

describe("traffic on a service that loses writes", () => {
  it.each([
    ["a created task", (service: Service, task: TaskContent) => service.tasks.delete(task.id)],
    [
      "a change",
      (service: Service, task: TaskContent) => service.tasks.set(task.id, { ...task, version: task.version - 1 }),
    ],
  ])("misses %s", async (_, lose) => {
    const service = new Service();
    const { check } = await traffic(service);
    const changed = [...service.tasks.values()].find(({ version }) => version > 1);
    if (!changed) throw new Error("no task was changed");
    lose(service, changed);
    expect(await check()).toMatchObject({ lost: 1 });
  });

  it("accepts both states of a task whose write got no clear answer", async () => {
    const service = new Service();
    let broken = 0;
    service.instead = ({ method }) => {
      if (method === "GET" || Object.values(service.acknowledged).reduce((sum, each) => sum + each) < 50)
        return undefined;
      broken += 1;
      return broken % 2 === 0 ? answer(412) : { kind: "broken", reason: "ECONNRESET" };
    };
    const { check } = await traffic(service);
    expect(broken).toBeGreaterThan(10);
    expect(await check()).toEqual({ acknowledged: 50, lost: 0 });
  });
});
