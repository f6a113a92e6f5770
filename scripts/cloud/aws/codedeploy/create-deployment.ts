import type { CreateDeploymentOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import { AwsError } from "../../aws-error";
import type { CreateDeploymentInput } from "../../codedeploy/part";
import { type AwsBackend, operation } from "../operation";

const content = z.object({ content: z.string().min(1), sha256: z.string().optional() });

const INSTEAD = "give the appspec itself, as a revision of the type AppSpecContent";

/** A type of revision that the local cloud refuses, with the reason and what to use instead. */
function unsupported<Shape extends z.ZodRawShape>(shape: Shape, why: (given: z.output<z.ZodObject<Shape>>) => string) {
  return z.object(shape).transform((given, context): never => {
    context.addIssue(`${why(given)}; ${INSTEAD}`);
    return z.NEVER;
  });
}

const s3Location = z.object({ bucket: z.string().default("?"), key: z.string().default("?") }).prefault({});

const revision = z.discriminatedUnion(
  "revisionType",
  [
    z.object({ revisionType: z.literal("AppSpecContent"), appSpecContent: content }),
    z.object({ revisionType: z.literal("String"), string: content }),
    unsupported(
      { revisionType: z.literal("S3"), s3Location },
      ({ s3Location: { bucket, key } }) =>
        `AWS would read the appspec from S3 (s3://${bucket}/${key}), but the local cloud has no S3`,
    ),
    unsupported({ revisionType: z.literal("GitHub") }, () => "a revision in GitHub is for servers, not for ECS"),
  ],
  { error: `the type of revision is not known to CodeDeploy for ECS; ${INSTEAD}` },
);

const input = z.object({
  applicationName: z.string().min(1),
  deploymentGroupName: z.string().min(1),
  revision,
  deploymentConfigName: z.string().optional(),
  description: z.string().optional(),
  autoRollbackConfiguration: z
    .object({
      enabled: z.boolean().default(false),
      events: z
        .array(z.enum(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]))
        .default([]),
    })
    .optional(),
  overrideAlarmConfiguration: z
    .object({
      enabled: z.boolean().default(false),
      ignorePollAlarmFailure: z.boolean().default(false),
      alarms: z.array(z.object({ name: z.string() })).default([]),
    })
    .optional(),
});

/** Starts a deployment of the stacks' deployment group. */
export const createDeployment = operation(
  "CreateDeployment",
  input,
  (given, backend: AwsBackend): CreateDeploymentOutput => {
    backend.registry.group(given.applicationName, given.deploymentGroupName);
    if (given.revision.revisionType === "String" && !backend.settings.stringRevisions) {
      throw new AwsError("InvalidRevisionException", `A revision of the type String is for Lambda: ${INSTEAD}.`);
    }
    if (given.deploymentConfigName !== undefined) backend.registry.configForEcs(given.deploymentConfigName);
    const request = requestOf(given);
    const { id } = backend.parts.codeDeploy.create(request);
    backend.requests.set(id, request);
    return { deploymentId: id };
  },
);

function requestOf({
  revision: given,
  deploymentConfigName,
  description,
  autoRollbackConfiguration: rollback,
  overrideAlarmConfiguration: override,
}: z.output<typeof input>): CreateDeploymentInput {
  const appSpec = given.revisionType === "AppSpecContent" ? given.appSpecContent : given.string;
  return {
    appSpec: { content: appSpec.content, ...(appSpec.sha256 !== undefined && { sha256: appSpec.sha256 }) },
    ...(deploymentConfigName !== undefined && { deploymentConfigName }),
    ...(description !== undefined && { description }),
    ...(rollback && { autoRollback: rollback }),
    ...(override && {
      alarms: {
        enabled: override.enabled,
        names: override.alarms.map(({ name }) => name),
        ignorePollAlarmFailure: override.ignorePollAlarmFailure,
      },
    }),
  };
}
