import { z } from "zod";
import type { ContainerDefinition, TaskDefinitionTemplate } from "../template";

/** A container that Docker shall create. */
export interface DockerContainer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The image's id in this machine's Docker. */
  readonly image: string;
  /** The container's variables; PORT is ignored. */
  readonly environment: Readonly<Record<string, string>>;
  readonly definition: TaskDefinitionTemplate;
  readonly container: ContainerDefinition;
}

const mebibytes = z.number().int().positive();

/** A task's memory: digits are MiB; gigabytes are written as `1 GB`. */
const taskMemory = z
  .string()
  .regex(/^\d+$|^\d+(\.\d+)? ?GB$/i, "is neither MiB nor GB")
  .transform((text) => (/GB$/i.test(text) ? Math.round(Number.parseFloat(text) * 1024) : Number(text)))
  .optional();

/** The problem of a key that is not in a schema. */
const UNSUPPORTED = "is not supported by the docker runtime";

/** A setting that does not concern the docker runtime: other rooms handle it, or it matters on AWS alone. */
const UNUSED = z.unknown().optional();

const taskSchema = z.strictObject({
  memory: taskMemory,
  family: UNUSED,
  containerDefinitions: UNUSED,
  // Not limited: the clock runs faster than this machine, so a quarter of its CPU would be far less than Fargate's.
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
  // Handled elsewhere: the image, its environment and port, and the stop (tasks/stop.ts). The loader reports secrets.
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

/** The settings of a container that the docker runtime does not support: one line each, naming key and container. */
export function unsupportedByDocker(definition: TaskDefinitionTemplate, container: ContainerDefinition): string[] {
  const task = taskSchema.safeParse(withoutDefaults(definition));
  const own = containerSchema.safeParse(withoutDefaults(container));
  return [...problemsOf(task.error, []), ...problemsOf(own.error, ["containerDefinitions", container.name])];
}

/**
 * The arguments of `docker create` for one container, without PORT.
 * @throws Error naming the settings of the task definition that are not supported
 */
export function createArguments(input: DockerContainer): string[] {
  const { name, labels, image, environment, definition, container } = input;
  const problems = unsupportedByDocker(definition, container);
  if (problems.length > 0) throw new Error(problems.join("; "));
  const { dockerLabels, entryPoint = [], command = [], ...own } = containerSchema.parse(withoutDefaults(container));
  const [program, ...programArguments] = entryPoint;
  const memory = own.memory ?? taskSchema.parse(withoutDefaults(definition)).memory;
  return [
    "--rm",
    `--name=${name}`,
    ...Object.entries({ ...dockerLabels, ...labels }).map(([key, value]) => `--label=${key}=${value}`),
    // The image is on this machine already.
    "--pull=never",
    // On the host network, load balancer, task and database reach each other by the loopback address.
    "--network=host",
    // ECS ignores the image's own health check, too.
    "--no-healthcheck",
    // The supervisor reads the output; Docker needs no copy.
    "--log-driver=none",
    // The supervisor chooses the port.
    ...Object.entries(environment).flatMap(([key, value]) => (key === "PORT" ? [] : [`--env=${key}=${value}`])),
    ...(own.readonlyRootFilesystem ? ["--read-only"] : []),
    ...optional("user", own.user),
    ...optional("workdir", own.workingDirectory),
    // Without swap, as on Fargate: a task that exceeds its memory is killed instead of getting slow.
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

/** Removes empty values and false, every flag's default: AWS describes a task definition with many empty lists. */
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
    return issue.keys.map((key) => `${[...where, key].join(".")} ${UNSUPPORTED}`);
  });
}
