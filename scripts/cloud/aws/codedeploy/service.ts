import type { Operation, Service } from "../operation";
import { batchGetApplicationRevisions } from "./batch-get-application-revisions";
import { batchGetApplications } from "./batch-get-applications";
import { batchGetDeploymentGroups } from "./batch-get-deployment-groups";
import { batchGetDeploymentTargets } from "./batch-get-deployment-targets";
import { batchGetDeployments } from "./batch-get-deployments";
import { continueDeployment } from "./continue-deployment";
import { createApplication } from "./create-application";
import { createDeployment } from "./create-deployment";
import { createDeploymentConfig } from "./create-deployment-config";
import { createDeploymentGroup } from "./create-deployment-group";
import { deleteApplication } from "./delete-application";
import { deleteDeploymentConfig } from "./delete-deployment-config";
import { deleteDeploymentGroup } from "./delete-deployment-group";
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
import { updateApplication } from "./update-application";
import { updateDeploymentGroup } from "./update-deployment-group";

const NAMES = {
  name: "CodeDeploy",
  target: "CodeDeploy_20141006",
  signingName: "codedeploy",
  inputErrorType,
};

/** What applications, groups and configs are read by; tags are theirs too. */
const READS: readonly Operation<RegistryContext>[] = [
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
];

/**
 * CodeDeploy of a whole local cloud, as far as the ECS platform needs it. Its applications, groups and configs are
 * those of the stacks. The group can be changed, and deployments follow it; a change that they would not follow is not
 * served.
 */
export const codeDeploy: Service = {
  ...NAMES,
  operations: [
    ...READS,
    batchGetDeploymentTargets,
    batchGetDeployments,
    continueDeployment,
    createDeployment,
    getDeployment,
    getDeploymentTarget,
    listDeploymentTargets,
    putLifecycleEventHookExecutionStatus,
    stopDeployment,
    updateDeploymentGroup,
  ],
};

/** CodeDeploy alone, for who builds an account: everything that deployments begin with, but no deployments. */
export const codeDeployRegistry: Service<RegistryContext> = {
  ...NAMES,
  operations: [
    ...READS,
    createApplication,
    createDeploymentConfig,
    createDeploymentGroup,
    deleteApplication,
    deleteDeploymentConfig,
    deleteDeploymentGroup,
    updateApplication,
    updateDeploymentGroup,
  ],
};
