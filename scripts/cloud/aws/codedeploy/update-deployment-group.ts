import type { UpdateDeploymentGroupOutput } from "@aws-sdk/client-codedeploy";
import { operation } from "../operation";
import { groupSettings, type GroupSettings, resourceName } from "./group-input";
import { checkGroup } from "./group-rules";
import type { RegistryContext } from "./registry-context";

/**
 * Changes a deployment group. A setting that the input leaves out stays as it is. Deployments that are created from then on
 * use the changed group.
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
    // Both the group in the registry and the changes have passed groupSettings.
    checkGroup(group as GroupSettings, context, `${applicationName}/${name}`);
    registry.requireFreeName(applicationName, name, newName);
    context.applyGroup?.({ ...group, deploymentGroupName: newName });
    registry.replaceGroup(applicationName, name, newName, group);
    return { hooksNotCleanedUp: [] };
  },
);

function given<Changes extends object>(changes: Changes): Partial<Changes> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}
