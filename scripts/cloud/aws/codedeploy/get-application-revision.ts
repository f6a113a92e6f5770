import type { GetApplicationRevisionOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { operation } from "../operation";
import { findRevision, revisionInput, revisionsOf, wholeRevision } from "./application-revision";
import type { RegistryContext } from "./registry-context";

/** Describes a revision that was deployed, with its content, which GetDeployment keeps to itself. */
export const getApplicationRevision = operation(
  "GetApplicationRevision",
  z.object({ applicationName: z.string().min(1), revision: revisionInput }),
  ({ applicationName, revision }, context: RegistryContext): GetApplicationRevisionOutput => {
    const found = findRevision(revision, revisionsOf(applicationName, context));
    return { applicationName, revision: wholeRevision(found), revisionInfo: found.info };
  },
);
