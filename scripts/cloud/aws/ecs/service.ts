import type { Service } from "../operation";
import { describeClusters, listClusters } from "./clusters";
import { describeTaskSets } from "./describe-task-sets";
import { describeTasks } from "./describe-tasks";
import { describeServices, listServices } from "./ecs-services";
import { listTagsForResource } from "./list-tags-for-resource";
import { listTasks } from "./list-tasks";
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from "./task-definitions";
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
