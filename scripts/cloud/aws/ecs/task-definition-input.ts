import { z } from "zod";

const count = z.number().int().min(0);
const pair = z.looseObject({ name: z.string(), value: z.string() });

/** A container definition. Keys that this schema does not name stay unchanged. */
const container = z.looseObject({
  name: z.string().optional(),
  image: z.string().optional(),
  essential: z.boolean().optional(),
  cpu: count.optional(),
  memory: count.optional(),
  memoryReservation: count.optional(),
  environment: z.array(pair).optional(),
  portMappings: z
    .array(
      z.looseObject({
        containerPort: z.number().int().min(0).max(65535),
        hostPort: z.number().int().min(0).max(65535).optional(),
        protocol: z.enum(["tcp", "udp"]).optional(),
      }),
    )
    .optional(),
  stopTimeout: count.optional(),
  secrets: z.array(z.looseObject({ name: z.string(), valueFrom: z.string() })).optional(),
  logConfiguration: z
    .looseObject({ logDriver: z.string(), options: z.record(z.string(), z.string()).optional() })
    .optional(),
  mountPoints: z.array(z.looseObject({})).optional(),
  volumesFrom: z.array(z.looseObject({})).optional(),
  systemControls: z.array(z.looseObject({})).optional(),
});

/** Keys of ECS's outputs that are no parameters. ECS ignores unknown parameters, so an input may contain these. */
const READ_ONLY: readonly string[] = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
];

const registration = z.looseObject({
  family: z.string(),
  containerDefinitions: z.array(container),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
  networkMode: z.enum(["bridge", "host", "awsvpc", "none"]).optional(),
  requiresCompatibilities: z.array(z.enum(["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"])).optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  volumes: z.array(z.looseObject({})).optional(),
  placementConstraints: z.array(z.looseObject({})).optional(),
  runtimePlatform: z
    .looseObject({
      cpuArchitecture: z.enum(["X86_64", "ARM64"]).optional(),
      operatingSystemFamily: z.string().optional(),
    })
    .optional(),
  tags: z
    .array(z.object({ key: z.string(), value: z.string().optional() }))
    .max(50)
    .optional(),
});

/** A valid input of RegisterTaskDefinition. */
export type TaskDefinitionInput = z.output<typeof registration>;

/** The input of RegisterTaskDefinition. It drops the read-only keys and keeps all others. */
export const taskDefinitionInput = registration.transform(
  (given) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => !READ_ONLY.includes(name))) as TaskDefinitionInput,
);
