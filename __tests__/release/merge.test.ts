import { mergeChanges } from "../../scripts/release/merge";

const variable = (name: string, value: string) => ({ name, value });
const revision = (cpu: string, environment: readonly object[] = [], rest: object = {}) => ({
  cpu,
  containerDefinitions: [{ name: "api", environment, ...rest }],
});

describe("merging the changes of the stacks into the live revision", () => {
  it("takes changes of the stacks alone, and keeps changes of the live version alone", () => {
    const { merged, conflicts } = mergeChanges(
      revision("256", [variable("A", "1"), variable("GONE", "x")], { command: ["a"] }),
      revision("256", [variable("A", "1"), variable("GONE", "x"), variable("SET", "by hand")], { command: ["a"] }),
      revision("512", [variable("A", "2"), variable("NEW", "y")], { command: ["a", "b"] }),
    );
    expect(conflicts).toEqual([]);
    expect(merged).toEqual(
      revision("512", [variable("A", "2"), variable("SET", "by hand"), variable("NEW", "y")], { command: ["a", "b"] }),
    );
  });

  it("keeps equal changes of both", () => {
    const { merged, conflicts } = mergeChanges(revision("256"), revision("512"), revision("512"));
    expect([merged, conflicts]).toEqual([revision("512"), []]);
  });

  it.each([
    [
      "a value",
      revision("256"),
      revision("512"),
      revision("1024"),
      { path: "cpu", base: "256", live: "512", stacks: "1024" },
    ],
    [
      "a variable",
      revision("256", [variable("L", "info")]),
      revision("256", [variable("L", "debug")]),
      revision("256", [variable("L", "warn")]),
      { path: "containerDefinitions[api].environment[L].value", base: "info", live: "debug", stacks: "warn" },
    ],
    [
      "a variable that both set first",
      revision("256"),
      revision("256", [variable("L", "debug")]),
      revision("256", [variable("L", "warn")]),
      { path: "containerDefinitions[api].environment[L].value", base: undefined, live: "debug", stacks: "warn" },
    ],
    [
      "what one took out and the other changed",
      revision("256", [variable("L", "info"), variable("X", "")]),
      revision("256", [variable("L", "debug"), variable("X", "")]),
      revision("256", [variable("X", "")]),
      {
        path: "containerDefinitions[api].environment[L]",
        base: variable("L", "info"),
        live: variable("L", "debug"),
        stacks: undefined,
      },
    ],
    [
      "arguments",
      revision("256", [], { command: ["a"] }),
      revision("256", [], { command: ["a", "x"] }),
      revision("256", [], { command: ["a", "y"] }),
      { path: "containerDefinitions[api].command", base: ["a"], live: ["a", "x"], stacks: ["a", "y"] },
    ],
  ])("names the conflict when both changed %s, and keeps the live value", (_, base, live, stacks, conflict) => {
    const merge = mergeChanges<unknown>(base, live, stacks);
    expect(merge.conflicts).toEqual([conflict]);
    expect(merge.merged).toEqual(live);
  });

  it("merges unknown fields", () => {
    const { merged } = mergeChanges<unknown>(
      { new: { a: 1, b: 1 } },
      { new: { a: 1, b: 2 } },
      { new: { a: 3, b: 1 }, other: [1] },
    );
    expect(merged).toEqual({ new: { a: 3, b: 2 }, other: [1] });
  });

  it("doesn't count defaults that ECS adds as changes", () => {
    const { conflicts } = mergeChanges<unknown>({ mountPoints: [] }, {}, { mountPoints: null });
    expect(conflicts).toEqual([]);
  });
});
