import type { Service } from "../operation";
import { batchGetApplications } from "./batch-get-applications";
import { batchGetDeploymentGroups } from "./batch-get-deployment-groups";
import { batchGetDeploymentTargets } from "./batch-get-deployment-targets";
import { batchGetDeployments } from "./batch-get-deployments";
import { createDeployment } from "./create-deployment";
import { getApplication } from "./get-application";
import { getDeployment } from "./get-deployment";
import { getDeploymentConfig } from "./get-deployment-config";
import { getDeploymentGroup } from "./get-deployment-group";
import { getDeploymentTarget } from "./get-deployment-target";
import { inputErrorType } from "./input-error-type";
import { listApplications } from "./list-applications";
import { listDeploymentConfigs } from "./list-deployment-configs";
import { listDeploymentGroups } from "./list-deployment-groups";
import { listDeploymentTargets } from "./list-deployment-targets";
import { listDeployments } from "./list-deployments";
import { putLifecycleEventHookExecutionStatus } from "./put-lifecycle-event-hook-execution-status";
import { stopDeployment } from "./stop-deployment";

/** CodeDeploy, as far as the ECS platform needs it. */
export const codeDeploy: Service = {
  name: "CodeDeploy",
  target: "CodeDeploy_20141006",
  signingName: "codedeploy",
  operations: [
    batchGetApplications,
    batchGetDeploymentGroups,
    batchGetDeploymentTargets,
    batchGetDeployments,
    createDeployment,
    getApplication,
    getDeployment,
    getDeploymentConfig,
    getDeploymentGroup,
    getDeploymentTarget,
    listApplications,
    listDeploymentConfigs,
    listDeploymentGroups,
    listDeploymentTargets,
    listDeployments,
    putLifecycleEventHookExecutionStatus,
    stopDeployment,
  ],
  inputErrorType,
};
