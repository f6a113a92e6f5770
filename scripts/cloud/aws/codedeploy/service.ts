import type { Operation, Service, ServiceNames } from "../operation";
import {
  batchGetApplicationRevisions,
  getApplicationRevision,
  listApplicationRevisions,
} from "./application-revisions";
import { batchGetApplications, getApplication, listApplications } from "./applications";
import { continueDeployment } from "./continue-deployment";
import { createDeployment } from "./create-deployment";
import { getDeploymentConfig, listDeploymentConfigs } from "./deployment-configs";
import { batchGetDeploymentGroups, getDeploymentGroup, listDeploymentGroups } from "./deployment-groups";
import { batchGetDeploymentTargets, getDeploymentTarget, listDeploymentTargets } from "./deployment-targets";
import { batchGetDeployments, getDeployment, listDeployments } from "./deployments";
import { inputErrorType } from "./input-error-type";
import { putLifecycleEventHookExecutionStatus } from "./put-lifecycle-event-hook-execution-status";
import type { RegistryContext } from "./registry-context";
import { stopDeployment } from "./stop-deployment";
import { listTagsForResource, tagResource, untagResource } from "./tags";
import { updateDeploymentGroup } from "./update-deployment-group";

/** How requests and errors name CodeDeploy. */
export const CODEDEPLOY_NAMES: ServiceNames = {
  name: "CodeDeploy",
  target: "CodeDeploy_20141006",
  signingName: "codedeploy",
  inputErrorType,
};

/** The operations that need only a RegistryContext: those on applications, deployment groups and deployment configs. */
export const REGISTRY_OPERATIONS: readonly Operation<RegistryContext>[] = [
  batchGetApplicationRevisions,
  batchGetApplications,
  batchGetDeploymentGroups,
  getApplication,
  getApplicationRevision,
  getDeploymentConfig,
  getDeploymentGroup,
  listApplicationRevisions,
  listApplications,
  listDeploymentConfigs,
  listDeploymentGroups,
  listDeployments,
  listTagsForResource,
  tagResource,
  untagResource,
  updateDeploymentGroup,
];

/**
 * CodeDeploy for the ECS platform. The application, the group and the configs are those of the stacks: none can be
 * created or deleted. The group can be changed, and the next deployments follow the change.
 */
export const codeDeploy: Service = {
  ...CODEDEPLOY_NAMES,
  operations: [
    ...REGISTRY_OPERATIONS,
    batchGetDeploymentTargets,
    batchGetDeployments,
    continueDeployment,
    createDeployment,
    getDeployment,
    getDeploymentTarget,
    listDeploymentTargets,
    putLifecycleEventHookExecutionStatus,
    stopDeployment,
  ],
};
