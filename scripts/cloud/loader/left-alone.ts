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
    .map((stack) => ({ stack: stack.name, resources: [...redirects(stack), ...secrets(stack), ...notPlayed(stack)] }))
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
