import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Clock } from "../../clock";
import type { CodeDeployPart } from "../../codedeploy/part";
import type { CloudSettings } from "../../settings";
import type { DeliveryRegistry } from "./registry";

/** What CodeDeploy's applications, groups and configs are answered from: part of a whole cloud, or all there is. */
export interface RegistryContext {
  readonly clock: Pick<Clock, "now">;
  readonly registry: DeliveryRegistry;
  readonly settings: Pick<CloudSettings, "alarmsPerGroup">;
  /**
   * Has the deployments that are made from now on follow a changed group; absent where there are none.
   * @throws AwsError for what deployments can't follow: the group then stays as it was
   */
  readonly adoptGroup?: (group: DeploymentGroupInfo) => void;
  readonly parts: {
    /** A group tells of its last deployments. */
    readonly codeDeploy: Pick<CodeDeployPart, "deployments">;
  };
}
