import { planRevision, describeDeployment } from "../../scripts/release/plan";
import { differences } from "../../scripts/release/differences";
import { withLineage } from "../../scripts/release/lineage";
import { nextRevision, recordsOf, registerInput } from "../../scripts/release/task-definition";
import { digest, LIVE_REVISION, liveTaskDefinition, names, NEXT_REVISION, REPOSITORY_URL } from "./fakes";

const tags = [{ key: "team", value: "tasks" }];
const image = `${REPOSITORY_URL}@${digest("2")}`;
const next = (environment: { name: string; value: string }[] = [], live = liveTaskDefinition()) =>
  nextRevision(registerInput(live, tags), { containers: [names.container], image, environment });
const api = (revision: ReturnType<typeof next>) =>
  revision.containerDefinitions?.find((container) => container.name === names.container);

describe("the live revision as input of a registration", () => {
  it("loses read-only fields", () => {
    const live = liveTaskDefinition({ deregisteredAt: 0, deleteRequestedAt: 0 });
    expect(Object.keys(registerInput(live, tags)).sort()).toEqual([
      "containerDefinitions",
      "cpu",
      "executionRoleArn",
      "family",
      "memory",
      "networkMode",
      "requiresCompatibilities",
      "runtimePlatform",
      "tags",
    ]);
  });

  it("keeps unknown fields, at any depth", () => {
    const container = {
      name: "api",
      newHere: { a: [1] },
      logConfiguration: { logDriver: "awslogs" as const, newThere: true },
    };
    const live = liveTaskDefinition({ newAtTheTop: { b: 2 } }) as Record<string, unknown>;
    expect(registerInput({ ...live, containerDefinitions: [container] }, tags)).toMatchObject({
      newAtTheTop: { b: 2 },
      containerDefinitions: [container],
    });
  });

  it.each([
    ["lastUsedAt", 1_700_000_000],
    ["approvedBy", "arn:aws:iam::1:user/x"],
    ["versionArn", `${LIVE_REVISION}/1`],
  ])("treats %s as ECS's own record, and reports it", (field, value) => {
    const live = liveTaskDefinition({ [field]: value });
    expect(registerInput(live, tags)).not.toHaveProperty(field);
    expect(recordsOf(live)).toEqual([field]);
  });

  it.each([
    ["retryBy", { steps: 2 }],
    ["standby", "on"],
    ["format", "json"],
    ["newRoleArn", "arn:aws:iam::1:role/x"],
  ])("doesn't treat %s as a record", (field, value) => {
    const live = liveTaskDefinition({ [field]: value });
    expect(registerInput(live, tags)).toHaveProperty(field, value);
    expect(recordsOf(live)).toEqual([]);
  });

  it("leaves out the lineage", () => {
    const marked = withLineage(tags, { base: 3, newest: 3, seen: 6 });
    expect(registerInput(liveTaskDefinition(), marked ?? []).tags).toEqual(tags);
  });

  it("keeps its tags, except those that AWS added", () => {
    expect(registerInput(liveTaskDefinition(), [...tags, { key: "aws:stack", value: "x" }]).tags).toEqual(tags);
  });

  it("has no list of tags when it would be empty, because AWS refuses that", () => {
    expect(registerInput(liveTaskDefinition(), [])).not.toHaveProperty("tags");
  });
});

describe("the next revision", () => {
  it("has the new image in the container that is released, and leaves the others alone", () => {
    const live = liveTaskDefinition();
    expect(api(next())?.image).toBe(image);
    expect(next().containerDefinitions?.[1]).toEqual(live.containerDefinitions?.[1]);
  });

  it("keeps the environment in its order when a variable is set, and appends a new one", () => {
    const environment = [
      { name: "NEW", value: "1" },
      { name: "TABLE", value: "other" },
    ];
    expect(api(next(environment))?.environment).toEqual([
      { name: "TABLE", value: "other" },
      { name: "NEW", value: "1" },
    ]);
  });

  it("does not change what it was made from", () => {
    const live = liveTaskDefinition();
    next([{ name: "TABLE", value: "other" }], live);
    expect(live).toEqual(liveTaskDefinition());
  });

  it("has the image in the --container ones too, and the variables only in the released one", () => {
    const live = liveTaskDefinition({
      containerDefinitions: [{ name: "api" }, { name: "worker", image: "old" }, { name: "sidecar", image: "other" }],
    });
    const change = { containers: ["api", "worker"] as const, image, environment: [{ name: "A", value: "1" }] };
    expect(nextRevision(registerInput(live, tags), change).containerDefinitions).toEqual([
      { name: "api", image, environment: [{ name: "A", value: "1" }] },
      { name: "worker", image },
      { name: "sidecar", image: "other" },
    ]);
  });

  it("lacks a field that is left out, and refuses to leave out a field that doesn't exist", () => {
    const live = liveTaskDefinition({ containerDefinitions: [{ name: "api", new: 1 } as object, { name: "worker" }] });
    const without = (path: string) =>
      nextRevision(registerInput(live, tags), { containers: ["api"], image, environment: [], without: [path] });
    expect(without("containerDefinitions[api].new").containerDefinitions).toEqual([
      { name: "api", image },
      { name: "worker" },
    ]);
    expect(without("cpu")).not.toHaveProperty("cpu");
    expect(() => without("containerDefinitions[worker].new")).toThrow(/no field containerDefinitions\[worker\].new/);
  });

  it("refuses a variable that is a secret in the container", () => {
    expect(() => next([{ name: "TOKEN", value: "plain" }])).toThrow("TOKEN is a secret of container api");
  });

  it("refuses a task definition without the container, and names the existing ones", () => {
    const live = liveTaskDefinition({ containerDefinitions: [{ name: "web" }] });
    expect(() => next([], live)).toThrow(/has no container api, only web/);
  });
});

describe("the differences between two revisions", () => {
  it("name the container and the variable", () => {
    const live = registerInput(liveTaskDefinition(), tags);
    expect(differences(live, next([{ name: "NEW", value: "1" }]))).toEqual([
      {
        path: "containerDefinitions[api].image",
        from: `${REPOSITORY_URL}@${digest("1")}`,
        to: image,
      },
      { path: "containerDefinitions[api].environment[NEW]", to: '{"name":"NEW","value":"1"}' },
    ]);
  });

  it.each([
    ["equal ones, absent or undefined", { a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] }],
    ["null and absent", { a: null }, {}],
    ["an empty list and an absent one", { a: [], b: {} }, {}],
    ["variables in another order", [{ name: "A" }, { name: "B" }], [{ name: "B" }, { name: "A" }]],
  ])("are none between %s", (_, from, to) => {
    expect(differences(from, to)).toEqual([]);
  });

  it.each([
    ["arguments in another order", { command: ["a", "b"] }, { command: ["b", "a"] }, ["command[0]", "command[1]"]],
    [
      "one of two variables of the same name",
      [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
      [{ name: "A", value: "2" }],
      ["[0].value", "[1]"],
    ],
    ["the mount of a path", [{ containerPath: "/a", readOnly: true }], [{ containerPath: "/a" }], ["[/a].readOnly"]],
  ])("see %s", (_, from, to, paths) => {
    expect(differences(from, to).map(({ path }) => path)).toEqual(paths);
  });
});

const NO_WISH = { variables: [], containers: [], leaveOut: [] };

describe("the plan", () => {
  const revisionWith = (liveImage: string, overrides = {}) => ({
    definition: liveTaskDefinition({ containerDefinitions: [{ name: "api", image: liveImage }], ...overrides }),
    tags,
  });
  const facts = (liveImage: string, base = revisionWith(liveImage)) => ({
    live: revisionWith(liveImage),
    base,
    service: { container: "api", arn: "", taskDefinition: "", containerPort: 8080, capacityProviderStrategy: [] },
  });

  it("has no changes when the live version has the same image", () => {
    expect(planRevision(facts(image), image, NO_WISH).changes).toEqual([]);
  });

  it("is made from another revision when one is chosen, with the differences from the live one", () => {
    const { revision, changes } = planRevision(facts(image, revisionWith("first", { cpu: "1024" })), image, NO_WISH);
    expect(revision).toMatchObject({ cpu: "1024", containerDefinitions: [{ image }] });
    expect(changes.map(({ path }) => path)).toEqual(["cpu"]);
  });

  it("counts a live image named by a tag as a change, because a tag can have moved", () => {
    expect(planRevision(facts(`${REPOSITORY_URL}:latest`), image, NO_WISH).changes).toHaveLength(1);
  });

  it("describes the deployment by its revision, after the person's description", () => {
    expect(describeDeployment(undefined, NEXT_REVISION)).toBe(`Release ${names.family}:8`);
    expect(describeDeployment("hotfix", NEXT_REVISION)).toBe(`hotfix (${names.family}:8)`);
  });
});
