import type { DescribeImagesCommandInput } from "@aws-sdk/client-ecr";
import { LINEAGE_TAG } from "../../scripts/release/lineage";
import type { CommandRunner } from "../../scripts/release/docker";
import {
  always,
  awsError,
  awsRefusal,
  config,
  deployment,
  DEPLOYMENT,
  digest,
  inTurn,
  names,
  NEXT_REVISION,
  recorded,
  REPOSITORY_URL,
  ROLLBACK,
  type SleepingClock,
  rolledBackWith,
} from "./fakes";
import { alarmStop, deployments, limit, run } from "./running";

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
        tags: [{ key: "team" }, { key: LINEAGE_TAG, value: "base=3 newest=3 seen=7" }],
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

  it.each([0.25, 60])(
    "is rolled back although its rollback is named late, polling every %d s",
    async (pollInterval) => {
      const world: { clock?: SleepingClock; endedAt?: number } = {};
      const { start, clock } = run(
        {
          getDeployment: deployments({
            [DEPLOYMENT]: inTurn(() => {
              const now = world.clock?.now() ?? 0;
              world.endedAt ??= now;
              return deployment("Stopped", now - world.endedAt >= 10_000 ? alarmStop : {});
            }),
            [ROLLBACK]: always(deployment("Succeeded")),
          }),
        },
        { pollInterval },
      );
      world.clock = clock;
      expect(await start()).toMatchObject({ outcome: "rolled-back", exitCode: 2 });
    },
  );

  it("has the same outcome when it can't be shown", async () => {
    const emit = () => {
      throw new Error("the view broke");
    };
    expect(await run({}, {}, { emit }).start()).toMatchObject({ outcome: "released", exitCode: 0 });
    const gone = { getDeployment: always<never>(awsError("ExpiredTokenException", "expired")) };
    expect(await run(gone, {}, { emit }).start()).toMatchObject({ exitCode: 5 });
  });

  it("doesn't count an older release's success as its rollback", async () => {
    const createTime = new Date(1_700_000_000_000);
    const { start } = run({
      getDeployment: deployments({
        [DEPLOYMENT]: always(deployment("Failed", { createTime, ...rolledBackWith("d-LASTWEEK1") })),
        "d-LASTWEEK1": always(deployment("Succeeded", { createTime: new Date(1_600_000_000_000) })),
      }),
    });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 5 });
    expect(report.reasons.join()).toMatch(/d-LASTWEEK1 was created before d-RELEASE01, which it rolls back/);
  });

  it("is failed when CodeDeploy rolls nothing back", async () => {
    const { start } = run({ getDeployment: always(deployment("Failed")) });
    expect(await start()).toMatchObject({ outcome: "failed", exitCode: 3 });
  });

  it("doesn't count another deployment's success as its own", async () => {
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
  it("changes nothing when a check fails, and reports the problems", async () => {
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

  it("is refused when another release was faster, leaves no revision behind, and shows how to follow the other", async () => {
    const { start, calls } = run({ createDeployment: always<never>(limit("d-SOMEONES1")) });
    const report = await start();
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(report.next.join()).toContain("--attach d-SOMEONES1");
    expect(calls.deregister.inputs).toEqual([{ taskDefinition: NEXT_REVISION }]);
  });

  it("finds the release that was faster when AWS's message doesn't name it", async () => {
    const { start } = run({
      createDeployment: always<never>(awsRefusal("DeploymentLimitExceededException", "busy")),
      listDeployments: inTurn({ deployments: [] as string[] }, { deployments: ["d-SOMEONES1"] }),
      batchGetDeployments: always({ deploymentsInfo: [{ deploymentId: "d-SOMEONES1", description: "another" }] }),
    });
    expect((await start()).next.join()).toContain("--attach d-SOMEONES1");
  });

  it("reports a revision that can't be deregistered", async () => {
    const { start } = run({
      createDeployment: always<never>(awsRefusal("InvalidRoleException", "no role")),
      deregisterTaskDefinition: always<never>(awsError("AccessDeniedException", "not authorized")),
    });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 4, problems: [{ what: "InvalidRoleException: no role" }] });
    expect(report.reasons.join()).toMatch(/is still there: not authorized/);
  });

  it("is refused when the revision can't be registered", async () => {
    const { start, calls } = run({ registerTaskDefinition: always<never>(awsRefusal("AccessDeniedException", "no")) });
    expect(await start()).toMatchObject({
      exitCode: 4,
      problems: [{ what: "not allowed: no", where: "ecs:RegisterTaskDefinition" }],
    });
    expect(calls.create.inputs).toEqual([]);
  });

  it("is refused when there is no Dockerfile and no image is given", async () => {
    const { start, calls } = run({}, { image: undefined }, { source: "services/none" });
    expect(await start()).toMatchObject({
      exitCode: 4,
      problems: [{ what: "services/none/ has no Dockerfile to build the image from" }],
    });
    expect(calls.register.inputs).toEqual([]);
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
    expect(await start()).toMatchObject({
      exitCode: 4,
      problems: [{ where: `${config.service.source}/appspec.yaml`, what: "ENOENT: no such file" }],
    });
  });
});

describe("losing sight", () => {
  it("ends with 5, the id and the command that attaches again", async () => {
    const expired = awsError("ExpiredTokenException", "The security token has expired");
    const report = await run({ getDeployment: always<never>(expired) }).start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.reasons.join()).toMatch(/has expired/);
    expect(report.next.join()).toMatch(/sign in again/);
    expect(report.next.join()).toContain(`npm run release -- --environment staging --attach ${DEPLOYMENT}`);
  });

  it("comes after --timeout, and stops nothing", async () => {
    const { start, clock, calls } = run({ getDeployment: always(deployment("InProgress")) }, { timeout: 10 });
    const startedAt = clock.now();
    expect(await start()).toMatchObject({ exitCode: 5 });
    expect(clock.now() - startedAt).toBe(600_000);
    expect(calls.stop.inputs).toEqual([]);
  });

  it("comes without --timeout when a deployment lasts longer than all its waits", async () => {
    const { start, clock } = run({ getDeployment: always(deployment("InProgress")) });
    const startedAt = clock.now();
    expect(await start()).toMatchObject({ exitCode: 5 });
    expect(clock.now() - startedAt).toBeGreaterThan(65 * 60_000);
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
    const answer = inTurn(awsError("ImageNotFoundException"), { imageDetails: [{ imageDigest: digest("3") }] });
    const describeImages = recorded<DescribeImagesCommandInput, Awaited<ReturnType<typeof answer>>>(answer);
    const { start, calls } = run({ describeImages: describeImages.call }, unbuilt, { runner });
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(steps).toEqual(["build", "login", "push"]);
    // The digest is read under the tag that was pushed.
    const [sought, pushed] = describeImages.inputs.map(({ imageIds }) => imageIds);
    expect(pushed).toEqual([{ imageTag: expect.stringMatching(/^[0-9a-f]{16}$/) as string }]);
    expect(pushed).toEqual(sought);
    expect(calls.register.inputs[0]?.containerDefinitions?.[0]?.image).toBe(`${REPOSITORY_URL}@${digest("3")}`);
  });

  it.each([
    ["passes when Docker answers", 0, { outcome: "checked", exitCode: 0 }],
    ["is refused when its daemon doesn't", 1, { outcome: "refused", exitCode: 4, problems: [{ where: "the image" }] }],
  ] as const)("is not built in a dry run, which %s", async (_, code, expected) => {
    const commands: (readonly string[])[] = [];
    const runner: CommandRunner = {
      run: ({ args }) => {
        commands.push(args);
        return Promise.resolve(code);
      },
    };
    const missing = { describeImages: always<never>(awsError("ImageNotFoundException")) };
    expect(await run(missing, { ...unbuilt, dryRun: true }, { runner }).start()).toMatchObject(expected);
    expect(commands.map(([step]) => step)).toEqual(["version"]);
  });

  it("is a refusal when Docker is missing", async () => {
    const missing = { describeImages: always<never>(awsError("ImageNotFoundException")) };
    expect(await run(missing, unbuilt).start()).toMatchObject({ exitCode: 4, problems: [{ where: "the image" }] });
  });
});
