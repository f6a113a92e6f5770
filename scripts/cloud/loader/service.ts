import { z } from "zod";
import { ABSENT } from "../not-played";
import { unsupportedByDocker } from "../tasks/docker-arguments";
import type { ContainerDefinition, ServiceTemplate, TaskDefinitionTemplate, Template } from "../template";
import { problemsOf, TemplateError } from "./error";
import { block, blocks, flag, numeric, type Reader } from "./reader";

const clusterOfService = z.object({
  cluster: z.string(),
  capacity_provider_strategy: blocks(z.object({ capacity_provider: z.string() })).default([]),
});

/**
 * Reads the ECS cluster. Without an aws_ecs_cluster in the stacks, it is the existing one that the service names, with the
 * capacity providers that the service uses.
 * @param home region and account of a cluster that is named without its ARN
 * @throws TemplateError when there are several
 */
export function readCluster(
  reader: Reader,
  { region, accountId }: Pick<Template, "region" | "accountId">,
): Template["cluster"] {
  if (reader.all("aws_ecs_cluster", z.object({})).length === 0) {
    const { cluster, capacity_provider_strategy } = reader.one("aws_ecs_service", "service", clusterOfService).value;
    return {
      name: cluster.slice(cluster.lastIndexOf("/") + 1),
      arn: cluster.startsWith("arn:") ? cluster : `arn:aws:ecs:${region}:${accountId}:cluster/${cluster}`,
      capacityProviders: [...new Set(capacity_provider_strategy.map((entry) => entry.capacity_provider))],
    };
  }
  const { value } = reader.one("aws_ecs_cluster", "service", z.object({ name: z.string(), arn: z.string() }));
  const providers = z.object({ cluster_name: z.string(), capacity_providers: z.array(z.string()) });
  const capacityProviders = reader
    .all("aws_ecs_cluster_capacity_providers", providers)
    .filter((association) => association.value.cluster_name === value.name)
    .flatMap((association) => association.value.capacity_providers);
  return { ...value, capacityProviders };
}

/** Reads the image repository. @throws TemplateError when there is not exactly one */
export function readRepository(reader: Reader): Template["repository"] {
  const schema = z.object({ name: z.string(), arn: z.string(), repository_url: z.string() });
  const { value } = reader.one("aws_ecr_repository", "registry", schema);
  return { name: value.name, arn: value.arn, url: value.repository_url };
}

const serviceSchema = z.object({
  name: z.string(),
  arn: z.string(),
  desired_count: numeric,
  deployment_controller: block(z.object({ type: z.string() })).default({ type: "ECS" }),
  launch_type: z.string().optional(),
  platform_version: z.string().optional(),
  health_check_grace_period_seconds: numeric.optional(),
  propagate_tags: z.enum(["NONE", "SERVICE", "TASK_DEFINITION"]).optional(),
  enable_ecs_managed_tags: flag.optional(),
  enable_execute_command: flag.optional(),
  load_balancer: blocks(
    z.object({ target_group_arn: z.string(), container_name: z.string(), container_port: numeric }),
  ).default([]),
  network_configuration: block(
    z.object({
      subnets: z.array(z.string()),
      security_groups: z.array(z.string()).default([]),
      assign_public_ip: flag.default(false),
    }),
  ),
  capacity_provider_strategy: blocks(
    z.object({ capacity_provider: z.string(), weight: numeric.optional(), base: numeric.optional() }),
  ).default([]),
});

/** Reads the ECS service. @throws TemplateError when CodeDeploy cannot release it */
export function readService(reader: Reader, taskDefinition: TaskDefinitionTemplate): ServiceTemplate {
  const { stack, address, value } = reader.one("aws_ecs_service", "service", serviceSchema);
  const [loadBalancer] = value.load_balancer;
  if (!loadBalancer)
    throw new TemplateError(`${stack.name}: ${address}: load_balancer is missing, so CodeDeploy cannot shift traffic`);
  for (const { container_name } of value.load_balancer)
    if (!taskDefinition.containerDefinitions.some(({ name }) => name === container_name))
      throw new TemplateError(
        `${stack.name}: ${address}: load_balancer.container_name ${container_name} is no container of ` +
          `the task definition ${taskDefinition.family}`,
      );
  const network = value.network_configuration;
  return {
    name: value.name,
    arn: value.arn,
    desiredCount: value.desired_count,
    deploymentController: value.deployment_controller.type,
    ...(value.launch_type === undefined ? {} : { launchType: value.launch_type }),
    ...(value.platform_version === undefined ? {} : { platformVersion: value.platform_version }),
    ...(value.health_check_grace_period_seconds === undefined
      ? {}
      : { healthCheckGracePeriodSeconds: value.health_check_grace_period_seconds }),
    ...(value.propagate_tags === undefined ? {} : { propagateTags: value.propagate_tags }),
    ...(value.enable_ecs_managed_tags === undefined ? {} : { enableEcsManagedTags: value.enable_ecs_managed_tags }),
    ...(value.enable_execute_command === undefined ? {} : { enableExecuteCommand: value.enable_execute_command }),
    loadBalancers: value.load_balancer.map((entry) => ({
      targetGroupArn: entry.target_group_arn,
      containerName: entry.container_name,
      containerPort: entry.container_port,
    })),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: network.subnets,
        securityGroups: network.security_groups,
        assignPublicIp: network.assign_public_ip ? "ENABLED" : "DISABLED",
      },
    },
    ...(value.capacity_provider_strategy.length === 0
      ? {}
      : {
          capacityProviderStrategy: value.capacity_provider_strategy.map(({ capacity_provider, weight, base }) => ({
            capacityProvider: capacity_provider,
            ...(weight === undefined ? {} : { weight }),
            ...(base === undefined ? {} : { base }),
          })),
        }),
  };
}

const containerSchema: z.ZodType<ContainerDefinition> = z.looseObject({
  name: z.string(),
  image: z.string(),
  essential: z.boolean().optional(),
  environment: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  portMappings: z.array(z.looseObject({ containerPort: z.number(), protocol: z.string().optional() })).optional(),
  stopTimeout: z.number().optional(),
});

/** The type of cpu and memory: strings in AWS's API, numbers in some stacks. */
const wireString = z.union([z.string(), z.number().transform(String)]);

const taskDefinitionSchema = z.object({
  family: z.string(),
  container_definitions: z.string(),
  cpu: wireString.optional(),
  memory: wireString.optional(),
  network_mode: z.string().optional(),
  requires_compatibilities: z.array(z.string()).optional(),
  execution_role_arn: z.string().optional(),
  task_role_arn: z.string().optional(),
  runtime_platform: block(
    z.object({ cpu_architecture: z.string().optional(), operating_system_family: z.string().optional() }),
  ).optional(),
  ephemeral_storage: block(z.object({ size_in_gib: numeric })).optional(),
  // The loader reads volumes only to refuse them: no runtime of the local cloud mounts any.
  volume: z.undefined(ABSENT.volumes).optional(),
});

/** Reads the task definition, in the shape that RegisterTaskDefinition takes. @throws TemplateError when it is not supported */
export function readTaskDefinition(reader: Reader): TaskDefinitionTemplate {
  const { stack, address, value } = reader.one("aws_ecs_task_definition", "service", taskDefinitionSchema);
  const platform = value.runtime_platform;
  return {
    family: value.family,
    containerDefinitions: containersOf(value.container_definitions, `${stack.name}: ${address}`),
    ...defined({
      cpu: value.cpu,
      memory: value.memory,
      networkMode: value.network_mode,
      requiresCompatibilities: value.requires_compatibilities,
      executionRoleArn: value.execution_role_arn,
      taskRoleArn: value.task_role_arn,
      runtimePlatform:
        platform &&
        defined({
          cpuArchitecture: platform.cpu_architecture,
          operatingSystemFamily: platform.operating_system_family,
        }),
      ephemeralStorage: value.ephemeral_storage && { sizeInGiB: value.ephemeral_storage.size_in_gib },
    }),
  };
}

/**
 * Checks that the docker runtime supports every setting of the containers behind the load balancer. The local cloud runs
 * no other containers.
 * @throws TemplateError naming the settings that it does not support
 */
export function checkDockerPlays(
  reader: Reader,
  taskDefinition: TaskDefinitionTemplate,
  { loadBalancers }: ServiceTemplate,
): void {
  const served = new Set(loadBalancers.map(({ containerName }) => containerName));
  const problems = taskDefinition.containerDefinitions
    .filter(({ name }) => served.has(name))
    .flatMap((container) => unsupportedByDocker(taskDefinition, container));
  if (problems.length === 0) return;
  const { stack, address } = reader.one("aws_ecs_task_definition", "service", z.object({}));
  throw new TemplateError(`${stack.name}: ${address}: ${problems.join("; ")}; rehearse it with the process runtime`);
}

function containersOf(json: string, where: string): ContainerDefinition[] {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new TemplateError(`${where}: container_definitions is not JSON: ${(error as Error).message}`);
  }
  const parsed = z.array(containerSchema).min(1).safeParse(content);
  if (!parsed.success) throw new TemplateError(`${where}: container_definitions: ${problemsOf(parsed.error)}`);
  return parsed.data;
}

/** Drops the keys whose value is undefined. */
function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
