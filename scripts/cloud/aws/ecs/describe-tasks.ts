import type { Container, DesiredStatus, DescribeTasksResponse, Task as WireTask } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { numberOf, uuidOf } from "../../derived-ids";
import type { Task, TaskStatus } from "../../ecs/part";
import type { ContainerDefinition, TaskDefinitionTemplate } from "../../template";
import { type AwsBackend, operation } from "../operation";
import { ecsArn, requireCluster } from "./find";
import { attachmentOf, type NetworkInterface, networkInterfaceOf } from "./network-interface";
import { launchTypeOf, placementOf } from "./task-set";

/** Describes tasks by id or ARN. The local cloud forgets a stopped task after some time, as ECS does. */
export const describeTasks = operation(
  "DescribeTasks",
  z.object({ cluster: z.string().optional(), tasks: z.array(z.string()).min(1).max(100) }),
  ({ cluster, tasks: references }, backend): DescribeTasksResponse => {
    requireCluster(cluster, backend);
    const all = backend.parts.ecs.tasks();
    const find = (reference: string) => all.find(({ id, arn }) => id === reference || arn === reference);
    return {
      tasks: references.flatMap((reference) => {
        const task = find(reference);
        return task ? [wireTask(task, backend)] : [];
      }),
      failures: references
        .filter((reference) => !find(reference))
        .map((reference) => ({
          arn: reference.startsWith("arn:")
            ? reference
            : ecsArn(`task/${backend.template.cluster.name}/${reference}`, backend),
          reason: "MISSING",
        })),
    };
  },
);

function wireTask(task: Task, backend: AwsBackend): WireTask {
  const { template, parts } = backend;
  const definition = parts.ecs.taskDefinition(task.taskDefinitionArn)?.definition;
  const networkInterface = networkInterfaceOf(task, backend);
  const { platformVersion, platformFamily } = placementOf(parts.ecs.taskSet(task.taskSetId), template.service);
  const containers = definition?.containerDefinitions ?? [];
  return {
    taskArn: task.arn,
    clusterArn: template.cluster.arn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${template.service.name}`,
    startedBy: task.taskSetId,
    lastStatus: task.status,
    desiredStatus: desiredStatusOf(task.status),
    healthStatus: "UNKNOWN",
    launchType: launchTypeOf(template.service),
    platformVersion,
    platformFamily,
    availabilityZone: networkInterface?.availabilityZone,
    ...(task.startedAt !== undefined && { connectivity: "CONNECTED", connectivityAt: dateOf(task.startedAt) }),
    enableExecuteCommand: template.service.enableExecuteCommand ?? false,
    ephemeralStorage: ephemeralStorageOf(definition),
    attributes: [{ name: "ecs.cpu-architecture", value: architectureOf(definition) }],
    version: STATUSES.indexOf(task.status) + 1,
    ...capacityProviderOf(task, backend),
    cpu: textOf(definition?.cpu),
    memory: textOf(definition?.memory),
    createdAt: new Date(task.createdAt),
    startedAt: dateOf(task.startedAt),
    stoppedAt: dateOf(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stopCode: task.stopCode,
    attachments: networkInterface ? [attachmentOf(networkInterface, task)] : [],
    containers: containers.map((container) => containerOf(container, task, networkInterface, backend)),
    overrides: { containerOverrides: containers.map(({ name }) => ({ name })), inferenceAcceleratorOverrides: [] },
    tags: [],
  };
}

/** The desired status that ECS returns for a task in this status. */
export function desiredStatusOf(status: TaskStatus): Exclude<DesiredStatus, "PENDING"> {
  return status === "PROVISIONING" || status === "PENDING" || status === "RUNNING" ? "RUNNING" : "STOPPED";
}

/** Statuses in their order. The version of a task grows with each change of its status. */
const STATUSES: readonly TaskStatus[] = ["PROVISIONING", "PENDING", "RUNNING", "DEACTIVATING", "STOPPING", "STOPPED"];

/** Default ephemeral storage on Fargate (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html). */
const FARGATE_STORAGE_GIB = 20;

function ephemeralStorageOf(definition: TaskDefinitionTemplate | undefined): { sizeInGiB: number } {
  const given = definition?.ephemeralStorage as { sizeInGiB?: number } | undefined;
  return { sizeInGiB: given?.sizeInGiB ?? FARGATE_STORAGE_GIB };
}

function architectureOf(definition: TaskDefinitionTemplate | undefined): string {
  const platform = definition?.runtimePlatform as { cpuArchitecture?: string } | undefined;
  return platform?.cpuArchitecture === "ARM64" ? "arm64" : "x86_64";
}

/** The capacity provider of a task. Absent when there are several: the local cloud does not distribute tasks among them. */
function capacityProviderOf(task: Task, { template, parts }: AwsBackend): { capacityProviderName?: string } {
  const { capacityProviderStrategy } = placementOf(parts.ecs.taskSet(task.taskSetId), template.service);
  const [only, ...others] = capacityProviderStrategy ?? [];
  return only?.capacityProvider === undefined || others.length > 0
    ? {}
    : { capacityProviderName: only.capacityProvider };
}

function containerOf(
  { name, image, cpu, memory, memoryReservation }: ContainerDefinition,
  task: Task,
  networkInterface: NetworkInterface | undefined,
  backend: AwsBackend,
): Container {
  const { parts } = backend;
  // Of each task, the local cloud runs only the container behind the target group.
  const isServed = name === (parts.ecs.taskSet(task.taskSetId)?.containerName ?? name);
  return {
    containerArn: ecsArn(
      `container/${backend.template.cluster.name}/${task.id}/${uuidOf(`${task.id}/${name}`)}`,
      backend,
    ),
    taskArn: task.arn,
    name,
    image,
    // As on Fargate: the task's id and a number.
    ...(task.status !== "PROVISIONING" && { runtimeId: `${task.id}-${numberOf(`${task.id}/${name}`)}` }),
    cpu: textOf(cpu) ?? "0",
    memory: textOf(memory),
    memoryReservation: textOf(memoryReservation),
    networkBindings: [],
    imageDigest: parts.images.find(image)?.digest,
    lastStatus: containerStatus(task),
    exitCode: isServed ? task.exitCode : undefined,
    reason: isServed && task.stopCode === "TaskFailedToStart" ? task.stoppedReason : undefined,
    networkInterfaces:
      networkInterface === undefined || task.status === "PROVISIONING"
        ? []
        : [{ attachmentId: networkInterface.attachmentId, privateIpv4Address: networkInterface.privateIp }],
    healthStatus: "UNKNOWN",
  };
}

/** A container has fewer statuses than its task. */
function containerStatus({ status, exitCode }: Task): string {
  if (status === "STOPPED" || exitCode !== undefined) return "STOPPED";
  return status === "PROVISIONING" || status === "PENDING" ? "PENDING" : "RUNNING";
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
