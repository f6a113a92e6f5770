import type { DescribeRepositoriesResponse } from "@aws-sdk/client-ecr";
import { z } from "zod";
import { operation } from "../operation";
import { requireRepository } from "./repository";

/** Describes the only repository. Other names are an error. */
export const describeRepositories = operation(
  "DescribeRepositories",
  z.object({ registryId: z.string().optional(), repositoryNames: z.array(z.string()).optional() }),
  ({ repositoryNames = [] }, backend): DescribeRepositoriesResponse => {
    repositoryNames.forEach((name) => requireRepository(name, backend));
    const { template, startedAt } = backend;
    return {
      repositories: [
        {
          repositoryArn: template.repository.arn,
          registryId: template.accountId,
          repositoryName: template.repository.name,
          repositoryUri: template.repository.url,
          createdAt: new Date(startedAt),
        },
      ],
    };
  },
);
