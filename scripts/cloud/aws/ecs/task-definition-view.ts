import type { Attribute, ContainerDefinition as WireContainer, Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import type { TaskDefinitionRecord } from "../../ecs/part";
import type { ContainerDefinition, TaskDefinitionTemplate } from "../../template";
import type { AwsBackend } from "../operation";

/** A revision as ECS returns it: the registered definition with ECS's defaults and read-only keys, without the tags. */
export function taskDefinitionView(record: TaskDefinitionRecord, { template }: AwsBackend): TaskDefinition {
  const { definition } = record;
  return {
    ...definition,
    // ECS returns the tags beside the task definition.
    ...{ tags: undefined },
    containerDefinitions: definition.containerDefinitions.map((container) =>
      withDefaults(container, definition.networkMode === "awsvpc"),
    ),
    volumes: listOf(definition.volumes),
    placementConstraints: listOf(definition.placementConstraints),
    taskDefinitionArn: record.arn,
    revision: record.revision,
    status: record.status,
    requiresAttributes: requiredAttributes(definition),
    compatibilities: isFargate(definition) ? ["EC2", "FARGATE"] : ["EC2"],
    registeredAt: new Date(record.registeredAt),
    registeredBy: `arn:aws:iam::${template.accountId}:root`,
  };
}

/** The tags that a revision was registered with. */
export function taskDefinitionTags({ definition: { tags } }: TaskDefinitionRecord): Tag[] {
  return listOf<Tag>(tags);
}

function listOf<Item>(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : [];
}

function isFargate({ requiresCompatibilities }: TaskDefinitionTemplate): boolean {
  return listOf<string>(requiresCompatibilities).includes("FARGATE");
}

/** Adds ECS's defaults. In awsvpc mode the host port is the container port. */
function withDefaults(container: ContainerDefinition, isAwsvpc: boolean): WireContainer {
  const complete = {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...(isAwsvpc && { hostPort: mapping.containerPort }),
      protocol: "tcp",
      ...mapping,
    })),
  };
  return complete as object;
}

/**
 * The capabilities that a host needs for the task, as far as the definition's keys decide them. Source of the names:
 * https://github.com/aws/amazon-ecs-agent/blob/master/agent/app/agent_capability.go.
 */
function requiredAttributes(definition: TaskDefinitionTemplate): Attribute[] {
  const drivers = definition.containerDefinitions.flatMap(({ logConfiguration }) => {
    const driver = (logConfiguration as { logDriver?: unknown } | undefined)?.logDriver;
    return typeof driver === "string" ? [driver] : [];
  });
  const hasSecrets = definition.containerDefinitions.some(({ secrets }) => listOf(secrets).length > 0);
  const hasEcrImage = definition.containerDefinitions.some(({ image }) => /\.dkr\.ecr\.[^/]+\//.test(image));
  const hasExecutionRole = typeof definition.executionRoleArn === "string";
  const names = [
    ...[...new Set(drivers)].map((driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`),
    ...(drivers.includes("awslogs") && hasExecutionRole ? ["ecs.capability.execution-role-awslogs"] : []),
    ...(hasEcrImage ? ["com.amazonaws.ecs.capability.ecr-auth"] : []),
    ...(hasEcrImage && hasExecutionRole ? ["ecs.capability.execution-role-ecr-pull"] : []),
    ...(typeof definition.taskRoleArn === "string" ? ["com.amazonaws.ecs.capability.task-iam-role"] : []),
    ...(definition.networkMode === "awsvpc" ? ["ecs.capability.task-eni"] : []),
    ...(hasSecrets ? ["ecs.capability.secrets.ssm.environment-variables"] : []),
    "com.amazonaws.ecs.capability.docker-remote-api.1.18",
  ];
  return names.map((name) => ({ name }));
}
