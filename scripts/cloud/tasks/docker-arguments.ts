import { z } from "zod";
import type { ContainerDefinition, TaskDefinitionTemplate } from "../template";

/** One container, as Docker is to make it. */
export interface DockerContainer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The image's id in this machine's Docker. */
  readonly image: string;
  /** Of the container's process; PORT is left out. */
  readonly environment: Readonly<Record<string, string>>;
  readonly definition: TaskDefinitionTemplate;
  readonly container: ContainerDefinition;
}

const mebibytes = z.number().int().positive();

/** A task's memory: MiB as digits, or gigabytes such as `1 GB`. */
const taskMemory = z
  .string()
  .regex(/^\d+$|^\d+(\.\d+)? ?GB$/i, "is neither MiB nor GB")
  .transform((text) => (/GB$/i.test(text) ? Math.round(Number.parseFloat(text) * 1024) : Number(text)))
  .optional();

/** Says of each key that is not in a schema that it is not played, by name. */
const UNKNOWN = "is not played by the docker runtime";

/** What is true of a task whatever runs it here, or concerns AWS alone. */
const UNUSED = z.unknown().optional();

const taskSchema = z.strictObject({
  memory: taskMemory,
  family: UNUSED,
  containerDefinitions: UNUSED,
  // The clock runs faster than this machine: a quarter of its CPU would be far less than a quarter of Fargate's.
  cpu: UNUSED,
  networkMode: UNUSED,
  requiresCompatibilities: UNUSED,
  executionRoleArn: UNUSED,
  taskRoleArn: UNUSED,
  runtimePlatform: UNUSED,
  ephemeralStorage: UNUSED,
  placementConstraints: UNUSED,
  tags: UNUSED,
  enableFaultInjection: UNUSED,
});

const containerSchema = z.strictObject({
  entryPoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  user: z.string().optional(),
  workingDirectory: z.string().optional(),
  readonlyRootFilesystem: z.boolean().optional(),
  memory: mebibytes.optional(),
  memoryReservation: mebibytes.optional(),
  ulimits: z
    .array(z.strictObject({ name: z.string(), softLimit: z.number().int(), hardLimit: z.number().int() }))
    .optional(),
  linuxParameters: z
    .strictObject({
      initProcessEnabled: z.boolean().optional(),
      capabilities: z
        .strictObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
        .optional(),
      tmpfs: z
        .array(
          z.strictObject({
            containerPath: z.string(),
            size: mebibytes,
            mountOptions: z.array(z.string()).optional(),
          }),
        )
        .optional(),
      sharedMemorySize: mebibytes.optional(),
    })
    .optional(),
  dockerLabels: z.record(z.string(), z.string()).optional(),
  // Played by others: the image, its environment and port, the stop (tasks/stop.ts). Secrets are left alone by name.
  name: UNUSED,
  image: UNUSED,
  essential: UNUSED,
  environment: UNUSED,
  portMappings: UNUSED,
  stopTimeout: UNUSED,
  secrets: UNUSED,
  logConfiguration: UNUSED,
  cpu: UNUSED,
  versionConsistency: UNUSED,
});

/** What a definition asks for that Docker, or the local cloud with it, cannot do: one line each, naming key and container. */
export function unplayedByDocker(definition: TaskDefinitionTemplate, container: ContainerDefinition): string[] {
  const task = taskSchema.safeParse(withoutDefaults(definition));
  const own = containerSchema.safeParse(withoutDefaults(container));
  return [...problemsOf(task.error, []), ...problemsOf(own.error, ["containerDefinitions", container.name])];
}

/**
 * The arguments of `docker create` for one container, without PORT.
 * @throws Error naming what of the task definition cannot be played
 */
export function createArguments(input: DockerContainer): string[] {
  const { name, labels, image, environment, definition, container } = input;
  const problems = unplayedByDocker(definition, container);
  if (problems.length > 0) throw new Error(problems.join("; "));
  const { dockerLabels, entryPoint = [], command = [], ...own } = containerSchema.parse(withoutDefaults(container));
  const [program, ...programArguments] = entryPoint;
  const memory = own.memory ?? taskSchema.parse(withoutDefaults(definition)).memory;
  return [
    "--rm",
    `--name=${name}`,
    ...Object.entries({ ...dockerLabels, ...labels }).map(([key, value]) => `--label=${key}=${value}`),
    // It is on this machine, or nowhere.
    "--pull=never",
    // So the loopback address is the machine's: it is where the load balancer finds the task, and the task the database.
    "--network=host",
    // ECS does not look at the image's own health check either.
    "--no-healthcheck",
    // Its lines are read as they come, and kept by nobody.
    "--log-driver=none",
    // The port is the keeper's to choose.
    ...Object.entries(environment).flatMap(([key, value]) => (key === "PORT" ? [] : [`--env=${key}=${value}`])),
    ...(own.readonlyRootFilesystem ? ["--read-only"] : []),
    ...optional("user", own.user),
    ...optional("workdir", own.workingDirectory),
    // Without swap, as on Fargate: what takes more is killed, and does not get slow instead.
    ...(memory === undefined ? [] : [`--memory=${memory}m`, `--memory-swap=${memory}m`]),
    ...optional("memory-reservation", own.memoryReservation && `${own.memoryReservation}m`),
    ...(own.ulimits ?? []).map((limit) => `--ulimit=${limit.name}=${limit.softLimit}:${limit.hardLimit}`),
    ...linuxArguments(own.linuxParameters ?? {}),
    ...optional("entrypoint", program),
    image,
    ...programArguments,
    ...command,
  ];
}

function linuxArguments(linux: NonNullable<z.output<typeof containerSchema>["linuxParameters"]>): string[] {
  const { add = [], drop = [] } = linux.capabilities ?? {};
  return [
    ...(linux.initProcessEnabled ? ["--init"] : []),
    ...add.map((capability) => `--cap-add=${capability}`),
    ...drop.map((capability) => `--cap-drop=${capability}`),
    ...(linux.tmpfs ?? []).map(
      ({ containerPath, size, mountOptions = [] }) =>
        `--tmpfs=${containerPath}:${[`size=${size}m`, ...mountOptions].join(",")}`,
    ),
    ...optional("shm-size", linux.sharedMemorySize && `${linux.sharedMemorySize}m`),
  ];
}

function optional(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

/** Without what says nothing: AWS describes a task definition with many an empty list, and false is every flag's default. */
function withoutDefaults(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, entry]) => [key, isRecord(entry) ? withoutDefaults(entry) : entry]);
  return Object.fromEntries(entries.filter(([, entry]) => !isDefault(entry))) as Record<string, unknown>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || value === "";
}

function problemsOf(error: z.ZodError | undefined, at: readonly string[]): string[] {
  return (error?.issues ?? []).flatMap((issue) => {
    const where = [...at, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [`${where.join(".")}: ${issue.message}`];
    return issue.keys.map((key) => `${[...where, key].join(".")} ${UNKNOWN}`);
  });
}
