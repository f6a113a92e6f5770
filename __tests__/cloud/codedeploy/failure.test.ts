import type { HookPayload } from "../../../scripts/cloud/codedeploy/hook-call";
import { appSpec, defaultRuleOf, FakeCloud, PRODUCTION } from "./fake-cloud";

describe("a replacement that never becomes steady", () => {
  it("fails the deployment after 60 minutes, without ever taking production traffic, and rolls it back", async () => {
    const cloud = new FakeCloud();
    cloud.ecs.steadySeconds = Infinity;
    const id = cloud.deploy();
    await cloud.until(3600);
    expect(cloud.deployment(id).status).toBe("InProgress");
    await cloud.until(3620);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "TIMEOUT",
        message:
          "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.",
      },
    });
    expect(cloud.events(id).slice(0, 3)).toEqual(["BeforeInstall Succeeded", "Install Failed", "AfterInstall Skipped"]);
    await cloud.until(3700);
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
    expect(cloud.ecs.all()).toHaveLength(1);
    expect(cloud.loadBalancer.shifts.every(({ percentOnTwo }) => percentOnTwo === 0)).toBe(true);
  });
});

describe("an effect that fails", () => {
  it("fails the deployment with ECS's reason and rolls back", async () => {
    const cloud = new FakeCloud();
    cloud.ecs.broken.set("createTaskSet", "no capacity");
    const id = cloud.deploy();
    await cloud.until(60);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: { code: "ECS_UPDATE_ERROR", message: expect.stringContaining("no capacity") as string },
    });
    expect(cloud.rollback(id)?.status).toBe("Succeeded");
  });

  it("fails it with the load balancer's reason, and so its rollback, and lets the next deployment in", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "BeforeAllowTraffic", "InProgress");
    cloud.loadBalancer.broken = "no such listener";
    await cloud.clock.step(20_000);
    const failed = { status: "Failed", errorInformation: { code: "ELASTIC_LOAD_BALANCING_INVALID" } };
    expect(cloud.deployment(id)).toMatchObject(failed);
    expect(cloud.rollback(id)).toMatchObject(failed);
    expect(cloud.events(cloud.rollback(id)?.id ?? "")).not.toContain("AllowTraffic Pending");
    expect(cloud.deploy()).toMatch(/^d-/);
  });

  it("fails the rollback whose task set can't be deleted; the traffic is back all the same", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AllowTraffic", "InProgress");
    cloud.ecs.broken.set("deleteTaskSet", "throttled");
    cloud.codeDeploy.stop(id, true);
    await cloud.clock.step(60_000);
    expect(cloud.rollback(id)).toMatchObject({
      status: "Failed",
      errorInformation: { code: "ECS_UPDATE_ERROR", message: expect.stringContaining("throttled") as string },
    });
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(0);
  });

  it("can't be rolled back once blue is going", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "AfterAllowTraffic", "Succeeded");
    cloud.ecs.broken.set("deleteTaskSet", "throttled");
    await cloud.clock.step(600_000);
    expect(cloud.deployment(id)).toMatchObject({ status: "Failed", errorInformation: { code: "ECS_UPDATE_ERROR" } });
    expect(cloud.rollback(id)).toBeUndefined();
    expect(cloud.loadBalancer.percentOnTwo(PRODUCTION)).toBe(100);
  });

  it("fails the deployment when its task set is deleted under it", async () => {
    const cloud = new FakeCloud();
    const id = cloud.deploy();
    await cloud.untilEvent(id, "Install", "InProgress");
    cloud.ecs.remove("ecs-svc/2");
    await cloud.clock.step(10_000);
    expect(cloud.deployment(id).errorInformation?.message).toContain("ecs-svc/2 no longer exists");
  });

  it("fails a deployment of a service without a PRIMARY task set, and rolls nothing back", async () => {
    const cloud = new FakeCloud();
    cloud.ecs.remove("ecs-svc/1");
    const id = cloud.deploy();
    await cloud.until(10);
    expect(cloud.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: { code: "INVALID_ECS_SERVICE" },
      target: { status: "Failed", taskSets: [] },
    });
    expect(cloud.rollback(id)).toBeUndefined();
  });

  it("fails one whose production listener does not reach the PRIMARY task set", async () => {
    const cloud = new FakeCloud();
    cloud.loadBalancer.part().setForward(defaultRuleOf(PRODUCTION), [{ targetGroupArn: "arn:other", weight: 1 }]);
    const id = cloud.deploy();
    await cloud.until(10);
    expect(cloud.deployment(id).errorInformation?.message).toBe(
      "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener",
    );
  });
});

describe("hooks", () => {
  const content = appSpec({}, [{ AfterAllowTestTraffic: "arn:lambda:check" }]);

  /** A cloud whose hook was called, waiting for the answer. */
  async function called() {
    const calls: { functionArn: string; payload: HookPayload }[] = [];
    const cloud = new FakeCloud({ invokeHook: (functionArn, payload) => void calls.push({ functionArn, payload }) });
    const id = cloud.deploy({ appSpec: { content } });
    await cloud.untilEvent(id, "AfterAllowTestTraffic", "InProgress");
    const [call] = calls;
    if (!call) throw new Error("the hook was not called");
    const answer = (status: "Succeeded" | "Failed") => {
      const executionId = call.payload.LifecycleEventHookExecutionId;
      cloud.codeDeploy.putHookStatus({ deploymentId: id, executionId, status });
    };
    return { cloud, id, call, answer };
  }

  it("calls the function with the deployment's id and waits for its answer", async () => {
    const { cloud, id, call, answer } = await called();
    expect(call).toMatchObject({ functionArn: "arn:lambda:check", payload: { DeploymentId: id } });
    await cloud.clock.step(600_000);
    expect(cloud.status(id, "AfterAllowTestTraffic")).toBe("InProgress");
    answer("Succeeded");
    expect(cloud.status(id, "AfterAllowTestTraffic")).toBe("Succeeded");
    expect(cloud.status(id, "BeforeAllowTraffic")).toBe("InProgress");
  });

  it("fails the deployment when the function answers Failed", async () => {
    const { cloud, id, answer } = await called();
    answer("Failed");
    expect(cloud.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "HOOK_EXECUTION_FAILURE",
        message: "The deployment failed because one or more of the lifecycle event validation functions failed.",
      },
    });
    expect(cloud.rollback(id)).toBeDefined();
  });

  it("fails the deployment when there is no answer within an hour", async () => {
    const { cloud, id } = await called();
    await cloud.clock.step(3_600_000);
    expect(cloud.deployment(id)).toMatchObject({ status: "Failed", errorInformation: { code: "TIMEOUT" } });
  });

  it("takes one answer only, and only to what was asked", async () => {
    const { cloud, id, answer } = await called();
    const other = { deploymentId: id, executionId: "other", status: "Succeeded" } as const;
    expect(() => cloud.codeDeploy.putHookStatus(other)).toThrow(
      "does not wait for the lifecycle event hook execution other",
    );
    answer("Succeeded");
    expect(() => answer("Succeeded")).toThrow("already over");
  });

  it("takes no answer any more when the deployment was stopped meanwhile", async () => {
    const { cloud, id, answer } = await called();
    cloud.codeDeploy.stop(id, false);
    expect(() => answer("Succeeded")).toThrow("already over");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no such function");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no such function"))],
  ])("fails the deployment when calling the function %s", async (_how, invokeHook) => {
    const cloud = new FakeCloud({ invokeHook });
    const id = cloud.deploy({ appSpec: { content } });
    await cloud.until(200);
    const event = cloud.deployment(id).target?.lifecycleEvents.find(({ name }) => name === "AfterAllowTestTraffic");
    expect(cloud.deployment(id).status).toBe("Failed");
    expect(event?.diagnostics?.message).toContain("no such function");
  });
});
