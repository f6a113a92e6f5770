import type { ListTagsForResourceResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { operation } from "../operation";
import { isCluster, isService } from "./find";
import { taskDefinitionTags } from "./task-definition-view";

/** Lists the tags of a resource. In the local cloud only task definitions have tags. */
export const listTagsForResource = operation(
  "ListTagsForResource",
  z.object({ resourceArn: z.string() }),
  ({ resourceArn }, backend): ListTagsForResourceResponse => {
    const { ecs } = backend.parts;
    const record = resourceArn.includes(":task-definition/") ? ecs.taskDefinition(resourceArn) : undefined;
    if (record) return { tags: taskDefinitionTags(record) };
    const isKnown =
      isCluster(resourceArn, backend) ||
      isService(resourceArn, backend) ||
      [...ecs.tasks(), ...ecs.taskSets()].some(({ arn }) => arn === resourceArn);
    if (isKnown) return { tags: [] };
    throw new AwsError(
      "InvalidParameterException",
      `The specified resource is inactive or does not exist: ${resourceArn}`,
    );
  },
);
