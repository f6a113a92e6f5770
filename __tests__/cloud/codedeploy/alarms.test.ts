import { FakeCloud, PRODUCTION, TEST } from "./fake-cloud";

const POLL_SECONDS = 10;
const noAlarmRollback = { enabled: true, events: ["DEPLOYMENT_FAILURE"] };

/** Lets an alarm fire and CodeDeploy look at it. */
async function fire(cloud: FakeCloud, name = "errors"): Promise<void> {
  cloud.alarms.states.set(name, "ALARM");
  await cloud.clock.step(POLL_SECONDS * 1000);
}

const MESSAGE =
  "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected" +
  " deployments have been stopped. Activated alarms: <errors>";

describe("an alarm that is in ALARM when the deployment is created", () => {
  it.each(["CodeDeployDefault.ECSCanary10Percent5Minutes", "CodeDeployDefault.ECSAllAtOnce"])(
    "stops it at once, before a task set is made (%s)",
    async (deploymentConfigName) => {
      const cloud = new FakeCloud();
      cloud.alarms.states.set("errors", "ALARM");
      const id = cloud.deploy({ deploymentConfigName });
      await cloud.until(5);
      expect(cloud.deployment(id)).toMatchObject({
        status: "Stopped",
        errorInformation: { code: "ALARM_ACTIVE", message: MESSAGE },
      });
      expect(cloud.deployment(id).target).toBeUndefined();
      expect(cloud.deployment(id).rollbackInfo).toBeUndefined();
      expect(cloud.ecs.all()).toHaveLength(1);
    },
  );

  it("names every active alarm", async () => {
    const cloud = new FakeCloud();
    cloud.alarms.states.set("errors", "ALARM").set("slow", "ALARM");
    const id = cloud.deploy();
    await cloud.until(5);
    expect(cloud.deployment(id).errorInformation?.message).toContain("Activated alarms: <errors> <slow>");
  });
});

describe("an alarm that fires before the shift", () => {
  it("can't roll anything back in BeforeInstall", async () => {
    const cloud = new FakeCloud({ settings: { lifecycleEventSeconds: 15 } });
    const id = cloud.deploy();
    await cloud.untilEvent(id, "BeforeInstall", "InProgress");
    cloud.alarms.states.set("errors", "ALARM");
    await cloud.until(13);
    expect(cloud.events(id).slice(0, 2)).toEqual(["BeforeInstall Failed", "Install Skipped"]);
    expect(cloud.deployment(id).rollbackInfo).toBeUndefined();
  });

  it.each([
    ["Install", 1],
    ["AfterInstall", 2],
    ["AllowTestTraffic", 3],
    ["AfterAllowTestTraffic", 4],
    ["BeforeAllowTraffic", 5],
  ])("fails %s and skips the rest; production never moves", async (event, index) => {
    const cloud = new FakeCloud({ settings: { lifecycleEventSeconds: 15 } });
    const id = cloud.deploy();
    await cloud.untilEvent(id, event, "InProgress");
    await fire(cloud);
    const statuses = cloud.events(id).map((line) => line.split(" ")[1]);
    expect(statuses).toEqual([
      ...Array<string>(index).fill("Succeeded"),
      "Failed",
      ...Array<string>(7 - index).fill("Skipped"),
    ]);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", target: { status: "Failed" } });
    expect(cloud.loadBalancer.shifts.every(({ percentOnTwo }) => percentOnTwo === 0)).toBe(true);
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.ecs.all().map(({ id: taskSet }) => taskSet)).toEqual(["ecs-svc/1"]);
  });
});

describe("an alarm that fires in the canary wait", () => {
  async function canary(cloud: FakeCloud): Promise<string> {
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    await cloud.clock.step(120_000);
    return id;
  }

  it("stops the deployment within one poll, with all traffic back on blue", async () => {
    const cloud = new FakeCloud();
    const id = await canary(cloud);
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(10);
    await fire(cloud);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "ALARM_ACTIVE", message: MESSAGE },
      target: {
        taskSets: [
          { label: "Blue", trafficWeight: 100 },
          { label: "Green", trafficWeight: 0 },
        ],
      },
    });
    expect(cloud.events(id).slice(-2)).toEqual(["AllowTraffic Failed", "AfterAllowTraffic Skipped"]);
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
  });

  it("starts a rollback deployment that refers to it, and is referred to", async () => {
    const cloud = new FakeCloud();
    const id = await canary(cloud);
    await fire(cloud);
    const rollback = cloud.rollback(id);
    expect(rollback).toMatchObject({
      creator: "codeDeployRollback",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      rollbackInfo: {
        rollbackTriggeringDeploymentId: id,
        rollbackMessage: `Deployment ${rollback?.id ?? ""} is triggered to roll back deployment ${id}.`,
      },
    });
    expect(cloud.deployment(id).rollbackInfo).toEqual({
      rollbackDeploymentId: rollback?.id,
      rollbackMessage: `Deployment ${id} terminated. Automatic rollback is triggered with a DeploymentId ${rollback?.id ?? ""}.`,
    });
    expect(cloud.codeDeploy.deployments().map((deployment) => deployment.id)).toEqual([rollback?.id, id]);
  });

  it("notifies of the stop before the rollback", async () => {
    const cloud = new FakeCloud();
    const id = await canary(cloud);
    await fire(cloud);
    const stopped = cloud.changes.findIndex((change) => change.id === id && change.status === "Stopped");
    const rollback = cloud.changes.findIndex((change) => change.creator === "codeDeployRollback");
    expect(stopped).toBeGreaterThan(0);
    expect(rollback).toBeGreaterThan(stopped);
  });

  it("creates no task set for the rollback; green drains, and the rollback succeeds though the alarm stays", async () => {
    const cloud = new FakeCloud();
    const id = await canary(cloud);
    await fire(cloud);
    await cloud.clock.step(15_000);
    expect(cloud.rollback(id)?.target?.taskSets).toMatchObject([
      { label: "Blue", status: "PRIMARY" },
      { label: "Green", status: "DRAINING", desiredCount: 0 },
    ]);
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)).toMatchObject({ status: "Succeeded", target: { status: "Succeeded" } });
    expect(cloud.events(cloud.rollback(id)?.id ?? "")).toEqual([
      "BeforeInstall Skipped",
      "Install Skipped",
      "AfterInstall Skipped",
      "AllowTestTraffic Skipped",
      "AfterAllowTestTraffic Skipped",
      "BeforeAllowTraffic Skipped",
      "AllowTraffic Succeeded",
      "AfterAllowTraffic Succeeded",
    ]);
    expect(cloud.ecs.all()).toMatchObject([{ id: "ecs-svc/1", status: "PRIMARY" }]);
    expect(cloud.loadBalancer.percentOnTwo(TEST)).toBe(0);
  });

  it("leaves the traffic as it is when DEPLOYMENT_STOP_ON_ALARM is not among the rollback events", async () => {
    const cloud = new FakeCloud({ group: { autoRollback: noAlarmRollback } });
    const id = await canary(cloud);
    await fire(cloud);
    await cloud.clock.step(600_000);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
    expect(cloud.rollback(id)).toBeUndefined();
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(10);
    expect(cloud.ecs.all()).toHaveLength(2);
  });

  it("takes it back to blue all the same where it is set to", async () => {
    const cloud = new FakeCloud({
      group: { autoRollback: noAlarmRollback },
      settings: { trafficAfterStop: "blue" },
    });
    const id = await canary(cloud);
    await fire(cloud);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped" });
    expect(cloud.rollback(id)).toBeUndefined();
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
    expect(cloud.ecs.all()).toHaveLength(2);
  });

  it("is over all the same when the traffic cannot be taken back", async () => {
    const cloud = new FakeCloud({
      group: { autoRollback: noAlarmRollback },
      settings: { trafficAfterStop: "blue" },
    });
    const id = await canary(cloud);
    cloud.loadBalancer.broken = "no such listener";
    await fire(cloud);
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
    expect(cloud.status(id, "AllowTraffic")).toBe("Failed");
  });

  it("lets the next deployment clear away what such a stop left behind", async () => {
    const cloud = new FakeCloud({ group: { autoRollback: noAlarmRollback } });
    await canary(cloud);
    await fire(cloud);
    cloud.alarms.states.set("errors", "OK");
    const next = cloud.deploy();
    await cloud.untilEvent(next, "Install", "InProgress");
    // Its task set still has a share of the traffic, which has to go back before it is deleted.
    expect(cloud.ecs.taskSet("ecs-svc/2")?.status).toBe("DRAINING");
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
    await cloud.untilEvent(next, "AllowTraffic", "InProgress");
    expect(cloud.ecs.deleted).toEqual(["ecs-svc/2"]);
    await cloud.clock.step(700_000);
    expect(cloud.deployment(next).status).toBe("Succeeded");
  });
});

describe("a deployment that is over", () => {
  it("is stopped while it clears away: no new task set is made afterwards", async () => {
    const cloud = new FakeCloud();
    const left = cloud.deploy();
    await cloud.untilEvent(left, "AllowTraffic", "InProgress");
    cloud.codeDeploy.stop(left, false);
    const next = cloud.deploy();
    await cloud.untilEvent(next, "Install", "InProgress");
    cloud.codeDeploy.stop(next, false);
    await cloud.clock.step(60_000);
    expect(cloud.ecs.deleted).toEqual(["ecs-svc/2"]);
    expect(cloud.ecs.all()).toMatchObject([{ id: "ecs-svc/1" }]);
  });

  it("reads no alarms any more", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(1000);
    expect(cloud.deployment(id).status).toBe("Succeeded");
    const { reads } = cloud.alarms;
    expect(reads).toBeGreaterThan(0);
    await cloud.clock.step(60_000);
    expect(cloud.alarms.reads).toBe(reads);
  });

  it("and was rolled back keeps the task sets' data from the end of the rollback", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    cloud.codeDeploy.stop(id, true);
    await cloud.clock.step(60_000);
    const target = cloud.deployment(id).target?.taskSets;
    expect(target).toMatchObject([
      { label: "Blue", trafficWeight: 100 },
      { label: "Green", status: "DRAINING", trafficWeight: 0 },
    ]);
    await cloud.untilEvent(cloud.deploy(), "AllowTraffic", "InProgress");
    expect(cloud.deployment(id).target?.taskSets).toEqual(target);
  });
});

describe("an alarm that fires after 100 %", () => {
  it("still rolls back in the termination wait: blue is PRIMARY again and green goes", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    await cloud.clock.step(60_000);
    await fire(cloud);
    expect(cloud.deployment(id).status).toBe("Stopped");
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.ecs.all()).toMatchObject([{ id: "ecs-svc/1", status: "PRIMARY" }]);
  });

  it("comes too late while blue terminates", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "Succeeded");
    const shifted = cloud.loadBalancer.shifts[1]?.second ?? 0;
    await cloud.until(shifted + 301);
    await fire(cloud);
    await cloud.clock.step(60_000);
    expect(cloud.deployment(id)).toMatchObject({ status: "Succeeded" });
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(100);
  });
});

describe("what counts as an alarm", () => {
  const during = async (cloud: FakeCloud, input: Parameters<FakeCloud["deploy"]>[0] = {}) => {
    const id = cloud.deploy(input);
    await cloud.until(60);
    return cloud.deployment(id);
  };

  it("continues with INSUFFICIENT_DATA", async () => {
    const cloud = new FakeCloud();
    cloud.alarms.states.set("errors", "INSUFFICIENT_DATA");
    expect((await during(cloud)).status).toBe("InProgress");
  });

  it("stops at INSUFFICIENT_DATA where it is set to", async () => {
    const cloud = new FakeCloud({ settings: { insufficientDataStops: true } });
    cloud.alarms.states.set("errors", "INSUFFICIENT_DATA");
    expect((await during(cloud)).status).toBe("Stopped");
  });

  it("stops when an alarm can't be read, naming it", async () => {
    const cloud = new FakeCloud();
    cloud.alarms.states.delete("slow");
    const { status, errorInformation } = await during(cloud);
    expect(status).toBe("Stopped");
    expect(errorInformation?.message).toContain("slow");
  });

  it("continues when an alarm can't be read and the group ignores that", async () => {
    const alarms = { enabled: true, names: ["errors", "slow"], ignorePollAlarmFailure: true };
    const cloud = new FakeCloud({ group: { alarms } });
    cloud.alarms.states.delete("slow");
    expect((await during(cloud)).status).toBe("InProgress");
  });

  it("continues when the group's alarms are off", async () => {
    const cloud = new FakeCloud({
      group: { alarms: { enabled: false, names: ["errors"], ignorePollAlarmFailure: false } },
    });
    cloud.alarms.states.set("errors", "ALARM");
    expect((await during(cloud)).status).toBe("InProgress");
  });

  it("takes the alarms of CreateDeployment in place of the group's", async () => {
    const cloud = new FakeCloud();
    cloud.alarms.states.set("errors", "ALARM").set("mine", "OK");
    const alarms = { enabled: true, names: ["mine"], ignorePollAlarmFailure: false };
    expect((await during(cloud, { alarms })).status).toBe("InProgress");
    await fire(cloud, "mine");
    expect(cloud.codeDeploy.deployments()[1]?.errorInformation?.message).toContain("Activated alarms: <mine>");
  });

  it("takes the rollback events of CreateDeployment in place of the group's", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy({ autoRollback: { enabled: false, events: [] } });
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    await fire(cloud);
    expect(cloud.deployment(id).status).toBe("Stopped");
    expect(cloud.rollback(id)).toBeUndefined();
  });
});
