import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Clock } from "../../clock";
import type { CodeDeployPart } from "../../codedeploy/part";
import type { CloudSettings } from "../../settings";
import type { CodeDeployRegistry } from "./registry";

/** The part of AwsBackend that the operations on applications, groups and configs use. */
export interface RegistryContext {
  readonly clock: Pick<Clock, "now">;
  readonly registry: CodeDeployRegistry;
  readonly settings: Pick<CloudSettings, "alarmsPerGroup">;
  /**
   * Applies a changed group to the deployments that are created from now on. Absent: the backend runs no deployments.
   * @throws AwsError when the local cloud does not support a setting; the group stays as it was
   */
  readonly applyGroup?: (group: DeploymentGroupInfo) => void;
  readonly parts: {
    /** GetDeploymentGroup returns the last deployments of the group. */
    readonly codeDeploy: Pick<CodeDeployPart, "deployments">;
  };
}
