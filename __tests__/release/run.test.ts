import type { Arguments } from "../../scripts/release/arguments";
import type { AwsPort } from "../../scripts/release/aws-port";
import type { ReleaseDeps } from "../../scripts/release/deps";
import type { CommandRunner } from "../../scripts/release/docker";
import type { ReleaseEvent } from "../../scripts/release/events";
import { Interruption } from "../../scripts/release/interruption";
import { runRelease } from "../../scripts/release/run";
import {
  always,
  awsError,
  config,
  deployment,
  DEPLOYMENT,
  digest,
  fakeAws,
  inTurn,
  names,
  NEXT_REVISION,
  recorded,
  REPOSITORY_URL,
  ROLLBACK,
  rolledBackWith,
  SleepingClock,
  TEMPLATE,
} from "./fakes";

const noDocker: CommandRunner = { run: () => Promise.reject(new Error("docker was run")) };
const limit = (id: string) =>
  awsError("DeploymentLimitExceededException", `The Deployment Group already has an active Deployment '${id}'`);
const alarmStop = {
  errorInformation: { code: "ALARM_ACTIVE" as const, message: `Activated alarms: ${names.alarm("target5xx", "2")}` },
  ...rolledBackWith(ROLLBACK),
};

/** GetDeployment by id, each with its own answers. */
function deployments(answers: Readonly<Record<string, () => Promise<ReturnType<typeof deployment>>>>) {
  return ({ deploymentId = "" }: { deploymentId?: string | undefined }) =>
    answers[deploymentId]?.() ?? Promise.reject(awsError("DeploymentDoesNotExistException"));
}

function run(overrides: Partial<AwsPort> = {}, args: Partial<Arguments> = {}, rest: Partial<ReleaseDeps> = {}) {
  const clock = new SleepingClock();
  const interruption = new Interruption(clock);
  const events: ReleaseEvent[] = [];
  const aws = fakeAws(overrides);
  const register = recorded(aws.registerTaskDefinition);
  const deregister = recorded(aws.deregisterTaskDefinition);
  const create = recorded(aws.createDeployment);
  const stop = recorded(aws.stopDeployment);
  const deps: ReleaseDeps = {
    aws: {
      ...aws,
      registerTaskDefinition: register.call,
      deregisterTaskDefinition: deregister.call,
      createDeployment: create.call,
      stopDeployment: stop.call,
    },
    config,
    names,
    clock,
    random: () => 0.5,
    interruption,
    runner: noDocker,
    apiDirectory: "api",
    readTemplate: () => TEMPLATE,
    emit: (event) => events.push(event),
    ...rest,
  };
  const given = { variables: [], dryRun: false, force: false, pollInterval: 5, image: "v2", ...args };
  return {
    start: () => runRelease(given, deps),
    clock,
    interruption,
    events,
    calls: { register, deregister, create, stop },
  };
}

describe("a release", () => {
  it("registers the live revision with the new image, deploys it, and is released when CodeDeploy says so", async () => {
    const { start, calls, events } = run({
      getDeployment: inTurn(deployment("Created"), deployment("InProgress"), deployment("Succeeded")),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "released", exitCode: 0, deploymentId: DEPLOYMENT });
    expect(calls.register.inputs).toMatchObject([
      {
        family: names.family,
        containerDefinitions: [{ image: `${REPOSITORY_URL}@${digest("2")}` }, { name: "sidecar" }],
        tags: [{ key: "team" }],
      },
    ]);
    expect(calls.create.inputs).toMatchObject([
      {
        applicationName: names.application,
        deploymentGroupName: names.deploymentGroup,
        description: `Release ${names.family}:8`,
        revision: {
          revisionType: "AppSpecContent",
          appSpecContent: { content: expect.stringContaining(NEXT_REVISION) as string },
        },
      },
    ]);
    expect(events.at(-1)).toEqual({ type: "outcome", report });
    expect(calls.stop.inputs).toEqual([]);
    expect(calls.deregister.inputs).toEqual([]);
  });

  it("sets variables of the new revision", async () => {
    const { start, calls } = run({}, { variables: [{ name: "SIMULATE", value: "crash" }] });
    await start();
    expect(calls.register.inputs[0]).toMatchObject({
      containerDefinitions: [
        {
          environment: [
            { name: "TABLE", value: "tasks" },
            { name: "SIMULATE", value: "crash" },
          ],
        },
        {},
      ],
    });
  });

  it("is rolled back only when the rollback has finished, and names the alarm", async () => {
    const { start } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: inTurn(deployment("InProgress"), deployment("Stopped", alarmStop)),
        [ROLLBACK]: inTurn(deployment("Created"), deployment("InProgress"), deployment("Succeeded")),
      }),
    });
    expect(await start()).toMatchObject({
      outcome: "rolled-back",
      exitCode: 2,
      rollbackDeploymentId: ROLLBACK,
      alarms: [names.alarm("target5xx", "2")],
    });
  });

  it("is failed when the rollback fails, with CodeDeploy's reason", async () => {
    const errorInformation = { code: "HEALTH_CONSTRAINTS" as const, message: "no healthy task" };
    const { start } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: always(deployment("Stopped", alarmStop)),
        [ROLLBACK]: always(deployment("Failed", { errorInformation })),
      }),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "failed", exitCode: 3 });
    expect(report.reasons.join()).toMatch(/no healthy task/);
  });

  it("is failed when CodeDeploy rolls nothing back", async () => {
    const { start } = run({ getDeployment: always(deployment("Failed")) });
    expect(await start()).toMatchObject({ outcome: "failed", exitCode: 3 });
  });

  it("takes no other deployment's success for its own", async () => {
    const { start } = run(
      {
        getDeployment: deployments({
          [DEPLOYMENT]: always(deployment("InProgress")),
          "d-OTHER0001": always(deployment("Succeeded")),
        }),
      },
      { timeout: 1 },
    );
    expect(await start()).toMatchObject({ outcome: "lost-sight" });
  });
});

describe("a release that is refused", () => {
  it("changes nothing when a check fails, and tells the problems", async () => {
    const { start, calls } = run({ describeServices: always({ services: [] }) });
    const report = await start();
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(report.problems).toHaveLength(1);
    expect([calls.register.inputs, calls.create.inputs]).toEqual([[], []]);
  });

  it("is refused when nothing would change, unless forced", async () => {
    const same = { describeImages: always({ imageDetails: [{ imageDigest: digest("1") }] }) };
    const plain = run(same);
    expect(await plain.start()).toMatchObject({
      exitCode: 4,
      headline: expect.stringContaining("nothing to release") as string,
    });
    expect(plain.calls.register.inputs).toEqual([]);
    expect(await run(same, { force: true }).start()).toMatchObject({ exitCode: 0 });
    expect(await run(same, { variables: [{ name: "NEW", value: "1" }] }).start()).toMatchObject({ exitCode: 0 });
  });

  it("is refused when another release was faster, leaves no revision behind, and shows whom to follow", async () => {
    const { start, calls } = run({ createDeployment: always<never>(limit("d-SOMEONES1")) });
    const report = await start();
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(report.next.join()).toContain("--attach d-SOMEONES1");
    expect(calls.deregister.inputs).toEqual([{ taskDefinition: NEXT_REVISION }]);
  });

  it("finds the release that was faster when AWS's message doesn't name it", async () => {
    const { start } = run({
      createDeployment: always<never>(awsError("DeploymentLimitExceededException", "busy")),
      listDeployments: inTurn({ deployments: [] as string[] }, { deployments: ["d-SOMEONES1"] }),
      batchGetDeployments: always({ deploymentsInfo: [{ deploymentId: "d-SOMEONES1" }] }),
    });
    expect((await start()).next.join()).toContain("--attach d-SOMEONES1");
  });

  it("says so when the revision can't be taken back", async () => {
    const { start } = run({
      createDeployment: always<never>(awsError("InvalidRoleException", "no role")),
      deregisterTaskDefinition: always<never>(awsError("AccessDeniedException", "not authorized")),
    });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 4, problems: [{ what: "InvalidRoleException: no role" }] });
    expect(report.reasons.join()).toMatch(/is still there: not authorized/);
  });

  it("is refused when the revision can't be registered", async () => {
    const { start, calls } = run({ registerTaskDefinition: always<never>(awsError("AccessDeniedException", "no")) });
    expect(await start()).toMatchObject({
      exitCode: 4,
      problems: [{ what: "not allowed: no", where: "ecs:RegisterTaskDefinition" }],
    });
    expect(calls.create.inputs).toEqual([]);
  });

  it("is refused without the appspec template", async () => {
    const { start } = run(
      {},
      {},
      {
        readTemplate: () => {
          throw new Error("ENOENT: no such file");
        },
      },
    );
    expect(await start()).toMatchObject({ exitCode: 4, problems: [{ where: "api/appspec.yaml" }] });
  });
});

describe("a deployment whose creation was not answered", () => {
  const ours = (sha256: string | undefined, description?: string) => ({
    deploymentsInfo: [
      { deploymentId: DEPLOYMENT, description, revision: { appSpecContent: sha256 === undefined ? {} : { sha256 } } },
    ],
  });

  it.each([
    ["the SDK's second try is refused because of the first", limit(DEPLOYMENT)],
    ["the connection broke", awsError("Error", "read", { code: "ECONNRESET" })],
    ["CodeDeploy failed inside", awsError("InternalFailure", "", { $metadata: { httpStatusCode: 500 } })],
  ])("is found again and watched when %s", async (_, error) => {
    let sha256: string | undefined;
    const { start, calls } = run({
      createDeployment: (input) => {
        sha256 = input.revision?.appSpecContent?.sha256;
        return Promise.reject(error);
      },
      listDeployments: inTurn({ deployments: [] as string[] }, { deployments: [DEPLOYMENT] }),
      batchGetDeployments: inTurn(() => ours(sha256)),
    });
    expect(await start()).toMatchObject({ outcome: "released", deploymentId: DEPLOYMENT });
    expect(calls.deregister.inputs).toEqual([]);
  });

  it("is known by its description when AWS doesn't tell the hash", async () => {
    const { start } = run({
      createDeployment: always<never>(limit(DEPLOYMENT)),
      listDeployments: inTurn({ deployments: [] as string[] }, { deployments: [DEPLOYMENT] }),
      batchGetDeployments: always(ours(undefined, `Release ${names.family}:8`)),
    });
    expect(await start()).toMatchObject({ outcome: "released" });
  });

  it("is refused when it never shows up", async () => {
    const { start, calls } = run({ createDeployment: always<never>(awsError("TimeoutError", "no answer")) });
    expect(await start()).toMatchObject({ outcome: "refused" });
    expect(calls.deregister.inputs).toHaveLength(1);
  });

  it("is lost sight of, its revision kept, when it can't be looked for either", async () => {
    const gone = awsError("TimeoutError", "no answer");
    const { start, calls } = run({
      createDeployment: always<never>(gone),
      listDeployments: inTurn<{ deployments: string[] }>({ deployments: [] }, gone),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.next.join()).toContain("aws deploy list-deployments");
    expect(calls.deregister.inputs).toEqual([]);
  });
});

describe("losing sight", () => {
  it("ends with 5, the id and the command that attaches again", async () => {
    const expired = awsError("ExpiredTokenException", "The security token has expired");
    const report = await run({ getDeployment: always<never>(expired) }).start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.reasons.join()).toMatch(/has expired/);
    expect(report.next.join()).toContain(`npm run release -- --environment staging --attach ${DEPLOYMENT}`);
  });

  it("comes after the time that was given, and stops nothing", async () => {
    const { start, clock, calls } = run({ getDeployment: always(deployment("InProgress")) }, { timeout: 10 });
    const startedAt = clock.now();
    expect(await start()).toMatchObject({ exitCode: 5 });
    expect(clock.now() - startedAt).toBe(600_000);
    expect(calls.stop.inputs).toEqual([]);
  });

  it("comes by itself when a deployment outlasts all its waits", async () => {
    const { start, clock } = run({ getDeployment: always(deployment("InProgress")) });
    const startedAt = clock.now();
    expect(await start()).toMatchObject({ exitCode: 5 });
    expect(clock.now() - startedAt).toBeGreaterThan(65 * 60_000);
  });
});

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

  it("tells the truth when the deployment succeeded before the stop took", async () => {
    const { start, interruption, clock } = run({
      getDeployment: inTurn(deployment("InProgress"), deployment("Succeeded")),
      stopDeployment: always<never>(awsError("DeploymentAlreadyCompletedException")),
    });
    clock.onSleep = () => interruption.request();
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0 });
  });

  it("asks again when the stop was throttled", async () => {
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

  it("goes on watching when it may not stop", async () => {
    const { start, interruption, clock, events } = run({
      getDeployment: inTurn(deployment("InProgress"), deployment("InProgress"), deployment("Succeeded")),
      stopDeployment: always<never>(awsError("AccessDeniedException", "not authorized")),
    });
    clock.onSleep = (count) => count === 1 && interruption.request();
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(events).toContainEqual({
      type: "warning",
      text: expect.stringContaining("could not stop it: AccessDeniedException: not authorized") as string,
    });
  });

  it("before the deployment takes the registered revision back and deploys nothing", async () => {
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
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.next.join()).toContain(`--attach ${DEPLOYMENT}`);
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

describe("a dry run", () => {
  it("shows what would be registered and changes nothing", async () => {
    const { start, calls, events } = run({}, { dryRun: true });
    expect(await start()).toMatchObject({ outcome: "checked", exitCode: 0 });
    expect(events.find((event) => event.type === "changes")).toMatchObject({
      from: `${names.family}:7`,
      changes: [{ path: "containerDefinitions[api].image", to: `${REPOSITORY_URL}@${digest("2")}` }],
    });
    expect([calls.register.inputs, calls.create.inputs]).toEqual([[], []]);
  });
});

describe("attaching", () => {
  const attach = { attach: DEPLOYMENT };

  it("follows to the same outcomes", async () => {
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

  it("is refused for a deployment that isn't there, or is another environment's", async () => {
    const gone = run({ getDeployment: always<never>(awsError("DeploymentDoesNotExistException")) }, attach);
    expect(await gone.start()).toMatchObject({ exitCode: 4 });
    const other = run({ getDeployment: always(deployment("InProgress", { applicationName: "other" })) }, attach);
    expect(await other.start()).toMatchObject({ exitCode: 4 });
  });

  it("only leaves when interrupted: it doesn't stop what it didn't start", async () => {
    const { start, interruption, clock, calls } = run({ getDeployment: always(deployment("InProgress")) }, attach);
    clock.onSleep = () => interruption.request();
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.next.join()).toContain("aws deploy stop-deployment");
    expect(calls.stop.inputs).toEqual([]);
  });
});

describe("the image of a release without --image", () => {
  const unbuilt = { image: undefined as never };

  it("is the one built before from the same sources", async () => {
    const { start } = run({}, unbuilt);
    expect(await start()).toMatchObject({ exitCode: 0 });
  });

  it("is built, pushed and released by its digest", async () => {
    const steps: (string | undefined)[] = [];
    const runner: CommandRunner = {
      run: ({ args }) => {
        steps.push(args[0]);
        return Promise.resolve(0);
      },
    };
    const describeImages = inTurn(awsError("ImageNotFoundException"), { imageDetails: [{ imageDigest: digest("3") }] });
    const { start, calls } = run({ describeImages }, unbuilt, { runner });
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(steps).toEqual(["build", "login", "push"]);
    expect(calls.register.inputs[0]?.containerDefinitions?.[0]?.image).toBe(`${REPOSITORY_URL}@${digest("3")}`);
  });

  it("is not built in a dry run", async () => {
    const missing = { describeImages: always<never>(awsError("ImageNotFoundException")) };
    expect(await run(missing, { ...unbuilt, dryRun: true }).start()).toMatchObject({ outcome: "checked" });
  });

  it("is a refusal when Docker isn't there", async () => {
    const missing = { describeImages: always<never>(awsError("ImageNotFoundException")) };
    expect(await run(missing, unbuilt).start()).toMatchObject({ exitCode: 4, problems: [{ where: "the image" }] });
  });
});
