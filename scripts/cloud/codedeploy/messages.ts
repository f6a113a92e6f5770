/**
 * The errorInformation of GetDeployment. Codes are from the API reference; messages are AWS's where they are documented
 * or recorded, and otherwise ours.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
 */
export interface ErrorInformation {
  readonly code: string;
  readonly message: string;
}

/** An alarm fired. Message recorded from AWS: each name in angle brackets, names separated by spaces. */
export const alarmsActive = (names: readonly string[]): ErrorInformation => ({
  code: "ALARM_ACTIVE",
  message:
    "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected" +
    ` deployments have been stopped. Activated alarms: ${names.map((name) => `<${name}>`).join(" ")}`,
});

/**
 * An alarm can't be read. AWS documents that this stops the deployment, but not the error; code and message are ours.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html
 */
export const alarmsUnreadable = (names: readonly string[]): ErrorInformation => ({
  code: "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND",
  message: `The status of these alarms could not be retrieved from Amazon CloudWatch: ${names.join(" ")}. The deployment was stopped; create the alarms or set ignorePollAlarmFailure.`,
});

/** StopDeployment was called. The code is AWS's, the message is ours. */
export const stopped = (): ErrorInformation => ({
  code: "MANUAL_STOP",
  message: "The deployment was stopped on request.",
});

/**
 * The wait for ContinueDeployment timed out. AWS documents only the status Stopped; code and message are ours.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentReadyOption.html
 */
export const notContinued = (minutes: number): ErrorInformation => ({
  code: "TIMEOUT",
  message: `The deployment was stopped because traffic rerouting was not started within the wait time of ${minutes} minutes.`,
});

/**
 * Green did not become steady in time. AWS's timeout is always 60 minutes. Source:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
 */
export const notSteady = (minutes: number): ErrorInformation => ({
  code: "TIMEOUT",
  message: `The deployment timed out while waiting for the replacement task set to become healthy. This time out period is ${minutes} minutes.`,
});

/** A hook failed. Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html */
export const hookFailed = (): ErrorInformation => ({
  code: "HOOK_EXECUTION_FAILURE",
  message: "The deployment failed because one or more of the lifecycle event validation functions failed.",
});

/**
 * A hook sent no status in time. Source:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
 */
export const hookTimedOut = (): ErrorInformation => ({
  code: "TIMEOUT",
  message:
    "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.",
});

/** An action on ECS failed. */
export const ecsError = (reason: string): ErrorInformation => ({
  code: "ECS_UPDATE_ERROR",
  message: `The ECS service cannot be updated due to the following error: ${reason}`,
});

/**
 * An action on the load balancer failed. Source:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
 */
export const loadBalancerError = (reason: string): ErrorInformation => ({
  code: "ELASTIC_LOAD_BALANCING_INVALID",
  message: `The ELB could not be updated due to the following error: ${reason}`,
});

/** The rollbackMessage of the deployment that failed. */
export const rollbackTriggered = (failed: string, rollback: string): string =>
  `Deployment ${failed} terminated. Automatic rollback is triggered with a DeploymentId ${rollback}.`;

/** The rollbackMessage of the rollback deployment. */
export const rollbackOf = (failed: string, rollback: string): string =>
  `Deployment ${rollback} is triggered to roll back deployment ${failed}.`;

/** The service can't be deployed to. The code is AWS's, the message is ours. */
export const invalidService = (reason: string): ErrorInformation => ({ code: "INVALID_ECS_SERVICE", message: reason });

/** The message of DeploymentLimitExceededException: a group has at most one running deployment. */
export const deploymentLimit = (group: string, active: string): string =>
  `The Deployment Group '${group}' already has an active Deployment '${active}'`;

/**
 * The statusMessage of StopDeployment. The first is from the AWS CLI reference
 * (https://docs.aws.amazon.com/cli/latest/reference/deploy/stop-deployment.html), the second is ours.
 */
export const stopMessages = {
  Succeeded: "No more commands will be scheduled for execution in the deployment instances",
  Pending: "The deployment is stopped; its rollback has been started.",
} as const;

/** The local cloud itself failed. */
export const internalError = (reason: string): ErrorInformation => ({ code: "INTERNAL_ERROR", message: reason });
