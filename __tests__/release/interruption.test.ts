import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import type { CommandRunner } from "../../scripts/release/docker";
import { Interruption } from "../../scripts/command/interruption";
import {
  always,
  awsError,
  awsRefusal,
  deployment,
  DEPLOYMENT,
  inTurn,
  liveEcsService,
  NEXT_REVISION,
  ROLLBACK,
  rolledBackWith,
  SleepingClock,
} from "./fakes";
import { alarmStop, deployments, run } from "./running";

/** A deployment that runs until it is stopped, and is rolled back then. */
function stoppable() {
  let stopped = false;
  return {
    getDeployment: deployments({
      [DEPLOYMENT]: inTurn(() =>
        stopped ? deployment("Stopped", rolledBackWith(ROLLBACK)) : deployment("InProgress"),
      ),
      [ROLLBACK]: always(deployment("Succeeded")),
    }),
    stopDeployment: inTurn(() => {
      stopped = true;
      return { status: "Pending" as const };
    }),
  };
}

describe("an interruption", () => {
  it("stops the deployment with rollback and waits for the rollback", async () => {
    let stopped = false;
    const { start, interruption, clock, calls } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(() =>
          stopped
            ? deployment("Stopped", { errorInformation: { code: "MANUAL_STOP" }, ...rolledBackWith(ROLLBACK) })
            : deployment("InProgress"),
        ),
        [ROLLBACK]: inTurn(deployment("Created"), deployment("InProgress"), deployment("Succeeded")),
      }),
      stopDeployment: inTurn(() => {
        stopped = true;
        return { status: "Pending" as const };
      }),
    });
    clock.onSleep = (count) => count === 3 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130, rollbackDeploymentId: ROLLBACK });
    expect(calls.stop.inputs).toEqual([{ deploymentId: DEPLOYMENT, autoRollbackEnabled: true }]);
  });

  it("is shown in lines that fit a terminal of 60 columns", async () => {
    const { start, interruption, clock, events } = run(stoppable());
    clock.onSleep = (count) => count === 1 && interruption.request();
    await start();
    const watched = events.slice(events.findIndex(({ type }) => type === "watching"));
    const notes = watched.flatMap((event) => (event.type === "progress" ? [event.text] : []));
    expect(notes).toEqual([`stopping ${DEPLOYMENT} and rolling it back`, "Ctrl-C again leaves at once"]);
    const label = 9;
    for (const note of notes) expect(note.length + label).toBeLessThanOrEqual(60);
  });

  it("is reported as released when the deployment succeeded before the stop", async () => {
    const { start, interruption, clock } = run({
      getDeployment: inTurn(deployment("InProgress"), deployment("Succeeded")),
      stopDeployment: always<never>(awsError("DeploymentAlreadyCompletedException")),
    });
    clock.onSleep = () => interruption.request();
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0 });
  });

  it("sends the stop again when it was throttled", async () => {
    let stopped = false;
    const throttled = awsError("ThrottlingException");
    const { start, interruption, clock, calls } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(() =>
          stopped ? deployment("Stopped", rolledBackWith(ROLLBACK)) : deployment("InProgress"),
        ),
        [ROLLBACK]: always(deployment("Succeeded")),
      }),
      stopDeployment: inTurn(throttled, throttled, () => {
        stopped = true;
        return { status: "Succeeded" as const };
      }),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ exitCode: 130 });
    expect(calls.stop.inputs).toHaveLength(3);
  });

  it("continues to watch when it is not allowed to stop", async () => {
    const { start, interruption, clock, events } = run({
      getDeployment: inTurn(deployment("InProgress"), deployment("InProgress"), deployment("Succeeded")),
      stopDeployment: always<never>(awsRefusal("AccessDeniedException", "not authorized")),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(events).toContainEqual({
      type: "warning",
      text: expect.stringContaining("could not stop it: AccessDeniedException: not authorized") as string,
    });
  });

  it("before the deployment deregisters the revision and deploys nothing", async () => {
    const holder: { interruption?: Interruption } = {};
    const { start, interruption, calls } = run({
      registerTaskDefinition: () => {
        holder.interruption?.request();
        return Promise.resolve({ taskDefinition: { taskDefinitionArn: NEXT_REVISION } });
      },
    });
    holder.interruption = interruption;
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
    expect(calls.create.inputs).toEqual([]);
    expect(calls.deregister.inputs).toEqual([{ taskDefinition: NEXT_REVISION }]);
  });

  it("during the build ends with 130 and changes nothing", async () => {
    const holder: { interruption?: Interruption } = {};
    const runner: CommandRunner = {
      run: () => {
        holder.interruption?.request();
        return Promise.resolve(null);
      },
    };
    const missing = { describeImages: always<never>(awsError("ImageNotFoundException")) };
    const { start, interruption, calls } = run(missing, { image: undefined as never }, { runner });
    holder.interruption = interruption;
    expect(await start()).toMatchObject({ exitCode: 130 });
    expect(calls.register.inputs).toEqual([]);
  });

  it("a second time leaves at once, with the command that attaches again", async () => {
    const { start, interruption, clock } = run({
      getDeployment: always(deployment("InProgress")),
      stopDeployment: () => new Promise(() => undefined),
    });
    clock.onSleep = (count) => {
      if (count === 1) interruption.request();
      if (count === 3) interruption.request();
    };
    const report = await start();
    expect(report).toMatchObject({
      outcome: "lost-sight",
      exitCode: 5,
      deploymentId: DEPLOYMENT,
      taskDefinition: NEXT_REVISION,
      // The reason is the second Ctrl-C, not the time limit.
      reasons: ["left at once, as asked by a second Ctrl-C"],
    });
    expect(report.next.join()).toContain(`--attach ${DEPLOYMENT}`);
  });

  it("counts when the answer to the stop that ended the deployment was lost", async () => {
    const stopped = { [DEPLOYMENT]: deployment("Stopped", rolledBackWith(ROLLBACK)) };
    const world = {
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(deployment("InProgress"), deployment("InProgress"), stopped[DEPLOYMENT]),
        [ROLLBACK]: inTurn(deployment("InProgress"), deployment("InProgress"), deployment("Succeeded")),
      }),
      stopDeployment: inTurn<never>(
        awsError("Error", "read", { code: "ECONNRESET" }),
        awsError("DeploymentAlreadyCompletedException"),
      ),
    };
    const { start, interruption, clock } = run(world);
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
  });

  it("doesn't count when somebody else had stopped the deployment before", async () => {
    const { start, interruption, clock } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(deployment("InProgress"), deployment("Stopped", rolledBackWith(ROLLBACK))),
        [ROLLBACK]: always(deployment("Succeeded")),
      }),
      stopDeployment: always<never>(awsError("DeploymentAlreadyCompletedException")),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "rolled-back", exitCode: 2 });
  });

  it("sends no further stop when the deployment is over", async () => {
    const { start, interruption, clock, calls } = run({
      getDeployment: inTurn(deployment("InProgress"), deployment("Succeeded")),
      stopDeployment: always<never>(awsError("ThrottlingException")),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    await start();
    const asked = calls.stop.inputs.length;
    // Every sleep of this clock ends after one turn of the event loop.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(calls.stop.inputs.length).toBe(asked);
  });

  it("is one when the same Ctrl-C arrives twice, as npm forwards it", () => {
    const clock = new SleepingClock();
    const interruption = new Interruption(clock);
    interruption.request();
    clock.advance(50);
    interruption.request();
    expect([interruption.stop.aborted, interruption.leave.aborted]).toEqual([true, false]);
    clock.advance(1_000);
    interruption.request();
    expect(interruption.leave.aborted).toBe(true);
  });
});

describe("a stop whose answer doesn't come", () => {
  const unanswered: readonly (readonly [string, Error])[] = [
    ["was lost", awsError("Error", "read", { code: "ECONNRESET" })],
    ["stalled", awsError("TimeoutError", "the answer began and was not complete")],
    ["was a page", new UnreadableAnswer("the answer (200, text/html) can't be read as AWS's", 200)],
    ["was a proxy's no", new UnreadableAnswer("the answer (403, text/html) can't be read as AWS's", 403)],
    [
      "was CodeDeploy's own trouble",
      awsError("InternalFailure", "", { $metadata: { httpStatusCode: 500, attempts: 1 } }),
    ],
    ["was a throttle's no", awsRefusal("ThrottlingException", "Rate exceeded")],
    ["was that the new id isn't known yet", awsRefusal("DeploymentDoesNotExistException")],
  ];

  it.each(unanswered)("%s is sent again, and counts: the person stopped the deployment", async (_, error) => {
    let sent = 0;
    const world = stoppable();
    const { start, interruption, clock, calls } = run({
      ...world,
      stopDeployment: (input) => {
        sent += 1;
        // The first request is accepted, whatever the answer says.
        if (sent === 1) return world.stopDeployment().then(() => Promise.reject(error));
        return Promise.reject(awsRefusal("DeploymentAlreadyCompletedException", JSON.stringify(input)));
      },
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130, rollbackDeploymentId: ROLLBACK });
    expect(calls.stop.inputs.length).toBeGreaterThan(0);
  });

  it("is not waited for: the deployment's state shows the effect", async () => {
    const world = stoppable();
    const { start, interruption, clock } = run({
      ...world,
      stopDeployment: () => world.stopDeployment().then(() => new Promise<never>(() => undefined)),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
  });

  it("does not count as an interruption when an alarm stopped the deployment", async () => {
    const { start, interruption, clock } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(deployment("InProgress"), deployment("InProgress"), deployment("Stopped", alarmStop)),
        [ROLLBACK]: always(deployment("Succeeded")),
      }),
      stopDeployment: always<never>(awsError("TimeoutError")),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ outcome: "rolled-back", exitCode: 2 });
  });
});

describe("an interruption during CreateDeployment", () => {
  /** A run whose CreateDeployment calls `during` before it answers. */
  function asking(during: (interruption: Interruption, clock: SleepingClock) => Promise<{ deploymentId: string }>) {
    const holder: { during: () => Promise<{ deploymentId: string }> } = { during: () => Promise.reject(new Error()) };
    const started = run({ ...stoppable(), createDeployment: () => holder.during() });
    holder.during = () => during(started.interruption, started.clock);
    return started;
  }

  it("is reported at once, and stops the deployment as soon as its id is known", async () => {
    const { start, events, calls } = asking((interruption) => {
      interruption.request();
      return Promise.resolve({ deploymentId: DEPLOYMENT });
    });
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130, rollbackDeploymentId: ROLLBACK });
    expect(calls.stop.inputs).toEqual([{ deploymentId: DEPLOYMENT, autoRollbackEnabled: true }]);
    const texts = events.flatMap((event) => (event.type === "progress" ? [event.text] : []));
    expect(texts).toContain("waiting for CodeDeploy's answer, to stop what it starts; Ctrl-C again leaves at once");
  });

  it("twice leaves at once, reports that a deployment may run, and keeps the revision", async () => {
    const { start, calls } = asking((interruption, clock) => {
      interruption.request();
      clock.advance(2_000);
      interruption.request();
      return new Promise(() => undefined);
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, taskDefinition: NEXT_REVISION });
    expect(report.reasons).toEqual(["left at once, as asked by a second Ctrl-C"]);
    expect(report.next.join()).toContain("aws deploy list-deployments");
    expect(calls.deregister.inputs).toEqual([]);
  });
});

describe("an interruption before anything is deployed", () => {
  it.each([
    ["the checks", "describeServices", liveEcsService()],
    ["checks that find problems", "describeServices", undefined],
    ["the choice of the image", "describeImages", undefined],
  ] as const)("during %s is reported at once, ends with 130 and changes nothing", async (_, call, service) => {
    const holder: { interruption?: Interruption } = {};
    const answers = {
      describeServices: () => ({ services: service ? [service] : [] }),
      describeImages: () => ({ imageDetails: [{ imageDigest: "sha256:new" }] }),
    };
    const interrupting = () => {
      holder.interruption?.request();
      return Promise.resolve(answers[call]());
    };
    const { start, interruption, events, calls } = run({ [call]: interrupting }, { image: undefined as never });
    holder.interruption = interruption;
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
    expect(calls.register.inputs).toEqual([]);
    expect(events).toContainEqual({
      type: "progress",
      text: "ending before anything is deployed; Ctrl-C again leaves at once",
    });
  });

  it("of a dry run is not reported as a passed dry run", async () => {
    const holder: { interruption?: Interruption } = {};
    const { start, interruption } = run(
      {
        describeImages: () => {
          holder.interruption?.request();
          return Promise.resolve({ imageDetails: [{ imageDigest: "sha256:new" }] });
        },
      },
      { dryRun: true },
    );
    holder.interruption = interruption;
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
  });

  it("twice leaves at once and names the revision that is left", async () => {
    const holder: { interrupt?: () => void } = {};
    const { start, interruption, clock } = run({
      deregisterTaskDefinition: () => {
        clock.advance(2_000);
        interruption.request();
        return new Promise(() => undefined);
      },
      registerTaskDefinition: () => {
        holder.interrupt?.();
        return Promise.resolve({ taskDefinition: { taskDefinitionArn: NEXT_REVISION } });
      },
    });
    holder.interrupt = () => interruption.request();
    expect(await start()).toMatchObject({
      exitCode: 130,
      taskDefinition: NEXT_REVISION,
      reasons: [expect.stringContaining("is still there") as string],
    });
  });

  it("twice leaves at once and says that a revision may be left, while one is registered", async () => {
    const holder: { interrupt?: () => void } = {};
    const { start, interruption, clock } = run({
      registerTaskDefinition: () => {
        holder.interrupt?.();
        return new Promise(() => undefined);
      },
    });
    holder.interrupt = () => {
      interruption.request();
      clock.advance(2_000);
      interruption.request();
    };
    expect(await start()).toMatchObject({
      exitCode: 130,
      reasons: [expect.stringContaining("may still have registered a revision") as string],
    });
  });

  it("counts although it came before the run began", async () => {
    const { start, interruption, events } = run();
    interruption.request();
    expect(await start()).toMatchObject({ exitCode: 130 });
    expect(events[0]).toMatchObject({ type: "progress", text: expect.stringContaining("ending before") as string });
  });
});
