import type { TaskDefinitionInput } from "../../../scripts/cloud/aws/ecs/task-definition-input";
import { taskDefinitionProblem } from "../../../scripts/cloud/aws/ecs/task-definition-rules";

const GOOD: TaskDefinitionInput = {
  family: "shop",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: "256",
  memory: "512",
  containerDefinitions: [{ name: "api", image: "api:v1" }],
};

describe("a task definition", () => {
  it("that Fargate can run has no problem", () => {
    expect(taskDefinitionProblem(GOOD)).toBeUndefined();
  });

  it.each<[string, Partial<TaskDefinitionInput>, RegExp]>([
    ["a family with a space", { family: "my shop" }, /Family contains invalid/],
    ["no container", { containerDefinitions: [] }, /at least one container definition/],
    ["a container without a name", { containerDefinitions: [{ image: "a" }] }, /Container.name should not be null/],
    ["a strange container name", { containerDefinitions: [{ name: "a b", image: "a" }] }, /Container.name contains/],
    ["a container without an image", { containerDefinitions: [{ name: "a" }] }, /Container.image should not be null/],
    [
      "a name used twice",
      {
        containerDefinitions: [
          { name: "a", image: "a" },
          { name: "a", image: "b" },
        ],
      },
      /more than once/,
    ],
    [
      "no essential container",
      { containerDefinitions: [{ name: "a", image: "a", essential: false }] },
      /at least one essential container/,
    ],
    [
      "a variable that is a secret too",
      {
        containerDefinitions: [
          {
            name: "a",
            image: "a",
            environment: [{ name: "TOKEN", value: "x" }],
            secrets: [{ name: "TOKEN", valueFrom: "arn" }],
          },
        ],
      },
      /secret name must be unique and not shared .* such as 'TOKEN'/,
    ],
    [
      "a secret given twice",
      {
        containerDefinitions: [
          {
            name: "a",
            image: "a",
            secrets: [
              { name: "TOKEN", valueFrom: "arn" },
              { name: "TOKEN", valueFrom: "other" },
            ],
          },
        ],
      },
      /Duplicate secret names found: TOKEN/,
    ],
    ["the wrong network for Fargate", { networkMode: "bridge" }, /only supports network mode/],
    ["no cpu for Fargate", { cpu: undefined }, /'cpu' be defined/],
    ["no memory for Fargate", { memory: undefined }, /'memory' be defined/],
    ["a size that Fargate hasn't", { cpu: "256", memory: "4096" }, /No Fargate configuration/],
    ["a memory between two sizes", { cpu: "512", memory: "1500" }, /No Fargate configuration/],
    ["a cpu that Fargate hasn't", { cpu: "300", memory: "512" }, /No Fargate configuration/],
    ["no memory at all on EC2", { requiresCompatibilities: ["EC2"], memory: undefined }, /At least one of 'memory'/],
  ])("with %s is refused", (_, change, problem) => {
    expect(taskDefinitionProblem({ ...GOOD, ...change })).toMatch(problem);
  });

  it.each([
    ["256", "2048"],
    ["512", "4096"],
    ["1024", "3072"],
    ["4096", "30720"],
    ["8192", "20480"],
    ["16384", "40960"],
  ])("of %s CPU units and %s MiB fits Fargate", (cpu, memory) => {
    expect(taskDefinitionProblem({ ...GOOD, cpu, memory })).toBeUndefined();
  });
});
