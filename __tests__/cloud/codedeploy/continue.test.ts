import type { AwsError } from "../../../scripts/cloud/parts";
import { FakeCloud } from "./fake-cloud";

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

  it("is refused outside of that wait, as no deployment here ever waits for a word to reroute traffic", async () => {
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
