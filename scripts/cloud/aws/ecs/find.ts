import { AwsError } from "../../aws-error";
import type { TaskDefinitionRecord, TaskSet } from "../../ecs/part";
import type { AwsBackend } from "../operation";

/** What ECS takes for the cluster when none is named. */
export const DEFAULT_CLUSTER = "default";

/** Is it the one cluster, by name or ARN? */
export function isCluster(reference: string, { template: { cluster } }: AwsBackend): boolean {
  return reference === cluster.name || reference === cluster.arn;
}

/** Makes sure that the cluster is the one there is. @throws AwsError ClusterNotFoundException */
export function requireCluster(reference: string | undefined, backend: AwsBackend): void {
  if (isCluster(reference ?? DEFAULT_CLUSTER, backend)) return;
  throw new AwsError("ClusterNotFoundException", "Cluster not found.");
}

/** Is it the one service, by name or ARN? */
export function isService(reference: string, { template: { service } }: AwsBackend): boolean {
  return reference === service.name || reference === service.arn;
}

/** Makes sure that the service is the one there is. @throws AwsError ServiceNotFoundException */
export function requireService(reference: string, backend: AwsBackend): void {
  if (isService(reference, backend)) return;
  throw new AwsError("ServiceNotFoundException", "Service not found.");
}

/** An ARN of this account and region, for what doesn't exist. */
export function ecsArn(resource: string, { template }: AwsBackend): string {
  return `arn:aws:ecs:${template.region}:${template.accountId}:${resource}`;
}

/**
 * The revision that a reference names: ARN, `family:revision`, or the family's newest active one.
 * @throws AwsError ClientException
 */
export function taskDefinitionOf(reference: string, { parts }: AwsBackend): TaskDefinitionRecord {
  const record = parts.ecs.taskDefinition(reference);
  if (record) return record;
  throw new AwsError("ClientException", "Unable to describe task definition.");
}

/** The task set that serves production. */
export function primaryOf({ parts }: AwsBackend): TaskSet | undefined {
  return parts.ecs.taskSets().find(({ status }) => status === "PRIMARY");
}
