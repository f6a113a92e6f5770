import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { AwsPort } from "../../scripts/release/aws-port";
import {
  always,
  awsError,
  awsRefusal,
  deployment,
  DEPLOYMENT,
  DESCRIPTION,
  inTurn,
  NEXT_REVISION,
  recorded,
} from "./fakes";
import { limit, run } from "./running";

/** CodeDeploy with these deployments. It lists new ones only after `searches` lists. */
function codeDeploy(deployments: readonly DeploymentInfo[], searches = 0) {
  let searched = 0;
  const list = recorded(({ includeOnlyStatuses }: { includeOnlyStatuses?: unknown }) => {
    // The preflight lists running deployments: none was running then.
    if (includeOnlyStatuses !== undefined) return Promise.resolve({ deployments: [] as string[] });
    searched += 1;
    const shown = searched > searches ? deployments : [];
    return Promise.resolve({ deployments: shown.map(({ deploymentId = "" }) => deploymentId) });
  });
  const world: Partial<AwsPort> = {
    listDeployments: list.call,
    batchGetDeployments: ({ deploymentIds = [] }) =>
      Promise.resolve({
        deploymentsInfo: deployments.filter(({ deploymentId = "" }) => deploymentIds.includes(deploymentId)),
      }),
  };
  return { world, searches: () => list.inputs.filter((input) => input.includeOnlyStatuses === undefined) };
}

/** An error that the SDK got for a repetition of the call. */
const repeated = (name: string, message = "") =>
  awsError(name, message, { $metadata: { httpStatusCode: 400, attempts: 3 } });

const UNANSWERED: readonly (readonly [string, Error])[] = [
  ["the connection broke", awsError("Error", "read", { code: "ECONNRESET" })],
  ["no answer came in time", awsError("TimeoutError", "no answer")],
  ["CodeDeploy failed inside", awsError("InternalFailure", "", { $metadata: { httpStatusCode: 500 } })],
  ["the answer can't be read", awsError("SyntaxError", "Unexpected <", { $metadata: { httpStatusCode: 200 } })],
  ["a repetition of it was refused because of the first", repeated("DeploymentLimitExceededException", DEPLOYMENT)],
  ["a repetition of it was throttled", repeated("ThrottlingException", "Rate exceeded")],
  ["a repetition of it was denied", repeated("AccessDeniedException", "not authorized")],
];

describe("a deployment whose creation was not answered", () => {
  it.each([...UNANSWERED, ["the answer has no id", undefined] as const])(
    "is found by its appspec and watched when %s",
    async (_, error) => {
      const created: DeploymentInfo = { deploymentId: DEPLOYMENT, revision: { appSpecContent: {} } };
      const { start, calls } = run({
        ...codeDeploy([{ deploymentId: "d-SOMEONES1", description: "another" }, created], 2).world,
        createDeployment: (input) => {
          created.revision = { appSpecContent: { sha256: input.revision?.appSpecContent?.sha256 } };
          return error ? Promise.reject(error) : Promise.resolve({});
        },
      });
      expect(await start()).toMatchObject({ outcome: "released", deploymentId: DEPLOYMENT });
      expect(calls.create.inputs).toHaveLength(1);
      expect(calls.deregister.inputs).toEqual([]);
    },
  );

  it.each(UNANSWERED)("is lost sight of, and its revision kept, when it isn't found after %s", async (_, error) => {
    const { start, calls, events } = run({ ...codeDeploy([]).world, createDeployment: always<never>(error) });
    const report = await start();
    expect(events).toContainEqual({
      type: "warning",
      text: expect.stringContaining("checking whether it started the deployment") as string,
    });
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, taskDefinition: NEXT_REVISION });
    expect(report.reasons.join()).toContain("no deployment of this revision was found");
    expect(report.next.join()).toContain("aws deploy list-deployments");
    expect(calls.deregister.inputs).toEqual([]);
  });

  const lost = { createDeployment: always<never>(awsError("TimeoutError", "no answer")) };

  it("is searched among all statuses, because it may have ended at once", async () => {
    const ended = codeDeploy([{ deploymentId: DEPLOYMENT, status: "Stopped", description: DESCRIPTION }]);
    const { start, clock } = run({ ...ended.world, ...lost, getDeployment: always(deployment("Failed")) });
    const before = clock.now();
    expect(await start()).toMatchObject({ exitCode: 3, deploymentId: DEPLOYMENT });
    const [search] = ended.searches();
    expect(search).not.toHaveProperty("includeOnlyStatuses");
    // By AWS's clock it may have been created before the request.
    expect(search).toMatchObject({ createTimeRange: { start: new Date(before - 3_600_000) } });
  });

  it("is searched at a fixed interval, whatever the poll interval is", async () => {
    const { start, clock } = run({ ...codeDeploy([]).world, ...lost }, { pollInterval: 0.25 });
    const before = clock.now();
    await start();
    expect(clock.now() - before).toBeGreaterThan(20_000);
  });

  it("is searched page by page, and described in batches that CodeDeploy accepts", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `d-OTHER${String(index).padStart(4, "0")}`);
    const described = recorded(({ deploymentIds = [] }: { deploymentIds?: string[] | undefined }) =>
      Promise.resolve({
        deploymentsInfo: deploymentIds.map((deploymentId) => ({
          deploymentId,
          description: deploymentId === DEPLOYMENT ? DESCRIPTION : "another",
        })),
      }),
    );
    const { start } = run({
      ...lost,
      listDeployments: ({ includeOnlyStatuses, nextToken }) => {
        if (includeOnlyStatuses) return Promise.resolve({ deployments: [] });
        return Promise.resolve(
          nextToken === "2" ? { deployments: [DEPLOYMENT] } : { deployments: ids, nextToken: "2" },
        );
      },
      batchGetDeployments: described.call,
    });
    expect(await start()).toMatchObject({ outcome: "released", deploymentId: DEPLOYMENT });
    expect(described.inputs.map(({ deploymentIds = [] }) => deploymentIds.length)).toEqual([25, 16]);
  });

  it("is not confused with the deployment that rolls it back", async () => {
    const rollback: DeploymentInfo = {
      deploymentId: "d-ROLLBACK1",
      creator: "codeDeployRollback",
      description: DESCRIPTION,
    };
    const both = [rollback, { deploymentId: DEPLOYMENT, creator: "user" as const, description: DESCRIPTION }];
    expect(await run({ ...codeDeploy(both).world, ...lost }).start()).toMatchObject({ deploymentId: DEPLOYMENT });
  });

  it("is lost sight of, with the reason, when the search fails too", async () => {
    const { start, calls } = run({
      ...lost,
      listDeployments: inTurn<{ deployments: string[] }>({ deployments: [] }, awsError("TimeoutError", "no list")),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5 });
    expect(report.reasons.join()).toContain("searching for the deployment failed: no list");
    expect(calls.deregister.inputs).toEqual([]);
  });

  it("is found although one of the searches fails", async () => {
    const { world } = codeDeploy([{ deploymentId: DEPLOYMENT, description: DESCRIPTION }]);
    const batchGetDeployments = inTurn(awsError("ThrottlingException"), {
      deploymentsInfo: [{ deploymentId: DEPLOYMENT, description: DESCRIPTION }],
    });
    expect(await run({ ...world, ...lost, batchGetDeployments }).start()).toMatchObject({ outcome: "released" });
  });
});

describe("a deployment that CodeDeploy refuses", () => {
  const throttled = awsRefusal("ThrottlingException", "Rate exceeded");

  it.each([
    ["CodeDeploy says so", awsRefusal("InvalidRoleException", "no role")],
    ["another one runs", limit("d-SOMEONES1")],
    ["it was throttled to the end", throttled],
    ["nothing could be sent", awsError("Error", "connect", { code: "ECONNREFUSED" })],
    ["there are no credentials", awsError("CredentialsProviderError", "none")],
  ])("is refused, and its revision deregistered, when %s", async (_, error) => {
    const { start, calls } = run({ createDeployment: always<never>(error) });
    const report = await start();
    expect(report).toMatchObject({ outcome: "refused", exitCode: 4 });
    expect(report.headline).toBe("refused before anything was deployed: one problem");
    expect(calls.deregister.inputs).toEqual([{ taskDefinition: NEXT_REVISION }]);
  });

  it("is requested again when it was throttled, with a longer wait each time", async () => {
    const { start, calls, clock, events } = run({
      createDeployment: inTurn(throttled, throttled, { deploymentId: DEPLOYMENT }),
    });
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(calls.create.inputs).toHaveLength(3);
    expect(clock.sleeps.slice(0, 2)).toEqual([2_000, 4_000]);
    expect(events).toContainEqual({
      type: "warning",
      text: "could not start it (ThrottlingException: Rate exceeded), trying again in 4 s",
    });
  });

  it("is requested five times in all when it is always throttled", async () => {
    const { start, calls, clock } = run({ createDeployment: always<never>(throttled) });
    expect(await start()).toMatchObject({ outcome: "refused" });
    expect(calls.create.inputs).toHaveLength(5);
    expect(clock.sleeps.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  });

  it("is not requested again after an interruption", async () => {
    const { start, calls, clock, interruption } = run({ createDeployment: always<never>(throttled) });
    clock.onSleep = () => interruption.request();
    expect(await start()).toMatchObject({ outcome: "interrupted", exitCode: 130 });
    expect(calls.create.inputs).toHaveLength(1);
    expect(calls.deregister.inputs).toHaveLength(1);
  });

  it.each([
    ["that runs, when the message names one that doesn't", limit("d-LONGGONE1"), ["d-SOMEONES1"], "d-SOMEONES1"],
    ["that the message names, of several", limit("d-SOMEONES2"), ["d-SOMEONES1", "d-SOMEONES2"], "d-SOMEONES2"],
    ["that the message names, when none is listed", limit("d-SOMEONES1"), [], "d-SOMEONES1"],
  ])("shows how to follow the running one %s", async (_, error, running, id) => {
    const { start } = run({
      createDeployment: always<never>(error),
      listDeployments: inTurn<{ deployments: string[] }>({ deployments: [] }, { deployments: running }),
    });
    expect((await start()).next.join()).toContain(`--attach ${id}`);
  });

  it("is not reported as refused when the search fails: the running one may be ours", async () => {
    const { start, calls } = run({
      createDeployment: always<never>(limit("d-SOMEONES1")),
      listDeployments: inTurn<{ deployments: string[] }>({ deployments: [] }, awsError("AccessDeniedException")),
    });
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, taskDefinition: NEXT_REVISION });
    expect(report.reasons.join()).toMatch(/d-SOMEONES1.*searching for the deployment failed/);
    expect(calls.deregister.inputs).toEqual([]);
  });
});

describe("a revision whose registration was not answered", () => {
  it("may exist: the report says so, and that nothing was deployed", async () => {
    const { start } = run({ registerTaskDefinition: always<never>(awsError("TimeoutError", "no answer")) });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 4, headline: "refused before anything was deployed: one problem" });
    expect(report.reasons.join()).toMatch(/may still have registered a revision/);
  });

  it("is not mentioned when ECS refused it", async () => {
    const { start } = run({ registerTaskDefinition: always<never>(awsRefusal("ClientException", "no such role")) });
    expect((await start()).reasons).toEqual([]);
  });
});

describe("an id that CreateDeployment returns", () => {
  const OLD = "d-OLDONE001";
  const old: DeploymentInfo = { description: "Release somebody:1", createTime: new Date(0), status: "Succeeded" };
  const others: readonly (readonly [string, DeploymentInfo])[] = [
    ["an older release", old],
    ["another application's", { ...old, description: DESCRIPTION, applicationName: "other" }],
    ["another group's", { ...old, description: DESCRIPTION, deploymentGroupName: "other" }],
    ["the rollback of one", { ...old, description: DESCRIPTION, creator: "codeDeployRollback" }],
  ];
  const answersOld = (info: DeploymentInfo, listed: readonly string[]): Partial<AwsPort> => ({
    createDeployment: always({ deploymentId: OLD }),
    listDeployments: ({ includeOnlyStatuses }) =>
      Promise.resolve({ deployments: includeOnlyStatuses === undefined ? [...listed] : [] }),
    batchGetDeployments: ({ deploymentIds = [] }) =>
      Promise.resolve({
        deploymentsInfo: deploymentIds.map((deploymentId) =>
          deploymentId === OLD
            ? { ...deployment("Succeeded").deploymentInfo, deploymentId, ...info }
            : deployment("Created", { deploymentId }).deploymentInfo,
        ),
      }),
    getDeployment: ({ deploymentId = "" }) =>
      Promise.resolve(
        deploymentId === OLD
          ? deployment("Succeeded", { deploymentId, ...info })
          : deployment("Succeeded", { deploymentId }),
      ),
  });

  it.each(others)("is not used when it is %s: the search finds ours, which is followed", async (_, info) => {
    const listed = info.applicationName || info.deploymentGroupName ? [DEPLOYMENT] : [OLD, DEPLOYMENT];
    const { start, events } = run(answersOld(info, listed));
    expect(await start()).toMatchObject({ outcome: "released", exitCode: 0, deploymentId: DEPLOYMENT });
    const told = events.flatMap((event) => (event.type === "warning" ? [event.text] : [])).join("; ");
    expect(told).toContain(`CodeDeploy answered with ${OLD}, which is not this release's`);
    expect(told).toContain(`this release is deployment ${DEPLOYMENT}`);
  });

  it.each(others)("ends as lost sight, with the reason, when it is %s and ours isn't found", async (_, info) => {
    const { start, calls } = run(answersOld(info, []));
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, taskDefinition: NEXT_REVISION });
    expect(report).not.toHaveProperty("deploymentId");
    expect(report.reasons.join()).toContain(`CodeDeploy answered with ${OLD}, which is another deployment`);
    expect(calls.deregister.inputs).toEqual([]);
  });

  it("is never stopped when it belongs to another release", async () => {
    const { start, calls, interruption, clock } = run(answersOld(old, []));
    clock.onSleep = () => interruption.request();
    expect(await start()).toMatchObject({ exitCode: 5 });
    expect(calls.stop.inputs).toEqual([]);
  });

  it("is accepted after one wrong answer about it", async () => {
    const right = { deploymentsInfo: [deployment("Created").deploymentInfo] };
    const wrong = { deploymentsInfo: [{ ...right.deploymentsInfo[0], description: "Release somebody:1" }] };
    const { start, calls } = run({ batchGetDeployments: inTurn<typeof right>(wrong as typeof right, right) });
    expect(await start()).toMatchObject({ outcome: "released", deploymentId: DEPLOYMENT });
    expect(calls.create.inputs).toHaveLength(1);
  });

  it("is followed when it can't be verified: each poll makes the same check", async () => {
    const { start, events } = run({ batchGetDeployments: always<never>(awsError("TimeoutError")) });
    expect(await start()).toMatchObject({ outcome: "released" });
    expect(events).toContainEqual({
      type: "warning",
      text: expect.stringContaining(`not checked that ${DEPLOYMENT} belongs to this release`) as string,
    });
  });

  it("is not reported as released when another revision succeeded", async () => {
    const revision = { revisionType: "AppSpecContent", appSpecContent: { sha256: "b".repeat(64) } } as const;
    const { start } = run({ getDeployment: always(deployment("Succeeded", { revision })) });
    const report = await start();
    expect(report).toMatchObject({ outcome: "lost-sight", exitCode: 5, deploymentId: DEPLOYMENT });
    expect(report.reasons.join()).toContain("another revision");
  });
});

describe("a deployment that CodeDeploy refuses but starts anyway", () => {
  it.each([
    ["ThrottlingException", "Rate exceeded"],
    ["InvalidRoleException", "no role"],
    ["DeploymentLimitExceededException", `already has an active Deployment '${DEPLOYMENT}'`],
    ["AccessDeniedException", "not authorized"],
  ])("is found and followed: %s", async (type, message) => {
    const created = codeDeploy([deployment("InProgress").deploymentInfo]);
    const { start, events, calls } = run({
      ...created.world,
      createDeployment: always<never>(awsRefusal(type, message)),
    });
    expect(await start()).toMatchObject({ outcome: "released", deploymentId: DEPLOYMENT });
    expect(calls.create.inputs).toHaveLength(1);
    expect(calls.deregister.inputs).toEqual([]);
    expect(events).toContainEqual({
      type: "warning",
      text: `CodeDeploy refused (${type}: ${message}), but started ${DEPLOYMENT} anyway`,
    });
  });

  it("is not reported as refused when CodeDeploy lists a deployment without describing it", async () => {
    const { start } = run({
      ...codeDeploy([{ deploymentId: "d-HIDDEN001" }]).world,
      createDeployment: always<never>(awsRefusal("InvalidRoleException", "no role")),
    });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 5 });
    expect(report.reasons.join()).toContain("lists d-HIDDEN001 without describing it");
  });

  it("is not searched without end when the pages of the list never end", async () => {
    const { start } = run({
      createDeployment: always<never>(awsError("TimeoutError", "no answer")),
      listDeployments: ({ includeOnlyStatuses }) =>
        Promise.resolve(includeOnlyStatuses ? { deployments: [] } : { deployments: [], nextToken: "again" }),
    });
    const report = await start();
    expect(report).toMatchObject({ exitCode: 5 });
    expect(report.reasons.join()).toContain("and no last one");
  });
});
