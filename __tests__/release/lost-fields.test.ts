import { lostFields } from "../../scripts/release/lost-fields";

const container = (rest: object = {}) => ({ containerDefinitions: [{ name: "api", image: "x@1", ...rest }] });

describe("the fields that ECS registered", () => {
  it.each<readonly [string, object, object]>([
    ["all of it", container({ new: { a: [1] } }), container({ new: { a: [1] } })],
    [
      "all of it, with its defaults filled in",
      container({ portMappings: [{ containerPort: 80 }] }),
      {
        ...container({
          cpu: 0,
          essential: true,
          mountPoints: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: "tcp" }],
        }),
        status: "ACTIVE",
      },
    ],
    ["all but what is empty", container({ mountPoints: [], options: {}, command: null }), container()],
    ["all but what is its default", container({ cpu: 0, essential: true, privileged: false }), container()],
    ["a number as text and the other way round", { cpu: "256", n: 1 }, { cpu: 256, n: "1" }],
    [
      "an empty value as none",
      container({ environment: [{ name: "A", value: "" }] }),
      container({ environment: [{ name: "A" }] }),
    ],
    [
      "variables and containers in another order",
      { containerDefinitions: [{ name: "a" }, { name: "b", environment: [{ name: "X" }, { name: "Y" }] }] },
      { containerDefinitions: [{ name: "b", environment: [{ name: "Y" }, { name: "X" }] }, { name: "a" }] },
    ],
    ["what has no names in another order", { list: [{ a: 1 }, { b: [2] }] }, { list: [{ b: [2], c: 0 }, { a: 1 }] }],
    [
      "a set in another order",
      { requiresCompatibilities: ["EC2", "FARGATE"] },
      { requiresCompatibilities: ["FARGATE", "EC2"] },
    ],
    [
      "tags",
      { tags: [{ key: "a", value: "1" }] },
      {
        tags: [
          { key: "b", value: "2" },
          { key: "a", value: "1" },
        ],
      },
    ],
  ])("is %s", (_, sent, registered) => {
    expect(lostFields(sent, registered)).toEqual([]);
  });

  it.each<readonly [string, object, object, object]>([
    ["a field at the top", { new: true }, { cpu: "256" }, { path: "new", from: "true" }],
    [
      "a field of a container",
      container({ new: { a: 1 } }),
      container(),
      { path: "containerDefinitions[api].new", from: '{"a":1}' },
    ],
    [
      "a part of a field",
      container({ log: { a: 1, b: 2 } }),
      container({ log: { a: 1 } }),
      { path: "containerDefinitions[api].log.b", from: "2" },
    ],
    ["a changed value", { cpu: "256" }, { cpu: "512" }, { path: "cpu", from: "256", to: "512" }],
    ["a container", container(), { containerDefinitions: [{ name: "b" }] }, { path: "containerDefinitions[api]" }],
    [
      "arguments in another order",
      container({ command: ["a", "b"] }),
      container({ command: ["b", "a"] }),
      { path: "containerDefinitions[api].command", from: '["a","b"]', to: '["b","a"]' },
    ],
    ["one of a set", { add: ["A", "B"] }, { add: ["B"] }, { path: "add[0]", from: "A" }],
    [
      "false where ECS takes true",
      container({ essential: false }),
      container(),
      { path: "containerDefinitions[api].essential", from: "false" },
    ],
    ["all tags", { tags: [{ key: "a", value: "1" }] }, { cpu: "256" }, { path: "tags" }],
  ])("lacks %s", (_, sent, registered, lost) => {
    expect(lostFields(sent, registered)).toMatchObject([lost]);
  });
});
