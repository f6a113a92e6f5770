import type { CreateDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { randomUUID } from "node:crypto";
import { ALL_AT_ONCE } from "../../codedeploy/routing";
import { operation } from "../operation";
import { groupSettings } from "./group-input";
import { requireSound } from "./group-rules";
import type { RegistryContext } from "./registry-context";
import { resourceName } from "./resource-name";
import { tagList, tagsOf } from "./tags-input";

const { shape } = groupSettings;
const input = groupSettings.extend({
  applicationName: resourceName,
  deploymentGroupName: resourceName,
  deploymentConfigName: shape.deploymentConfigName.default(ALL_AT_ONCE),
  alarmConfiguration: shape.alarmConfiguration.prefault({}),
  autoRollbackConfiguration: shape.autoRollbackConfiguration.prefault({}),
  triggerConfigurations: shape.triggerConfigurations.default([]),
  outdatedInstancesStrategy: shape.outdatedInstancesStrategy.default("UPDATE"),
  terminationHookEnabled: shape.terminationHookEnabled.default(false),
  tags: tagList.default([]),
});

/** Makes a deployment group for one ECS service. */
export const createDeploymentGroup = operation(
  "CreateDeploymentGroup",
  input,
  (
    { applicationName, deploymentGroupName, tags, ...settings },
    context: RegistryContext,
  ): CreateDeploymentGroupOutput => {
    const { registry } = context;
    const { computePlatform } = registry.application(applicationName);
    requireSound(settings, context);
    const deploymentGroupId = randomUUID();
    registry.addGroup(
      applicationName,
      deploymentGroupName,
      { deploymentGroupId, computePlatform, ...settings },
      tagsOf(tags),
    );
    return { deploymentGroupId };
  },
);
