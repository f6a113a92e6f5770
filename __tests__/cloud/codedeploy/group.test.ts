import { FakeCloud, TWO } from "./fake-cloud";

describe("a deployment group that is changed while the cloud runs", () => {
  it("is followed by the next deployment: alarms, strategy, wait, rollback", async () => {
    const cloud = new FakeCloud();
    cloud.codeDeploy.updateGroup({
      ...cloud.codeDeploy.group(),
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      alarms: { enabled: true, names: ["slow"], ignorePollAlarmFailure: false },
      autoRollback: { enabled: false, events: [] },
      terminationWaitMinutes: 1,
    });
    cloud.alarms.states.set("errors", "ALARM");
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    expect(cloud.loadBalancer.shifts.map(({ percentOnTwo }) => percentOnTwo)).toEqual([100]);
    await cloud.clock.step(50_000);
    expect(cloud.deployment(id).status).toBe("InProgress");
    await cloud.clock.step(15_000);
    expect(cloud.deployment(id).status).toBe("Succeeded");
    cloud.alarms.states.set("slow", "ALARM");
    const second = cloud.deploy();
    await cloud.clock.step(20_000);
    expect(cloud.deployment(second).status).toBe("Stopped");
    expect(cloud.rollback(second)).toBeUndefined();
  });

  it("is not followed by a deployment that runs, nor by its rollback", async () => {
    const cloud = new FakeCloud();
    const before = cloud.codeDeploy.group();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    cloud.codeDeploy.updateGroup({
      ...before,
      productionListenerArns: ["arn:listener/other"],
      testListenerArns: [],
      alarms: { enabled: false, names: [], ignorePollAlarmFailure: false },
    });
    cloud.alarms.states.set("errors", "ALARM");
    await cloud.clock.step(20_000);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", group: before });
    expect(cloud.rollback(id)).toMatchObject({ status: "Succeeded", group: before });
    expect(cloud.loadBalancer.shifts.at(-1)?.percentOnTwo).toBe(0);
    expect(cloud.ecs.all().some(({ targetGroupArn, status }) => targetGroupArn === TWO && status === "PRIMARY")).toBe(
      false,
    );
  });
});
