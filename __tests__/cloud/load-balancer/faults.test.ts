import { request as httpRequest } from "node:http";
import type { TargetFault } from "../../../scripts/cloud/faults";
import { ONE, PRODUCTION, signal, TWO, World } from "./support";

const IMAGE = `sha256:${"1".repeat(64)}`;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.balancer.start();
});
afterEach(() => world.close());

/** Registers a healthy target of the image, with this fault; gives the paths of the requests that reach its program. */
async function faulty(fault: TargetFault, targetGroupArn = ONE): Promise<string[]> {
  const reached: string[] = [];
  const target = await world.target("a", (request, response) => {
    reached.push(request.url ?? "");
    response.end("fine");
  });
  world.balancer.register(targetGroupArn, { ...target, task: { id: "task", imageDigest: IMAGE } });
  await world.clock.step(1_000);
  world.faults.inject({ imageDigest: IMAGE, fault });
  return reached;
}

describe("a target with the fault error", () => {
  it("answers with 500, which counts as the target's, without its program", async () => {
    const reached = await faulty({ kind: "error" });
    const reply = await world.send(PRODUCTION, { method: "POST", path: "/orders?a=1", body: "x".repeat(100_000) });
    expect(reply).toMatchObject({ status: 500, body: expect.stringContaining("Internal Server Error") as string });
    expect(reply.headers["server"]).toBeUndefined();
    expect(reached).toEqual([]);
    expect(world.answers).toMatchObject([
      { status: 500, source: "target", task: { imageDigest: IMAGE }, played: "fault" },
    ]);
    expect(await world.sum("HTTPCode_Target_5XX_Count", "one")).toBe(1);
    expect(await world.sum("RequestCount", "one")).toBe(1);
    expect(await world.sum("HTTPCode_ELB_5XX_Count")).toBeUndefined();
  });

  it("affects its share of the requests only", async () => {
    await faulty({ kind: "error", rate: 0.3 });
    const draws = [0.29, 0.3, 0.9, 0.1];
    world.random = () => draws.shift() ?? 1;
    const statuses: number[] = [];
    for (let sent = 0; sent < 4; sent += 1) statuses.push((await world.send(PRODUCTION)).status);
    expect(statuses).toEqual([500, 200, 200, 500]);
  });

  it("leaves the path of its health check alone, with and without a query", async () => {
    const reached = await faulty({ kind: "error" });
    await world.send(PRODUCTION, { path: "/health" });
    await world.send(PRODUCTION, { path: "/health?deep=1" });
    expect((await world.send(PRODUCTION, { path: "/healthy" })).status).toBe(500);
    expect(reached).toEqual(["/health", "/health?deep=1"]);
    await world.clock.step(120_000);
    expect(world.balancer.health(ONE)).toMatchObject([{ state: "healthy" }]);
  });

  it("does not concern a target of another image, nor one of no known image", async () => {
    await faulty({ kind: "error" }, TWO);
    await world.serve(ONE, "b");
    expect((await world.send(PRODUCTION)).body).toBe("b");
  });
});

describe("a target with the fault slow", () => {
  it("answers later, by the cloud's clock, and its response time counts that", async () => {
    const reached = await faulty({ kind: "slow", seconds: 3 });
    const reply = world.send(PRODUCTION, { path: "/orders" });
    await world.clock.step(2_990);
    expect(reached).toEqual([]);
    await world.clock.step(10);
    expect(await reply).toMatchObject({ status: 200, body: "fine" });
    expect(reached).toEqual(["/orders"]);
    expect(await world.minutes("TargetResponseTime", "Maximum", "one")).toEqual([3]);
    expect(await world.sum("HTTPCode_Target_2XX_Count", "one")).toBe(1);
  });

  it("does not send what its client no longer waits for", async () => {
    const reached = await faulty({ kind: "slow", seconds: 3 });
    const arrived = signal();
    world.random = () => {
      arrived.resolve();
      return 0;
    };
    const request = httpRequest(world.balancer.url(PRODUCTION)).on("error", () => undefined);
    request.end();
    await arrived.promise;
    request.destroy();
    await world.ended(1);
    await world.clock.step(10_000);
    expect([world.events[0]?.status, reached]).toEqual([460, []]);
  });

  it("gets 504 from the load balancer when that is longer than the idle timeout", async () => {
    const reached = await faulty({ kind: "slow", seconds: 300 });
    const arrived = signal();
    world.random = () => {
      arrived.resolve();
      return 0;
    };
    const reply = world.send(PRODUCTION, { method: "POST", body: "x".repeat(1_000_000) });
    await arrived.promise;
    await world.clock.step(65_000);
    expect((await reply).status).toBe(504);
    await world.clock.step(300_000);
    expect(reached).toEqual([]);
  });

  it("does not outlive its target", async () => {
    const reached = await faulty({ kind: "slow", seconds: 50 });
    const arrived = signal();
    world.random = () => {
      arrived.resolve();
      return 0;
    };
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    void world.balancer.deregister(ONE, "a");
    await world.clock.step(31_000);
    expect((await reply).status).toBe(502);
    await world.clock.step(60_000);
    expect(reached).toEqual([]);
  });
});

describe("a target with the fault crash", () => {
  it("has errors and slow answers", async () => {
    await faulty({ kind: "crash", seconds: 2.5 });
    const draws = [0, 0.49, 0, 0.5];
    world.random = () => draws.shift() ?? 0;
    expect((await world.send(PRODUCTION)).status).toBe(500);
    const late = world.send(PRODUCTION);
    await world.clock.step(2_500);
    expect((await late).status).toBe(200);
    expect(await world.minutes("TargetResponseTime", "Maximum", "one")).toEqual([2.5]);
  });
});

describe("a target with the fault unhealthy", () => {
  it("fails its health checks with 503 after its time, and still answers requests", async () => {
    await faulty({ kind: "unhealthy", afterSeconds: 20 });
    await world.clock.step(89_000);
    expect(world.balancer.health(ONE)).toMatchObject([{ state: "healthy" }]);
    await world.clock.step(1_000);
    expect(world.balancer.health(ONE)).toMatchObject([
      {
        state: "unhealthy",
        reason: "Target.ResponseCodeMismatch",
        description: "Health checks failed with these codes: [503]",
      },
    ]);
    expect((await world.send(PRODUCTION)).status).toBe(200);
  });
});

describe("background errors", () => {
  it("are answers of every target, whatever its image and fault", async () => {
    const reached = await faulty({ kind: "slow", seconds: 3, rate: 0 });
    world.faults.setBackground(0.1);
    const draws = [0.5, 0.09, 0.5, 0.1];
    world.random = () => draws.shift() ?? 1;
    const [bad, good] = [await world.send(PRODUCTION, { path: "/a" }), await world.send(PRODUCTION, { path: "/b" })];
    expect([bad.status, good.status]).toEqual([500, 200]);
    expect(bad.body).toContain("a background error of every version");
    expect(reached).toEqual(["/b"]);
    expect(world.answers.map(({ status, source, played }) => ({ status, source, played }))).toEqual([
      { status: 500, source: "target", played: "background" },
      { status: 200, source: "target", played: undefined },
    ]);
    expect(await world.sum("HTTPCode_Target_5XX_Count", "one")).toBe(1);
  });

  it("leave the health check alone, and need no task", async () => {
    const target = await world.target("a", (_, response) => response.end("fine"));
    world.balancer.register(ONE, target);
    await world.clock.step(1_000);
    world.faults.setBackground(0.1);
    expect((await world.send(PRODUCTION, { path: "/health" })).status).toBe(200);
    expect((await world.send(PRODUCTION, { path: "/" })).status).toBe(500);
  });
});
