/** What CodeDeploy says: error codes of its API model, and its words as far as they are documented. */
/** As GetDeployment's errorInformation. */
export interface ErrorInformation {
  readonly code: string;
  readonly message: string;
}

/** Words as in recorded deployments: each name in angle brackets, several separated by spaces. */
export const alarmsActive = (names: readonly string[]): ErrorInformation => ({
  code: "ALARM_ACTIVE",
  message:
    "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected" +
    ` deployments have been stopped. Activated alarms: ${names.map((name) => `<${name}>`).join(" ")}`,
});

/** AWS documents that an alarm it cannot read stops the deployment, not with which code: these words are ours. */
export const alarmsUnreadable = (names: readonly string[]): ErrorInformation => ({
  code: "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND",
  message: `The status of these alarms could not be retrieved from Amazon CloudWatch: ${names.join(" ")}. The deployment was stopped; create the alarms or set ignorePollAlarmFailure.`,
});

/** StopDeployment. The code is AWS's, the words are ours. */
export const stopped = (): ErrorInformation => ({
  code: "MANUAL_STOP",
  message: "The deployment was stopped on request.",
});

/** Nobody ended the wait for a word to reroute traffic. That it is Stopped then is documented; code and words are ours. */
export const notContinued = (minutes: number): ErrorInformation => ({
  code: "TIMEOUT",
  message: `The deployment was stopped because traffic rerouting was not started within the wait time of ${minutes} minutes.`,
});

/** Source: CodeDeploy user guide, troubleshooting Amazon ECS deployments; there it is always 60 minutes. */
export const notSteady = (minutes: number): ErrorInformation => ({
  code: "TIMEOUT",
  message: `The deployment timed out while waiting for the replacement task set to become healthy. This time out period is ${minutes} minutes.`,
});

/** Source: CodeDeploy user guide, troubleshooting Amazon ECS deployments. */
export const hookFailed = (): ErrorInformation => ({
  code: "HOOK_EXECUTION_FAILURE",
  message: "The deployment failed because one or more of the lifecycle event validation functions failed.",
});

/** Source: CodeDeploy user guide, troubleshooting Amazon ECS deployments. */
export const hookTimedOut = (): ErrorInformation => ({
  code: "TIMEOUT",
  message:
    "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.",
});

/** ECS refused something. */
export const ecsError = (reason: string): ErrorInformation => ({
  code: "ECS_UPDATE_ERROR",
  message: `The ECS service cannot be updated due to the following error: ${reason}`,
});

/** The load balancer refused something. Words as in the user guide's troubleshooting. */
export const loadBalancerError = (reason: string): ErrorInformation => ({
  code: "ELASTIC_LOAD_BALANCING_INVALID",
  message: `The ELB could not be updated due to the following error: ${reason}`,
});

/** rollbackMessage of the deployment that failed. */
export const rollbackTriggered = (failed: string, rollback: string): string =>
  `Deployment ${failed} terminated. Automatic rollback is triggered with a DeploymentId ${rollback}.`;

/** rollbackMessage of the rollback. */
export const rollbackOf = (failed: string, rollback: string): string =>
  `Deployment ${rollback} is triggered to roll back deployment ${failed}.`;

/** What is wrong with the service before anything is changed. The code is AWS's, the words are ours. */
export const invalidService = (reason: string): ErrorInformation => ({ code: "INVALID_ECS_SERVICE", message: reason });

/** DeploymentLimitExceededException: one running deployment a group. */
export const deploymentLimit = (group: string, active: string): string =>
  `The Deployment Group '${group}' already has an active Deployment '${active}'`;

/** statusMessage of StopDeployment; the first is the AWS CLI reference's, the second ours. */
export const stopMessages = {
  Succeeded: "No more commands will be scheduled for execution in the deployment instances",
  Pending: "The deployment is stopped; its rollback has been started.",
} as const;

/** Something of the cloud itself broke. */
export const internalError = (reason: string): ErrorInformation => ({ code: "INTERNAL_ERROR", message: reason });
