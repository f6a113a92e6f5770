import type { TaskDefinitionInput } from "./task-definition-input";

/**
 * Memory in MiB that Fargate accepts by CPU units: [smallest, largest, step]. Source:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const FARGATE_MEMORY: Readonly<Record<string, readonly [number, number, number]>> = {
  "512": [1024, 4096, 1024],
  "1024": [2048, 8192, 1024],
  "2048": [4096, 16384, 1024],
  "4096": [8192, 30720, 1024],
  "8192": [16384, 61440, 4096],
  "16384": [32768, 122880, 8192],
};

/** The smallest size. Its memory has no fixed step. */
const SMALLEST = { cpu: "256", memory: [512, 1024, 2048] };

/**
 * ECS's message for a problem in a task definition whose shape is valid; undefined when there is none. The messages about
 * secrets are recorded from AWS: https://github.com/dagster-io/dagster/issues/11622,
 * https://github.com/CircleCI-Public/aws-ecs-orb/issues/210.
 */
export function taskDefinitionProblem(definition: TaskDefinitionInput): string | undefined {
  const { family, containerDefinitions: containers } = definition;
  if (!/^[\w-]{1,255}$/.test(family)) return "Family contains invalid characters.";
  if (containers.length === 0) return "TaskDefinition must contain at least one container definition.";
  for (const { name = "", image = "" } of containers) {
    if (name === "") return "Container.name should not be null or empty.";
    if (!/^[\w-]{1,255}$/.test(name)) return "Container.name contains invalid characters.";
    if (image === "") return "Container.image should not be null or empty.";
  }
  const names = containers.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) return `Container.name '${duplicate}' is used more than once.`;
  for (const { environment = [], secrets = [] } of containers) {
    const secretNames = secrets.map(({ name }) => name);
    const duplicateSecret = secretNames.find((name, index) => secretNames.indexOf(name) !== index);
    if (duplicateSecret !== undefined)
      return `Duplicate secret names found: ${duplicateSecret}. Each secret name must be unique.`;
    const shared = environment.find(({ name }) => secretNames.includes(name));
    if (shared) {
      return (
        "The secret name must be unique and not shared with any new or existing environment variables set on the " +
        `container, such as '${shared.name}'.`
      );
    }
  }
  if (!containers.some(({ essential = true }) => essential)) {
    return "A TaskDefinition must have at least one essential container.";
  }
  return definition.requiresCompatibilities?.includes("FARGATE")
    ? fargateProblem(definition)
    : memoryProblem(definition);
}

function memoryProblem({ memory: taskMemory, containerDefinitions }: TaskDefinitionInput): string | undefined {
  const without = containerDefinitions.find(
    ({ memory, memoryReservation }) => memory === undefined && memoryReservation === undefined,
  );
  return taskMemory === undefined && without
    ? `Invalid setting for container '${without.name ?? ""}'. At least one of 'memory' or 'memoryReservation' must be specified.`
    : undefined;
}

function fargateProblem({ networkMode, cpu, memory }: TaskDefinitionInput): string | undefined {
  if (networkMode !== "awsvpc") return "Fargate only supports network mode ‘awsvpc’.";
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  return isFargateSize(cpu, Number(memory))
    ? undefined
    : `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. ` +
        "See the Amazon ECS documentation for the valid values.";
}

function isFargateSize(cpu: string, memory: number): boolean {
  if (cpu === SMALLEST.cpu) return SMALLEST.memory.includes(memory);
  const range = FARGATE_MEMORY[cpu];
  if (!range) return false;
  const [smallest, largest, step] = range;
  return memory >= smallest && memory <= largest && memory % step === 0;
}
