import { SteppedClock } from "../../../scripts/cloud/clock";
import { defaultRuleArn } from "../../../scripts/cloud/derived-ids";
import { LoadBalancer } from "../../../scripts/cloud/load-balancer/load-balancer";
import { Metrics } from "../../../scripts/cloud/metrics/metrics";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { ONE, PRODUCTION, signal, template, TEST, TWO, World } from "./support";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.balancer.start();
});
afterEach(() => world.close());

const bodies = async (listenerArn: string, count: number): Promise<string> => {
  let seen = "";
  for (let i = 0; i < count; i += 1) seen += (await world.send(listenerArn)).body;
  return seen;
};

describe("routing", () => {
  it("sends each listener's requests where it forwards to", async () => {
    await world.serve(ONE, "a");
    await world.serve(TWO, "b");
    expect(await bodies(PRODUCTION, 2)).toBe("aa");
    expect(await bodies(TEST, 2)).toBe("bb");
  });

  it("splits the traffic exactly by the weights, which can be changed at any time", async () => {
    await world.serve(ONE, "a");
    await world.serve(TWO, "b");
    const forward = [
      { targetGroupArn: ONE, weight: 90 },
      { targetGroupArn: TWO, weight: 10 },
    ];
    const observed: unknown[] = [];
    world.balancer.forwardChanges.subscribe((change) => observed.push([change, world.forward(change.listenerArn)]));
    world.setForward(PRODUCTION, forward);
    expect(world.forward(PRODUCTION)).toEqual(forward);
    expect(observed).toEqual([[{ listenerArn: PRODUCTION, ruleArn: defaultRuleArn(PRODUCTION), forward }, forward]]);
    expect((await bodies(PRODUCTION, 50)).replaceAll("a", "")).toBe("bbbbb");
    world.setForward(PRODUCTION, [{ targetGroupArn: TWO, weight: 1 }]);
    expect(await bodies(PRODUCTION, 3)).toBe("bbb");
  });

  it("takes healthy targets in turn", async () => {
    await world.serve(ONE, "a", "b", "c");
    const seen = await bodies(PRODUCTION, 6);
    expect(seen.slice(0, 3).split("").sort().join("")).toBe("abc");
    expect(seen.slice(3)).toBe(seen.slice(0, 3));
  });

  it("sends nothing to targets in their initial checks while another is healthy", async () => {
    world.checks.set("new", { kind: "failed" });
    await world.serve(ONE, "old", "new");
    expect(await bodies(PRODUCTION, 3)).toBe("oldoldold");
  });

  it("sends nothing to unhealthy targets while another is healthy", async () => {
    await world.serve(ONE, "a", "b");
    world.checks.set("b", { kind: "answered", status: 503 });
    await world.clock.step(90_000);
    expect(await bodies(PRODUCTION, 3)).toBe("aaa");
  });

  it("fails open when no target is healthy", async () => {
    await world.serve(ONE, "a", "b");
    world.checks.set("a", { kind: "answered", status: 503 }).set("b", { kind: "timeout" });
    await world.clock.step(90_000);
    expect(world.balancer.health(ONE).map(({ state }) => state)).toEqual(["unhealthy", "unhealthy"]);
    expect((await bodies(PRODUCTION, 2)).split("").sort().join("")).toBe("ab");
  });

  it("answers 503 itself when the chosen group has no targets, also when another one has", async () => {
    await world.serve(TWO, "b");
    const reply = await world.send(PRODUCTION);
    expect(reply).toMatchObject({ status: 503, headers: { server: "awselb/2.0", "content-type": "text/html" } });
    expect(reply.body).toContain("503 Service Unavailable");
    expect(await world.sum("HTTPCode_ELB_5XX_Count")).toBe(1);
    expect(await world.sum("HTTPCode_ELB_503_Count")).toBe(1);
    // Only requests for which a target was chosen count as requests.
    expect(await world.sum("RequestCount")).toBeUndefined();
  });

  it("answers 503 when no group has a weight", async () => {
    await world.serve(ONE, "a");
    world.setForward(PRODUCTION, [{ targetGroupArn: ONE, weight: 0 }]);
    expect((await world.send(PRODUCTION)).status).toBe(503);
  });

  it("names the listener, rule or target group that it does not have", () => {
    const refused = (type: string) => expect.objectContaining({ type }) as Error;
    expect(() => world.balancer.rules("arn:x")).toThrow(refused("ListenerNotFound"));
    expect(() => world.balancer.setForward("arn:x", [])).toThrow(refused("RuleNotFound"));
    expect(() => world.balancer.health("arn:x")).toThrow(refused("TargetGroupNotFound"));
    const forward = [{ targetGroupArn: "arn:x", weight: 1 }];
    expect(() => world.setForward(PRODUCTION, forward)).toThrow(refused("TargetGroupNotFound"));
    expect(world.forward(PRODUCTION)).toHaveLength(2);
  });
});

describe("the clock", () => {
  it("counts a request as work as long as it is under way", async () => {
    const arrived = signal();
    const release = signal();
    const done = jest.fn();
    const work = jest.spyOn(world.clock, "work").mockReturnValue(done);
    const target = await world.target("a", (_, response) => {
      arrived.resolve();
      void release.promise.then(() => response.end());
    });
    world.balancer.register(ONE, target);
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    expect(work).toHaveBeenCalledTimes(1);
    expect(done).not.toHaveBeenCalled();
    release.resolve();
    await reply;
    await world.ended(1);
    expect(done).toHaveBeenCalledTimes(1);
  });
});

describe("health checks", () => {
  it("come soon after registration and then every interval", async () => {
    world.checks.set("a", { kind: "failed" });
    const target = await world.deadTarget("a");
    world.balancer.register(ONE, target);
    expect(world.balancer.health(ONE)).toEqual([
      {
        target,
        state: "initial",
        reason: "Elb.RegistrationInProgress",
        description: "Target registration is in progress",
      },
    ]);
    await world.clock.step(1_000);
    expect(world.balancer.health(ONE)[0]).toMatchObject({ state: "initial", reason: "Elb.InitialHealthChecking" });
    await world.clock.step(59_999);
    expect(world.balancer.health(ONE)[0]?.state).toBe("initial");
    await world.clock.step(1);
    expect(world.balancer.health(ONE)[0]).toMatchObject({ state: "unhealthy", reason: "Target.FailedHealthChecks" });
  });

  it("give a new target ten seconds of this machine to become ready, however fast the clock is", async () => {
    jest.replaceProperty(world.clock, "speed", 25);
    world.checks.set("slow", { kind: "answered", status: 503 });
    world.checks.set("broken", { kind: "answered", status: 503 });
    await world.serve(ONE, "slow", "broken");
    await world.clock.step(200_000);
    expect(world.balancer.health(ONE).map(({ state }) => state)).toEqual(["initial", "initial"]);
    world.checks.delete("slow");
    await world.clock.step(80_000);
    expect(world.balancer.health(ONE).map(({ state }) => state)).toEqual(["healthy", "unhealthy"]);
    world.checks.set("slow", { kind: "answered", status: 503 });
    await world.clock.step(90_000);
    expect(world.balancer.health(ONE)[0]?.state).toBe("unhealthy");
  });

  it("make a new target healthy with the first success, and an unhealthy one after two", async () => {
    await world.serve(ONE, "a");
    expect(world.balancer.health(ONE)[0]?.state).toBe("healthy");
    world.checks.set("a", { kind: "timeout" });
    await world.clock.step(90_000);
    expect(world.balancer.health(ONE)[0]).toMatchObject({ state: "unhealthy", reason: "Target.Timeout" });
    world.checks.delete("a");
    await world.clock.step(30_000);
    expect(world.balancer.health(ONE)[0]?.state).toBe("unhealthy");
    await world.clock.step(30_000);
    expect(world.balancer.health(ONE)[0]).toEqual(expect.objectContaining({ state: "healthy", reason: undefined }));
  });
});

describe("host counts", () => {
  it("are published while targets are registered, those in their initial checks as neither", async () => {
    world.checks.set("new", { kind: "failed" });
    await world.serve(ONE, "a", "b", "new");
    expect((await world.minutes("HealthyHostCount", "Maximum", "one"))[0]).toBe(2);
    expect(await world.minutes("UnHealthyHostCount", "Sum", "one")).toContain(0);
    expect(await world.minutes("HealthyHostCount", "Maximum", "two")).toEqual([]);
    expect(await world.minutes("HealthyHostCount", "Maximum")).toEqual([]);
  });

  it("show a target that was unhealthy for a part of the minute", async () => {
    await world.serve(ONE, "a", "b");
    world.checks.set("a", { kind: "timeout" });
    // Unhealthy from 91 s on, healthy again at 151 s.
    await world.clock.step(90_000);
    world.checks.delete("a");
    await world.clock.step(100_000);
    expect((await world.minutes("UnHealthyHostCount", "Maximum", "one")).slice(0, 4)).toEqual([0, 1, 1, 0]);
    expect((await world.minutes("UnHealthyHostCount", "Minimum", "one")).slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect((await world.minutes("HealthyHostCount", "Minimum", "one")).slice(1, 4)).toEqual([1, 1, 2]);
  });

  it("end with the last registered target", async () => {
    await world.serve(ONE, "a");
    void world.balancer.deregister(ONE, "a");
    await world.clock.step(600_000);
    expect(await world.minutes("HealthyHostCount", "Maximum", "one")).toEqual([1]);
  });
});

describe("deregistration", () => {
  it("shows the target as draining for the whole delay, also when nothing is under way", async () => {
    await world.serve(ONE, "a");
    let gone = false;
    void world.balancer.deregister(ONE, "a").then(() => (gone = true));
    await world.clock.step(29_999);
    expect(gone).toBe(false);
    expect(world.balancer.health(ONE)).toMatchObject([{ state: "draining" }]);
    expect((await world.send(PRODUCTION)).status).toBe(503);
    await world.clock.step(1);
    expect(gone).toBe(true);
    expect(world.balancer.health(ONE)).toEqual([]);
  });

  it("begun twice ends when it began first", async () => {
    await world.serve(ONE, "a");
    void world.balancer.deregister(ONE, "a");
    await world.clock.step(20_000);
    void world.balancer.deregister(ONE, "a");
    await world.clock.step(10_000);
    expect(world.balancer.health(ONE)).toEqual([]);
  });

  it("closes the connections to the target that were kept for the next request", async () => {
    const closed = signal();
    const target = await world.rawTarget("a", (socket) => {
      socket.on("close", () => closed.resolve());
      socket.on("data", () => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    });
    world.balancer.register(ONE, target);
    expect((await world.send(PRODUCTION)).body).toBe("ok");
    void world.balancer.deregister(ONE, "a");
    await closed.promise;
  });

  it("lets requests finish and gives the target no new ones", async () => {
    const arrived = signal();
    const release = signal();
    const slow = await world.target("slow", (_, response) => {
      arrived.resolve();
      void release.promise.then(() => response.end("slow"));
    });
    world.balancer.register(ONE, slow);
    await world.clock.step(1_000);
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    await world.serve(ONE, "other");

    const drained = world.balancer.deregister(ONE, "slow");
    expect(world.balancer.health(ONE)[0]).toEqual({
      target: slow,
      state: "draining",
      reason: "Target.DeregistrationInProgress",
      description: "Target deregistration is in progress",
    });
    expect(await bodies(PRODUCTION, 3)).toBe("otherotherother");
    release.resolve();
    expect(await reply).toMatchObject({ status: 200, body: "slow" });
    expect(world.balancer.health(ONE)).toHaveLength(2);
    await world.clock.step(30_000);
    await drained;
    expect(world.balancer.health(ONE).map(({ target }) => target.id)).toEqual(["other"]);
  });

  it("cuts requests off with a 502 when the deregistration delay has passed", async () => {
    const arrived = signal();
    const stuck = await world.target("stuck", () => arrived.resolve());
    world.balancer.register(ONE, stuck);
    await world.clock.step(1_000);
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    const drained = world.balancer.deregister(ONE, "stuck");
    await world.clock.step(29_999);
    expect(world.balancer.health(ONE)).toHaveLength(1);
    await world.clock.step(1);
    await drained;
    expect((await reply).status).toBe(502);
    expect(await world.sum("HTTPCode_ELB_502_Count")).toBe(1);
  });

  it("of a target that is not there is nothing to wait for", async () => {
    await expect(world.balancer.deregister(ONE, "nobody")).resolves.toBeUndefined();
  });

  it("ends when the same target is registered again", async () => {
    const arrived = signal();
    const stuck = await world.target("a", () => arrived.resolve());
    world.balancer.register(ONE, stuck);
    await world.clock.step(1_000);
    const reply = world.send(PRODUCTION);
    await arrived.promise;
    const drained = world.balancer.deregister(ONE, "a");
    await world.serve(ONE, "a");
    await drained;
    expect((await reply).status).toBe(502);
    expect(await bodies(PRODUCTION, 1)).toBe("a");
  });
});

describe("starting and stopping", () => {
  it("listens for each listener on a port of the loopback interface, from its start on", () => {
    const urls = [PRODUCTION, TEST].map((listener) => world.balancer.url(listener));
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(() => new World().balancer.url(PRODUCTION)).toThrow("start the load balancer first");
  });

  it("listens nowhere when it was stopped while it started", async () => {
    const stopped = new World();
    await Promise.all([stopped.balancer.start(), stopped.balancer.stop()]);
    expect(() => stopped.balancer.url(PRODUCTION)).toThrow("does not listen");
  });

  it("breaks off what is under way when it stops, and resolves who waits for a target to drain", async () => {
    const arrived = signal();
    world.balancer.register(ONE, await world.target("stuck", () => arrived.resolve()));
    await world.clock.step(1_000);
    const reply = world.send(PRODUCTION).catch((error: unknown) => error);
    await arrived.promise;
    const drained = world.balancer.deregister(ONE, "stuck");
    await world.balancer.stop();
    await drained;
    await reply;
    expect(() => world.balancer.url(PRODUCTION)).toThrow("does not listen");
  });

  it.each([
    [{ path: "/he alth" }, 'target group one: the health check path "/he alth" must be percent-encoded'],
    [{ matcher: "2xx" }, 'the health check matcher "2xx"'],
  ])("refuses a health check that cannot be made: %j", (changes, problem) => {
    const clock = new SteppedClock();
    const metrics = new Metrics({ clock, settings: DEFAULT_SETTINGS });
    const targetGroups = template.targetGroups.map((group) => ({
      ...group,
      healthCheck: { ...group.healthCheck, ...changes },
    }));
    expect(
      () => new LoadBalancer({ template: { ...template, targetGroups }, clock, metrics, settings: DEFAULT_SETTINGS }),
    ).toThrow(problem);
  });
});
