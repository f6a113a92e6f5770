import type {
  BatchGetApplicationRevisionsOutput,
  GetApplicationRevisionOutput,
  ListApplicationRevisionsOutput,
} from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { listPage, requireBatch } from "./limits";
import type { RegistryContext } from "./registry-context";
import {
  type ApplicationRevision,
  findRevision,
  revisionInput,
  revisionOf,
  revisionsOf,
  revisionWithContent,
} from "./revision";

const TIMES = ["registerTime", "firstUsedTime", "lastUsedTime"] as const;

/** Lists the revisions of an application. A filter by S3 bucket finds none: the local cloud has no revisions in S3. */
export const listApplicationRevisions = operation(
  "ListApplicationRevisions",
  z.object({
    applicationName: z.string().min(1),
    sortBy: z.enum(TIMES).default("registerTime"),
    sortOrder: z.enum(["ascending", "descending"]).default("ascending"),
    s3Bucket: z.string().optional(),
    deployed: z.enum(["include", "exclude", "ignore"]).default("ignore"),
    nextToken: z.string().optional(),
  }),
  (input, context: RegistryContext): ListApplicationRevisionsOutput => {
    const isTarget = ({ info }: ApplicationRevision) => (info.deploymentGroups ?? []).length > 0;
    const timeOf = ({ info }: ApplicationRevision) => info[input.sortBy]?.getTime() ?? 0;
    const direction = input.sortOrder === "ascending" ? 1 : -1;
    const revisions = revisionsOf(input.applicationName, context)
      .filter(
        (revision) =>
          input.s3Bucket === undefined &&
          (input.deployed === "ignore" || isTarget(revision) === (input.deployed === "include")),
      )
      .toSorted((a, b) => direction * (timeOf(a) - timeOf(b)));
    const page = listPage(
      revisions.map(({ sha256 }) => sha256),
      input.nextToken,
    );
    return {
      revisions: page.items.map((sha256) => revisionOf({ appSpec: { content: "", sha256 } })),
      nextToken: page.nextToken,
    };
  },
);

/** Describes a revision with its content, which GetDeployment does not return. */
export const getApplicationRevision = operation(
  "GetApplicationRevision",
  z.object({ applicationName: z.string().min(1), revision: revisionInput }),
  ({ applicationName, revision }, context: RegistryContext): GetApplicationRevisionOutput => {
    const found = findRevision(revision, revisionsOf(applicationName, context));
    return { applicationName, revision: revisionWithContent(found), revisionInfo: found.info };
  },
);

/** Describes several revisions of an application. One that does not exist is an error. */
export const batchGetApplicationRevisions = operation(
  "BatchGetApplicationRevisions",
  z.object({ applicationName: z.string().min(1), revisions: z.array(revisionInput).min(1) }),
  ({ applicationName, revisions: requested }, context: RegistryContext): BatchGetApplicationRevisionsOutput => {
    requireBatch(requested, 25);
    const revisions = revisionsOf(applicationName, context);
    return {
      applicationName,
      revisions: requested.map((revision) => {
        const found = findRevision(revision, revisions);
        return { revisionLocation: revisionWithContent(found), genericRevisionInfo: found.info };
      }),
    };
  },
);
