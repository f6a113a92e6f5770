import { object, text } from "./rules";

const NAME = /^[\w-]{1,255}$/;
const CLUSTER_ARN = /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/;

/** A cluster of ECS: its name or its ARN. */
const clusterNameOrArn = text(
  "a cluster's name or ARN: at most 255 letters, digits, - and _, or arn:aws:ecs:eu-central-1:123456789012:cluster/…",
  (value) => NAME.test(value) || CLUSTER_ARN.test(value),
);

/** `cluster` in the configuration. */
export const clusterSchema = object({
  /**
   * An existing cluster, by name or ARN, in the environment's region and account. Its owner decides about capacity providers,
   * Container Insights and its end. Default: the service stack creates one for this service.
   */
  existing: clusterNameOrArn.optional(),
});

/** The name of a cluster, which is the last part of its ARN. */
export function clusterNameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

const codedeployName = text("a name of CodeDeploy: 1 to 100 characters", (value) => {
  const { length } = value.trim();
  return length > 0 && value.length <= 100;
});

/**
 * `existing` in the configuration: an ECS service, and the CodeDeploy deployment group that releases it, which other tools have
 * made. `npm run release` then works on these, and reads all else from what runs. Our stacks are not needed.
 */
export const existingSchema = object({
  cluster: clusterNameOrArn,
  service: text("the name of an ECS service: at most 255 letters, digits, - and _", (value) => NAME.test(value)),
  application: codedeployName,
  deploymentGroup: codedeployName,
});
