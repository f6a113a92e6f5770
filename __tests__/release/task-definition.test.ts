import { planRevision, describeDeployment } from "../../scripts/release/plan";
import { differences, nextRevision, registerInput } from "../../scripts/release/task-definition";
import { digest, liveTaskDefinition, names, NEXT_REVISION, REPOSITORY_URL } from "./fakes";

const tags = [{ key: "team", value: "tasks" }];
const image = `${REPOSITORY_URL}@${digest("2")}`;
const next = (environment: { name: string; value: string }[] = [], live = liveTaskDefinition()) =>
  nextRevision(registerInput(live, tags), { container: names.container, image, environment });
const api = (revision: ReturnType<typeof next>) =>
  revision.containerDefinitions?.find((container) => container.name === names.container);

describe("the live revision, made ready to be registered again", () => {
  it("loses what is read-only, also what this project has never heard of", () => {
    const live = {
      ...liveTaskDefinition({ deregisteredAt: new Date(0), deleteRequestedAt: new Date(0) }),
      inventedByAwsLater: true,
    };
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

  it("keeps its tags, but not those that AWS itself put there", () => {
    expect(registerInput(liveTaskDefinition(), [...tags, { key: "aws:stack", value: "x" }]).tags).toEqual(tags);
  });

  it("has no list of tags when it would be empty, since AWS refuses one", () => {
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

  it("refuses a variable that is a secret in the container", () => {
    expect(() => next([{ name: "TOKEN", value: "plain" }])).toThrow("TOKEN is a secret of container api");
  });

  it("refuses a task definition without the container, and names those that it has", () => {
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

  it("are none between equal ones, absent or undefined", () => {
    expect(differences({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] })).toEqual([]);
  });
});

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

  it("has no changes when the live version is the very image", () => {
    expect(planRevision(facts(image), image, []).changes).toEqual([]);
  });

  it("is made from another revision when one is chosen, and tells what differs from the live one", () => {
    const { revision, changes } = planRevision(facts(image, revisionWith("first", { cpu: "1024" })), image, []);
    expect(revision).toMatchObject({ cpu: "1024", containerDefinitions: [{ image }] });
    expect(changes.map(({ path }) => path)).toEqual(["cpu"]);
  });

  it("counts a live image named by a tag as a change, for a tag can have moved", () => {
    expect(planRevision(facts(`${REPOSITORY_URL}:latest`), image, []).changes).toHaveLength(1);
  });

  it("describes the deployment by its revision, with the words of the person before it", () => {
    expect(describeDeployment(undefined, NEXT_REVISION)).toBe(`Release ${names.family}:8`);
    expect(describeDeployment("hotfix", NEXT_REVISION)).toBe(`hotfix (${names.family}:8)`);
  });
});
