import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Names } from "../../stacks/names";
import { AppSpecError, hasHook, renderAppSpec } from "./appspec";
import type { AppSpecTemplate } from "./appspec-template";
import type { LiveService } from "./live-service";
import type { Problem } from "./problem";
import type { AlarmView } from "./snapshot";

/** Checks of the preflight on responses of AWS. All are pure; an empty list means that the check passed. */

/** The service must exist, be active, and have CodeDeploy as its deployment controller. */
export function serviceProblems(service: Service | undefined, names: Names, region: string): readonly Problem[] {
  const where = `cluster ${names.cluster}, region ${region}`;
  if (!service) {
    return [
      {
        what: `there is no service ${names.service}`,
        where,
        next: "deploy the stacks first (npm run deploy), or check the region and --environment",
      },
    ];
  }
  const problems: Problem[] = [];
  if (service.status !== "ACTIVE") {
    problems.push({
      what: `service ${names.service} is ${service.status ?? "in no known state"}, not ACTIVE`,
      where,
      next: "deploy the service stack again (npm run deploy)",
    });
  }
  const controller = service.deploymentController?.type ?? "ECS";
  if (controller !== "CODE_DEPLOY") {
    problems.push({
      what: `service ${names.service} has the deployment controller ${controller}, not CODE_DEPLOY`,
      where,
      next: "a controller can't be changed: the service has to be replaced by the service stack's",
    });
  }
  return problems;
}

/** The group must deploy this service. */
export function groupProblems(group: DeploymentGroupInfo, names: Names): readonly Problem[] {
  const where = `CodeDeploy application ${names.application}, group ${names.deploymentGroup}`;
  const services = group.ecsServices ?? [];
  if (services.some((each) => each.clusterName === names.cluster && each.serviceName === names.service)) return [];
  const actual = services.map((each) => `${each.clusterName ?? "?"}:${each.serviceName ?? "?"}`).join(", ");
  return [
    {
      what: `the group deploys ${actual === "" ? "no ECS service" : actual}, not ${names.cluster}:${names.service}`,
      where,
      next: "deploy the delivery stack again (npm run deploy)",
    },
  ];
}

/** No other deployment may run. A problem says who started it, when, and how to follow it. */
export function runningProblems(
  running: readonly DeploymentInfo[],
  attach: (deploymentId: string) => string,
): readonly Problem[] {
  return running.map((info) => {
    const since = info.createTime ? ` since ${info.createTime.toISOString()}` : "";
    const by = info.creator ? `, started by ${info.creator}` : "";
    const description = info.description ? `: ${info.description}` : "";
    const id = info.deploymentId ?? "?";
    return {
      what: `another deployment runs${since}${by}${description}`,
      where: `deployment ${id}, ${info.status ?? "in no known state"}`,
      next: `wait for it; follow it with: ${attach(id)}`,
    };
  });
}

/**
 * Every alarm that the deployment will watch must exist, and none may be in ALARM: CodeDeploy would stop the deployment at
 * once.
 *
 * @param without returns the command that leaves these alarms out of the deployment
 */
export function alarmProblems(
  names: readonly string[],
  alarms: readonly AlarmView[],
  without: (names: readonly string[]) => string,
): readonly Problem[] {
  const found = new Set(alarms.map((alarm) => alarm.name));
  const missing = names
    .filter((name) => !found.has(name))
    .map((name) => ({
      what: `there is no alarm ${name}, but the deployment group watches it`,
      where: "CloudWatch",
      next: "deploy the delivery stack again (npm run deploy)",
    }));
  const inAlarm = alarms.filter((alarm) => alarm.state === "ALARM");
  const command = without(inAlarm.map(({ name }) => name));
  const firing = inAlarm.map((alarm) => ({
    what: `${alarm.name} is in ALARM${alarm.since === undefined ? "" : ` since ${new Date(alarm.since).toISOString()}`}`,
    where: `CloudWatch: ${alarm.reason ?? "no reason given"}`,
    next:
      "find out why the live version fires it, and release when it is OK again; or, when the live version is broken and " +
      `this release is the fix, leave it out of this one deployment: ${command}`,
  }));
  return [...missing, ...firing];
}

/** Triggers of an automatic rollback, and what happens without each. */
const ROLLBACK_EVENTS = {
  DEPLOYMENT_FAILURE: "a new version that fails to start stays where it is",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm stops the release and leaves the traffic where it is",
  DEPLOYMENT_STOP_ON_REQUEST: "a stop in the console leaves the traffic where it is",
} as const;

/** Warnings for failures after which the group doesn't roll back automatically. */
export function rollbackWarnings(
  group: DeploymentGroupInfo,
  { deploymentGroup }: Pick<Names, "deploymentGroup">,
): string[] {
  const { enabled = false, events = [] } = group.autoRollbackConfiguration ?? {};
  if (!enabled)
    return [`nothing is rolled back automatically: group ${deploymentGroup} has automatic rollback turned off`];
  return Object.entries(ROLLBACK_EVENTS)
    .filter(([event]) => !events.some((each) => each === event))
    .map(([event, words]) => `group ${deploymentGroup} doesn't roll back on ${event}: ${words}`);
}

/** The appspec template must be renderable for this service. `hook`: whether a function tests the new version. */
export function templateProblems(
  template: AppSpecTemplate,
  service: LiveService,
  { testTrafficHook }: Pick<Names, "testTrafficHook">,
): { readonly problems: readonly Problem[]; readonly hook: boolean } {
  try {
    const appSpec = renderAppSpec(template.text, service, service.taskDefinition, testTrafficHook);
    return { problems: [], hook: hasHook(appSpec) };
  } catch (error) {
    if (!(error instanceof AppSpecError)) throw error;
    const problems = error.problems.map((what) => ({ what, where: template.file, next: "correct the template" }));
    return { problems, hook: false };
  }
}
