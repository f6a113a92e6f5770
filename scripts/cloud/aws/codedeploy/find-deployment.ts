import { AwsError } from "../../aws-error";
import type { Deployment, DeploymentTarget } from "../../codedeploy/part";
import type { AwsBackend } from "../operation";

/**
 * The deployment with an id.
 * @throws AwsError InvalidDeploymentIdException, DeploymentDoesNotExistException
 */
export function deploymentOf(id: string, { parts }: AwsBackend): Deployment {
  requireDeploymentId(id);
  const deployment = parts.codeDeploy.deployment(id);
  if (deployment) return deployment;
  throw new AwsError("DeploymentDoesNotExistException", `The deployment ${id} could not be found`);
}

/** Checks the form of a deployment id. @throws AwsError InvalidDeploymentIdException */
export function requireDeploymentId(id: string): void {
  if (/^d-[A-Z0-9]{9}$/.test(id)) return;
  throw new AwsError("InvalidDeploymentIdException", `The specified deployment ID is not valid: ${id}`);
}

/** The deployment's only target. @throws AwsError DeploymentNotStartedException until it exists */
export function targetOf({ id, target }: Deployment): DeploymentTarget {
  if (target) return target;
  throw new AwsError("DeploymentNotStartedException", `The deployment ${id} has not started yet`);
}
