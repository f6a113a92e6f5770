import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import type { Config } from "../../../stacks/config";
import { namesOf } from "../../../stacks/names";
import { repositoryUrlOf } from "../../command/image-reference";
import { PREDEFINED_PREFIX } from "../../cloud/codedeploy/routing";
import { ONLY } from "../../cloud/not-played";
import type {
  DeploymentConfigTemplate,
  DeploymentGroupTemplate,
  ServiceTemplate,
  TableTemplate,
  Template,
} from "../../cloud/template";
import { readAlarms } from "./alarms";
import type { LiveAws } from "./aws";
import { defined } from "./defined";
import { readListeners, readTargetGroups } from "./load-balancing";
import { notPlayedOfService } from "./not-played";
import { LiveReads, NotPlayable, present } from "./reads";
import { taskDefinitionOf } from "./task-definition";
import { parseTemplateFile, type TemplateFile } from "./template-file";

/** Which service is read, and how. */
export interface LiveOptions {
  readonly config: Config;
  /** The region that is read. */
  readonly region: string;
  /** Tables that the local cloud starts for the service; their names are no secret. */
  readonly tables: readonly TableTemplate[];
  /** Whether the values of the tasks' variables are kept. */
  readonly withValues: boolean;
  readonly now: Date;
}

/** The service that the configuration means: the one of `existing`, else the one of our stacks. Pure. */
function liveNames(config: Config) {
  const { cluster, service, application, deploymentGroup } = config.existing ?? namesOf(config);
  return { cluster, service, application, deploymentGroup };
}

/**
 * Reads a live service, with all that takes part in its releases. It changes nothing.
 * @throws LiveReadError when AWS can't be read; NotPlayable, or TemplateFileError, naming what the local cloud can't play
 */
export async function readLive(aws: LiveAws, options: LiveOptions): Promise<TemplateFile> {
  const { config } = options;
  const reads = new LiveReads(aws);
  const names = liveNames(config);
  checkRegion(names.cluster, options.region);
  const [service, group] = await Promise.all([
    readService(reads, names),
    readGroup(reads, names.application, names.deploymentGroup),
  ]);
  const arn = present(service.serviceArn, "the ARN of the service");
  const clusterArn = present(service.clusterArn, "the ARN of the cluster");
  const [, , , region = "", accountId = ""] = arn.split(":");
  if (config.account !== undefined && config.account !== accountId)
    throw new NotPlayable(
      `The credentials are of the account ${accountId}, and \`account\` in cdktf.json is ${config.account}: choose another AWS_PROFILE`,
    );
  const primary = service.taskSets?.find(({ status }) => status === "PRIMARY");
  const balancer = balancerOf(service, primary);
  const definitionArn = present(primary?.taskDefinition ?? service.taskDefinition, "the service's task definition");
  const groupTemplate = groupOf(group, `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:`);
  const clusterName = clusterArn.slice(clusterArn.lastIndexOf("/") + 1);
  checkService(groupTemplate, clusterName, service.serviceName ?? names.service);

  const [{ taskDefinition: wireDefinition }, { clusters }, targetGroups, deploymentConfigs] = await Promise.all([
    reads.call("ecs:DescribeTaskDefinition", `the task definition ${definitionArn}`, { taskDefinition: definitionArn }),
    reads.call("ecs:DescribeClusters", `the cluster ${clusterArn}`, { clusters: [clusterArn] }),
    readTargetGroups(reads, groupTemplate.targetGroupNames, balancer.containerPort),
    readConfigs(reads, groupTemplate.deploymentConfigName),
  ]);
  const { loadBalancer, listeners, notPlayed } = await readListeners(reads, {
    production: groupTemplate.productionListenerArns,
    test: groupTemplate.testListenerArns,
    live: balancer.targetGroupArn,
    pair: targetGroups.map((one) => one.arn),
  });
  const published = { loadBalancer, targetGroups };
  const alarms = await readAlarms(reads, groupTemplate.alarms.names, published);
  const liveDefinition = present(wireDefinition, `the task definition ${definitionArn}`);
  const { definition, withheld } = taskDefinitionOf(liveDefinition, {
    withValues: options.withValues,
    knownValues: knownValues(options, region),
  });
  const image = definition.containerDefinitions.find(({ name }) => name === balancer.containerName)?.image;
  const played = groupTemplate.alarms.names.filter((name) => alarms.alarms.some((alarm) => alarm.name === name));
  const template: Template = {
    region,
    accountId,
    loadBalancer,
    targetGroups,
    listeners,
    alarms: alarms.alarms,
    cluster: {
      name: clusterName,
      arn: clusterArn,
      capacityProviders: clusters?.[0]?.capacityProviders ?? [],
    },
    taskDefinition: definition,
    service: serviceOf(service, primary, balancer),
    application: { name: names.application, computePlatform: "ECS" },
    deploymentGroup: { ...groupTemplate, alarms: alarmsOf(groupTemplate.alarms, played) },
    deploymentConfigs,
    repository: repositoryOf(present(image, `the image of the container ${balancer.containerName}`), region, accountId),
    tables: options.tables,
    functions: [],
  };
  const file: TemplateFile = {
    format: 2,
    readAt: options.now.toISOString(),
    from: { account: accountId, region, ...names },
    notPlayed: [
      ...notPlayed,
      ...alarms.notPlayed,
      ...notPlayedOfService({
        service,
        primary,
        taskDefinition: liveDefinition,
        containerName: balancer.containerName,
        group: groupTemplate,
        hasAlarms: played.length > 0,
      }),
    ],
    leftOutAlarms: groupTemplate.alarms.enabled ? alarms.leftOut : [],
    withheld,
    template,
  };
  // What AWS left out becomes a problem by its path.
  return parseTemplateFile(defined(file), `What AWS says about the service ${names.service}`);
}

/** CodeDeploy refuses a group whose alarms are on, with none of them. */
function alarmsOf(
  alarms: DeploymentGroupTemplate["alarms"],
  names: readonly string[],
): DeploymentGroupTemplate["alarms"] {
  return { ...alarms, names, enabled: alarms.enabled && names.length > 0 };
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
function checkService({ name, clusterName, serviceName }: DeploymentGroupTemplate, cluster: string, service: string) {
  if (clusterName === cluster && serviceName === service) return;
  throw new NotPlayable(
    `The deployment group ${name} releases the service ${serviceName} of the cluster ${clusterName}, not ${service} of ` +
      `${cluster}: name the group of this service in \`existing\` of cdktf.json`,
  );
}

async function readService(reads: LiveReads, { cluster, service: name }: { cluster: string; service: string }) {
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

async function readGroup(reads: LiveReads, applicationName: string, deploymentGroupName: string) {
  const what = `the deployment group ${deploymentGroupName} of the application ${applicationName}`;
  const { deploymentGroupInfo } = await reads.call("codedeploy:GetDeploymentGroup", what, {
    applicationName,
    deploymentGroupName,
  });
  return { applicationName, deploymentGroupName, ...present(deploymentGroupInfo, what) };
}

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

async function readConfigs(reads: LiveReads, name: string): Promise<readonly DeploymentConfigTemplate[]> {
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

/** The only target group of the live tasks. */
type Balancer = ServiceTemplate["loadBalancers"][number];

function balancerOf(service: Service, primary: TaskSet | undefined): Balancer {
  const ofPrimary = primary?.loadBalancers ?? [];
  const balancers = ofPrimary.length > 0 ? ofPrimary : (service.loadBalancers ?? []);
  const [only, ...others] = balancers;
  if (!only || others.length > 0)
    throw new NotPlayable(
      `The service ${String(service.serviceName)} is behind ${balancers.length} target groups, and must be behind one: ` +
        "an appspec names one container and port",
    );
  return {
    targetGroupArn: present(only.targetGroupArn, "the target group of the service"),
    containerName: present(only.containerName, "the container behind the load balancer"),
    containerPort: present(only.containerPort, "the port behind the load balancer"),
  };
}

/** The service, as its live task set is. */
function serviceOf(service: Service, primary: TaskSet | undefined, balancer: Balancer): ServiceTemplate {
  const network = (primary?.networkConfiguration ?? service.networkConfiguration)?.awsvpcConfiguration;
  if (!network)
    throw new NotPlayable(
      `The service ${String(service.serviceName)} has no network configuration: the local cloud plays the network mode awsvpc only`,
    );
  const strategies = [primary?.capacityProviderStrategy, service.capacityProviderStrategy];
  const strategy = strategies.find((one) => (one?.length ?? 0) > 0);
  return defined({
    name: service.serviceName,
    arn: service.serviceArn,
    desiredCount: service.desiredCount,
    deploymentController: service.deploymentController?.type,
    launchType: strategy ? undefined : (primary?.launchType ?? service.launchType),
    platformVersion: primary?.platformVersion || service.platformVersion || undefined,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    propagateTags: service.propagateTags,
    enableEcsManagedTags: service.enableECSManagedTags,
    enableExecuteCommand: service.enableExecuteCommand,
    loadBalancers: [balancer],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: network.subnets ?? [],
        securityGroups: network.securityGroups ?? [],
        assignPublicIp: network.assignPublicIp ?? "DISABLED",
      },
    },
    capacityProviderStrategy: strategy?.map(({ capacityProvider, weight, base }) => ({
      capacityProvider,
      weight,
      base,
    })),
  }) as ServiceTemplate;
}

/** The repository of an image reference, whose tag and digest are dropped. */
function repositoryOf(image: string, region: string, accountId: string): Template["repository"] {
  const url = repositoryUrlOf(image);
  const [host = "", ...path] = url.split("/");
  // The images of Docker Hub have no host.
  const name = path.length > 0 && /[.:]|^localhost$/.test(host) ? path.join("/") : url;
  return { name, arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`, url };
}

/** Values that cdktf.json has, and names of what is played: none of them is a secret. */
function knownValues({ config, tables }: LiveOptions, region: string): ReadonlySet<string> {
  return new Set([...Object.values(config.service.environment), ...tables.map(({ name }) => name), region]);
}
