import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import type { Config } from "../../../stacks/config";
import { repositoryUrlOf } from "../../command/image-reference";
import type { DeploymentGroupTemplate, ServiceTemplate, TableTemplate, Template } from "../../cloud/template";
import { readAlarms } from "./alarms";
import type { LiveAws } from "./aws";
import { defined } from "./defined";
import { readConfigs, readDelivery } from "./delivery";
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

/**
 * Reads a live service, with all that takes part in its releases. It changes nothing.
 * @throws LiveReadError when AWS can't be read; NotPlayable, or TemplateFileError, naming what the local cloud can't play
 */
export async function readLive(aws: LiveAws, options: LiveOptions): Promise<TemplateFile> {
  const { config } = options;
  const reads = new LiveReads(aws);
  const { names, service, group, cluster, region, accountId } = await readDelivery(reads, config, options.region);
  const primary = service.taskSets?.find(({ status }) => status === "PRIMARY");
  const balancer = balancerOf(service, primary);
  const definitionArn = present(primary?.taskDefinition ?? service.taskDefinition, "the service's task definition");

  const [{ taskDefinition: wireDefinition }, { clusters }, targetGroups, deploymentConfigs] = await Promise.all([
    reads.call("ecs:DescribeTaskDefinition", `the task definition ${definitionArn}`, { taskDefinition: definitionArn }),
    reads.call("ecs:DescribeClusters", `the cluster ${cluster.arn}`, { clusters: [cluster.arn] }),
    readTargetGroups(reads, group.targetGroupNames, balancer.containerPort),
    readConfigs(reads, group.deploymentConfigName),
  ]);
  const { loadBalancer, listeners, notPlayed } = await readListeners(reads, {
    production: group.productionListenerArns,
    test: group.testListenerArns,
    live: balancer.targetGroupArn,
    pair: targetGroups.map((one) => one.arn),
  });
  const published = { loadBalancer, targetGroups };
  const alarms = await readAlarms(reads, group.alarms.names, published);
  const liveDefinition = present(wireDefinition, `the task definition ${definitionArn}`);
  const { definition, withheld } = taskDefinitionOf(liveDefinition, {
    withValues: options.withValues,
    knownValues: knownValues(options, region),
  });
  const image = definition.containerDefinitions.find(({ name }) => name === balancer.containerName)?.image;
  const played = group.alarms.names.filter((name) => alarms.alarms.some((alarm) => alarm.name === name));
  const template: Template = {
    region,
    accountId,
    loadBalancer,
    targetGroups,
    listeners,
    alarms: alarms.alarms,
    cluster: { ...cluster, capacityProviders: clusters?.[0]?.capacityProviders ?? [] },
    taskDefinition: definition,
    service: serviceOf(service, primary, balancer),
    application: { name: names.application, computePlatform: "ECS" },
    deploymentGroup: { ...group, alarms: alarmsOf(group.alarms, played) },
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
        group,
        hasAlarms: played.length > 0,
      }),
    ],
    leftOutAlarms: group.alarms.enabled ? alarms.leftOut : [],
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
