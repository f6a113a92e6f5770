import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseStacks, sortByDependency, readStacks, StacksError } from "../../scripts/command/synthesized-stacks";
import { writeStacks } from "./synthesized-fixture";

const ids = (stacks: readonly { readonly id: string }[]) => stacks.map(({ id }) => id);

describe("the order of stacks", () => {
  it("has each after those that it depends on, and otherwise stays", () => {
    const stacks = [
      { id: "delivery", dependencies: ["service"] },
      { id: "network", dependencies: [] },
      { id: "service", dependencies: ["registry", "network"] },
      { id: "registry", dependencies: [] },
    ];
    expect(ids(sortByDependency(stacks))).toEqual(["network", "registry", "service", "delivery"]);
  });

  it("doesn't wait for a stack that is not there", () => {
    expect(ids(sortByDependency([{ id: "a", dependencies: ["elsewhere"] }]))).toEqual(["a"]);
  });

  it("is refused for a circle, by name", () => {
    const circle = [
      { id: "a", dependencies: ["b"] },
      { id: "b", dependencies: ["a"] },
    ];
    expect(() => sortByDependency(circle)).toThrow("stacks depend on each other: a, b");
  });
});

describe("synthesized stacks", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stacks-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are read with what they read of each other", () => {
    writeStacks(folder, { service: { network: ["vpc-id", "subnet-id"] }, network: {} });
    const [network, service] = readStacks(folder, "staging");
    expect(network).toMatchObject({ id: "staging-network", name: "network", dependencies: [], reads: [] });
    expect(service?.reads).toEqual([
      { stack: "staging-network", output: "vpc-id" },
      { stack: "staging-network", output: "subnet-id" },
    ]);
    expect(service?.backend).toEqual({ s3: { bucket: "state", key: "service" } });
  });

  it("come after what they read even where the manifest doesn't say so", () => {
    writeStacks(folder, { service: { network: ["vpc-id"] }, network: {} }, { forgetDependencies: true });
    expect(ids(readStacks(folder, "staging"))).toEqual(["staging-network", "staging-service"]);
  });

  it("can be chosen by name, with or without the environment", () => {
    writeStacks(folder, { network: {}, registry: {}, service: {} });
    const stacks = readStacks(folder, "staging");
    expect(ids(chooseStacks(stacks, ["staging-service", "network"]))).toEqual(["staging-network", "staging-service"]);
    expect(chooseStacks(stacks, [])).toBe(stacks);
    expect(() => chooseStacks(stacks, ["servcie"])).toThrow("no stack servcie; there are network, registry, service");
  });

  it("are refused when there are none, or they are of another make", () => {
    expect(() => readStacks(folder, "staging")).toThrow(StacksError);
    writeFileSync(join(folder, "manifest.json"), '{"stacks":{"a":{}}}');
    expect(() => readStacks(folder, "staging")).toThrow(/manifest\.json: not as CDKTF/);
    mkdirSync(join(folder, "empty"));
    expect(() => readStacks(join(folder, "empty"), "staging")).toThrow("synthesize the stacks first");
  });
});
