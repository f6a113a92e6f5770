import type { ListTasksResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { requireCluster, requireService } from "./find";
import { ecsPage, ecsPageInput } from "./paging";
import { launchTypeOf } from "./task-set";
import { desiredStatusOf } from "./describe-tasks";

/** Lists the tasks with the desired status RUNNING, or the requested one. */
export const listTasks = operation(
  "ListTasks",
  z.object({
    cluster: z.string().optional(),
    containerInstance: z.string().optional(),
    family: z.string().optional(),
    startedBy: z.string().optional(),
    serviceName: z.string().optional(),
    desiredStatus: z.enum(["RUNNING", "PENDING", "STOPPED"]).default("RUNNING"),
    launchType: z.string().optional(),
    ...ecsPageInput,
  }),
  (input, backend): ListTasksResponse => {
    requireCluster(input.cluster, backend);
    if (input.serviceName !== undefined) requireService(input.serviceName, backend);
    const launchType = launchTypeOf(backend.template.service);
    const arns = backend.parts.ecs
      .tasks()
      .filter(
        ({ status, taskSetId, taskDefinitionArn }) =>
          desiredStatusOf(status) === input.desiredStatus &&
          input.containerInstance === undefined &&
          (input.startedBy === undefined || taskSetId === input.startedBy) &&
          (input.launchType === undefined || launchType === input.launchType) &&
          (input.family === undefined || backend.parts.ecs.taskDefinition(taskDefinitionArn)?.family === input.family),
      )
      .map(({ arn }) => arn);
    const page = ecsPage(arns, input);
    return { taskArns: page.items, nextToken: page.nextToken };
  },
);
