import type { Attachment, Container, DescribeTasksResponse, Task as WireTask } from "@aws-sdk/client-ecs";
import { z } from "zod";
import type { Task } from "../../parts";
import type { ContainerDefinition } from "../../template";
import { operation, type Cloud } from "../operation";
import { ecsArn, requireCluster } from "./find";
import { launchTypeOf, placementOf } from "./task-set";
import { desiredStatusOf } from "./task-state";

/** Describes tasks by id or ARN; stopped ones as long as the local cloud remembers them. */
export const describeTasks = operation(
  "DescribeTasks",
  z.object({ cluster: z.string().optional(), tasks: z.array(z.string()).min(1).max(100) }),
  ({ cluster, tasks: references }, cloud): DescribeTasksResponse => {
    requireCluster(cluster, cloud);
    const all = cloud.parts.ecs.tasks();
    const find = (reference: string) => all.find(({ id, arn }) => id === reference || arn === reference);
    return {
      tasks: references.flatMap((reference) => {
        const task = find(reference);
        return task ? [wireTask(task, cloud)] : [];
      }),
      failures: references
        .filter((reference) => !find(reference))
        .map((reference) => ({
          arn: reference.startsWith("arn:")
            ? reference
            : ecsArn(`task/${cloud.template.cluster.name}/${reference}`, cloud),
          reason: "MISSING",
        })),
    };
  },
);

function wireTask(task: Task, cloud: Cloud): WireTask {
  const { template, parts } = cloud;
  const definition = parts.ecs.taskDefinition(task.taskDefinitionArn)?.definition;
  const attachments = attachmentsOf(task);
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
    ...capacityProviderOf(task, cloud),
    cpu: textOf(definition?.cpu),
    memory: textOf(definition?.memory),
    createdAt: new Date(task.createdAt),
    startedAt: dateOf(task.startedAt),
    stoppedAt: dateOf(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stopCode: task.stopCode,
    attachments,
    containers: definition?.containerDefinitions.map((container) => containerOf(container, task, cloud)) ?? [],
    overrides: { containerOverrides: [] },
    tags: [],
  };
}

/** The capacity provider, where there is one to choose: the local cloud doesn't share tasks out among several. */
function capacityProviderOf(task: Task, { template, parts }: Cloud): { capacityProviderName?: string } {
  const { capacityProviderStrategy } = placementOf(parts.ecs.taskSet(task.taskSetId), template.service);
  const [only, ...others] = capacityProviderStrategy ?? [];
  return only?.capacityProvider === undefined || others.length > 0
    ? {}
    : { capacityProviderName: only.capacityProvider };
}

function containerOf({ name, image }: ContainerDefinition, task: Task, { parts }: Cloud): Container {
  // The process behind the target group is the only one the local cloud runs of a task.
  const isServed = name === (parts.ecs.taskSet(task.taskSetId)?.containerName ?? name);
  return {
    taskArn: task.arn,
    name,
    image,
    imageDigest: parts.images.find(image)?.digest,
    lastStatus: containerStatus(task),
    exitCode: isServed ? task.exitCode : undefined,
    reason: isServed && task.stopCode === "TaskFailedToStart" ? task.stoppedReason : undefined,
    networkInterfaces: task.privateIp === undefined ? [] : [{ privateIpv4Address: task.privateIp }],
    healthStatus: "UNKNOWN",
  };
}

/** A container has fewer statuses than its task. */
function containerStatus({ status, exitCode }: Task): string {
  if (status === "STOPPED" || exitCode !== undefined) return "STOPPED";
  return status === "PROVISIONING" || status === "PENDING" ? "PENDING" : "RUNNING";
}

/** The network interface, once the task has its address. */
function attachmentsOf({ privateIp, status }: Task): Attachment[] {
  if (privateIp === undefined) return [];
  return [
    {
      type: "ElasticNetworkInterface",
      status: status === "STOPPED" ? "DELETED" : "ATTACHED",
      details: [{ name: "privateIPv4Address", value: privateIp }],
    },
  ];
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
