import type { CreateDeploymentOutput } from "@aws-sdk/client-codedeploy";
import { z } from "zod";
import type { CreateDeploymentInput } from "../../parts";
import { operation, type Cloud } from "../operation";

const content = z.object({ content: z.string().min(1), sha256: z.string().optional() });

const revision = z.discriminatedUnion(
  "revisionType",
  [
    z.object({ revisionType: z.literal("AppSpecContent"), appSpecContent: content }),
    // The older spelling, which AWS still takes for Lambda.
    z.object({ revisionType: z.literal("String"), string: content }),
  ],
  { error: "an ECS deployment takes a revision of the type AppSpecContent; the local cloud serves no other" },
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

/** Starts a deployment of the one group. */
export const createDeployment = operation("CreateDeployment", input, (given, cloud: Cloud): CreateDeploymentOutput => {
  cloud.registry.group(given.applicationName, given.deploymentGroupName);
  if (given.deploymentConfigName !== undefined) cloud.registry.config(given.deploymentConfigName);
  const request = requestOf(given);
  const { id } = cloud.parts.codeDeploy.create(request);
  cloud.requests.set(id, request);
  return { deploymentId: id };
});

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
