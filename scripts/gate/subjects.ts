import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { type Config, loadConfig } from "../../stacks/config";
import { readContext } from "../../stacks/config/context";
import { isObject, merge, valueAt } from "../../stacks/config/merge";
import { loadTemplate } from "../cloud/loader/load";
import type { Template } from "../cloud/template";
import { parseJson } from "../command/json-text";
import type { RunProgram } from "../command/run-program";
import { synthesizeStacks } from "../command/synthesis";
import { makeTemporaryFolder } from "../command/temporary-folder";
import type { Gate } from "./gates";

/** The presets of `gate.preset` in the configuration. */
const PRESETS: readonly string[] = ["article", "balanced", "strict"] satisfies readonly Config["gate"]["preset"][];

/** A file of `--compare`, or a gate, that can't be used. */
export class SubjectError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SubjectError";
  }
}

/** Settings in place of those of the environment, as a gate of their own. */
interface NamedSettings {
  readonly name: string;
  readonly settings: object;
}

/** Where the gates come from. */
export interface SubjectSource {
  /** Folder of main.ts and cdktf.json. */
  readonly root: string;
  readonly environment: string;
  /** Presets, JSON files with settings in place of those of the environment, and settings. Empty: the environment as it is. */
  readonly compare: readonly (string | NamedSettings)[];
  readonly run: RunProgram;
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Synthesizes the gates, each in a folder of its own, and reads their alarms.
 * @throws SubjectError for a file that can't be used; ConfigError, StacksError and TemplateError as the synthesis and the
 *   loader do
 */
export async function gatesOf(source: SubjectSource): Promise<readonly Gate[]> {
  const templates = await templatesOf(source);
  return templates.map(({ name, template }) => ({ name, template: simulatedPart(template) }));
}

/** The stacks of a gate. */
export interface NamedTemplate {
  readonly name: string;
  readonly template: Template;
}

/**
 * Synthesizes the stacks of the gates.
 * @throws as {@link gatesOf} does
 */
export async function templatesOf(source: SubjectSource): Promise<readonly NamedTemplate[]> {
  const { root, environment, compare, variables } = source;
  if (compare.length === 0) return [await synthesized(source, environment, readContext(root, variables))];
  return Promise.all(
    compare.map((subject) => {
      const { name, settings } =
        typeof subject === "string" ? { name: subject, settings: settingsOf(subject) } : subject;
      return synthesized(source, name, withSettings(readContext(root, variables), environment, settings));
    }),
  );
}

/**
 * Puts gates together whose releases are alike, so that the same simulated traffic serves them all: the same strategy,
 * termination wait, tasks and health checks.
 */
export function alike(gates: readonly Gate[]): readonly (readonly Gate[])[] {
  const groups = new Map<string, Gate[]>();
  for (const gate of gates) {
    const { deploymentGroup, deploymentConfigs, service, targetGroups } = gate.template;
    const { deploymentConfigName, terminationWaitMinutes } = deploymentGroup;
    const key = JSON.stringify([
      deploymentConfigName,
      deploymentConfigs.find(({ name }) => name === deploymentConfigName)?.routing,
      terminationWaitMinutes,
      service.desiredCount,
      service.healthCheckGracePeriodSeconds,
      targetGroups.map(({ healthCheck }) => healthCheck),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), gate]);
  }
  return [...groups.values()];
}

async function synthesized(source: SubjectSource, name: string, context: unknown): Promise<NamedTemplate> {
  const { root, environment, run, variables, signal } = source;
  const config = loadConfig({ directory: root, environment, context });
  const folder = makeTemporaryFolder("gate");
  try {
    await synthesizeStacks({
      environment,
      root,
      run,
      folder: path.join(folder, "cdktf.out"),
      variables: { ...variables, CDKTF_CONTEXT_JSON: JSON.stringify(context) },
      signal,
    });
    const options = config.account === undefined ? {} : { accountId: config.account };
    return { name, template: loadTemplate(path.join(folder, "cdktf.out"), options) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part of a template that is simulated. Secrets of a task definition, for example, don't get to the worker threads. */
export function simulatedPart(template: Template): Gate["template"] {
  const { alarms, loadBalancer, targetGroups, deploymentGroup, deploymentConfigs, service } = template;
  const { desiredCount, healthCheckGracePeriodSeconds } = service;
  return {
    alarms,
    loadBalancer,
    targetGroups,
    deploymentGroup,
    deploymentConfigs,
    service: {
      desiredCount,
      ...(healthCheckGracePeriodSeconds !== undefined && { healthCheckGracePeriodSeconds }),
    },
  };
}

/**
 * The configuration of the environment with other settings.
 * @throws ConfigError as `loadConfig`
 */
export function configWith(
  { root, environment, variables }: Pick<SubjectSource, "root" | "environment" | "variables">,
  settings: object,
): Config {
  const context = withSettings(readContext(root, variables), environment, settings);
  return loadConfig({ directory: root, environment, context });
}

/** The settings of a preset or a file. */
function settingsOf(file: string): object {
  if (PRESETS.includes(file)) return { gate: { preset: file } };
  let value: unknown;
  try {
    value = parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SubjectError(
      `--compare ${file}: ${(error as Error).message}. It must be ${PRESETS.join(", ")}, or a JSON file with settings of ` +
        'an environment, e.g. {"gate": {"windowMinutes": 10}}',
    );
  }
  if (!isObject(value))
    throw new SubjectError(`--compare ${file}: must hold an object with settings of an environment`);
  return value;
}

/** The context in which an environment also has these settings. */
function withSettings(context: unknown, environment: string, settings: object): unknown {
  if (!isObject(context) || !isObject(context["environments"])) return context;
  const { environments } = context;
  const merged = merge(valueAt(environments, [environment]) ?? {}, settings);
  return { ...context, environments: { ...environments, [environment]: merged } };
}
