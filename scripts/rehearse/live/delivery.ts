import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Config } from "../../../stacks/config";
import { namesOf } from "../../../stacks/names";
import { PREDEFINED_PREFIX } from "../../cloud/codedeploy/routing";
import { ONLY } from "../../cloud/not-played";
import type { DeploymentConfigTemplate, DeploymentGroupTemplate } from "../../cloud/template";
import { type LiveReads, NotPlayable, present } from "./reads";

/** The service that the configuration means: the one of `existing`, else the one of our stacks. Pure. */
export function liveNames(config: Config) {
  const { cluster, service, application, deploymentGroup } = config.existing ?? namesOf(config);
  return { cluster, service, application, deploymentGroup };
}

/** A live service, and the deployment group that releases it. */
export interface LiveDelivery {
  readonly names: ReturnType<typeof liveNames>;
  readonly service: Service;
  readonly group: DeploymentGroupTemplate;
  readonly cluster: { readonly name: string; readonly arn: string };
  readonly region: string;
  readonly accountId: string;
}

/**
 * Reads the service that the configuration means, and its deployment group.
 * @param region that is read
 * @throws LiveReadError; NotPlayable for another account or region than the configuration's, for a group of another service,
 *   and for what CodeDeploy doesn't release or the local cloud can't play
 */
export async function readDelivery(reads: LiveReads, config: Config, region: string): Promise<LiveDelivery> {
  const names = liveNames(config);
  checkRegion(names.cluster, region);
  const [service, wireGroup] = await Promise.all([
    readService(reads, names),
    readGroup(reads, names.application, names.deploymentGroup),
  ]);
  const clusterArn = present(service.clusterArn, "the ARN of the cluster");
  const [, , , itsRegion = "", accountId = ""] = present(service.serviceArn, "the ARN of the service").split(":");
  const wrongAccount = otherAccount(config, accountId);
  if (wrongAccount !== undefined) throw new NotPlayable(wrongAccount);
  const group = groupOf(wireGroup, `arn:aws:codedeploy:${itsRegion}:${accountId}:deploymentgroup:`);
  const clusterName = clusterArn.slice(clusterArn.lastIndexOf("/") + 1);
  checkService(group, clusterName, service.serviceName ?? names.service);
  return {
    names,
    service,
    group,
    cluster: { name: clusterName, arn: clusterArn },
    region: itsRegion,
    accountId,
  };
}

/** What is wrong with an account that AWS answers for; undefined when it is the configuration's. Pure. */
export function otherAccount({ account }: Config, accountId: string): string | undefined {
  if (account === undefined || account === accountId) return undefined;
  return `The credentials are of the account ${accountId}, and \`account\` in cdktf.json is ${account}: choose another AWS_PROFILE`;
}

/** @throws NotPlayable when the configuration names the cluster by an ARN of another region */
function checkRegion(cluster: string, region: string): void {
  const [arn, , , itsRegion] = cluster.split(":");
  if (arn !== "arn" || itsRegion === region) return;
  throw new NotPlayable(
    `${cluster} (existing.cluster in cdktf.json) is in the region ${String(itsRegion)}, and ${region} is read: ` +
      "correct the ARN, or set AWS_REGION or `region` in cdktf.json",
  );
}

/** @throws NotPlayable when the deployment group releases another service */
function checkService(
  { name, clusterName, serviceName }: DeploymentGroupTemplate,
  cluster: string,
  service: string,
): void {
  if (clusterName === cluster && serviceName === service) return;
  throw new NotPlayable(
    `The deployment group ${name} releases the service ${serviceName} of the cluster ${clusterName}, not ${service} of ` +
      `${cluster}: name the group of this service in \`existing\` of cdktf.json`,
  );
}

/**
 * Reads the service.
 * @throws LiveReadError; NotPlayable for one that CodeDeploy doesn't release
 */
async function readService(
  reads: LiveReads,
  { cluster, service: name }: { cluster: string; service: string },
): Promise<Service> {
  const what = `the service ${name} of the cluster ${cluster}`;
  const { services } = await reads.call("ecs:DescribeServices", what, { cluster, services: [name] });
  const service = services?.[0];
  const refuse = (problem: string) => new NotPlayable(`The service ${name} of the cluster ${cluster} ${problem}`);
  if (!service) throw refuse("doesn't exist: check ENVIRONMENT, the region, AWS_PROFILE and `existing` in cdktf.json");
  if (service.status !== "ACTIVE")
    throw refuse(
      `is ${service.status ?? "in no known state"}, not ACTIVE, so it is being deleted or was: ` +
        "check ENVIRONMENT, the region, AWS_PROFILE and `existing` in cdktf.json",
    );
  const controller = service.deploymentController?.type ?? "ECS";
  if (controller !== "CODE_DEPLOY")
    throw refuse(`has the deployment controller ${controller}: CodeDeploy releases services of CODE_DEPLOY only`);
  if ((service.desiredCount ?? 0) === 0) throw refuse("has no tasks (desiredCount 0), so nothing would serve");
  return service;
}

/** Reads the deployment group. @throws LiveReadError; NotPlayable for one that doesn't exist */
async function readGroup(
  reads: LiveReads,
  applicationName: string,
  deploymentGroupName: string,
): Promise<DeploymentGroupInfo> {
  const what = `the deployment group ${deploymentGroupName} of the application ${applicationName}`;
  const { deploymentGroupInfo } = await reads.call("codedeploy:GetDeploymentGroup", what, {
    applicationName,
    deploymentGroupName,
  });
  return { applicationName, deploymentGroupName, ...present(deploymentGroupInfo, what) };
}

/**
 * The deployment group in the template's form, with all of its alarms.
 * @param arnPrefix of its ARN, before the application
 * @throws NotPlayable
 */
function groupOf(group: DeploymentGroupInfo, arnPrefix: string): DeploymentGroupTemplate {
  const { applicationName = "", deploymentGroupName: name = "" } = group;
  const refuse = (problem: string) => new NotPlayable(`The deployment group ${name} ${problem}`);
  if (group.computePlatform !== undefined && group.computePlatform !== "ECS")
    throw refuse(`is of the compute platform ${group.computePlatform}, not of ECS`);
  const { terminateBlueInstancesOnDeploymentSuccess: terminate, deploymentReadyOption: ready } =
    group.blueGreenDeploymentConfiguration ?? {};
  const { value, why } = ONLY.terminationAction;
  if (terminate?.action !== undefined && terminate.action !== value)
    throw refuse(`has the termination action ${terminate.action}, and must have ${value}: ${why}`);
  const pairs = group.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const [pair] = pairs;
  if (!pair || pairs.length > 1) throw refuse(`has ${pairs.length} pairs of target groups, and must have one`);
  const targetGroups = (pair.targetGroups ?? []).flatMap((one) => one.name ?? []);
  const services = group.ecsServices ?? [];
  const [service] = services;
  if (!service || services.length > 1) throw refuse(`has ${services.length} services, and must have one`);
  // The schema of the template names what AWS left out, and refuses another number of target groups and listeners.
  return {
    name,
    arn: `${arnPrefix}${applicationName}/${name}`,
    deploymentConfigName: present(group.deploymentConfigName, "the deployment config of the deployment group"),
    serviceRoleArn: group.serviceRoleArn ?? "",
    clusterName: service.clusterName?.replace(/^.*\//, "") ?? "",
    serviceName: service.serviceName ?? "",
    alarms: {
      enabled: group.alarmConfiguration?.enabled ?? false,
      names: (group.alarmConfiguration?.alarms ?? []).flatMap((alarm) => alarm.name ?? []),
      ignorePollAlarmFailure: group.alarmConfiguration?.ignorePollAlarmFailure ?? false,
    },
    autoRollback: {
      enabled: group.autoRollbackConfiguration?.enabled ?? false,
      events: group.autoRollbackConfiguration?.events ?? [],
    },
    triggers: (group.triggerConfigurations ?? []).map(({ triggerName, triggerTargetArn, triggerEvents }) => ({
      name: triggerName ?? "",
      targetArn: triggerTargetArn ?? "",
      events: triggerEvents ?? [],
    })),
    terminationWaitMinutes: terminate?.terminationWaitTimeInMinutes ?? 0,
    ...(ready?.actionOnTimeout === "STOP_DEPLOYMENT" && { readyWaitMinutes: ready.waitTimeInMinutes ?? 0 }),
    targetGroupNames: targetGroups as unknown as readonly [string, string],
    productionListenerArns: pair.prodTrafficRoute?.listenerArns ?? [],
    testListenerArns: pair.testTrafficRoute?.listenerArns ?? [],
  };
}

/** Reads the deployment config of a group, unless it is predefined. @throws LiveReadError; NotPlayable */
export async function readConfigs(reads: LiveReads, name: string): Promise<readonly DeploymentConfigTemplate[]> {
  if (name.startsWith(PREDEFINED_PREFIX)) return [];
  const what = `the deployment config ${name}`;
  const { deploymentConfigInfo } = await reads.call("codedeploy:GetDeploymentConfig", what, {
    deploymentConfigName: name,
  });
  const routing = present(deploymentConfigInfo?.trafficRoutingConfig, `the routing of ${what}`);
  const { timeBasedCanary: canary, timeBasedLinear: linear } = routing;
  const steps = canary
    ? { percentage: canary.canaryPercentage, intervalMinutes: canary.canaryInterval }
    : linear && { percentage: linear.linearPercentage, intervalMinutes: linear.linearInterval };
  return [{ name, routing: { type: routing.type, ...steps } as DeploymentConfigTemplate["routing"] }];
}
