import type { Clock } from "./clock";
import { DeliveryRegistry } from "./aws/codedeploy/registry";
import type { RegistryContext } from "./aws/codedeploy/registry-context";
import { codeDeployRegistry } from "./aws/codedeploy/service";
import { DEFAULT_SETTINGS } from "./settings";
import { WireServer } from "./aws/wire-server";

/**
 * CodeDeploy alone, on an account where nothing is deployed yet: applications, deployment groups, deployment configs
 * and tags can be made, read, changed and deleted, as Terraform does. Nothing runs before `start`.
 * @param clock what tells when something was made
 */
export function codeDeployEndpoint(clock: Pick<Clock, "now">): WireServer<RegistryContext> {
  const context: RegistryContext = {
    clock,
    registry: new DeliveryRegistry(),
    settings: DEFAULT_SETTINGS,
    parts: { codeDeploy: { deployments: () => [] } },
  };
  return new WireServer({ services: [codeDeployRegistry], context });
}
