import type { ListTaskDefinitionsResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { listPage, pageInput } from "./page-input";

/** Lists the ARNs of revisions, by family and number. */
export const listTaskDefinitions = operation(
  "ListTaskDefinitions",
  z.object({
    familyPrefix: z.string().optional(),
    status: z.enum(["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"]).default("ACTIVE"),
    sort: z.enum(["ASC", "DESC"]).default("ASC"),
    ...pageInput,
  }),
  ({ familyPrefix, status, sort, ...paging }, { parts }): ListTaskDefinitionsResponse => {
    const arns = parts.ecs
      .taskDefinitions()
      // A whole family name, in spite of the parameter's.
      .filter((record) => record.status === status && (familyPrefix === undefined || record.family === familyPrefix))
      .sort((a, b) => (a.family === b.family ? a.revision - b.revision : a.family < b.family ? -1 : 1))
      .map(({ arn }) => arn);
    const page = listPage(sort === "ASC" ? arns : arns.reverse(), paging);
    return { taskDefinitionArns: page.items, nextToken: page.nextToken };
  },
);
