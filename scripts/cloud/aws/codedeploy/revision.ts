import type { RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { Deployment } from "../../codedeploy/part";

/** The revision of a deployment as CodeDeploy gives it back: it keeps the content to itself. */
export function revisionOf({ appSpec }: Pick<Deployment, "appSpec">): RevisionLocation {
  return { revisionType: "AppSpecContent", appSpecContent: { sha256: appSpec.sha256 } };
}
