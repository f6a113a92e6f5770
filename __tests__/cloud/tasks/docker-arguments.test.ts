import { createArguments, unsupportedByDocker } from "../../../scripts/cloud/tasks/docker-arguments";
import type { ContainerDefinition, TaskDefinitionTemplate } from "../../../scripts/cloud/template";

type Settings = Readonly<Record<string, unknown>>;

function definitionOf(task: Settings, container: Settings): [TaskDefinitionTemplate, ContainerDefinition] {
  const own: ContainerDefinition = { name: "api", image: "registry/carts-api:v1", ...container };
  return [{ family: "tasks", containerDefinitions: [own], ...task }, own];
}

/** What a task definition adds to the arguments: before the image, the image and what follows it. */
function argumentsOf(container: Settings, task: Settings = {}) {
  const make = (own: Settings, whole: Settings) => {
    const [definition, its] = definitionOf(whole, own);
    const environment = { HOST: "127.0.0.1", PORT: "8080" };
    const given = { name: "one", labels: { cloud: "7" }, image: "sha256:1", environment };
    return createArguments({ ...given, definition, container: its });
  };
  const plain = make({}, {});
  const made = make(container, task);
  const end = made.indexOf("sha256:1");
  return { plain, options: made.slice(0, end).filter((option) => !plain.includes(option)), rest: made.slice(end + 1) };
}

describe("createArguments", () => {
  it("makes a container on the machine's network that removes itself, with its environment but PORT", () => {
    expect(argumentsOf({}).plain).toEqual([
      "--rm",
      "--name=one",
      "--label=cloud=7",
      "--pull=never",
      "--network=host",
      "--no-healthcheck",
      "--log-driver=none",
      "--env=HOST=127.0.0.1",
      "sha256:1",
    ]);
  });

  it.each<[string, Settings, string[]]>([
    ["a read-only root", { readonlyRootFilesystem: true }, ["--read-only"]],
    ["a user", { user: "10001:10001" }, ["--user=10001:10001"]],
    ["a working directory", { workingDirectory: "/srv" }, ["--workdir=/srv"]],
    ["memory, without swap", { memory: 256 }, ["--memory=256m", "--memory-swap=256m"]],
    ["reserved memory", { memoryReservation: 128 }, ["--memory-reservation=128m"]],
    ["limits", { ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 2048 }] }, ["--ulimit=nofile=1024:2048"]],
    ["labels", { dockerLabels: { team: "tasks", cloud: "8" } }, ["--label=team=tasks"]],
    ["an init process", { linuxParameters: { initProcessEnabled: true } }, ["--init"]],
    [
      "capabilities",
      { linuxParameters: { capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] } } },
      ["--cap-add=SYS_PTRACE", "--cap-drop=ALL"],
    ],
    [
      "file systems in memory",
      {
        linuxParameters: {
          tmpfs: [
            { containerPath: "/run", size: 16, mountOptions: ["noexec", "nosuid"] },
            { containerPath: "/tmp", size: 64 },
          ],
        },
      },
      ["--tmpfs=/run:size=16m,noexec,nosuid", "--tmpfs=/tmp:size=64m"],
    ],
    ["shared memory", { linuxParameters: { sharedMemorySize: 32 } }, ["--shm-size=32m"]],
  ])("gives it %s", (_what, container, options) => {
    expect(argumentsOf(container)).toMatchObject({ options, rest: [] });
  });

  it.each([
    ["512", 512],
    ["1GB", 1024],
    ["0.5 GB", 512],
  ])("gives it the task's memory (%s) where it has no limit of its own", (memory, mebibytes) => {
    const options = [`--memory=${mebibytes}m`, `--memory-swap=${mebibytes}m`];
    expect(argumentsOf({}, { memory })).toMatchObject({ options });
    expect(argumentsOf({ memory: 300 }, { memory })).toMatchObject({
      options: ["--memory=300m", "--memory-swap=300m"],
    });
  });

  it("overrides the image's command, and its entry point with what follows it", () => {
    expect(argumentsOf({ command: ["node", "x.js"] })).toMatchObject({ options: [], rest: ["node", "x.js"] });
    expect(argumentsOf({ entryPoint: ["sh", "-c"], command: ["exit 3"] })).toMatchObject({
      options: ["--entrypoint=sh"],
      rest: ["-c", "exit 3"],
    });
  });

  it("throws what is not supported", () => {
    expect(() => argumentsOf({ privileged: true })).toThrow(
      "containerDefinitions.api.privileged is not supported by the docker runtime",
    );
  });
});

describe("unsupportedByDocker", () => {
  it("has nothing to say about what AWS describes a plain task definition with", () => {
    const container = {
      cpu: 0,
      essential: true,
      environment: [{ name: "A", value: "" }],
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      privileged: false,
      linuxParameters: { capabilities: { add: [], drop: [] }, devices: [] },
      stopTimeout: 30,
      secrets: [{ name: "TOKEN", valueFrom: "arn" }],
      logConfiguration: { logDriver: "awslogs", options: {} },
    };
    const task = {
      cpu: "256",
      memory: "512",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: "arn",
      taskRoleArn: "arn",
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      volumes: [],
      placementConstraints: [],
    };
    expect(unsupportedByDocker(...definitionOf(task, container))).toEqual([]);
  });

  it.each<[Settings, Settings, string]>([
    [
      {},
      { healthCheck: { command: ["CMD", "true"] } },
      "containerDefinitions.api.healthCheck is not supported by the docker runtime",
    ],
    [
      {},
      { mountPoints: [{ sourceVolume: "data" }] },
      "containerDefinitions.api.mountPoints is not supported by the docker runtime",
    ],
    [
      {},
      { linuxParameters: { devices: [{ hostPath: "/dev/fuse" }] } },
      "containerDefinitions.api.linuxParameters.devices is not supported by the docker runtime",
    ],
    [{ volumes: [{ name: "data" }] }, {}, "volumes is not supported by the docker runtime"],
    [{ pidMode: "task" }, {}, "pidMode is not supported by the docker runtime"],
    [{ memory: "much" }, {}, "memory: is neither MiB nor GB"],
  ])("names what is not supported of %j %j", (task, container, problem) => {
    expect(unsupportedByDocker(...definitionOf(task, container))).toEqual([problem]);
  });
});
