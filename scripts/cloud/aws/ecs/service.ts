import type { Service } from "../operation";
import { deregisterTaskDefinition } from "./deregister-task-definition";
import { describeClusters } from "./describe-clusters";
import { describeServices } from "./describe-services";
import { describeTaskDefinition } from "./describe-task-definition";
import { describeTaskSets } from "./describe-task-sets";
import { describeTasks } from "./describe-tasks";
import { listClusters } from "./list-clusters";
import { listServices } from "./list-services";
import { listTagsForResource } from "./list-tags-for-resource";
import { listTaskDefinitionFamilies } from "./list-task-definition-families";
import { listTaskDefinitions } from "./list-task-definitions";
import { listTasks } from "./list-tasks";
import { registerTaskDefinition } from "./register-task-definition";
import { updateService } from "./update-service";

/** Elastic Container Service. */
export const ecs: Service = {
  name: "ECS",
  target: "AmazonEC2ContainerServiceV20141113",
  signingName: "ecs",
  operations: [
    deregisterTaskDefinition,
    describeClusters,
    describeServices,
    describeTaskDefinition,
    describeTaskSets,
    describeTasks,
    listClusters,
    listServices,
    listTagsForResource,
    listTaskDefinitionFamilies,
    listTaskDefinitions,
    listTasks,
    registerTaskDefinition,
    updateService,
  ],
  inputErrorType: () => "InvalidParameterException",
};
