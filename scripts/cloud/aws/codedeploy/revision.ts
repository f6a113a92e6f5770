import type { GenericRevisionInfo, RevisionLocation } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import { type Deployment, sha256Of } from "../../codedeploy/part";
import type { RegistryContext } from "./registry-context";

/** The revision of a deployment as GetDeployment returns it: without its content. */
export function revisionOf({ appSpec }: Pick<Deployment, "appSpec">): RevisionLocation {
  return { revisionType: "AppSpecContent", appSpecContent: { sha256: appSpec.sha256 } };
}

const content = z.object({ content: z.string().optional(), sha256: z.string().optional() });

/** The input that names a revision: an appspec by its content or sha256. The local cloud has no revisions in S3 or GitHub. */
export const revisionInput = z.object({
  revisionType: z.enum(["S3", "GitHub", "String", "AppSpecContent"]).optional(),
  appSpecContent: content.optional(),
  string: content.optional(),
});

/** A revision of the application. CreateDeployment registers it. */
export interface ApplicationRevision {
  readonly sha256: string;
  readonly content: string;
  readonly info: GenericRevisionInfo;
}

/** The application's revisions, in the order of their first use. @throws AwsError ApplicationDoesNotExistException */
export function revisionsOf(application: string, { registry, parts }: RegistryContext): readonly ApplicationRevision[] {
  registry.application(application);
  const oldestFirst = [...parts.codeDeploy.deployments()].reverse();
  const current = oldestFirst.findLast(({ status }) => status === "Succeeded");
  return oldestFirst
    .filter(({ appSpec }, i) => oldestFirst.findIndex((other) => other.appSpec.sha256 === appSpec.sha256) === i)
    .map((first) => {
      const { content: text, sha256 } = first.appSpec;
      const last = oldestFirst.findLast(({ appSpec }) => appSpec.sha256 === sha256) ?? first;
      return { sha256, content: text, info: infoOf(first, last, current) };
    });
}

function infoOf(first: Deployment, last: Deployment, current: Deployment | undefined): GenericRevisionInfo {
  return {
    description: `Application revision registered by Deployment ID: ${first.id}`,
    // Only the groups for which this is the current target revision
    // (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GenericRevisionInfo.html).
    deploymentGroups: current?.appSpec.sha256 === first.appSpec.sha256 ? [current.group.name] : [],
    firstUsedTime: new Date(first.createdAt),
    lastUsedTime: new Date(last.createdAt),
    registerTime: new Date(first.createdAt),
  };
}

/** The revision that an input names. @throws AwsError RevisionDoesNotExistException, InvalidRevisionException */
export function findRevision(
  { revisionType, appSpecContent, string }: z.output<typeof revisionInput>,
  revisions: readonly ApplicationRevision[],
): ApplicationRevision {
  const requested = revisionType === "String" ? string : appSpecContent;
  const elsewhere = revisionType === "S3" || revisionType === "GitHub";
  const sha256 = requested?.sha256 ?? (requested?.content === undefined ? undefined : sha256Of(requested.content));
  if (sha256 === undefined && !elsewhere) {
    throw new AwsError(
      "InvalidRevisionException",
      "The revision names neither the sha256 nor the content of an appspec.",
    );
  }
  const found = revisions.find((revision) => revision.sha256 === sha256?.toLowerCase());
  if (found) return found;
  throw new AwsError(
    "RevisionDoesNotExistException",
    elsewhere ? `No revision in ${revisionType} is registered.` : `No revision found with the sha256 ${sha256 ?? ""}.`,
  );
}

/**
 * A revision as GetApplicationRevision returns it: with its content
 * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html refers to it for the content).
 */
export function revisionWithContent({ content: text, sha256 }: ApplicationRevision): RevisionLocation {
  const { revisionType } = revisionOf({ appSpec: { content: text, sha256 } });
  return { revisionType, appSpecContent: { content: text, sha256 } };
}
