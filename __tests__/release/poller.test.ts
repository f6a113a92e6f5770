import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import type { AwsPort } from "../../scripts/release/aws-port";
import { LostSight, watchDeployment, type PollResult, type PollInput } from "../../scripts/release/poller";
import type { Snapshot } from "../../scripts/release/snapshot";
import {
  ALARMS,
  always,
  awsError,
  deployment,
  DEPLOYMENT,
  fakeAws,
  inTurn,
  names,
  recorded,
  ROLLBACK,
  rolledBackWith,
  SleepingClock,
} from "./fakes";

const throttled = awsError("ThrottlingException", "Rate exceeded");

const WATCHED = {
  deployment: { id: DEPLOYMENT, application: names.application, group: names.deploymentGroup },
  cluster: names.cluster,
  service: names.service,
  alarmNames: ALARMS,
  intervalMs: 1_000,
};

/** Polls until there are `count` results. `error` is what ended the watch earlier. */
async function watch(
  overrides: Partial<AwsPort>,
  count: number,
  input: Partial<PollInput> = {},
  onSleep: (count: number) => void = () => undefined,
) {
  const clock = new SleepingClock();
  clock.onSleep = onSleep;
  const results: PollResult[] = [];
  let error: unknown;
  try {
    const deps = { aws: fakeAws(overrides), clock, random: () => 0.5 };
    const watched = {
      ...WATCHED,
      deadline: clock.now() + 3_600_000,
      ...input,
    };
    for await (const result of watchDeployment(deps, watched)) {
      results.push(result);
      if (results.length === count) break;
    }
  } catch (thrown) {
    error = thrown;
  }
  const snapshots = results.flatMap((result): Snapshot[] => (result.type === "snapshot" ? [result.snapshot] : []));
  return { results, snapshots, clock, error };
}

/** GetDeploymentTarget's answer; the service's own target, with a list of steps. */
const ecsTarget = (events: Readonly<Record<string, string>>, weights: readonly [number, number] = [100, 0]) => ({
  deploymentTarget: {
    ecsTarget: {
      lifecycleEvents: Object.entries(events).map(([lifecycleEventName, status]) => ({
        lifecycleEventName,
        status: status as "Pending",
      })),
      // AWS's own spelling. The new version is ACTIVE before the traffic shift, and PRIMARY after it.
      taskSetsInfo: [
        { identifer: "ecs-svc/2", status: "ACTIVE", taskSetLabel: "Green" as const, trafficWeight: weights[1] },
        { identifer: "ecs-svc/1", status: "PRIMARY", taskSetLabel: "Blue" as const, trafficWeight: weights[0] },
      ],
    },
  },
});

describe("watching a deployment", () => {
  it.each(["DeploymentNotStartedException", "DeploymentTargetDoesNotExistException"])(
    "treats a target that doesn't exist yet (%s) as not started",
    async (type) => {
      const { snapshots } = await watch(
        { getDeployment: always(deployment("Created")), getDeploymentTarget: always<never>(awsError(type)) },
        1,
      );
      expect(snapshots[0]).toMatchObject({ deployment: { status: "Created" }, unread: [] });
      expect(snapshots[0]).not.toHaveProperty("target");
    },
  );

  it("reads the steps and the task sets by their labels", async () => {
    const getDeploymentTarget = recorded(always(ecsTarget({ AllowTraffic: "InProgress" }, [90, 10])));
    const { snapshots } = await watch(
      { getDeployment: always(deployment("InProgress")), getDeploymentTarget: getDeploymentTarget.call },
      1,
    );
    expect(getDeploymentTarget.inputs[0]).toEqual({
      deploymentId: DEPLOYMENT,
      targetId: `${names.cluster}:${names.service}`,
    });
    expect(snapshots[0]?.target).toMatchObject({
      events: [{ name: "AllowTraffic", status: "InProgress" }],
      taskSets: [
        { label: "Green", weight: 10 },
        { label: "Blue", weight: 90 },
      ],
    });
  });

  it("polls again after the interval, until the consumer stops", async () => {
    const { clock } = await watch({ getDeployment: always(deployment("InProgress")) }, 4);
    expect(clock.sleeps).toEqual([1_000, 1_000, 1_000]);
  });

  it("reads the rollback once it is named", async () => {
    const getDeployment = recorded(({ deploymentId }: { deploymentId: string | undefined }) =>
      Promise.resolve(
        deploymentId === ROLLBACK
          ? deployment("InProgress", { deploymentId })
          : deployment("Stopped", rolledBackWith(ROLLBACK)),
      ),
    );
    const { snapshots } = await watch({ getDeployment: getDeployment.call }, 1);
    expect(snapshots[0]).toMatchObject({ rollback: { id: ROLLBACK, status: "InProgress" } });
  });

  it("reads the traffic again once the rollback is over: the earlier read may be from before its end", async () => {
    const { snapshots } = await watch(
      {
        getDeployment: ({ deploymentId }: { deploymentId: string | undefined }) =>
          Promise.resolve(
            deploymentId === ROLLBACK
              ? deployment("Succeeded", { deploymentId })
              : deployment("Stopped", rolledBackWith(ROLLBACK)),
          ),
        getDeploymentTarget: inTurn(ecsTarget({}, [90, 10]), ecsTarget({}, [100, 0])),
      },
      1,
    );
    expect(snapshots[0]?.target?.taskSets).toMatchObject([{ weight: 0 }, { weight: 100 }]);
  });

  it("leaves out numbers that AWS doesn't return", async () => {
    const { snapshots } = await watch(
      {
        getDeployment: always(deployment("InProgress")),
        getDeploymentTarget: always({
          deploymentTarget: {
            ecsTarget: { taskSetsInfo: [{ identifer: "ecs-svc/1", taskSetLabel: "Blue" as const }] },
          },
        }),
      },
      1,
    );
    expect(snapshots[0]?.target?.taskSets).toEqual([{ id: "ecs-svc/1", label: "Blue" }]);
  });

  it("counts the polls and the time since it was first seen to have ended without success", async () => {
    const { snapshots } = await watch(
      { getDeployment: inTurn(deployment("InProgress"), deployment("Failed"), deployment("Failed")) },
      4,
    );
    expect(snapshots.map(({ sinceEnded }) => sinceEnded)).toEqual([
      { polls: 0, ms: 0 },
      { polls: 0, ms: 0 },
      { polls: 1, ms: 1_000 },
      { polls: 2, ms: 2_000 },
    ]);
  });

  it("remembers alarms that fired, with the reason of that time", async () => {
    const alarms = (StateValue: "OK" | "ALARM", StateReason: string) => ({
      MetricAlarms: [{ AlarmName: ALARMS[1], StateValue, StateReason }],
    });
    const { snapshots } = await watch(
      {
        getDeployment: always(deployment("InProgress")),
        describeAlarms: inTurn(alarms("OK", "fine"), alarms("ALARM", "3 errors"), alarms("OK", "fine again")),
      },
      3,
    );
    expect(snapshots[2]?.alarms).toMatchObject([{ state: "OK" }]);
    expect(snapshots[2]?.activatedAlarms).toMatchObject([{ name: ALARMS[1], reason: "3 errors" }]);
  });

  it("reads composite alarms too, and reads none when there are none", async () => {
    const describeAlarms = recorded(fakeAws().describeAlarms);
    const world = { getDeployment: always(deployment("InProgress")), describeAlarms: describeAlarms.call };
    await watch(world, 1, { alarmNames: [] });
    expect(describeAlarms.inputs).toEqual([]);
    await watch(world, 1);
    expect(describeAlarms.inputs[0]).toMatchObject({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  });

  it("reports AWS's time when AWS's clock is ahead of ours", async () => {
    const createTime = new Date(1_800_000_000_000);
    const { snapshots } = await watch({ getDeployment: always(deployment("InProgress", { createTime })) }, 2);
    expect(snapshots.map(({ awsTime }) => awsTime - createTime.getTime())).toEqual([0, 1_000]);
  });

  it("stops polling at the deadline", async () => {
    const deadline = new SleepingClock().now() + 2_500;
    const { error, snapshots, clock } = await watch({ getDeployment: always(deployment("InProgress")) }, 99, {
      deadline,
    });
    expect(error).toBeInstanceOf(LostSight);
    expect(error).toMatchObject({ why: expect.stringMatching(/not over after 0 minutes.*--timeout/) as string });
    expect(snapshots).toHaveLength(4);
    expect(clock.sleeps.at(-1)).toBe(500);
  });

  it("is woken from the wait for the next poll", async () => {
    const wake = new AbortController();
    const onSleep = (count: number) => count === 2 && wake.abort();
    const world = { getDeployment: always(deployment("InProgress")) };
    const { clock } = await watch(world, 4, { wake: wake.signal }, onSleep);
    expect(clock.sleeps).toHaveLength(3);
    expect(clock.now()).toBe(new SleepingClock().now() + 2_000);
  });

  it("is woken once, and then keeps its interval", async () => {
    const wake = new AbortController();
    wake.abort();
    const { clock } = await watch({ getDeployment: always(deployment("InProgress")) }, 3, { wake: wake.signal });
    expect(clock.now()).toBe(new SleepingClock().now() + 2_000);
  });
});

describe("watching with failures", () => {
  it("tolerates throttling, waits longer each time, and reports it", async () => {
    const { results, clock } = await watch(
      { getDeployment: inTurn(throttled, throttled, throttled, deployment("InProgress")) },
      5,
    );
    expect(results.map(({ type }) => type)).toEqual(["trouble", "trouble", "trouble", "snapshot", "snapshot"]);
    expect(clock.sleeps).toEqual([1_500, 3_000, 6_000, 1_000]);
    expect(results[1]).toMatchObject({ attempt: 2, retryInMs: 3_000, failure: { type: "ThrottlingException" } });
  });

  it("ends after ten failures in a row", async () => {
    const { error, results } = await watch({ getDeployment: always<never>(throttled) }, 99);
    expect(error).toMatchObject({ why: expect.stringContaining("10 times in a row: ThrottlingException") as string });
    expect(results).toHaveLength(9);
  });

  it("resets the count after a successful poll", async () => {
    const nine = Array.from({ length: 9 }, () => throttled);
    const { error, results } = await watch(
      { getDeployment: inTurn(...nine, deployment("InProgress"), ...nine, deployment("InProgress")) },
      20,
    );
    expect(error).toBeUndefined();
    expect(results).toHaveLength(20);
  });

  it.each([
    ["expired credentials", awsError("ExpiredTokenException", "The token has expired"), /expired/, /sign in again/],
    ["a missing permission", awsError("AccessDeniedException", "not authorized"), /not authorized/, /grant/],
  ])("ends at once for %s, and says what to do", async (_, thrown, why, next) => {
    const { error, results } = await watch({ getDeployment: always<never>(thrown) }, 99);
    expect(error).toMatchObject({
      why: expect.stringMatching(why) as string,
      next: expect.stringMatching(next) as string,
    });
    expect(results).toEqual([]);
  });

  it("waits for a deployment that some of AWS's servers don't know yet", async () => {
    const unknown = awsError("DeploymentDoesNotExistException");
    const { snapshots } = await watch({ getDeployment: inTurn(unknown, deployment("Created")) }, 2);
    expect(snapshots).toHaveLength(1);
  });

  it("keeps the earlier values when only the steps or the alarms can't be read", async () => {
    const { snapshots } = await watch(
      {
        getDeployment: always(deployment("InProgress")),
        getDeploymentTarget: inTurn(ecsTarget({ Install: "Succeeded" }), throttled),
        describeAlarms: inTurn({ MetricAlarms: [{ AlarmName: ALARMS[0], StateValue: "OK" as const }] }, throttled),
      },
      2,
    );
    const why = "ThrottlingException: Rate exceeded";
    expect(snapshots[1]?.unread).toEqual([
      { part: "steps", why },
      { part: "alarms", why },
    ]);
    expect(snapshots[1]?.target).toEqual(snapshots[0]?.target);
    expect(snapshots[1]?.alarms).toEqual(snapshots[0]?.alarms);
  });
});

describe("watching with answers about another deployment", () => {
  const other = deployment("Succeeded", { deploymentId: "d-OTHER0001" });
  const page = new UnreadableAnswer("the answer (200, text/html) can't be read as AWS's");

  it.each([
    ["another id", other],
    ["another application", deployment("Succeeded", { applicationName: "other" })],
    ["another group", deployment("Succeeded", { deploymentGroupName: "other" })],
  ])("treats one about %s as a transient failure", async (_, answer) => {
    const { results, error } = await watch({ getDeployment: inTurn(answer, deployment("InProgress")) }, 2);
    expect(error).toBeUndefined();
    expect(results).toMatchObject([
      { type: "trouble", attempt: 1, failure: { kind: "mismatched" } },
      { type: "snapshot", snapshot: { deployment: { status: "InProgress" } } },
    ]);
  });

  it("ends after several in a row, and reports the request and the answer", async () => {
    const { results, error } = await watch({ getDeployment: always(other) }, 99);
    expect(results.map(({ type }) => type)).toEqual(["trouble", "trouble", "trouble"]);
    expect(error).toBeInstanceOf(LostSight);
    expect(error).toMatchObject({
      why: expect.stringMatching(/were about something else 4 times in a row: .*d-RELEASE01.*d-OTHER0001/) as string,
      next: expect.stringContaining("AWS_ENDPOINT_URL") as string,
    });
  });

  it("counts only those in a row", async () => {
    const good = deployment("InProgress");
    const { error } = await watch({ getDeployment: inTurn(other, other, other, good, other, other, other, good) }, 9);
    expect(error).toBeUndefined();
  });

  it("does not accept another deployment as the rollback", async () => {
    const { results } = await watch(
      {
        getDeployment: ({ deploymentId }) =>
          Promise.resolve(
            deploymentId === ROLLBACK ? other : deployment("Stopped", { deploymentId, ...rolledBackWith(ROLLBACK) }),
          ),
      },
      1,
    );
    expect(results).toMatchObject([{ type: "trouble", failure: { kind: "mismatched" } }]);
  });

  it.each([
    ["a page", page],
    ["no deployment", {}],
    ["a text for a deployment", { deploymentInfo: "text" as never }],
    ["a status alone", { deploymentInfo: { status: "Succeeded" as const } }],
    ["a text for a time", deployment("Succeeded", { createTime: "yesterday" as never })],
  ])("tries again after %s", async (_, answer) => {
    const { results } = await watch({ getDeployment: inTurn<object>(answer, deployment("InProgress")) }, 2);
    expect(results).toMatchObject([
      { type: "trouble", failure: { kind: "unreadable" } },
      { type: "snapshot", snapshot: { deployment: { status: "InProgress" } } },
    ]);
  });

  it("ends after ten that can't be read", async () => {
    const { error, results } = await watch({ getDeployment: always<never>(page) }, 99);
    expect(results).toHaveLength(9);
    expect(error).toMatchObject({ why: expect.stringContaining("10 times in a row: UnreadableAnswer") as string });
  });

  it.each([
    ["no target", {}],
    ["steps that are no list", { deploymentTarget: { ecsTarget: { lifecycleEvents: {} as never } } }],
  ])("shows the steps as not read when the answer about them has %s", async (_, answer) => {
    const { snapshots } = await watch(
      { getDeployment: always(deployment("InProgress")), getDeploymentTarget: always<object>(answer) },
      1,
    );
    expect(snapshots[0]?.unread).toMatchObject([{ part: "steps" }]);
  });
});

describe("watching with answers that never come", () => {
  const never = () => new Promise<never>(() => undefined);

  it("ends at the deadline, even when a poll is under way", async () => {
    const clock = new SleepingClock();
    const startedAt = clock.now();
    const result = watchUnder(clock, { getDeployment: never }, startedAt + 600_000);
    await settled();
    clock.advance(600_000);
    expect(await result).toMatchObject({
      why: expect.stringMatching(/not over after 10 minutes.*--timeout/) as string,
    });
  });

  it("gives the last poll a few seconds after the deadline", async () => {
    const clock = new SleepingClock();
    const result = watchUnder(clock, { getDeployment: never }, clock.now() + 10);
    await settled();
    clock.advance(4_999);
    clock.advance(1);
    expect(await result).toBeInstanceOf(LostSight);
  });

  it("abandons the poll that is under way when it is woken, and starts another", async () => {
    const wake = new AbortController();
    const getDeployment = recorded(
      inTurn<Promise<ReturnType<typeof deployment>>>(never, deployment("InProgress") as never),
    );
    const watched = watch({ getDeployment: getDeployment.call as AwsPort["getDeployment"] }, 1, { wake: wake.signal });
    await settled();
    wake.abort();
    expect((await watched).snapshots).toMatchObject([{ deployment: { status: "InProgress" } }]);
    expect(getDeployment.inputs).toHaveLength(2);
  });

  it("keeps nothing of an abandoned poll", async () => {
    const wake = new AbortController();
    let answerLate: (answer: ReturnType<typeof deployment>) => void = () => undefined;
    const late = new Promise<ReturnType<typeof deployment>>((resolve) => (answerLate = resolve));
    let asked = 0;
    const getDeployment = () => {
      asked += 1;
      if (asked === 2) answerLate(deployment("Failed"));
      return asked === 1 ? late : Promise.resolve(deployment("InProgress"));
    };
    const watched = watch({ getDeployment }, 2, { wake: wake.signal });
    await settled();
    wake.abort();
    expect(
      (await watched).snapshots.map(({ sinceEnded, deployment: { status } }) => [status, sinceEnded.polls]),
    ).toEqual([
      ["InProgress", 0],
      ["InProgress", 0],
    ]);
  });

  /** The error that ends the watch. */
  async function watchUnder(clock: SleepingClock, overrides: Partial<AwsPort>, deadline: number): Promise<unknown> {
    const input = { ...WATCHED, deadline };
    try {
      await watchDeployment({ aws: fakeAws(overrides), clock, random: () => 0.5 }, input).next();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Lets pending promises continue until they wait. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
});

describe("watching new tasks that don't start", () => {
  const stopped = (startedBy: string, stoppedReason: string) => ({
    taskArn: "task/cluster/1",
    startedBy,
    stoppedReason,
    containers: [{ exitCode: 1 }],
  });
  const world = (tasks: ReturnType<typeof stopped>[]): Partial<AwsPort> => ({
    getDeployment: always(deployment("InProgress", { createTime: new Date(1_000) })),
    getDeploymentTarget: always(ecsTarget({ Install: "InProgress" })),
    listTasks: always({ taskArns: ["task/cluster/1"] }),
    describeTasks: always({ tasks }),
    describeServices: always({
      services: [
        {
          events: [
            { createdAt: new Date(500), message: "(service api) is unhealthy, long ago" },
            { createdAt: new Date(2_000), message: "(service api, taskSet ecs-svc/2) is unhealthy in target-group 2" },
            { createdAt: new Date(2_000), message: "(service api, taskSet ecs-svc/1) is unhealthy in target-group 1" },
            { createdAt: new Date(2_000), message: "(service api) has reached a steady state." },
          ],
        },
      ],
    }),
  });

  it("reports why they stopped, and ECS's messages", async () => {
    const mine = stopped("ecs-svc/2", "Essential container in task exited");
    const others = [
      stopped("ecs-svc/1", "of the old version"),
      stopped("ecs-svc/2", "Scaling activity initiated by (deployment ecs-svc/2)"),
    ];
    const { snapshots } = await watch(world([...others, mine]), 3);
    expect(snapshots[2]?.stoppedTasks).toEqual([
      { id: "1", reason: "Essential container in task exited", exitCode: 1 },
    ]);
    expect(snapshots[2]?.serviceMessages).toEqual(["(service api, taskSet ecs-svc/2) is unhealthy in target-group 2"]);
  });

  it("keeps the reasons when ECS no longer returns them", async () => {
    const tasks = [stopped("ecs-svc/2", "Essential container in task exited")];
    const { snapshots } = await watch(
      { ...world(tasks), describeTasks: inTurn({ tasks }, { tasks: [] as typeof tasks }) },
      6,
    );
    expect(snapshots[5]?.stoppedTasks).toEqual(snapshots[2]?.stoppedTasks);
    expect(snapshots[5]?.stoppedTasks).toHaveLength(1);
  });

  it("reports that they can't be read until they can, although it doesn't read them in every poll", async () => {
    const denied = awsError("AccessDeniedException", "no");
    const { snapshots } = await watch(
      { ...world([]), listTasks: inTurn<{ taskArns: string[] }>(denied, { taskArns: [] }) },
      6,
    );
    expect(snapshots.map(({ unread }) => unread.map(({ part }) => part))).toEqual([
      [],
      [],
      ["tasks"],
      ["tasks"],
      ["tasks"],
      [],
    ]);
  });

  it("does not read them in every poll", async () => {
    const listTasks = recorded(always({ taskArns: [] }));
    await watch({ ...world([]), listTasks: listTasks.call }, 7);
    expect(listTasks.inputs).toHaveLength(2);
  });

  it("reads them once more when the deployment ends without success, in any step", async () => {
    const { snapshots } = await watch(
      {
        ...world([stopped("ecs-svc/2", "Essential container in task exited")]),
        getDeployment: inTurn(deployment("InProgress"), deployment("Stopped")),
        getDeploymentTarget: always(ecsTarget({ AllowTraffic: "Failed" })),
      },
      2,
    );
    expect(snapshots.map(({ stoppedTasks }) => stoppedTasks.length)).toEqual([0, 1]);
  });
});
