import { object, text } from "./rules";

const NAME = /^[\w-]{1,255}$/;
const CLUSTER_ARN = /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/;

const codedeployName = text("a name of CodeDeploy: 1 to 100 characters", (value) => {
  const { length } = value.trim();
  return length > 0 && value.length <= 100;
});

/**
 * `existing` in the configuration: an ECS service, and the CodeDeploy deployment group that releases it, which other tools have
 * made. `npm run release` then works on these, and reads all else from what runs. Our stacks are not needed.
 */
export const existingSchema = object({
  cluster: text("a cluster's name or ARN", (value) => NAME.test(value) || CLUSTER_ARN.test(value)),
  service: text("the name of an ECS service: at most 255 letters, digits, - and _", (value) => NAME.test(value)),
  application: codedeployName,
  deploymentGroup: codedeployName,
});
