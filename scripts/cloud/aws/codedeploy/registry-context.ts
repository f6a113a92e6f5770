import type { Clock } from "../../clock";
import type { CodeDeployPart } from "../../parts";
import type { CloudSettings } from "../../settings";
import type { DeliveryRegistry } from "./registry";

/** What CodeDeploy's applications, groups and configs are answered from: part of a whole cloud, or all there is. */
export interface RegistryContext {
  readonly clock: Pick<Clock, "now">;
  readonly registry: DeliveryRegistry;
  readonly settings: Pick<CloudSettings, "alarmsPerGroup">;
  readonly parts: {
    /** A group tells of its last deployments. */
    readonly codeDeploy: Pick<CodeDeployPart, "deployments">;
  };
}
