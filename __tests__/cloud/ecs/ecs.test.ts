import { SteppedClock } from "../../../scripts/cloud/clock";
import { InitialVersionError } from "../../../scripts/cloud/ecs/ecs";
import type { EcsPart } from "../../../scripts/cloud/ecs/part";
import { Faults } from "../../../scripts/cloud/faults";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { ecsAmongFakes, GROUP_1, GROUP_2 } from "./fakes";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A started service, and its clock. */
function started(options: Parameters<typeof ecsAmongFakes>[1] = {}) {
  const clock = new SteppedClock();
  const made = { clock, ...ecsAmongFakes(clock, options) };
  made.ecs.start();
  return made;
}

/** A service whose first version runs. */
async function serving() {
  const made = started();
  await made.clock.step(MINUTE);
  return made;
}

function createGreen(ecs: EcsPart) {
  const { arn } = ecs.registerTaskDefinition({
    family: "tasks",
    containerDefinitions: [{ name: "api", image: "registry/carts-api:v1" }],
  });
  return ecs.createTaskSet({
    taskDefinitionArn: arn,
    targetGroupArn: GROUP_2,
    containerName: "api",
    containerPort: 8080,
    startedBy: "CODE_DEPLOY",
    externalId: "d-ABCDEFGHI",
    settings: {},
  });
}

/** The only one of a list. */
function only<T>(items: readonly T[]): T {
  const [item, second] = items;
  if (item === undefined || second !== undefined) throw new Error(`expected one, not ${items.length}`);
  return item;
}

const messages = (ecs: EcsPart) => ecs.events().map(({ message }) => message);
const statuses = (ecs: EcsPart) => ecs.tasks().map(({ status }) => status);

describe("starting the service", () => {
  it("registers revision 1 and runs it as the PRIMARY task set", async () => {
    const { ecs } = await serving();
    expect(ecs.taskDefinitions()).toMatchObject([
      { arn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/tasks:1", revision: 1, status: "ACTIVE" },
    ]);
    const taskSet = only(ecs.taskSets());
    expect(taskSet).toMatchObject({
      status: "PRIMARY",
      scale: 100,
      desiredCount: 2,
      pendingCount: 0,
      runningCount: 2,
      stability: "STEADY_STATE",
      targetGroupArn: GROUP_1,
      taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/tasks:1",
    });
    expect(taskSet.id).toMatch(/^ecs-svc\/\d{19}$/);
    expect(taskSet.arn).toBe(`arn:aws:ecs:eu-central-1:123456789012:task-set/cluster/service/${taskSet.id}`);
    expect(ecs.desiredCount()).toBe(2);
  });

  it("takes a task from PROVISIONING over PENDING to RUNNING and into the target group", async () => {
    const { ecs, runtime, loadBalancer, clock } = started();
    runtime.onStart = () => undefined;
    await clock.step(39 * SECOND);
    expect(statuses(ecs)).toEqual(["PROVISIONING", "PROVISIONING"]);
    expect(runtime.containers).toHaveLength(0);
    await clock.step(SECOND);
    expect(statuses(ecs)).toEqual(["PENDING", "PENDING"]);
    expect(only(ecs.taskSets())).toMatchObject({ pendingCount: 2, runningCount: 0, stability: "STABILIZING" });
    runtime.containers[0]?.listen();
    await clock.step(0);
    expect(statuses(ecs)).toEqual(["RUNNING", "PENDING"]);
    expect(only(loadBalancer.health(GROUP_1)).target).toMatchObject({
      id: expect.stringMatching(/^10\.\d+\.\d+\.\d+$/) as string,
      port: 8080,
      address: { host: "127.0.0.1", port: 40_000 },
    });
    expect(ecs.tasks()[0]).toMatchObject({ startedAt: clock.now(), privateIp: "10.0.0.4" });
    expect(ecs.tasks()[0]?.arn).toMatch(/^arn:aws:ecs:eu-central-1:123456789012:task\/cluster\/[0-9a-f]{32}$/);
  });

  it("gives the container its image, environment and port", async () => {
    const { runtime } = await serving();
    expect(runtime.containers[0]?.input).toMatchObject({
      image: { repository: "registry/carts-api" },
      environment: { TABLE: "tasks" },
      containerPort: 8080,
    });
  });

  it("can run another image than the synthesized one", () => {
    const { ecs } = started({ initialImage: "registry/carts-api:v2" });
    expect(ecs.taskDefinition("tasks")?.definition.containerDefinitions[0]?.image).toBe("registry/carts-api:v2");
  });

  it("has service events in ECS's words, newest first", async () => {
    const { ecs } = await serving();
    const [a, b] = ecs.tasks().map(({ id }) => id);
    const { id } = only(ecs.taskSets());
    expect(messages(ecs)).toEqual([
      "(service service) has reached a steady state.",
      `(service service, taskSet ${id}) updated state to STEADY_STATE.`,
      `(service service, taskSet ${id}) registered 2 targets in (target-group ${GROUP_1})`,
      `(service service, taskSet ${id}) has started 2 tasks: (task ${a}) (task ${b}).`,
      `(service service) updated computedDesiredCount for taskSet ${id} to 2.`,
    ]);
  });

  it("has events of a task set's deletion: scale, draining, deregistration, and its tasks at the end", async () => {
    const { ecs, loadBalancer, clock } = await serving();
    const { id } = createGreen(ecs);
    await clock.step(MINUTE);
    const before = messages(ecs).length;
    loadBalancer.drainMs = 30 * SECOND;
    ecs.deleteTaskSet(id);
    const newMessages = () => messages(ecs).slice(0, messages(ecs).length - before);
    const [a, b] = ecs.tasks().flatMap((task) => (task.taskSetId === id ? [task.id] : []));
    const begun = [
      `(service service, taskSet ${id}) deregistered 2 targets in (target-group ${GROUP_2})`,
      `(service service, taskSet ${id}) has begun draining connections on 2 tasks.`,
      `(service service) updated computedDesiredCount for taskSet ${id} to 0.`,
    ];
    await clock.step(29 * SECOND);
    expect(newMessages()).toEqual(begun);
    await clock.step(2 * SECOND);
    expect(newMessages()).toEqual([
      `(service service, taskSet ${id}) has stopped 2 running tasks: (task ${a}) (task ${b}).`,
      ...begun,
    ]);
  });

  it("has the event of the deregistration first where the setting says so", async () => {
    const { ecs, clock } = started({ settings: { ...DEFAULT_SETTINGS, drainingEventFirst: false } });
    await clock.step(MINUTE);
    ecs.setDesiredCount(1);
    const [second = "", first = ""] = messages(ecs);
    expect(first).toContain("deregistered 1 targets");
    expect(second).toContain("has begun draining connections on 1 tasks.");
  });

  it("has an event for a changed desired count, once for each task set", async () => {
    const { ecs } = await serving();
    const { id } = only(ecs.taskSets());
    const newMessages = () => messages(ecs).filter((message) => message.includes("computedDesiredCount"));
    ecs.setDesiredCount(2);
    expect(newMessages()).toHaveLength(1);
    ecs.setDesiredCount(3);
    expect(newMessages()).toEqual([
      `(service service) updated computedDesiredCount for taskSet ${id} to 3.`,
      `(service service) updated computedDesiredCount for taskSet ${id} to 2.`,
    ]);
  });

  it("is ready when the first task set is steady", async () => {
    const { ecs, clock } = started();
    const ready = ecs.ready();
    await clock.step(MINUTE);
    await expect(ready).resolves.toBeUndefined();
    await expect(ecs.ready()).resolves.toBeUndefined();
  });

  it("gives the reason when the first version does not start", async () => {
    const { ecs, runtime, clock } = started();
    runtime.onStart = (container) => container.exit(3);
    const ready = ecs.ready();
    const refused = expect(ready).rejects.toThrow(
      "The first version does not start: Essential container in task exited (exit code 3)\n  the last line",
    );
    await clock.step(2 * MINUTE);
    await refused;
    await expect(ready).rejects.toBeInstanceOf(InitialVersionError);
  });

  it.each(["never listens", "never passes its health check"])(
    "gives up a first version that runs and %s",
    async (what) => {
      const { ecs, runtime, loadBalancer, clock } = started();
      if (what === "never listens") runtime.onStart = () => undefined;
      else {
        const register = loadBalancer.register.bind(loadBalancer);
        loadBalancer.register = (arn, target) => {
          register(arn, target);
          loadBalancer.mark(arn, target.id, { state: "initial" });
        };
      }
      const ready = ecs.ready();
      const refused = expect(ready).rejects.toThrow(
        "The first version does not start: its tasks run, but none of them listens on its port and passes the load balancer's health check in time",
      );
      let over = false;
      void ready.catch(() => (over = true));
      await clock.step(9 * MINUTE);
      expect(over).toBe(false);
      await clock.step(2 * MINUTE);
      await refused;
      await expect(ready).rejects.toBeInstanceOf(InitialVersionError);
    },
  );

  it("gives up a first version that answers its health check wrongly, and says how", async () => {
    const { ecs, loadBalancer, clock } = started();
    const register = loadBalancer.register.bind(loadBalancer);
    loadBalancer.register = (arn, target) => {
      register(arn, target);
      loadBalancer.mark(arn, target.id, { state: "unhealthy", description: "it answers with [404]" });
    };
    const refused = expect(ecs.ready()).rejects.toThrow(
      "The first version does not start: its tasks listen, but fail the load balancer's health check. it answers with [404]",
    );
    await clock.step(12 * MINUTE);
    await refused;
  });

  it("names an image that does not exist", async () => {
    const { ecs, clock } = started({ initialImage: "registry/carts-api:ghost" });
    const refused = expect(ecs.ready()).rejects.toThrow("CannotPullContainerError: registry/carts-api:ghost");
    await clock.step(MINUTE);
    await refused;
    expect(ecs.tasks()[0]).toMatchObject({ status: "STOPPED", stopCode: "TaskFailedToStart" });
  });

  it("does not wait any longer when it is closed", async () => {
    const { ecs } = started();
    const refused = expect(ecs.ready()).rejects.toThrow("ECS was closed");
    ecs.close();
    await refused;
  });
});

describe("a container that exits", () => {
  it("stays in the target group until ECS notices, then is replaced", async () => {
    const { ecs, runtime, loadBalancer, clock } = await serving();
    runtime.containers[0]?.exit(1);
    await clock.step(9 * SECOND);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
    expect(loadBalancer.health(GROUP_1)).toHaveLength(2);
    await clock.step(SECOND);
    expect(loadBalancer.health(GROUP_1)).toHaveLength(1);
    expect(ecs.tasks()[0]).toMatchObject({
      status: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAt: clock.now(),
      exitCode: 1,
      lastLogLines: ["the last line"],
    });
    await clock.step(MINUTE);
    expect(statuses(ecs)).toEqual(["STOPPED", "RUNNING", "RUNNING"]);
    expect(only(ecs.taskSets()).stability).toBe("STEADY_STATE");
    const { id } = only(ecs.taskSets());
    expect(messages(ecs)).toContain(
      `(service service, taskSet ${id}) deregistered 1 targets in (target-group ${GROUP_1})`,
    );
  });

  it("leaves a stopped task that is remembered for an hour", async () => {
    const { ecs, runtime, clock } = await serving();
    const [first] = ecs.tasks();
    runtime.containers[0]?.exit(1);
    await clock.step(10 * SECOND);
    const remembered = () => ecs.tasks().some(({ id }) => id === first?.id);
    await clock.step(59 * MINUTE);
    expect(remembered()).toBe(true);
    await clock.step(2 * MINUTE);
    expect(remembered()).toBe(false);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
  });

  it("has the exit code of the signal that ended it", async () => {
    const { ecs, runtime, clock } = await serving();
    runtime.containers[0]?.exit(null, "SIGKILL");
    await clock.step(10 * SECOND);
    expect(ecs.tasks()[0]?.exitCode).toBe(137);
  });

  it("is started again ever more slowly when it never runs", async () => {
    const { ecs, runtime, clock } = await serving();
    runtime.onStart = (container) => container.exit(1);
    const before = runtime.containers.length;
    createGreen(ecs);
    await clock.step(60 * MINUTE);
    const starts = runtime.containers.length - before;
    expect(starts).toBeGreaterThanOrEqual(10);
    expect(starts).toBeLessThanOrEqual(16);
    expect(messages(ecs)).toContain("(service service) is unable to consistently start tasks successfully.");
  });

  it("is started at its usual pace again after one has run", async () => {
    const { ecs, runtime, clock } = await serving();
    runtime.onStart = (container) => container.exit(1);
    const { id } = createGreen(ecs);
    await clock.step(10 * MINUTE);
    runtime.onStart = (container) => container.listen();
    await clock.step(20 * MINUTE);
    expect(ecs.taskSet(id)?.stability).toBe("STEADY_STATE");
    runtime.containers.at(-1)?.exit(1);
    await clock.step(MINUTE);
    expect(ecs.taskSet(id)?.stability).toBe("STEADY_STATE");
  });
});

describe("a target that turns unhealthy", () => {
  async function unhealthy() {
    const made = await serving();
    await made.clock.step(MINUTE);
    made.loadBalancer.mark(GROUP_1, "10.0.0.4", {
      state: "unhealthy",
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [503]",
    });
    return made;
  }

  it("stays long enough for the alarm to see it, then drains, stops and is replaced", async () => {
    const { ecs, runtime, loadBalancer, clock } = await unhealthy();
    loadBalancer.drainMs = 30 * SECOND;
    await clock.step(20 * SECOND);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
    expect(only(ecs.taskSets()).stability).toBe("STABILIZING");
    await clock.step(20 * SECOND);
    expect(statuses(ecs)).toEqual(["DEACTIVATING", "RUNNING", "PROVISIONING"]);
    expect(runtime.containers[0]?.stops).toEqual([]);
    await clock.step(30 * SECOND);
    expect(runtime.containers[0]?.stops).toEqual([45]);
    expect(ecs.tasks()[0]).toMatchObject({
      status: "STOPPED",
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: `Task failed ELB health checks in (target-group ${GROUP_1})`,
      exitCode: 0,
    });
    await clock.step(MINUTE);
    expect(only(ecs.taskSets())).toMatchObject({ runningCount: 2, stability: "STEADY_STATE" });
  });

  it("has one event", async () => {
    const { ecs, clock } = await unhealthy();
    await clock.step(25 * SECOND);
    const { id } = ecs.tasks()[0] ?? { id: "" };
    expect(messages(ecs).filter((message) => message.includes("unhealthy"))).toEqual([
      `(service service) (task ${id}) (port 8080) is unhealthy in (target-group ${GROUP_1}) due to ` +
        "(reason Health checks failed with these codes: [503])",
    ]);
  });

  it("is kept when it recovers in time", async () => {
    const { ecs, loadBalancer, clock } = await unhealthy();
    await clock.step(20 * SECOND);
    loadBalancer.mark(GROUP_1, "10.0.0.4", { state: "healthy" });
    await clock.step(MINUTE);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
  });
});

describe("task sets", () => {
  it("run beside each other, and the colours swap", async () => {
    const { ecs, clock } = await serving();
    const blue = only(ecs.taskSets());
    const green = createGreen(ecs);
    expect(green).toMatchObject({
      status: "ACTIVE",
      scale: 100,
      desiredCount: 2,
      startedBy: "CODE_DEPLOY",
      externalId: "d-ABCDEFGHI",
      stability: "STABILIZING",
      taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/tasks:2",
    });
    await clock.step(MINUTE);
    expect(ecs.taskSet(green.id)).toMatchObject({ runningCount: 2, stability: "STEADY_STATE" });
    ecs.setPrimary(green.id);
    expect(ecs.taskSets().map(({ id, status }) => [id, status])).toEqual([
      [green.id, "PRIMARY"],
      [blue.id, "ACTIVE"],
    ]);
  });

  it("show when they became steady or unsteady", async () => {
    const { ecs, loadBalancer, clock } = started();
    const began = clock.now();
    const stability = () => only(ecs.taskSets());
    expect(stability()).toMatchObject({ stability: "STABILIZING", stabilityAt: began });
    await clock.step(5 * MINUTE);
    expect(stability()).toMatchObject({ stability: "STEADY_STATE", stabilityAt: began + 40 * SECOND });
    loadBalancer.mark(GROUP_1, "10.0.0.4", { state: "unhealthy" });
    await clock.step(5 * SECOND);
    expect(stability()).toMatchObject({ stability: "STABILIZING", stabilityAt: clock.now() });
  });

  it("become DRAINING, are deregistered, stop, and no longer exist", async () => {
    const { ecs, runtime, loadBalancer, clock } = await serving();
    const green = createGreen(ecs);
    await clock.step(MINUTE);
    loadBalancer.drainMs = 30 * SECOND;
    let gone = false;
    ecs.deleteTaskSet(green.id);
    void ecs.taskSetGone(green.id).then(() => {
      gone = true;
    });
    await clock.step(29 * SECOND);
    expect(ecs.taskSet(green.id)).toMatchObject({ status: "DRAINING", scale: 0, desiredCount: 0, runningCount: 0 });
    expect(ecs.tasks().flatMap(({ taskSetId, status }) => (taskSetId === green.id ? [status] : []))).toEqual([
      "DEACTIVATING",
      "DEACTIVATING",
    ]);
    expect(runtime.containers[2]?.stops).toEqual([]);
    expect(gone).toBe(false);
    await clock.step(SECOND);
    expect(gone).toBe(true);
    expect(ecs.taskSet(green.id)).toBeUndefined();
    expect(loadBalancer.health(GROUP_2)).toEqual([]);
    // No stopTimeout in its task definition: ECS's default.
    expect(runtime.containers[2]?.stops).toEqual([30]);
    expect(ecs.tasks().filter(({ taskSetId }) => taskSetId === green.id)).toMatchObject([
      { status: "STOPPED", stopCode: "ServiceSchedulerInitiated" },
      { status: "STOPPED", stopCode: "ServiceSchedulerInitiated" },
    ]);
  });

  it("do not become PRIMARY any more while they are DRAINING", async () => {
    const { ecs, loadBalancer, clock } = await serving();
    const green = createGreen(ecs);
    await clock.step(MINUTE);
    loadBalancer.drainMs = 30 * SECOND;
    ecs.deleteTaskSet(green.id);
    const gone = ecs.taskSetGone(green.id);
    expect(() => ecs.setPrimary(green.id)).toThrow("DRAINING cannot become PRIMARY");
    expect(ecs.taskSets().map(({ status }) => status)).toEqual(["PRIMARY", "DRAINING"]);
    await clock.step(MINUTE);
    await gone;
  });

  it("can be deleted before their tasks run", async () => {
    const { ecs, runtime, clock } = await serving();
    const green = createGreen(ecs);
    await clock.step(10 * SECOND);
    ecs.deleteTaskSet(green.id);
    await clock.step(5 * MINUTE);
    expect(runtime.containers).toHaveLength(2);
    expect(ecs.taskSets()).toHaveLength(1);
  });

  it("can be deleted while their containers have not begun to listen", async () => {
    const { ecs, runtime, clock } = await serving();
    runtime.onStart = () => undefined;
    const green = createGreen(ecs);
    await clock.step(MINUTE);
    ecs.deleteTaskSet(green.id);
    ecs.deleteTaskSet(green.id);
    await ecs.taskSetGone(green.id);
    expect(runtime.containers.slice(2).map(({ stops }) => stops)).toEqual([[30], [30]]);
    expect(ecs.taskSets()).toHaveLength(1);
  });

  it("are not deleted while PRIMARY, and not found when unknown", async () => {
    const { ecs } = await serving();
    expect(() => ecs.deleteTaskSet(only(ecs.taskSets()).id)).toThrow("PRIMARY task set cannot be deleted");
    expect(() => ecs.deleteTaskSet("ecs-svc/1")).toThrow(
      expect.objectContaining({ type: "TaskSetNotFoundException" }) as Error,
    );
    expect(() => ecs.setPrimary("ecs-svc/1")).toThrow("task set was not found");
  });

  it("all rescale with the desired count, but for one that is DRAINING", async () => {
    const { ecs, clock, loadBalancer } = await serving();
    const green = createGreen(ecs);
    await clock.step(10 * SECOND);
    ecs.setDesiredCount(3);
    await clock.step(MINUTE);
    expect(ecs.desiredCount()).toBe(3);
    expect(ecs.taskSets()[0]).toMatchObject({ desiredCount: 3, runningCount: 3 });
    expect(ecs.taskSet(green.id)).toMatchObject({ desiredCount: 3, runningCount: 3, stability: "STEADY_STATE" });
    loadBalancer.drainMs = 30 * SECOND;
    ecs.deleteTaskSet(green.id);
    const gone = ecs.taskSetGone(green.id);
    ecs.setDesiredCount(4);
    expect(ecs.taskSet(green.id)).toMatchObject({ status: "DRAINING", desiredCount: 0 });
    await clock.step(MINUTE);
    await gone;
    ecs.setDesiredCount(1);
    await clock.step(MINUTE);
    expect(ecs.taskSets()[0]).toMatchObject({ desiredCount: 1, runningCount: 1, stability: "STEADY_STATE" });
    expect(() => ecs.setDesiredCount(-1)).toThrow("not -1");
  });

  it("need a task definition that is there, active and has the container", async () => {
    const { ecs } = await serving();
    const input = {
      targetGroupArn: GROUP_2,
      containerName: "api",
      containerPort: 8080,
      startedBy: "CODE_DEPLOY",
      settings: {},
    };
    expect(() => ecs.createTaskSet({ ...input, taskDefinitionArn: "tasks:9" })).toThrow("does not exist: tasks:9");
    expect(() => ecs.createTaskSet({ ...input, taskDefinitionArn: "tasks:1", containerName: "web" })).toThrow(
      "container web does not exist",
    );
    const { arn } = ecs.registerTaskDefinition({ family: "tasks", containerDefinitions: [] });
    ecs.deregisterTaskDefinition(arn);
    expect(() => ecs.createTaskSet({ ...input, taskDefinitionArn: arn })).toThrow("TaskDefinition is inactive");
  });
});

describe("task definitions", () => {
  it("are found by ARN, family and revision, or family alone", async () => {
    const { ecs } = await serving();
    const second = ecs.registerTaskDefinition({ family: "tasks", containerDefinitions: [] });
    expect(second.revision).toBe(2);
    expect(ecs.taskDefinition(second.arn)).toBe(second);
    expect(ecs.taskDefinition("tasks:1")?.revision).toBe(1);
    expect(ecs.taskDefinition("tasks")).toBe(second);
    expect(ecs.taskDefinition("other")).toBeUndefined();
  });

  it("keep their number when deregistered, and the family falls back to the newest active one", async () => {
    const { ecs } = await serving();
    const { arn } = ecs.registerTaskDefinition({ family: "tasks", containerDefinitions: [] });
    expect(ecs.deregisterTaskDefinition(arn)).toMatchObject({ revision: 2, status: "INACTIVE" });
    expect(ecs.taskDefinition("tasks")?.revision).toBe(1);
    expect(ecs.registerTaskDefinition({ family: "tasks", containerDefinitions: [] }).revision).toBe(3);
    expect(ecs.deregisterTaskDefinition("ghost")).toBeUndefined();
  });
});

describe("a fault of an image", () => {
  const imageDigest = `sha256:${"0".repeat(64)}`;

  it("exit ends each task with code 1, after its time from when the task listens", async () => {
    const faults = new Faults();
    faults.inject({ imageDigest, fault: { kind: "exit", afterSeconds: 90 } });
    const { ecs, clock } = started({ faults });
    await clock.step(129 * SECOND);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
    await clock.step(15 * SECOND);
    expect(ecs.tasks()[0]).toMatchObject({
      status: "STOPPED",
      stopCode: "EssentialContainerExited",
      exitCode: 1,
      lastLogLines: ["the last line", "local cloud: the fault exit of this version ended the task with exit code 1"],
    });
  });

  it("exit concerns tasks that already run, also late, and no other image", async () => {
    const faults = new Faults();
    const { ecs, clock } = started({ faults });
    await clock.step(MINUTE);
    faults.inject({ imageDigest: "sha256:other", fault: { kind: "exit" } });
    await clock.step(MINUTE);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
    faults.inject({ imageDigest, fault: { kind: "exit", afterSeconds: 30 } });
    await clock.step(SECOND);
    expect(ecs.tasks().map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  });

  it("exit ends no task after another fault has replaced it", async () => {
    const faults = new Faults();
    faults.inject({ imageDigest, fault: { kind: "exit", afterSeconds: 90 } });
    const { ecs, clock } = started({ faults });
    await clock.step(MINUTE);
    faults.inject({ imageDigest, fault: { kind: "error" } });
    await clock.step(5 * MINUTE);
    expect(statuses(ecs)).toEqual(["RUNNING", "RUNNING"]);
  });

  it("broken-start ends each task with code 1 before it listens", async () => {
    const faults = new Faults();
    faults.inject({ imageDigest, fault: { kind: "broken-start" } });
    const { ecs, runtime, clock } = started({ faults });
    const ready = ecs.ready().catch((error: unknown) => error);
    await clock.step(MINUTE);
    expect(runtime.containers).toHaveLength(0);
    expect(ecs.tasks()[0]).toMatchObject({
      status: "STOPPED",
      stopCode: "EssentialContainerExited",
      exitCode: 1,
      lastLogLines: ["local cloud: the fault broken-start of this version ended the task with exit code 1"],
    });
    expect(ecs.tasks()[0]?.startedAt).toBeUndefined();
    expect(await ready).toBeInstanceOf(InitialVersionError);
  });
});
