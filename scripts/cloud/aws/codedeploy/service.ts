import type { Operation, Service, ServiceNames } from "../operation";
import { batchGetApplicationRevisions } from "./batch-get-application-revisions";
import { batchGetApplications } from "./batch-get-applications";
import { batchGetDeploymentGroups } from "./batch-get-deployment-groups";
import { batchGetDeploymentTargets } from "./batch-get-deployment-targets";
import { batchGetDeployments } from "./batch-get-deployments";
import { continueDeployment } from "./continue-deployment";
import { createDeployment } from "./create-deployment";
import { getApplicationRevision } from "./get-application-revision";
import { getApplication } from "./get-application";
import { getDeployment } from "./get-deployment";
import { getDeploymentConfig } from "./get-deployment-config";
import { getDeploymentGroup } from "./get-deployment-group";
import { getDeploymentTarget } from "./get-deployment-target";
import { inputErrorType } from "./input-error-type";
import { listApplicationRevisions } from "./list-application-revisions";
import { listApplications } from "./list-applications";
import { listDeploymentConfigs } from "./list-deployment-configs";
import { listDeploymentGroups } from "./list-deployment-groups";
import { listDeploymentTargets } from "./list-deployment-targets";
import { listDeployments } from "./list-deployments";
import { listTagsForResource } from "./list-tags-for-resource";
import { putLifecycleEventHookExecutionStatus } from "./put-lifecycle-event-hook-execution-status";
import type { RegistryContext } from "./registry-context";
import { stopDeployment } from "./stop-deployment";
import { tagResource } from "./tag-resource";
import { untagResource } from "./untag-resource";
import { updateDeploymentGroup } from "./update-deployment-group";

/** How requests and errors name CodeDeploy. */
export const CODEDEPLOY_NAMES: ServiceNames = {
  name: "CodeDeploy",
  target: "CodeDeploy_20141006",
  signingName: "codedeploy",
  inputErrorType,
};

/** The operations on applications, deployment groups and deployment configs. They need no running deployments. */
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
