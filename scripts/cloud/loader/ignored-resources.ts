import { z } from "zod";
import { secretsOf } from "../tasks/secrets";
import { readStacks, type Block, type Stack } from "./stacks";

/** The types of resource that the local cloud emulates. Of any other it reads only names and ids that these refer to. */
const EMULATED: ReadonlySet<string> = new Set([
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
  "aws_lb_listener_rule",
  "aws_lb_target_group",
]);

/** The resources of one stack that the local cloud ignores. */
export interface IgnoredResources {
  readonly stack: string;
  /**
   * Types with their number, such as `aws_subnet ×4`, in alphabetical order. Before these: single resources of an emulated
   * type, by address and with the reason.
   */
  readonly resources: readonly string[];
}

/**
 * Lists what the local cloud ignores of the synthesized stacks, so that users see what a rehearsal does not cover.
 * @param outDirectory the folder that CDKTF wrote manifest.json to
 * @throws TemplateError when the stacks cannot be read
 */
export function ignoredResources(outDirectory: string): IgnoredResources[] {
  return readStacks(outDirectory)
    .map((stack) => ({
      stack: stack.name,
      resources: [
        ...redirects(stack),
        ...sharedListeners(stack),
        ...secrets(stack),
        ...egress(stack),
        ...otherTypes(stack),
      ],
    }))
    .filter(({ resources }) => resources.length > 0);
}

function otherTypes({ resources }: Stack): string[] {
  return Object.entries(resources)
    .map(([type, blocks]) => ({ type, count: Object.keys(blocks).length }))
    .filter(({ type, count }) => count > 0 && !EMULATED.has(type))
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ type, count }) => (count === 1 ? type : `${type} ×${count}`));
}

function redirects({ resources }: Stack): string[] {
  return Object.entries(resources["aws_lb_listener"] ?? {})
    .filter(([, listener]) => !forwards(listener))
    .map(([name, listener]) => `aws_lb_listener.${name} (port ${String(listener["port"])}: forwards nowhere)`);
}

/** The local cloud does not know the default action and the other rules of a listener that no resource owns. */
function sharedListeners({ resources }: Stack): string[] {
  return Object.entries(resources["aws_lb_listener_rule"] ?? {})
    .filter(([, { listener_arn: listener }]) => typeof listener === "string" && listener.startsWith("arn:"))
    .map(([name]) => `aws_lb_listener_rule.${name} (of its listener, other rules and the default action: 404 here)`);
}

/** The local cloud cannot read a secret's value. Tasks run without these variables, or with local values for them. */
function secrets({ resources }: Stack): string[] {
  return Object.entries(resources["aws_ecs_task_definition"] ?? {}).flatMap(([name, definition]) => {
    const variables = secretVariables(definition["container_definitions"]);
    return variables.length === 0
      ? []
      : [`aws_ecs_task_definition.${name} (secrets, not read here: ${variables.join(", ")})`];
  });
}

/**
 * Lists the egress rules of the tasks' security groups, such as `tcp 443 to 0.0.0.0/0`. The local cloud does not enforce
 * them, so a service that needs another destination works here and fails on AWS.
 * @param outDirectory the folder that CDKTF wrote manifest.json to
 * @throws TemplateError when the stacks cannot be read
 */
export function egressRules(outDirectory: string): string[] {
  return readStacks(outDirectory).flatMap(egressRulesOf);
}

function egressRulesOf({ resources }: Stack): string[] {
  const services = Object.values(resources["aws_ecs_service"] ?? {});
  const groups = services.flatMap(({ network_configuration: network }) =>
    [network].flat().flatMap((one) => list((one as Block | undefined)?.["security_groups"])),
  );
  return Object.values(resources["aws_vpc_security_group_egress_rule"] ?? {})
    .filter((rule) => groups.includes(rule["security_group_id"]))
    .map(describeRule);
}

function egress(stack: Stack): string[] {
  const rules = egressRulesOf(stack);
  return rules.length === 0
    ? []
    : [`aws_vpc_security_group_egress_rule (tasks reach everything here, on AWS only ${rules.join(", ")})`];
}

/** A list of the value or values; empty for undefined. */
function list(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

function describeRule(rule: Block): string {
  const { ip_protocol: protocol, from_port: from, to_port: to } = rule;
  const ports = from === to ? String(from) : `${String(from)}-${String(to)}`;
  const keys = ["cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id"];
  return `${String(protocol)} ${ports} to ${keys.flatMap((key) => list(rule[key])).join()}`;
}

const containersSchema = z.array(z.looseObject({}));

/** Names of the secrets of all containers. None for JSON that is not a list of containers: the loader refuses that JSON. */
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
