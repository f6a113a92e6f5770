import { z } from "zod";
import type { RuntimeName } from "../tasks/part";
import type { TableTemplate, Template } from "../template";
import { readAlarms } from "./alarms";
import { readApplication, readDeploymentConfigs, readDeploymentGroup } from "./delivery";
import { TemplateError } from "./error";
import { readFunctions } from "./functions";
import { allListeners, readListeners, readLoadBalancer, readTargetGroups } from "./load-balancing";
import { blocks, Reader } from "./reader";
import { Resolver } from "./resolve";
import { checkDockerPlays, readCluster, readRepository, readService, readTaskDefinition } from "./service";
import { readStacks, type Stack } from "./stacks";

/** The account when the configuration names none. AWS's documentation uses it in its examples. */
const DEFAULT_ACCOUNT_ID = "123456789012";

/**
 * Reads the synthesized stacks of one environment.
 * @param outDirectory the folder that CDKTF wrote manifest.json to, usually cdktf.out
 * @param options.accountId the AWS account in ARNs, 12 digits; default 123456789012
 * @param options.runtime the runtime of the tasks, which must support the task definition; default: process
 * @throws TemplateError naming the stack, address and attribute that is missing, not supported or not resolvable
 */
export function loadTemplate(
  outDirectory: string,
  options: { readonly accountId?: string; readonly runtime?: RuntimeName } = {},
): Template {
  const stacks = readStacks(outDirectory);
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const resolver = new Resolver(stacks, accountId);
  const reader = new Reader(stacks, resolver);
  const targetGroups = readTargetGroups(reader);
  const listeners = readListeners(reader, targetGroups);
  const region = regionOf(stacks, resolver);
  const alarms = readAlarms(reader);
  const taskDefinition = readTaskDefinition(reader);
  const service = readService(reader, taskDefinition);
  if (options.runtime === "docker") checkDockerPlays(reader, taskDefinition, service);
  const loadBalancer = readLoadBalancer(reader, listeners);
  const known = { alarms, targetGroups, listeners: [...listeners.own, ...listeners.shared] };
  const deploymentGroup = readDeploymentGroup(reader, known);
  return {
    region,
    accountId,
    loadBalancer,
    targetGroups,
    listeners: allListeners(listeners, deploymentGroup),
    alarms,
    cluster: readCluster(reader, { region, accountId }),
    taskDefinition,
    service,
    application: readApplication(reader),
    deploymentGroup,
    deploymentConfigs: readDeploymentConfigs(reader),
    repository: readRepository(reader),
    tables: readTables(reader),
    functions: readFunctions(reader),
  };
}

function regionOf(stacks: readonly Stack[], resolver: Resolver): string {
  const home = stacks.find(({ resources }) => resources["aws_ecs_service"]);
  if (!home) throw new TemplateError(`service: no aws_ecs_service found; check the stacks and run npm run synth`);
  return resolver.region(home);
}

const tableSchema = z.object({
  name: z.string(),
  hash_key: z.string(),
  range_key: z.string().optional(),
  attribute: blocks(z.object({ name: z.string(), type: z.enum(["S", "N", "B"]) })),
  global_secondary_index: blocks(
    z.object({ name: z.string(), hash_key: z.string(), range_key: z.string().optional() }),
  ).default([]),
});

function readTables(reader: Reader): TableTemplate[] {
  return reader.all("aws_dynamodb_table", tableSchema).map(({ value }) => ({
    name: value.name,
    attributes: value.attribute,
    ...keysOf(value),
    globalSecondaryIndexes: value.global_secondary_index.map((index) => ({ name: index.name, ...keysOf(index) })),
  }));
}

function keysOf(keys: { hash_key: string; range_key?: string | undefined }) {
  return { hashKey: keys.hash_key, ...(keys.range_key === undefined ? {} : { rangeKey: keys.range_key }) };
}
