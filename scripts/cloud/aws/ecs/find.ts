import { AwsError } from "../../aws-error";
import type { TaskDefinitionRecord, TaskSet } from "../../ecs/part";
import type { AwsBackend } from "../operation";

/** Name of the cluster when an input names none (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html). */
export const DEFAULT_CLUSTER = "default";

/** True when a name or ARN refers to the only cluster. */
export function isCluster(reference: string, { template: { cluster } }: AwsBackend): boolean {
  return reference === cluster.name || reference === cluster.arn;
}

/** Checks that a name or ARN refers to the only cluster. @throws AwsError ClusterNotFoundException */
export function requireCluster(reference: string | undefined, backend: AwsBackend): void {
  if (isCluster(reference ?? DEFAULT_CLUSTER, backend)) return;
  throw new AwsError("ClusterNotFoundException", "Cluster not found.");
}

/** True when a name or ARN refers to the only service. */
export function isService(reference: string, { template: { service } }: AwsBackend): boolean {
  return reference === service.name || reference === service.arn;
}

/** Checks that a name or ARN refers to the only service. @throws AwsError ServiceNotFoundException */
export function requireService(reference: string, backend: AwsBackend): void {
  if (isService(reference, backend)) return;
  throw new AwsError("ServiceNotFoundException", "Service not found.");
}

/** The ARN of a resource in this account and region. */
export function ecsArn(resource: string, { template }: AwsBackend): string {
  return `arn:aws:ecs:${template.region}:${template.accountId}:${resource}`;
}

/**
 * The revision for an ARN or `family:revision`; for a family, its newest active revision.
 * @throws AwsError ClientException
 */
export function taskDefinitionOf(reference: string, { parts }: AwsBackend): TaskDefinitionRecord {
  const record = parts.ecs.taskDefinition(reference);
  if (record) return record;
  throw new AwsError("ClientException", "Unable to describe task definition.");
}

/** The PRIMARY task set, which serves production. */
export function primaryOf({ parts }: AwsBackend): TaskSet | undefined {
  return parts.ecs.taskSets().find(({ status }) => status === "PRIMARY");
}
