import { z } from "zod";
import { secretsOf } from "../tasks/secrets";
import { readStacks, type Block, type Stack } from "./stacks";

/** What the local cloud makes something of. Of anything else it reads no more than names and ids that others refer to. */
const PLAYED: ReadonlySet<string> = new Set([
  "aws_cloudwatch_metric_alarm",
  "aws_codedeploy_app",
  "aws_codedeploy_deployment_config",
  "aws_codedeploy_deployment_group",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_ecs_cluster",
  "aws_ecs_cluster_capacity_providers",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_lambda_function",
  "aws_lb",
  "aws_lb_listener",
  "aws_lb_target_group",
]);

/** What of one stack is not played. */
export interface LeftAlone {
  readonly stack: string;
  /** `aws_subnet ×4`, by type in alphabetical order; what is left alone of a played type, by its address and why. */
  readonly resources: readonly string[];
}

/**
 * What the local cloud leaves alone of the synthesized stacks, so that it does so by name.
 * @param outDirectory what CDKTF wrote: the folder with manifest.json
 * @throws TemplateError when the stacks cannot be read
 */
export function leftAlone(outDirectory: string): LeftAlone[] {
  return readStacks(outDirectory)
    .map((stack) => ({
      stack: stack.name,
      resources: [...redirects(stack), ...secrets(stack), ...egress(stack), ...notPlayed(stack)],
    }))
    .filter(({ resources }) => resources.length > 0);
}

function notPlayed({ resources }: Stack): string[] {
  return Object.entries(resources)
    .map(([type, blocks]) => ({ type, count: Object.keys(blocks).length }))
    .filter(({ type, count }) => count > 0 && !PLAYED.has(type))
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ type, count }) => (count === 1 ? type : `${type} ×${count}`));
}

function redirects({ resources }: Stack): string[] {
  return Object.entries(resources["aws_lb_listener"] ?? {})
    .filter(([, listener]) => !forwards(listener))
    .map(([name, listener]) => `aws_lb_listener.${name} (port ${String(listener["port"])}: forwards nowhere)`);
}

/** The local cloud has nobody to ask for a secret's value: tasks run without these variables, or with local values. */
function secrets({ resources }: Stack): string[] {
  return Object.entries(resources["aws_ecs_task_definition"] ?? {}).flatMap(([name, definition]) => {
    const variables = secretVariables(definition["container_definitions"]);
    return variables.length === 0
      ? []
      : [`aws_ecs_task_definition.${name} (secrets, not read here: ${variables.join(", ")})`];
  });
}

/**
 * The ways out of the tasks that would hold on AWS, such as `tcp 443 to 0.0.0.0/0`: on one machine they reach everything, so
 * whoever needs another finds out there.
 * @param outDirectory what CDKTF wrote
 * @throws TemplateError when the stacks cannot be read
 */
export function waysOut(outDirectory: string): string[] {
  return readStacks(outDirectory).flatMap(waysOutOf);
}

function waysOutOf({ resources }: Stack): string[] {
  const services = Object.values(resources["aws_ecs_service"] ?? {});
  const groups = services.flatMap(({ network_configuration: network }) =>
    [network].flat().flatMap((one) => list((one as Block | undefined)?.["security_groups"])),
  );
  return Object.values(resources["aws_vpc_security_group_egress_rule"] ?? {})
    .filter((rule) => groups.includes(rule["security_group_id"]))
    .map(wayOut);
}

function egress(stack: Stack): string[] {
  const ways = waysOutOf(stack);
  return ways.length === 0
    ? []
    : [`aws_vpc_security_group_egress_rule (tasks reach everything here, on AWS only ${ways.join(", ")})`];
}

/** What stands there as a list: nothing, one value or several. */
function list(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

function wayOut(rule: Block): string {
  const { ip_protocol: protocol, from_port: from, to_port: to } = rule;
  const ports = from === to ? String(from) : `${String(from)}-${String(to)}`;
  const keys = ["cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id"];
  return `${String(protocol)} ${ports} to ${keys.flatMap((key) => list(rule[key])).join()}`;
}

const containersSchema = z.array(z.looseObject({}));

/** Names of the secrets of all containers; what is no list of containers has none: reading it is the loader's. */
function secretVariables(json: unknown): string[] {
  if (typeof json !== "string") return [];
  try {
    return secretsOf({ containerDefinitions: containersSchema.parse(JSON.parse(json)) });
  } catch {
    return [];
  }
}

function forwards({ default_action: actions }: Block): boolean {
  return [actions].flat().some((action) => (action as Block | undefined)?.["type"] === "forward");
}
