import { request as httpRequest } from "node:http";
import type { TargetTask } from "../../../scripts/cloud/load-balancer/part";
import { ONE, PRODUCTION, signal, World } from "./support";

const TASK: TargetTask = { id: "task-1", imageDigest: `sha256:${"1".repeat(64)}` };
const TRACE = "1-67891233-abcdef012345678912345678";
const TRACED = { headers: { "x-amzn-trace-id": `Root=${TRACE}` } };

let world: World;
beforeEach(async () => {
  world = new World();
  await world.balancer.start();
});
afterEach(() => world.close());

describe("an answer of the load balancer", () => {
  it("names the client's trace, the target and its task, before the client has it", async () => {
    const target = await world.target("10.0.0.4", (_, response) => void response.writeHead(201).end());
    world.balancer.register(ONE, { ...target, task: TASK });
    await world.clock.step(1_000);
    const known = world.send(PRODUCTION, TRACED).then(() => world.answers.length);
    expect(await known).toBe(1);
    expect(world.answers).toEqual([
      {
        traceId: TRACE,
        listenerArn: PRODUCTION,
        arrivedAt: world.clock.now(),
        targetId: "10.0.0.4",
        task: TASK,
        status: 201,
        source: "target",
      },
    ]);
  });

  it("has the trace that the load balancer began when the client sent none", async () => {
    const seen: unknown[] = [];
    const target = await world.target("a", ({ headers }, response) => {
      seen.push(headers["x-amzn-trace-id"]);
      response.end();
    });
    world.balancer.register(ONE, target);
    await world.send(PRODUCTION);
    await world.send(PRODUCTION);
    expect(new Set(seen).size).toBe(2);
    expect(world.answers.map(({ traceId }) => `Root=${traceId}`)).toEqual(seen);
  });

  it("names no target when none was chosen", async () => {
    await world.send(PRODUCTION, TRACED);
    expect(world.answers).toEqual([
      { traceId: TRACE, listenerArn: PRODUCTION, arrivedAt: world.clock.now(), status: 503, source: "load-balancer" },
    ]);
  });

  it("names the target that did not answer", async () => {
    world.balancer.register(ONE, { ...(await world.deadTarget("10.0.0.4")), task: TASK });
    await world.send(PRODUCTION, TRACED);
    expect(world.answers).toEqual([
      {
        traceId: TRACE,
        listenerArn: PRODUCTION,
        arrivedAt: world.clock.now(),
        targetId: "10.0.0.4",
        task: TASK,
        status: 502,
        source: "load-balancer",
        targetError: "no connection to the target (ECONNREFUSED)",
      },
    ]);
  });

  it("names the target from which a client did not wait for its answer", async () => {
    const arrived = signal();
    world.balancer.register(ONE, await world.target("10.0.0.4", () => arrived.resolve()));
    const request = httpRequest(world.balancer.url(PRODUCTION), TRACED).on("error", () => undefined);
    request.end();
    await arrived.promise;
    request.destroy();
    await world.ended(1);
    expect(world.answers).toMatchObject([{ traceId: TRACE, targetId: "10.0.0.4", status: 460 }]);
  });
});
