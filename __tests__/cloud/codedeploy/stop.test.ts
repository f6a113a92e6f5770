import { AwsError } from "../../../scripts/cloud/aws-error";
import { FakeCloud, PRODUCTION } from "./fake-cloud";

/** The type of the AwsError that an action is refused with. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AwsError) return error.type;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("StopDeployment", () => {
  it("stops a deployment that has not begun, with nothing left to do", () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    expect(cloud.codeDeploy.stop(id, true).status).toBe("Succeeded");
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", errorInformation: { code: "MANUAL_STOP" } });
  });

  it.each([
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
  ])("rolls back when asked to in %s", async (event) => {
    const cloud = new FakeCloud({ settings: { lifecycleEventSeconds: 2 } });
    const id = cloud.deploy();
    await cloud.untilEvent(id, event, "InProgress");
    expect(cloud.codeDeploy.stop(id, true).status).toBe("Pending");
    expect(cloud.deployment(id)).toMatchObject({ status: "Stopped", errorInformation: { code: "MANUAL_STOP" } });
    expect(cloud.status(id, event)).toBe("Failed");
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
    expect(cloud.ecs.all()).toMatchObject([{ id: "ecs-svc/1", status: "PRIMARY" }]);
  });

  it("rolls back in the termination wait", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    expect(cloud.codeDeploy.stop(id, true).status).toBe("Pending");
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.ecs.primary?.id).toBe("ecs-svc/1");
  });

  it("leaves everything as it is when asked not to roll back", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    expect(cloud.codeDeploy.stop(id, false).status).toBe("Succeeded");
    await cloud.clock.step(600_000);
    expect(cloud.deployment(id).status).toBe("Stopped");
    expect(cloud.rollback(id)).toBeUndefined();
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(10);
  });

  it.each([
    [["DEPLOYMENT_STOP_ON_REQUEST"], "Pending"],
    [["DEPLOYMENT_FAILURE"], "Succeeded"],
  ])("does what the group says when it is not asked: %j, %s", async (events, status) => {
    const cloud = new FakeCloud({ group: { autoRollback: { enabled: true, events } } });
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    expect(cloud.codeDeploy.stop(id, undefined).status).toBe(status);
  });

  it("is refused while blue drains: it is too late", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "Succeeded");
    await cloud.until((cloud.loadBalancer.shifts[1]?.second ?? 0) + 301);
    expect(cloud.ecs.taskSet("ecs-svc/1")?.status).toBe("DRAINING");
    expect(refusal(() => cloud.codeDeploy.stop(id, true))).toBe("DeploymentAlreadyCompletedException");
    await cloud.clock.step(60_000);
    expect(cloud.deployment(id).status).toBe("Succeeded");
  });

  it("is refused for one that is over, and for one that never was", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    cloud.codeDeploy.stop(id, false);
    await cloud.clock.step(1000);
    expect(refusal(() => cloud.codeDeploy.stop(id, true))).toBe("DeploymentAlreadyCompletedException");
    expect(refusal(() => cloud.codeDeploy.stop("d-NOTTHERE1", true))).toBe("DeploymentDoesNotExistException");
  });

  it("may come from an observer, in the middle of a change", async () => {
    const cloud = new FakeCloud();
    cloud.codeDeploy.changes.subscribe(({ id, target, status }) => {
      const shifted = target?.taskSets.some(({ label, trafficWeight }) => label === "Green" && trafficWeight > 0);
      if (shifted && status === "InProgress") cloud.codeDeploy.stop(id, true);
    });
    const id = cloud.deploy();
    await cloud.until(400);
    expect(cloud.deployment(id).status).toBe("Stopped");
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.codeDeploy.deployments()).toHaveLength(2);
  });
});

describe("one deployment at a time", () => {
  it("refuses a second one while the first runs, naming it", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.until(60);
    expect(refusal(() => cloud.deploy())).toBe("DeploymentLimitExceededException");
    expect(() => cloud.deploy()).toThrow(`The Deployment Group 'shop' already has an active Deployment '${id}'`);
  });

  it("refuses one while a rollback runs, and takes it afterwards", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    cloud.codeDeploy.stop(id, true);
    expect(() => cloud.deploy()).toThrow(cloud.rollback(id)?.id);
    await cloud.clock.step(60_000);
    expect(cloud.deploy()).toMatch(/^d-/);
  });
});
