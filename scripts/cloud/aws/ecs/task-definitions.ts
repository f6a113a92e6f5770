import type {
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionResponse,
} from "@aws-sdk/client-ecs";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { TaskDefinitionTemplate } from "../../template";
import { operation } from "../operation";
import { taskDefinitionOf } from "./find";
import { ecsPage, ecsPageInput } from "./paging";
import { taskDefinitionInput } from "./task-definition-input";
import { taskDefinitionProblem } from "./task-definition-rules";
import { taskDefinitionTags, taskDefinitionView } from "./task-definition-view";

/** Registers a new revision of a family. */
export const registerTaskDefinition = operation(
  "RegisterTaskDefinition",
  taskDefinitionInput,
  (definition, backend): RegisterTaskDefinitionResponse => {
    const problem = taskDefinitionProblem(definition);
    if (problem !== undefined) throw new AwsError("ClientException", problem);
    // taskDefinitionProblem has checked that every container has a name and an image.
    const record = backend.parts.ecs.registerTaskDefinition(definition as TaskDefinitionTemplate);
    const tags = taskDefinitionTags(record);
    return { taskDefinition: taskDefinitionView(record, backend), ...(tags.length > 0 && { tags }) };
  },
);

/** Makes a revision INACTIVE. Its running tasks keep running. */
export const deregisterTaskDefinition = operation(
  "DeregisterTaskDefinition",
  z.object({ taskDefinition: z.string().min(1) }),
  ({ taskDefinition }, backend): DeregisterTaskDefinitionResponse => {
    if (!/:\d+$/.test(taskDefinition)) {
      throw new AwsError("InvalidParameterException", "Revision is missing: give family:revision or the full ARN.");
    }
    const { arn } = taskDefinitionOf(taskDefinition, backend);
    const record = backend.parts.ecs.deregisterTaskDefinition(arn);
    if (!record) throw new AwsError("ClientException", "Unable to deregister task definition.");
    return { taskDefinition: taskDefinitionView(record, backend) };
  },
);

/** Describes a revision, by ARN or `family:revision`; by family, its newest active revision. */
export const describeTaskDefinition = operation(
  "DescribeTaskDefinition",
  z.object({ taskDefinition: z.string().min(1), include: z.array(z.enum(["TAGS"])).default([]) }),
  ({ taskDefinition, include }, backend): DescribeTaskDefinitionResponse => {
    const record = taskDefinitionOf(taskDefinition, backend);
    return {
      taskDefinition: taskDefinitionView(record, backend),
      ...(include.includes("TAGS") && { tags: taskDefinitionTags(record) }),
    };
  },
);

/** Lists the ARNs of revisions in the order of family and number. */
export const listTaskDefinitions = operation(
  "ListTaskDefinitions",
  z.object({
    familyPrefix: z.string().optional(),
    status: z.enum(["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"]).default("ACTIVE"),
    sort: z.enum(["ASC", "DESC"]).default("ASC"),
    ...ecsPageInput,
  }),
  ({ familyPrefix, status, sort, ...paging }, { parts }): ListTaskDefinitionsResponse => {
    const arns = parts.ecs
      .taskDefinitions()
      // In spite of its name, the parameter is a full family name
      // (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html).
      .filter((record) => record.status === status && (familyPrefix === undefined || record.family === familyPrefix))
      .sort((a, b) => (a.family === b.family ? a.revision - b.revision : a.family < b.family ? -1 : 1))
      .map(({ arn }) => arn);
    const page = ecsPage(sort === "ASC" ? arns : arns.reverse(), paging);
    return { taskDefinitionArns: page.items, nextToken: page.nextToken };
  },
);

/** Lists families. A family is ACTIVE when it has an active revision, and INACTIVE otherwise. */
export const listTaskDefinitionFamilies = operation(
  "ListTaskDefinitionFamilies",
  z.object({
    familyPrefix: z.string().default(""),
    status: z.enum(["ACTIVE", "INACTIVE", "ALL"]).default("ALL"),
    ...ecsPageInput,
  }),
  ({ familyPrefix, status, ...paging }, { parts }): ListTaskDefinitionFamiliesResponse => {
    const records = parts.ecs.taskDefinitions();
    const active = new Set(records.filter((record) => record.status === "ACTIVE").map(({ family }) => family));
    const families = [...new Set(records.map(({ family }) => family))]
      .filter(
        (family) =>
          family.startsWith(familyPrefix) && (status === "ALL" || (status === "ACTIVE") === active.has(family)),
      )
      .sort();
    const page = ecsPage(families, paging);
    return { families: page.items, nextToken: page.nextToken };
  },
);
