import type { DescribeTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { taskDefinitionOf } from "./find";
import { taskDefinitionTags, taskDefinitionView } from "./task-definition-view";

/** Describes a revision, by ARN, `family:revision` or the family's newest. */
export const describeTaskDefinition = operation(
  "DescribeTaskDefinition",
  z.object({ taskDefinition: z.string().min(1), include: z.array(z.enum(["TAGS"])).default([]) }),
  ({ taskDefinition, include }, cloud): DescribeTaskDefinitionResponse => {
    const record = taskDefinitionOf(taskDefinition, cloud);
    return {
      taskDefinition: taskDefinitionView(record, cloud),
      ...(include.includes("TAGS") && { tags: taskDefinitionTags(record) }),
    };
  },
);
