import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import { leavesAlarmAfterMinutes, type AlarmScope } from "./alarm-scope";
import type { DescribedAlarm } from "./alarms";
import { AppSpecError, hasHook, renderAppSpec } from "./appspec";
import type { AppSpecTemplate } from "./appspec-template";
import type { LiveService } from "./live-service";
import type { Problem } from "./problem";
import type { Owner, ReleaseTarget } from "./target";

/** Checks of the preflight on responses of AWS. All are pure; an empty list means that the check passed. */

/** The problem when the configuration names a cluster by the ARN of another account, region or partition. */
export function clusterProblem(
  { clusterArn }: ReleaseTarget,
  { Account, Arn }: { readonly Account?: string | undefined; readonly Arn?: string | undefined },
  region: string,
): Problem | undefined {
  if (clusterArn === undefined) return undefined;
  const [, partition, , itsRegion, itsAccount] = clusterArn.split(":");
  const [, callers] = (Arn ?? "").split(":");
  const where = "existing.cluster in cdktf.json";
  const about = (what: string, next: string) => ({ what: `${clusterArn} is in ${what}`, where, next });
  if (callers !== undefined && partition !== callers)
    return about(
      `the partition ${partition ?? "?"}, these credentials are for ${callers}`,
      "choose another AWS_PROFILE or --environment",
    );
  if (itsAccount !== Account)
    return about(
      `account ${itsAccount ?? "?"}, these credentials are for ${Account ?? "?"}`,
      "choose another AWS_PROFILE or --environment",
    );
  if (itsRegion !== region)
    return about(`region ${itsRegion ?? "?"}, this release works in ${region}`, "set AWS_REGION, or correct the ARN");
  return undefined;
}

/** The service must exist, be active, and have CodeDeploy as its deployment controller. */
export function serviceProblems(
  service: Service | undefined,
  target: ReleaseTarget,
  region: string,
): readonly Problem[] {
  const where = `cluster ${target.cluster}, region ${region}`;
  if (!service) {
    return [
      {
        what: `there is no service ${target.service}`,
        where,
        next: target.owner.create("service"),
      },
    ];
  }
  const problems: Problem[] = [];
  if (service.status !== "ACTIVE") {
    problems.push({
      what: `service ${target.service} is ${service.status ?? "in no known state"}, not ACTIVE`,
      where,
      next: target.owner.correct("service"),
    });
  }
  const controller = service.deploymentController?.type ?? "ECS";
  if (controller !== "CODE_DEPLOY") {
    problems.push({
      what: `service ${target.service} has the deployment controller ${controller}, not CODE_DEPLOY`,
      where,
      next: target.stacks
        ? "a controller can't be changed: the service has to be replaced by the service stack's"
        : "only services with the controller CODE_DEPLOY can be released through a deployment group of CodeDeploy: replace " +
          `the service by one that has it (${target.owner.correct("service")})`,
    });
  }
  return problems;
}

/** The group must deploy this service, between two target groups of one load balancer. */
export function groupProblems(group: DeploymentGroupInfo, target: ReleaseTarget): readonly Problem[] {
  const { owner } = target;
  const where = `CodeDeploy application ${target.application}, group ${target.deploymentGroup}`;
  if (group.computePlatform !== undefined && group.computePlatform !== "ECS") {
    const what = `the group is for the compute platform ${group.computePlatform}, not for ECS`;
    return [{ what, where, next: owner.create("delivery") }];
  }
  const services = group.ecsServices ?? [];
  const isOurs = services.some(
    ({ clusterName = "", serviceName = "" }) =>
      lastPart(clusterName) === target.cluster && lastPart(serviceName) === target.service,
  );
  if (isOurs) return pairProblems(group, where, owner);
  const actual = services.map((each) => `${each.clusterName ?? "?"}:${each.serviceName ?? "?"}`).join(", ");
  return [
    {
      what: `the group deploys ${actual === "" ? "no ECS service" : actual}, not ${target.cluster}:${target.service}`,
      where,
      next: target.stacks
        ? owner.correct("delivery")
        : `name the group of this service in \`existing\` of cdktf.json, or ${owner.correct("delivery")}`,
    },
  ];
}

function pairProblems({ loadBalancerInfo }: DeploymentGroupInfo, where: string, owner: Owner): readonly Problem[] {
  const pairs = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [pair, ...others] = pairs;
  const next = owner.correct("delivery");
  if (!pair)
    return [{ what: "the group has no pair of target groups, so CodeDeploy could move no traffic", where, next }];
  if (others.length > 0) {
    return [{ what: `the group has ${pairs.length} pairs of target groups, and a release moves one`, where, next }];
  }
  const names = (pair.targetGroups ?? []).map(({ name = "?" }) => name);
  if (names.length !== 2) {
    const what = `the group's pair has ${names.length} target groups (${names.join(", ")}), not two`;
    return [{ what, where, next }];
  }
  const listeners = pair.prodTrafficRoute?.listenerArns ?? [];
  return listeners.length > 0 ? [] : [{ what: "the group has no production listener", where, next }];
}

/** The name at the end of an ARN; a text without a slash is the name itself. */
function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
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

/** Every alarm of the group must exist: CodeDeploy would stop the deployment when it can't read one. */
export function missingAlarmProblems(
  names: readonly string[],
  alarms: readonly DescribedAlarm[],
  owner: Owner,
): readonly Problem[] {
  const found = new Set(alarms.map(({ view }) => view.name));
  return names
    .filter((name) => !found.has(name))
    .map((name) => ({
      what: `there is no metric or composite alarm ${name}, but the deployment group watches it`,
      where: "CloudWatch",
      next: owner.correct("delivery"),
    }));
}

/** An alarm that the deployment will watch, and what it measures. */
export interface WatchedAlarm extends DescribedAlarm {
  readonly sees: AlarmScope;
}

/**
 * No alarm that the deployment will watch may be in ALARM: CodeDeploy would stop the deployment at once.
 *
 * @param newAlarmsCommand the command that doesn't watch alarms of the live version; undefined when the release doesn't already
 */
export function firingAlarmProblems(
  watched: readonly WatchedAlarm[],
  newAlarmsCommand: string | undefined,
): readonly Problem[] {
  return watched
    .filter(({ view }) => view.state === "ALARM")
    .map(({ view, definition, sees }) => ({
      what: `${view.name} is in ALARM${view.since === undefined ? "" : ` since ${new Date(view.since).toISOString()}`}`,
      where: `CloudWatch: ${view.reason ?? "no reason given"}`,
      next: [...whenItLeaves(definition), ...whatElse(sees, newAlarmsCommand)].join("; "),
    }));
}

function whenItLeaves(definition: DescribedAlarm["definition"]): readonly string[] {
  const minutes = leavesAlarmAfterMinutes(definition);
  return [
    minutes === undefined
      ? "find out why it fires, and release when it is OK again"
      : `find out why it fires, and release when it is OK again: it stays in ALARM for ${minutes} minutes or more after the last bad ` +
        "request, which its window still has",
  ];
}

/** What else can be done about an alarm that fires, by what it measures. */
function whatElse(sees: AlarmScope, newAlarmsCommand: string | undefined): readonly string[] {
  const isFix = "or, when the live version is broken and this release is the fix,";
  switch (sees) {
    case "live":
      return newAlarmsCommand === undefined
        ? []
        : [`${isFix} release without the live version's alarms: ${newAlarmsCommand}`];
    case "new":
      return [
        "it measures the target group that the new version will use, and shows the version that was there before",
      ];
    case "both":
    case "unknown":
      return [
        "it may measure the new version too, so the release can't leave it out by itself",
        `${isFix} take the alarm out of the deployment group until it is released`,
      ];
    case "other":
    case "nothing":
      return ["it doesn't measure this service's versions: take it out of the deployment group"];
  }
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
  { deploymentGroup }: Pick<ReleaseTarget, "deploymentGroup">,
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
  { stacks }: Pick<ReleaseTarget, "stacks">,
): { readonly problems: readonly Problem[]; readonly hook: boolean } {
  try {
    const appSpec = renderAppSpec(template.text, service, service.taskDefinition, stacks?.testTrafficHook);
    return { problems: [], hook: hasHook(appSpec) };
  } catch (error) {
    if (!(error instanceof AppSpecError)) throw error;
    const problems = error.problems.map((what) => ({ what, where: template.file, next: "correct the template" }));
    return { problems, hook: false };
  }
}
