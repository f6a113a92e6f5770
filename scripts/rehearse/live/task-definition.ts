import type { ContainerDefinition as WireContainer, TaskDefinition } from "@aws-sdk/client-ecs";
import { ABSENT } from "../../cloud/not-played";
import type { TaskDefinitionTemplate } from "../../cloud/template";
import { defined } from "./defined";
import { NotPlayable } from "./reads";

/** Members of a container that hold no secret: names, numbers, switches and ARNs. Every other member may hold one. */
const KEPT: readonly (keyof WireContainer)[] = [
  "name",
  "image",
  "essential",
  "cpu",
  "memory",
  "memoryReservation",
  "portMappings",
  "stopTimeout",
  "startTimeout",
  "readonlyRootFilesystem",
  "user",
  "workingDirectory",
  "ulimits",
  "linuxParameters",
  "dependsOn",
  "secrets",
  "mountPoints",
  "volumesFrom",
  "systemControls",
  "privileged",
  "versionConsistency",
];

/** Variables whose values can't be secret: switches, and numbers as short as ports and timeouts. */
const HARMLESS = /^(true|false|\d{1,5})$/;

/** A task definition without values that may be secret, and what was left out. */
export interface LiveTaskDefinition {
  readonly definition: TaskDefinitionTemplate;
  /** `<container>: <variable or member>` */
  readonly withheld: readonly string[];
}

/**
 * Converts the task definition of a live service. Pure.
 * @param options.withValues keeps all values
 * @param options.knownValues values that are no secret, e.g. those that cdktf.json has
 * @throws NotPlayable
 */
export function taskDefinitionOf(
  wire: TaskDefinition,
  options: { readonly withValues: boolean; readonly knownValues: ReadonlySet<string> },
): LiveTaskDefinition {
  if ((wire.volumes ?? []).length > 0)
    throw new NotPlayable(`The task definition ${String(wire.family)} has volumes: ${ABSENT.volumes}`);
  const withheld: string[] = [];
  const containers = (wire.containerDefinitions ?? []).map((container) => {
    const isKept = (value: string | undefined) =>
      options.withValues || HARMLESS.test(value ?? "") || options.knownValues.has(value ?? "");
    const leftOut = (what: string) => withheld.push(`${container.name ?? "?"}: ${what}`);
    const environment = (container.environment ?? []).filter(({ name = "", value }) => {
      if (!isKept(value)) leftOut(name);
      return isKept(value);
    });
    const members = Object.entries(container).filter(([key, value]) => {
      if (key === "environment" || isEmpty(value)) return false;
      if (options.withValues || (KEPT as readonly string[]).includes(key)) return true;
      // The options of other log drivers may have a token.
      if (key === "logConfiguration" && container.logConfiguration?.logDriver === "awslogs") return true;
      leftOut(key);
      return false;
    });
    return { ...Object.fromEntries(members), environment };
  });
  const definition = defined({
    family: wire.family,
    containerDefinitions: containers,
    cpu: wire.cpu,
    memory: wire.memory,
    networkMode: wire.networkMode,
    requiresCompatibilities: wire.requiresCompatibilities,
    executionRoleArn: wire.executionRoleArn,
    taskRoleArn: wire.taskRoleArn,
    runtimePlatform: wire.runtimePlatform,
    ephemeralStorage: wire.ephemeralStorage,
  });
  return { definition: definition as unknown as TaskDefinitionTemplate, withheld };
}

/** ECS writes members that are not set as empty lists. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
