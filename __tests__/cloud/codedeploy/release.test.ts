import { FakeCloud, ONE, PRODUCTION, TEST, TWO } from "./fake-cloud";

const EIGHT = [
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AllowTraffic",
  "AfterAllowTraffic",
];
const all = (status: string) => EIGHT.map((event) => `${event} ${status}`);

describe("a canary release that nothing disturbs", () => {
  it("is Created without a target, then InProgress with every event Pending but the first", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    expect(id).toMatch(/^d-[A-Z0-9]{9}$/);
    expect(cloud.deployment(id)).toMatchObject({ status: "Created", creator: "user" });
    expect(cloud.deployment(id).target).toBeUndefined();
    await cloud.until(3.2);
    expect(cloud.deployment(id)).toMatchObject({
      status: "InProgress",
      target: { id: "cluster:service", status: "InProgress" },
    });
    expect(cloud.events(id)).toEqual(["BeforeInstall InProgress", ...all("Pending").slice(1)]);
  });

  it("creates the replacement task set on the idle target group and waits until it is steady", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "Install", "InProgress");
    expect(cloud.ecs.all()[1]).toMatchObject({ startedBy: "CODE_DEPLOY", externalId: id, targetGroupArn: TWO });
    await cloud.clock.step(97_000);
    expect(cloud.status(id, "Install")).toBe("InProgress");
    await cloud.clock.step(27_000);
    expect(cloud.status(id, "Install")).toBe("Succeeded");
  });

  it("takes 98 to 124 s for Install and 0.2 to 0.7 s for each event without a hook, as the recorded runs did", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    const seconds = (cloud.deployment(id).target?.lifecycleEvents ?? []).flatMap(({ startedAt, endedAt }) =>
      startedAt !== undefined && endedAt !== undefined ? [(endedAt - startedAt) / 1000] : [],
    );
    const [, install = 0] = seconds;
    expect(install).toBeGreaterThanOrEqual(98);
    expect(install).toBeLessThanOrEqual(124);
    for (const event of seconds.filter((_, index) => index !== 1)) {
      expect(event).toBeGreaterThanOrEqual(0.2);
      expect(event).toBeLessThanOrEqual(0.7);
    }
  });

  it("continues to wait in Install when the task set does not stay steady", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(90);
    cloud.ecs.unsteady("ecs-svc/2");
    await cloud.until(400);
    expect(cloud.status(id, "Install")).toBe("InProgress");
  });

  it("sends the test traffic to green before any production traffic", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTestTraffic", "Succeeded");
    expect(cloud.loadBalancer.percentOnTwo(TEST)).toBe(100);
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
  });

  it("shifts 10 % within 100 to 140 seconds, all of it five minutes later, as the recorded run did", async () => {
    const cloud = new FakeCloud();
    cloud.deploy();
    await cloud.until(1000);
    const { shifts } = cloud.loadBalancer;
    expect(shifts.map(({ percentOnTwo }) => percentOnTwo)).toEqual([10, 100]);
    const [first = 0, second = 0] = shifts.map(({ second: at }) => at);
    expect(first).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThanOrEqual(140);
    expect(second - first).toBe(300);
  });

  it("keeps both target groups on the production listener", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    expect(cloud.loadBalancer.forward(PRODUCTION)).toEqual([
      { targetGroupArn: ONE, weight: 90 },
      { targetGroupArn: TWO, weight: 10 },
    ]);
    await cloud.untilEvent(id, "AllowTraffic", "Succeeded");
    expect(cloud.loadBalancer.forward(PRODUCTION)).toEqual([
      { targetGroupArn: ONE, weight: 0 },
      { targetGroupArn: TWO, weight: 100 },
    ]);
  });

  it("shows blue and green with their shares of the traffic, under the same labels to the end", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    expect(cloud.deployment(id).target?.taskSets).toMatchObject([
      { label: "Blue", status: "PRIMARY", trafficWeight: 90, runningCount: 2, targetGroupName: "shop-1" },
      { label: "Green", status: "ACTIVE", trafficWeight: 10, runningCount: 2, targetGroupName: "shop-2" },
    ]);
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    expect(cloud.deployment(id).target?.taskSets).toMatchObject([
      { label: "Blue", status: "ACTIVE", trafficWeight: 0 },
      { label: "Green", status: "PRIMARY", trafficWeight: 100 },
    ]);
  });

  it("stays InProgress for the termination wait with all events Succeeded, counted from 100 %", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    const shifted = cloud.loadBalancer.shifts[1]?.second ?? 0;
    await cloud.until(shifted + 299);
    expect(cloud.deployment(id).status).toBe("InProgress");
    expect(cloud.events(id)).toEqual(all("Succeeded"));
    expect(cloud.ecs.all().map(({ status, scale }) => [status, scale])).toEqual([
      ["ACTIVE", 100],
      ["PRIMARY", 100],
    ]);
  });

  it("has a target that is Succeeded in the termination wait, not before", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "Succeeded");
    expect(cloud.deployment(id).target?.status).toBe("InProgress");
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    expect(cloud.deployment(id)).toMatchObject({ status: "InProgress", target: { status: "Succeeded" } });
    cloud.codeDeploy.stop(id, false);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", target: { status: "Failed" } });
  });

  it("is Succeeded as soon as the termination wait is over, while blue is still DRAINING", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    const shifted = cloud.loadBalancer.shifts[1]?.second ?? 0;
    await cloud.until(shifted + 302);
    expect(cloud.ecs.all()).toMatchObject([{ status: "DRAINING", scale: 0 }, { status: "PRIMARY" }]);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Succeeded",
      target: { taskSets: [{ label: "Blue", status: "DRAINING", desiredCount: 0 }, { label: "Green" }] },
    });
  });

  it("lets the next one begin while the old task set still drains", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    while (cloud.deployment(id).status !== "Succeeded") await cloud.clock.step(250);
    const next = cloud.deploy();
    await cloud.clock.step(10_000);
    expect(cloud.ecs.all()).toMatchObject([
      { status: "DRAINING", targetGroupArn: ONE },
      { status: "PRIMARY", targetGroupArn: TWO },
      { status: "ACTIVE", targetGroupArn: ONE },
    ]);
    await cloud.clock.step(1_000_000);
    expect(cloud.deployment(next).status).toBe("Succeeded");
  });

  it("keeps its data when later deployments change the same task sets", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(1000);
    const first = cloud.deployment(id);
    expect(first).toMatchObject({
      status: "Succeeded",
      target: {
        status: "Succeeded",
        taskSets: [
          { label: "Blue", status: "DRAINING", runningCount: 0, trafficWeight: 0 },
          { label: "Green", status: "PRIMARY", trafficWeight: 100 },
        ],
      },
    });
    expect(first.errorInformation).toBeUndefined();
    // Start and Install, the canary's five minutes, the five of the termination wait, and nothing for the drain.
    const took = (first.completedAt ?? 0) - first.createdAt;
    expect(took).toBeGreaterThan(700_000);
    expect(took).toBeLessThan(720_000);
    cloud.deploy();
    await cloud.until(2500);
    expect(cloud.deployment(id).target?.taskSets).toEqual(first.target?.taskSets);
  });

  it("takes the other way round the next time: the colours swap", async () => {
    const cloud = new FakeCloud();
    cloud.deploy();
    await cloud.until(1000);
    const second = cloud.deploy();
    await cloud.untilEvent(second, "AllowTraffic", "InProgress");
    expect(cloud.deployment(second).target?.taskSets).toMatchObject([
      { label: "Blue", targetGroupName: "shop-2", trafficWeight: 90 },
      { label: "Green", targetGroupName: "shop-1", trafficWeight: 10 },
    ]);
    await cloud.until(2500);
    expect(cloud.deployment(second).status).toBe("Succeeded");
    expect(cloud.codeDeploy.deployments()[0]?.id).toBe(second);
  });

  it("notifies its observers of every status and of the shift", async () => {
    const cloud = new FakeCloud();
    cloud.deploy();
    await cloud.until(1000);
    expect([...new Set(cloud.changes.map(({ status }) => status))]).toEqual(["Created", "InProgress", "Succeeded"]);
    const weights = cloud.changes.map(({ target }) => target?.taskSets[1]?.trafficWeight ?? 0);
    expect([...new Set(weights)]).toEqual([0, 10, 100]);
  });
});

describe("other strategies", () => {
  it("moves step by step when it is linear, and back to nothing else", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy({ deploymentConfigName: "CodeDeployDefault.ECSLinear10PercentEvery1Minutes" });
    await cloud.until(1300);
    const { shifts } = cloud.loadBalancer;
    expect(shifts.map(({ percentOnTwo }) => percentOnTwo)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect((shifts[9]?.second ?? 0) - (shifts[0]?.second ?? 0)).toBe(540);
    expect(cloud.deployment(id).status).toBe("Succeeded");
  });

  it("takes a custom config of the stacks", async () => {
    const cloud = new FakeCloud();
    cloud.deploy({ deploymentConfigName: "shop-linear" });
    await cloud.until(1000);
    expect(cloud.loadBalancer.shifts.map(({ percentOnTwo }) => percentOnTwo)).toEqual([40, 80, 100]);
  });

  it("shifts everything in one step when all goes at once", async () => {
    const cloud = new FakeCloud();
    cloud.deploy({ deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" });
    await cloud.until(1000);
    expect(cloud.loadBalancer.shifts.map(({ percentOnTwo }) => percentOnTwo)).toEqual([100]);
  });

  it("has six lifecycle events without a test listener", async () => {
    const cloud = new FakeCloud({ group: { testListenerArns: [] } });
    const id = cloud.deploy();
    await cloud.until(1000);
    expect(cloud.events(id)).toEqual(all("Succeeded").filter((event) => !event.includes("TestTraffic")));
  });
});

describe("stopping the cloud", () => {
  it("leaves a deployment as it is and takes no other", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(60);
    cloud.codeDeploy.close();
    await cloud.until(5000);
    expect(cloud.deployment(id).status).toBe("InProgress");
    expect(() => cloud.deploy()).toThrow("not running");
  });
});
