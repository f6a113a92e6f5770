import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { AwsPort, RawTaskDefinition } from "../../scripts/release/aws-port";
import { LINEAGE_TAG, lineageOf } from "../../scripts/release/lineage";
import { Problems } from "../../scripts/release/problem";
import { startingRevision } from "../../scripts/release/starting-revision";
import type { StartingPointInput } from "../../scripts/release/starting-point";
import { targetOf } from "../../scripts/release/target";
import { ACCOUNT, always, awsError, config, digest, fakeAws, liveTaskDefinition, names, REPOSITORY_URL } from "./fakes";

const { family } = names;
const arnOf = (number: number) => `arn:aws:ecs:${config.region}:${ACCOUNT}:task-definition/${family}:${number}`;
const image = (character: string) => `${REPOSITORY_URL}@${digest(character)}`;
const variable = (name: string, value: string) => ({ name, value });

/** A revision of the family; defaults for what a test doesn't give. */
interface Made {
  readonly cpu?: string;
  readonly environment?: readonly object[];
  readonly secrets?: readonly { name: string; valueFrom: string }[];
  readonly image?: string;
  readonly rest?: Partial<RawTaskDefinition>;
  /** Lineage of the release that registered it; absent when Terraform registered it. */
  readonly lineage?: string;
  readonly tags?: { key: string; value: string }[];
  readonly inactive?: boolean;
}

const definitionOf = (number: number, made: Made): RawTaskDefinition =>
  liveTaskDefinition({
    taskDefinitionArn: arnOf(number),
    revision: number,
    status: made.inactive === true ? "INACTIVE" : "ACTIVE",
    cpu: made.cpu ?? "256",
    containerDefinitions: [
      {
        name: names.container,
        image: made.image ?? image("1"),
        environment: [...(made.environment ?? [])],
        secrets: [...(made.secrets ?? [])],
      },
    ],
    ...made.rest,
  });

const deploymentOf = (number: number, status: DeploymentInfo["status"], rest: Partial<DeploymentInfo> = {}) => ({
  deploymentId: `d-OF${String(number).padStart(7, "0")}`,
  description: `Release ${family}:${number}`,
  status,
  createTime: new Date(number),
  ...rest,
});
const rolledBack = {
  rollbackInfo: { rollbackDeploymentId: "d-ROLLBACK1" },
  errorInformation: { code: "ALARM_ACTIVE", message: "alarms fired" },
} as const;

/** Starts a release in a family of these revisions. */
async function start(
  revisions: Readonly<Record<number, Made>>,
  live: number,
  input: Partial<StartingPointInput> = {},
  deployments: readonly DeploymentInfo[] = [],
  overrides: Partial<AwsPort> = {},
) {
  const described: number[] = [];
  const aws = fakeAws({
    describeTaskDefinition: ({ taskDefinition = "" }) => {
      const number = Number(taskDefinition.slice(taskDefinition.lastIndexOf(":") + 1));
      described.push(number);
      const made = revisions[number];
      if (!made) return Promise.reject(awsError("ClientException", "Unable to describe task definition."));
      const lineage = made.lineage === undefined ? [] : [{ key: LINEAGE_TAG, value: made.lineage }];
      return Promise.resolve({
        taskDefinition: {
          ...definitionOf(number, made),
          ...(taskDefinition.startsWith("other:") && { family: "other" }),
        },
        tags: [...(made.tags ?? []), ...lineage],
      });
    },
    listTaskDefinitions: ({ nextToken }) => {
      const active = Object.keys(revisions).filter((number) => revisions[Number(number)]?.inactive !== true);
      const arns = active.map((number) => arnOf(Number(number))).reverse();
      const first = Number(nextToken ?? 0);
      const more = first + 2 < arns.length;
      return Promise.resolve({
        taskDefinitionArns: arns.slice(first, first + 2),
        ...(more && { nextToken: String(first + 2) }),
      });
    },
    listDeployments: always({ deployments: deployments.flatMap(({ deploymentId = "" }) => deploymentId) }),
    batchGetDeployments: always({ deploymentsInfo: [...deployments] }),
    ...overrides,
  });
  const problems = new Problems();
  const result = await startingRevision(
    aws,
    {
      family,
      group: { application: names.application, group: names.deploymentGroup },
      owner: targetOf(config).owner,
      liveArn: arnOf(live),
      container: names.container,
      environment: [],
      ...input,
    },
    problems,
  );
  return { result, problems: problems.all.map(({ what, next }) => `${what} | ${next}`), described };
}

const latest = { taskDefinition: "latest" };
const api = (definition: RawTaskDefinition | undefined) => definition?.containerDefinitions?.[0];

describe("latest", () => {
  it("merges Terraform's changes into the live revision, and keeps the changes of releases", async () => {
    const { result } = await start(
      {
        1: { environment: [variable("A", "1")] },
        2: {
          image: image("2"),
          environment: [variable("A", "1"), variable("SET", "x")],
          lineage: "base=1 newest=1 seen=1",
        },
        3: { cpu: "512", environment: [variable("A", "2")], secrets: [{ name: "S", valueFrom: "arn" }] },
      },
      2,
      latest,
    );
    expect(result?.base.definition).toMatchObject({ cpu: "512" });
    expect(api(result?.base.definition)).toMatchObject({
      image: image("2"),
      environment: [variable("A", "2"), variable("SET", "x")],
      secrets: [{ name: "S" }],
    });
    expect(result?.lineage).toEqual({ base: 3, newest: 3, seen: 3 });
    expect(result?.notes.join()).toMatch(new RegExp(`starting from ${family}:3.* merged into ${family}:2`));
    expect(result?.warnings).toEqual([]);
  });

  it("finds Terraform's revision below later ones of releases, including rolled back ones", async () => {
    const { result } = await start(
      {
        1: {},
        2: { lineage: "base=1 newest=1 seen=1" },
        3: { cpu: "512" },
        4: { environment: [variable("BROKEN", "1")], lineage: "base=1 newest=3 seen=3" },
        5: { environment: [variable("BROKEN", "2")], lineage: "base=1 newest=3 seen=4" },
      },
      2,
      latest,
      [deploymentOf(5, "Stopped", rolledBack), deploymentOf(4, "Stopped", rolledBack)],
    );
    expect(result?.base.definition).toMatchObject({ cpu: "512", containerDefinitions: [{ environment: [] }] });
    expect(result?.warnings).toEqual([]);
  });

  it("finds what Terraform registers while a release registers too", async () => {
    const { result } = await start({ 1: {}, 2: { cpu: "512" }, 3: { lineage: "base=1 newest=1 seen=1" } }, 3, latest);
    expect(result?.base.definition).toMatchObject({ cpu: "512" });
  });

  it("recognizes a release's revision by CodeDeploy's deployments when it has no lineage", async () => {
    const { result } = await start(
      { 1: {}, 2: { image: image("2") }, 3: { cpu: "512" }, 4: { environment: [variable("BROKEN", "1")] } },
      2,
      latest,
      [deploymentOf(4, "Failed"), deploymentOf(2, "Succeeded", { description: `hotfix (a) (${family}:2)` })],
    );
    expect(result?.base.definition).toMatchObject({
      cpu: "512",
      containerDefinitions: [{ environment: [], image: image("2") }],
    });
  });

  it("is the live version when that already has Terraform's last revision", async () => {
    const { result, described } = await start({ 1: {}, 2: { lineage: "base=1 newest=1 seen=1" } }, 2, latest);
    expect(result?.base).toBe(result?.live);
    expect(result?.notes.join()).toMatch(/already has what Terraform registered last/);
    expect(described).toEqual([2]);
  });

  it("warns that it was rolled back before, under another number", async () => {
    const { result } = await start(
      { 1: {}, 2: { lineage: "base=1 newest=1 seen=1" }, 3: { cpu: "512" }, 4: { lineage: "base=3 newest=3 seen=3" } },
      2,
      latest,
      [deploymentOf(4, "Stopped", rolledBack)],
    );
    expect(result?.warnings).toEqual([
      `${family}:3 was released before as ${family}:4, which was rolled back (d-OF0000004: alarms fired)`,
    ]);
  });

  it("does not warn when a later release of it succeeded", async () => {
    const { result } = await start(
      {
        1: {},
        2: { lineage: "base=1 newest=1 seen=1" },
        3: { cpu: "512" },
        4: { lineage: "base=3 newest=3 seen=3" },
        5: { lineage: "base=3 newest=3 seen=4" },
      },
      2,
      latest,
      [deploymentOf(4, "Stopped", rolledBack), deploymentOf(5, "Succeeded")],
    );
    expect(result?.warnings).toEqual([]);
  });

  const conflicting = {
    1: { environment: [variable("L", "info")] },
    2: { environment: [variable("L", "debug")], lineage: "base=1 newest=1 seen=1" },
    3: { environment: [variable("L", "warn")] },
  };

  it("is refused when both sides changed the same field, with the field and how to decide", async () => {
    const { result, problems } = await start(conflicting, 2, latest);
    expect(result).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(
        /environment\[L\].value was changed on both sides: debug in .*:2, warn in .*:3 \| decide with --env L=/,
      ),
    ]);
  });

  it("is accepted when --env decides", async () => {
    const { result } = await start(conflicting, 2, { ...latest, environment: [variable("L", "trace")] });
    expect(result).toBeDefined();
  });

  it("is refused when a variable set by a release has become a secret", async () => {
    const { problems } = await start(
      {
        1: {},
        2: { environment: [variable("TOKEN", "x")], lineage: "base=1 newest=1 seen=1" },
        3: { secrets: [{ name: "TOKEN", valueFrom: "arn" }] },
      },
      2,
      latest,
    );
    expect(problems).toEqual([expect.stringMatching(/secrets\[TOKEN\] was changed on both sides/)]);
  });

  it("treats a variable that Terraform made a secret as Terraform's change", async () => {
    const { result } = await start(
      {
        1: { environment: [variable("TOKEN", "x")] },
        2: { environment: [variable("TOKEN", "x")], lineage: "base=1 newest=1 seen=1" },
        3: { secrets: [{ name: "TOKEN", valueFrom: "arn" }] },
      },
      2,
      latest,
    );
    expect(api(result?.base.definition)).toMatchObject({ secrets: [{ name: "TOKEN" }] });
    expect(api(result?.base.definition)?.environment ?? []).toEqual([]);
  });

  it("is refused when the base of the live version is not known", async () => {
    const { problems } = await start(
      { 1: {}, 2: {}, 3: { lineage: "base=unknown newest=2 seen=2" }, 4: {} },
      3,
      latest,
    );
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`isn't known which .* \\| use it unchanged with --task-definition ${family}:4`)),
    ]);
  });

  it("is refused when releases registered all revisions", async () => {
    const { problems } = await start({ 2: { lineage: "base=1 newest=unknown seen=1" } }, 2, latest);
    expect(problems).toEqual([expect.stringMatching(/no active revision .* was registered by Terraform/)]);
  });

  it("is refused when the family can't be listed", async () => {
    const listTaskDefinitions = always<never>(awsError("AccessDeniedException", "no ecs:ListTaskDefinitions"));
    const { problems } = await start({ 1: {} }, 1, latest, [], { listTaskDefinitions });
    expect(problems).toEqual([expect.stringMatching(/not allowed: no ecs:ListTaskDefinitions/)]);
  });

  it("is refused when the list of the family never ends", async () => {
    const listTaskDefinitions = always({ taskDefinitionArns: [], nextToken: "again" });
    const { problems } = await start({ 1: {} }, 1, latest, [], { listTaskDefinitions });
    expect(problems).toEqual([expect.stringMatching(/ListTaskDefinitions answered 1000 pages, and no last one/)]);
  });

  it("ends after 50 revisions of unknown origin", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index): [number, Made] => [index + 2, { lineage: `base=1 newest=1 seen=0` }]),
    );
    const { problems, described } = await start({ 1: {}, ...many }, 61, latest);
    expect(problems).toEqual([expect.stringMatching(/none of the newest 50 revisions/)]);
    expect(described.length).toBeLessThanOrEqual(51);
  });

  it("warns of a revision that lacks the tag of the stacks", async () => {
    const tags = [{ key: "stack", value: "tasks-service" }];
    const revisions = { 1: { tags }, 2: { tags, lineage: "base=1 newest=1 seen=1" } };
    expect((await start({ ...revisions, 3: { cpu: "512" } }, 2, latest)).result?.warnings.join()).toMatch(
      /lacks the tag stack=tasks-service/,
    );
    expect((await start({ ...revisions, 3: { cpu: "512", tags } }, 2, latest)).result?.warnings).toEqual([]);
  });

  it("keeps the image that releases gave to other containers of the service", async () => {
    const containers = (one: string, other: string, side: string) => ({
      rest: {
        containerDefinitions: [
          { name: names.container, image: image(one) },
          { name: "worker", image: image(other) },
          { name: "sidecar", image: side },
        ],
      },
    });
    const { result } = await start(
      {
        1: containers("1", "1", "proxy:1"),
        2: { ...containers("2", "2", "proxy:1"), lineage: "base=1 newest=1 seen=1" },
        3: containers("3", "3", "proxy:2"),
      },
      2,
      latest,
    );
    expect(result?.base.definition.containerDefinitions).toMatchObject([
      { image: image("2") },
      { image: image("2") },
      { image: "proxy:2" },
    ]);
  });
});

describe("a revision that is named", () => {
  const revisions = {
    1: {},
    2: { lineage: "base=1 newest=1 seen=1" },
    3: { cpu: "1024" },
    4: { cpu: "2048", lineage: "base=3 newest=3 seen=3" },
  };
  const named = (number: number) => ({ taskDefinition: `${family}:${number}` });

  it("is used unchanged", async () => {
    const { result } = await start(revisions, 2, named(3));
    expect(result?.base.definition).toMatchObject({ cpu: "1024" });
    expect(result?.lineage).toEqual({ base: 3, newest: 3, seen: 4 });
    expect(result?.warnings).toEqual([]);
  });

  it.each([
    ["was rolled back", [deploymentOf(4, "Stopped", rolledBack)], /:4 was rolled back \(d-OF0000004: alarms fired\)/],
    ["failed", [deploymentOf(4, "Failed")], /:4 ended as Failed \(d-OF0000004\)/],
    ["was never deployed", [], /:4 was registered by a release and never deployed/],
  ])("has a warning that it %s", async (_, deployments, words) => {
    const { result } = await start(revisions, 2, named(4), deployments);
    expect(result?.warnings.join()).toMatch(words);
    expect(result?.lineage.base).toBe(3);
  });

  it("has no warning about an older deployment when a newer one succeeded", async () => {
    const { result } = await start(revisions, 2, named(4), [
      deploymentOf(4, "Stopped", rolledBack),
      deploymentOf(4, "Succeeded", { deploymentId: "d-LATER0001", createTime: new Date(9) }),
    ]);
    expect(result?.warnings).toEqual([]);
  });

  it("has a warning that somebody deregistered it", async () => {
    const { result } = await start({ ...revisions, 3: { inactive: true } }, 2, named(3));
    expect(result?.warnings.join()).toMatch(/:3 is INACTIVE/);
  });

  it.each([
    ["of another family", "other:3", /is of the family other/],
    ["that isn't there", `${family}:99`, /AWS doesn't describe it.*latest/],
    ["without its number", family, /does not name a revision/],
  ])("is refused when it is one %s", async (_, taskDefinition, words) => {
    const { problems } = await start(revisions, 2, { taskDefinition });
    expect(problems).toEqual([expect.stringMatching(words)]);
  });

  it("is refused when AWS answers with another one", async () => {
    const describeTaskDefinition = always({ taskDefinition: definitionOf(2, {}), tags: [] });
    const { problems } = await start(revisions, 2, named(3), [], { describeTaskDefinition });
    expect(problems).toEqual([expect.stringMatching(/was asked for .*:3 and answered with .*:2/)]);
  });
});

describe("without a revision", () => {
  it("the live one is used, and Terraform's later changes are named", async () => {
    const { result } = await start(
      { 1: {}, 2: { lineage: "base=1 newest=1 seen=1" }, 3: { cpu: "512", environment: [variable("A", "1")] } },
      2,
    );
    expect(result?.base).toBe(result?.live);
    expect(result?.pending).toBe(`${family}:3`);
    expect(result?.warnings).toEqual([
      `this release leaves out what Terraform has since registered as ${family}:3 ` +
        "(cpu, containerDefinitions[api].environment[A]): --task-definition latest includes it",
    ]);
  });

  it.each<readonly [string, Readonly<Record<number, Made>>, number]>([
    ["nothing is newer", { 1: {}, 2: { lineage: "base=1 newest=1 seen=1" } }, 2],
    [
      "the newest differs by the first image alone",
      { 1: {}, 2: { lineage: "base=1 newest=1 seen=1" }, 3: { image: image("9") } },
      2,
    ],
    ["Terraform's own is live", { 1: {} }, 1],
    ["the newest was rolled back", { 1: {}, 2: { cpu: "512", lineage: "base=1 newest=1 seen=1" } }, 1],
  ])("there is no warning when %s", async (_, revisions, live) => {
    const { result } = await start(revisions, live);
    expect([result?.pending, result?.warnings]).toEqual([undefined, []]);
  });

  it("few calls are made when earlier releases have searched already", async () => {
    const listDeployments = () => Promise.reject(new Error("asked for deployments"));
    const { result, described } = await start({ 1: {}, 2: {}, 3: { lineage: "base=2 newest=2 seen=2" } }, 3, {}, [], {
      listDeployments,
    });
    expect(result?.warnings).toEqual([]);
    expect(described).toEqual([3]);
  });

  it("there is a warning when the family can't be searched", async () => {
    const listTaskDefinitions = always<never>(awsError("AccessDeniedException", "not authorized"));
    const { result } = await start({ 1: {}, 2: { lineage: "base=1 newest=1 seen=1" } }, 2, {}, [], {
      listTaskDefinitions,
    });
    expect(result?.warnings.join()).toMatch(
      /not checked whether Terraform has registered a newer revision: not allowed/,
    );
    expect(result?.lineage).toEqual({ base: 1, newest: 1, seen: 1 });
  });

  it("Terraform's own is recognized although the family can't be listed", async () => {
    const listTaskDefinitions = always<never>(awsError("AccessDeniedException", "not authorized"));
    const { result } = await start({ 1: {} }, 1, {}, [], { listTaskDefinitions });
    expect(result?.lineage).toEqual({ base: 1, seen: 0 });
  });

  it.each([
    ["a release from before the lineage tag fits", {}, 1],
    ["it doesn't fit", { cpu: "512" }, undefined],
  ])("the live one's base is found by its differences: %s", async (_, made, base) => {
    const live = { image: image("2"), environment: [variable("SET", "x")], ...made };
    const { result } = await start({ 1: {}, 2: live }, 2, {}, [deploymentOf(2, "Succeeded")]);
    expect(result?.lineage.base).toBe(base);
  });

  it("the live one's base isn't known when it is of another family", async () => {
    const { result } = await start({ 1: {}, 2: { rest: { family: "other" } } }, 2);
    expect(result?.lineage).toEqual({ base: undefined, newest: 2, seen: 2 });
  });

  it("a revision that has no room for another tag is refused", async () => {
    const tags = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: "v" }));
    expect((await start({ 1: { tags } }, 1)).problems).toEqual([expect.stringMatching(/already has 50 tags/)]);
    expect((await start({ 1: { tags: tags.slice(1) } }, 1)).problems).toEqual([]);
  });
});

it.each([
  ["edited", "edited by hand"],
  ["copied from a newer revision", "base=3 newest=3 seen=9"],
  ["copied with a base that came later", "base=9 newest=3 seen=6"],
  ["its own", "base=7 newest=7 seen=7"],
])("treats a damaged lineage as not known: %s", (_, value) => {
  expect(lineageOf([{ key: LINEAGE_TAG, value }], 7)).toEqual({ base: undefined, newest: undefined, seen: 0 });
});

it("finds Terraform's revision when a tag was copied from another family", async () => {
  const copied = { lineage: "base=1 newest=1 seen=50" };
  const { result } = await start(
    { 1: {}, 2: { lineage: "base=1 newest=1 seen=1" }, 3: { cpu: "512" }, 4: copied },
    2,
    latest,
  );
  expect(result?.base.definition.cpu).toBe("512");
});
