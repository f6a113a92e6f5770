import type { UpdateDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { operation } from "../operation";
import { groupSettings, type GroupSettings, resourceName } from "./group-input";
import { requireSound } from "./group-rules";
import type { RegistryContext } from "./registry-context";

/**
 * Changes a deployment group: what is given replaces what was there, what is not given stays. Deployments made from then
 * on follow it.
 */
export const updateDeploymentGroup = operation(
  "UpdateDeploymentGroup",
  groupSettings.partial().extend({
    applicationName: resourceName,
    currentDeploymentGroupName: resourceName,
    newDeploymentGroupName: resourceName.optional(),
  }),
  (
    { applicationName, currentDeploymentGroupName: name, newDeploymentGroupName: newName = name, ...changes },
    context: RegistryContext,
  ): UpdateDeploymentGroupOutput => {
    const { registry } = context;
    const group = { ...registry.group(applicationName, name), ...given(changes) };
    // What is in the registry has passed the shape of the settings, and so have the changes.
    requireSound(group as GroupSettings, context, `${applicationName}/${name}`);
    registry.requireFreeName(applicationName, name, newName);
    context.adoptGroup?.({ ...group, deploymentGroupName: newName });
    registry.replaceGroup(applicationName, name, newName, group);
    return { hooksNotCleanedUp: [] };
  },
);

function given<Changes extends object>(changes: Changes): Partial<Changes> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}
