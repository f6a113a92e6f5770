import type { BatchGetApplicationRevisionsOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { findRevision, revisionInput, revisionsOf, wholeRevision } from "./application-revision";
import { requireBatch } from "./batch-limit";
import type { RegistryContext } from "./registry-context";

/** Describes several revisions of an application; each must exist. */
export const batchGetApplicationRevisions = operation(
  "BatchGetApplicationRevisions",
  z.object({ applicationName: z.string().min(1), revisions: z.array(revisionInput).min(1) }),
  ({ applicationName, revisions: asked }, context: RegistryContext): BatchGetApplicationRevisionsOutput => {
    requireBatch(asked, 25);
    const revisions = revisionsOf(applicationName, context);
    return {
      applicationName,
      revisions: asked.map((revision) => {
        const found = findRevision(revision, revisions);
        return { revisionLocation: wholeRevision(found), genericRevisionInfo: found.info };
      }),
    };
  },
);
