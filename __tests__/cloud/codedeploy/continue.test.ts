import type { AwsError } from "../../../scripts/cloud/aws-error";
import { FakeCloud, ONE, PRODUCTION } from "./fake-cloud";

const refused = (type: string) => expect.objectContaining({ type }) as AwsError;

describe("ContinueDeployment", () => {
  it("ends the termination wait at once", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    cloud.codeDeploy.continue(id, "TERMINATION_WAIT");
    expect(cloud.deployment(id).target?.taskSets).toMatchObject([{ label: "Blue", status: "DRAINING" }, {}]);
    await cloud.clock.step(30_000);
    expect(cloud.deployment(id).status).toBe("Succeeded");
    await cloud.clock.step(600_000);
    expect(cloud.ecs.deleted).toEqual(["ecs-svc/1"]);
  });

  it("is refused outside of that wait, where the group asks for no other", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    const notReady = refused("DeploymentIsNotInReadyStateException");
    expect(() => cloud.codeDeploy.continue(id, "TERMINATION_WAIT")).toThrow(notReady);
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    expect(() => cloud.codeDeploy.continue(id, "READY_WAIT")).toThrow(notReady);
    expect(cloud.deployment(id).target?.taskSets).toMatchObject([{ label: "Blue", status: "ACTIVE" }, {}]);
  });

  it("is refused for a deployment that is over or not there", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(1000);
    expect(() => cloud.codeDeploy.continue(id, "TERMINATION_WAIT")).toThrow(
      refused("DeploymentAlreadyCompletedException"),
    );
    expect(() => cloud.codeDeploy.continue("d-ABCDEFGHX", "READY_WAIT")).toThrow(
      refused("DeploymentDoesNotExistException"),
    );
  });
});

describe("a group that waits for ContinueDeployment before traffic is rerouted", () => {
  const waiting = (changes: object = {}, settings: object = {}) =>
    new FakeCloud({ group: { readyWaitMinutes: 30, ...changes }, settings });
  const untilReady = async (cloud: FakeCloud) => {
    const id = cloud.deploy();
    for (let i = 0; i < 600 && cloud.deployment(id).status !== "Ready"; i += 1) await cloud.clock.step(1_000);
    expect(cloud.deployment(id).status).toBe("Ready");
    return id;
  };

  it("waits after the test traffic, with unchanged production traffic, until ContinueDeployment", async () => {
    const cloud = waiting();
    const id = await untilReady(cloud);
    expect(cloud.status(id, "AfterAllowTestTraffic")).toBe("Succeeded");
    expect(cloud.status(id, "BeforeAllowTraffic")).toBe("Pending");
    expect(cloud.loadBalancer.forward(PRODUCTION)).toMatchObject([{ targetGroupArn: ONE, weight: 1 }]);
    await cloud.clock.step(29 * 60_000);
    expect(cloud.deployment(id).status).toBe("Ready");
    cloud.codeDeploy.continue(id, "READY_WAIT");
    expect(cloud.deployment(id).status).toBe("InProgress");
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    await cloud.clock.step(600_000);
    expect(cloud.deployment(id).status).toBe("Succeeded");
  });

  it("waits without a test listener as well", async () => {
    const cloud = waiting({ testListenerArns: [] });
    const id = await untilReady(cloud);
    expect(cloud.status(id, "AfterInstall")).toBe("Succeeded");
  });

  it.each([
    ["is stopped and rolled back", {}, {}, true],
    [
      "is stopped alone where the group doesn't roll back on a stop",
      { autoRollback: { enabled: false, events: [] } },
      {},
      false,
    ],
    ["is stopped alone where AWS is taken to leave it so", {}, { readyTimeoutRollsBack: false }, false],
  ] as const)("%s when nobody says anything", async (_, changes, settings, rollsBack) => {
    const cloud = waiting(changes, settings);
    const id = await untilReady(cloud);
    await cloud.clock.step(30 * 60_000);
    const { status, errorInformation, rollbackInfo } = cloud.deployment(id);
    expect(status).toBe("Stopped");
    expect(errorInformation?.message).toMatch(/not started within the wait time of 30 minutes/);
    expect(rollbackInfo?.rollbackDeploymentId !== undefined).toBe(rollsBack);
    expect(cloud.status(id, "AllowTraffic")).toBe("Skipped");
  });

  it("is stopped by an alarm and by a person while it waits", async () => {
    const alarmed = waiting();
    const id = await untilReady(alarmed);
    alarmed.alarms.states.set("errors", "ALARM");
    await alarmed.clock.step(30_000);
    expect(alarmed.deployment(id)).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
    const stopped = waiting();
    const other = await untilReady(stopped);
    stopped.codeDeploy.stop(other, true);
    expect(stopped.deployment(other).status).toBe("Stopped");
  });

  it("accepts ContinueDeployment once, and none for the other wait", async () => {
    const cloud = waiting();
    const id = await untilReady(cloud);
    const notReady = refused("DeploymentIsNotInReadyStateException");
    expect(() => cloud.codeDeploy.continue(id, "TERMINATION_WAIT")).toThrow(notReady);
    cloud.codeDeploy.continue(id, "READY_WAIT");
    expect(() => cloud.codeDeploy.continue(id, "READY_WAIT")).toThrow(notReady);
  });
});
