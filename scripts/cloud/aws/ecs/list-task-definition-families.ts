import type { ListTaskDefinitionFamiliesResponse } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { operation } from "../operation";
import { listPage, pageInput } from "./page-input";

/** Lists families: the active ones have an active revision, the inactive ones have none. */
export const listTaskDefinitionFamilies = operation(
  "ListTaskDefinitionFamilies",
  z.object({
    familyPrefix: z.string().default(""),
    status: z.enum(["ACTIVE", "INACTIVE", "ALL"]).default("ALL"),
    ...pageInput,
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
    const page = listPage(families, paging);
    return { families: page.items, nextToken: page.nextToken };
  },
);
