import type { ApplicationInfo } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../parts";
import type { Cloud } from "../operation";

/** Makes sure that the application is the one there is. @throws AwsError ApplicationDoesNotExistException */
export function requireApplication(name: string, { template }: Cloud): void {
  if (name === template.application.name) return;
  throw new AwsError("ApplicationDoesNotExistException", `No application found for name: ${name}`);
}

/** The application as CodeDeploy describes it. */
export function applicationInfo({ template, startedAt }: Cloud): ApplicationInfo {
  return {
    applicationName: template.application.name,
    createTime: new Date(startedAt),
    linkedToGitHub: false,
    computePlatform: template.application.computePlatform as ApplicationInfo["computePlatform"],
  };
}
