import {
  BatchGetApplicationRevisionsCommand,
  CodeDeployClient,
  GetApplicationRevisionCommand,
  ListApplicationRevisionsCommand,
  type RevisionLocation,
} from "@aws-sdk/client-codedeploy";
import { createHash } from "node:crypto";
import { deployment, START } from "./fake-cloud";
import { serve, type Served } from "./served";

const sha256Of = (content: string) => createHash("sha256").update(content).digest("hex");
const FIRST = { content: "version: 0.0 # first", sha256: sha256Of("version: 0.0 # first") };
const SECOND = { content: "version: 0.0 # second", sha256: sha256Of("version: 0.0 # second") };

let served: Served;
let client: CodeDeployClient;

beforeEach(async () => {
  served = await serve();
  client = new CodeDeployClient(served.client);
  // Newest first: the first one was deployed, then the second, then the first again.
  served.state.deployments = [
    deployment("C", { appSpec: FIRST, createdAt: START + 3000, status: "InProgress" }),
    deployment("B", { appSpec: SECOND, createdAt: START + 2000, status: "Succeeded" }),
    deployment("A", { appSpec: FIRST, createdAt: START + 1000, status: "Succeeded" }),
  ];
});

afterEach(async () => {
  client.destroy();
  await served.server.stop();
});

const get = (revision: RevisionLocation, applicationName = "shop") =>
  client.send(new GetApplicationRevisionCommand({ applicationName, revision }));
const appSpec = (given: { content?: string; sha256?: string }): RevisionLocation => ({
  revisionType: "AppSpecContent",
  appSpecContent: given,
});

describe("GetApplicationRevision", () => {
  it("gives the content, which GetDeployment does not return, and the times of its use", async () => {
    expect(await get(appSpec({ sha256: FIRST.sha256 }))).toMatchObject({
      applicationName: "shop",
      revision: { revisionType: "AppSpecContent", appSpecContent: FIRST },
      revisionInfo: {
        description: "Application revision registered by Deployment ID: d-ABCDEFGHA",
        deploymentGroups: [],
        firstUsedTime: new Date(START + 1000),
        lastUsedTime: new Date(START + 3000),
        registerTime: new Date(START + 1000),
      },
    });
  });

  it("names the group whose target it is now", async () => {
    const { revisionInfo } = await get(appSpec({ sha256: SECOND.sha256 }));
    expect(revisionInfo?.deploymentGroups).toEqual(["shop"]);
  });

  it("finds it by its content, and in the older spelling", async () => {
    expect((await get(appSpec({ content: SECOND.content }))).revision?.appSpecContent).toEqual(SECOND);
    const older = { revisionType: "String", string: { sha256: SECOND.sha256.toUpperCase() } } as const;
    expect((await get(older)).revision?.appSpecContent).toEqual(SECOND);
  });

  it.each<[string, string, RevisionLocation]>([
    ["one that nobody deployed", "RevisionDoesNotExistException", appSpec({ sha256: "0".repeat(64) })],
    ["one in S3", "RevisionDoesNotExistException", { revisionType: "S3", s3Location: { bucket: "b", key: "k" } }],
    ["one that isn't named", "InvalidRevisionException", appSpec({})],
  ])("refuses %s with %s", async (_, name, revision) => {
    await expect(get(revision)).rejects.toMatchObject({ name });
  });

  it("refuses another application, and an input without a revision", async () => {
    await expect(get(appSpec({ sha256: FIRST.sha256 }), "other")).rejects.toMatchObject({
      name: "ApplicationDoesNotExistException",
    });
    await expect(get(undefined as never)).rejects.toMatchObject({ name: "RevisionRequiredException" });
  });
});

it("gives several revisions at once, each of which must exist", async () => {
  const ask = (revisions: RevisionLocation[]) =>
    client.send(new BatchGetApplicationRevisionsCommand({ applicationName: "shop", revisions }));
  const { revisions } = await ask([appSpec({ sha256: SECOND.sha256 }), appSpec({ sha256: FIRST.sha256 })]);
  expect(revisions?.map(({ revisionLocation }) => revisionLocation?.appSpecContent)).toEqual([SECOND, FIRST]);
  expect(revisions?.[0]?.genericRevisionInfo?.deploymentGroups).toEqual(["shop"]);
  await expect(ask([appSpec({ sha256: "0".repeat(64) })])).rejects.toMatchObject({
    name: "RevisionDoesNotExistException",
  });
});

it.each([
  [{}, [FIRST, SECOND]],
  [{ sortBy: "lastUsedTime" }, [SECOND, FIRST]],
  [{ sortBy: "firstUsedTime", sortOrder: "descending" }, [SECOND, FIRST]],
  [{ deployed: "include" }, [SECOND]],
  [{ deployed: "exclude" }, [FIRST]],
  [{ s3Bucket: "releases" }, []],
] as const)("lists the revisions: %j", async (input, expected) => {
  const answer = await client.send(new ListApplicationRevisionsCommand({ applicationName: "shop", ...input }));
  expect(answer.revisions).toEqual(
    expected.map(({ sha256 }) => ({ revisionType: "AppSpecContent", appSpecContent: { sha256 } })),
  );
});
