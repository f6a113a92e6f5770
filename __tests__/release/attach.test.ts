import { UnreadableAnswer } from "../../scripts/command/aws-answers";
import { ALARMS, always, awsError, deployment, DEPLOYMENT, fakeAws, inTurn, recorded, ROLLBACK } from "./fakes";
import { alarmStop, deployments, run } from "./running";

describe("attaching", () => {
  const attach = { attach: DEPLOYMENT };

  it("has the same outcomes as a release", async () => {
    const followed = run({ getDeployment: inTurn(deployment("InProgress"), deployment("Succeeded")) }, attach);
    expect(await followed.start()).toMatchObject({ outcome: "released", exitCode: 0 });
    expect(followed.calls.create.inputs).toEqual([]);
    const back = run(
      {
        getDeployment: deployments({
          [DEPLOYMENT]: always(deployment("Stopped", alarmStop)),
          [ROLLBACK]: always(deployment("Succeeded")),
        }),
      },
      attach,
    );
    expect(await back.start()).toMatchObject({ outcome: "rolled-back", exitCode: 2 });
  });

  it("works without the permission to read the group", async () => {
    const { start, events } = run(
      { getDeploymentGroup: always<never>(awsError("AccessDeniedException", "no")) },
      attach,
    );
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(events.some((event) => event.type === "warning")).toBe(true);
  });

  it("is refused for a deployment that doesn't exist, or belongs to another environment", async () => {
    const gone = run({ getDeployment: always<never>(awsError("DeploymentDoesNotExistException")) }, attach);
    expect(await gone.start()).toMatchObject({ exitCode: 4 });
    for (const foreign of [{ applicationName: "other" }, { deploymentGroupName: "other" }]) {
      const other = run({ getDeployment: always(deployment("InProgress", foreign)) }, attach);
      expect(await other.start()).toMatchObject({ exitCode: 4 });
    }
  });

  it("watches the alarms of the group", async () => {
    const describeAlarms = recorded(fakeAws().describeAlarms);
    await run({ describeAlarms: describeAlarms.call }, attach).start();
    expect(describeAlarms.inputs[0]?.AlarmNames).toEqual(ALARMS);
  });

  it("lasts as long as --timeout", async () => {
    const { start, clock } = run({ getDeployment: always(deployment("InProgress")) }, { ...attach, timeout: 10 });
    const startedAt = clock.now();
    const report = await start();
    expect(report).toMatchObject({ exitCode: 5 });
    expect(report.reasons.join()).toContain("not over after 10 minutes");
    expect(clock.now() - startedAt).toBe(600_000);
  });

  it("leaves the deployment running when interrupted, because it didn't start it", async () => {
    const { start, interruption, clock, calls, events } = run(
      { getDeployment: always(deployment("InProgress")) },
      attach,
    );
    clock.onSleep = () => interruption.request();
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.next.join()).toContain("aws deploy stop-deployment");
    expect(events).toContainEqual({
      type: "progress",
      text: "leaving; the deployment continues (Ctrl-C again: leave at once)",
    });
    expect(calls.stop.inputs).toEqual([]);
  });

  it.each([
    ["about another id", deployment("Succeeded", { deploymentId: "d-OTHER0001" })],
    [
      "without an application and a group",
      { deploymentInfo: { deploymentId: DEPLOYMENT, status: "Succeeded" as const } },
    ],
    ["without a deployment", {}],
    ["that never come", awsError("TimeoutError", "no answer")],
    ["that can't be read", new UnreadableAnswer("the answer (200, text/html) can't be read as AWS's")],
  ])("ends as lost sight, not as a refusal, with answers %s: the deployment may run", async (_, answer) => {
    const { start } = run({ getDeployment: always<object>(answer) }, attach);
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.reasons.join()).toContain("reading the deployment failed");
    expect(report.next.join()).toContain(`--attach ${DEPLOYMENT}`);
  });

  it("continues after one answer about another deployment", async () => {
    const other = deployment("Succeeded", { deploymentId: "d-OTHER0001" });
    const { start } = run(
      { getDeployment: inTurn(other, deployment("InProgress"), other, deployment("Succeeded")) },
      attach,
    );
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0 });
  });

  it("follows a deployment that another run created", async () => {
    const theirs = deployment("Succeeded", { description: "somebody's", createTime: new Date(0) });
    expect(await run({ getDeployment: always(theirs) }, attach).start()).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["its first answer", 0],
    ["a look", 1],
  ])("leaves at once when interrupted, though %s never comes", async (_, answered) => {
    let asked = 0;
    const { start, interruption } = run(
      {
        getDeployment: () => {
          asked += 1;
          if (asked <= answered) return Promise.resolve(deployment("InProgress"));
          setImmediate(() => interruption.request());
          return new Promise(() => undefined);
        },
      },
      attach,
    );
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.reasons.join()).toContain("interrupted");
  });
});
