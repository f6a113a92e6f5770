import type { RegisterTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { AwsError } from "../../aws-error";
import type { TaskDefinitionTemplate } from "../../template";
import { operation } from "../operation";
import { taskDefinitionInput } from "./task-definition-input";
import { taskDefinitionProblem } from "./task-definition-rules";
import { taskDefinitionTags, taskDefinitionView } from "./task-definition-view";

/** Registers a new revision of a family. */
export const registerTaskDefinition = operation(
  "RegisterTaskDefinition",
  taskDefinitionInput,
  (definition, cloud): RegisterTaskDefinitionResponse => {
    const problem = taskDefinitionProblem(definition);
    if (problem !== undefined) throw new AwsError("ClientException", problem);
    // The rules have made sure of the names and images that the shape leaves open.
    const record = cloud.parts.ecs.registerTaskDefinition(definition as TaskDefinitionTemplate);
    const tags = taskDefinitionTags(record);
    return { taskDefinition: taskDefinitionView(record, cloud), ...(tags.length > 0 && { tags }) };
  },
);
