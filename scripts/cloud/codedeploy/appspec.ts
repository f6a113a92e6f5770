import { parse } from "yaml";
import { z } from "zod";
import { AwsError } from "../aws-error";
import type { TaskDefinitionRecord, TaskSet, TaskSetSettings } from "../ecs/part";
import type { CloudSettings } from "../settings";
import type { ServiceTemplate } from "../template";
import { withCanonicalKeys } from "./appspec-keys";
import { type LifecycleEventName, sha256Of } from "./part";

/**
 * Lifecycle events that can have a hook.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
const HOOKABLE_EVENTS = [
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
] as const satisfies readonly LifecycleEventName[];

/** A checked appspec: the properties of the replacement task set. */
export interface AppSpec {
  readonly taskDefinitionArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly settings: TaskSetSettings;
  /** Lambda functions by lifecycle event. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>;
}

const text = z.string().min(1);
const list = z.array(text).min(1);
/** A whole number, also as text, because YAML files often quote numbers. */
const count = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error: "must be a whole number" })
  .pipe(z.number().int().nonnegative());

const schema = z.strictObject({
  // YAML and JSON both read 0.0 as the number 0; AWS's guide has it as a string. CloudSettings has the allowed
  // versions.
  version: z
    .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)], { error: "must be 0.0" })
    .transform((version) => Number(version)),
  Resources: z
    .array(
      z.strictObject({
        TargetService: z.strictObject({
          Type: z.literal("AWS::ECS::Service"),
          Properties: z.strictObject({
            TaskDefinition: text,
            LoadBalancerInfo: z.strictObject({
              ContainerName: text,
              ContainerPort: count,
            }),
            PlatformVersion: text.optional(),
            // Optional as a whole, but with it all three members are required.
            NetworkConfiguration: z
              .strictObject({
                AwsvpcConfiguration: z.strictObject({
                  Subnets: list,
                  SecurityGroups: list,
                  AssignPublicIp: z.enum(["ENABLED", "DISABLED"]),
                }),
              })
              .optional(),
            CapacityProviderStrategy: z
              .array(
                z.strictObject({
                  CapacityProvider: text,
                  Base: count.optional(),
                  Weight: count.optional(),
                }),
              )
              .optional(),
          }),
        }),
      }),
    )
    .length(1, "must name exactly one service"),
  Hooks: z.array(z.partialRecord(z.enum(HOOKABLE_EVENTS), text)).nullish(),
});

/** The ARN of a task definition's revision. */
const REVISION_ARN = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition\/[\w-]+:\d+$/;

const refuse = (problem: string) => new AwsError("InvalidRevisionException", `The AppSpec is not valid: ${problem}`);

function read(content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    throw refuse(`it is neither YAML nor JSON: ${(error as Error).message}`);
  }
}

/** The place of a problem in the appspec, e.g. Resources[0].TargetService.Type. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("") ||
  "the document";

/**
 * Reads the AppSpecContent of CreateDeployment: YAML or JSON, with keys in any case.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 *
 * @param taskDefinition finds a task definition by ARN
 * @param service the service that is deployed to
 * @param settings has the allowed versions
 * @throws AwsError RevisionRequiredException without content, InvalidRevisionException when the content is wrong
 */
export function readAppSpec(
  { content, sha256 }: { readonly content: string; readonly sha256?: string },
  taskDefinition: (reference: string) => TaskDefinitionRecord | undefined,
  service: Pick<ServiceTemplate, "capacityProviderStrategy">,
  { appSpecVersions }: Pick<CloudSettings, "appSpecVersions">,
): AppSpec {
  if (content.trim() === "") throw new AwsError("RevisionRequiredException", "The AppSpec content is empty.");
  if (sha256 !== undefined && sha256.toLowerCase() !== sha256Of(content)) {
    throw new AwsError("InvalidRevisionException", `The sha256 of the AppSpec content is not ${sha256}.`);
  }
  const checked = schema.safeParse(withCanonicalKeys(read(content), refuse));
  if (!checked.success) {
    throw refuse(checked.error.issues.map(({ path, message }) => `${pathOf(path)}: ${message}`).join("; "));
  }
  const { version, Resources, Hooks } = checked.data;
  if (!appSpecVersions.includes(version)) throw refuse(`version: must be 0.0, not ${version}`);
  const properties = Resources[0]?.TargetService.Properties;
  if (properties === undefined) throw refuse("Resources: must name exactly one service");
  const { TaskDefinition, LoadBalancerInfo, PlatformVersion, NetworkConfiguration, CapacityProviderStrategy } =
    properties;
  const { ContainerName: containerName, ContainerPort: containerPort } = LoadBalancerInfo;
  if (!REVISION_ARN.test(TaskDefinition)) throw refuse(notAnArn(TaskDefinition));
  const record = taskDefinition(TaskDefinition);
  checkTaskDefinition(record, TaskDefinition, containerName, containerPort);
  const network = NetworkConfiguration?.AwsvpcConfiguration;
  // Without a strategy in the appspec, CodeDeploy does not keep the service's
  // (https://github.com/aws/containers-roadmap/issues/1752).
  const strategy = CapacityProviderStrategy ?? (service.capacityProviderStrategy && []);
  return {
    taskDefinitionArn: record.arn,
    containerName,
    containerPort,
    settings: {
      ...(PlatformVersion !== undefined && { platformVersion: PlatformVersion }),
      ...(network && {
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: network.Subnets,
            securityGroups: network.SecurityGroups,
            assignPublicIp: network.AssignPublicIp,
          },
        },
      }),
      ...(strategy && {
        capacityProviderStrategy: strategy.map(({ CapacityProvider, Base, Weight }) => ({
          capacityProvider: CapacityProvider,
          ...(Base !== undefined && { base: Base }),
          ...(Weight !== undefined && { weight: Weight }),
        })),
      }),
    },
    hooks: hooksOf(Hooks ?? []),
  };
}

/** The problem of a task definition that is not an ARN. CodeDeploy does not resolve families or `family:revision`. */
function notAnArn(reference: string): string {
  return (
    `TaskDefinition: the ARN ${reference} can't be parsed; ` +
    "it must be the ARN of a revision, arn:aws:ecs:<region>:<account>:task-definition/<family>:<revision>"
  );
}

function hooksOf(hooks: readonly AppSpec["hooks"][]): AppSpec["hooks"] {
  const entries = hooks.flatMap((hook) => Object.entries(hook));
  const twice = entries.find(([event], i) => entries.findIndex(([other]) => other === event) !== i);
  if (twice) throw refuse(`Hooks: ${twice[0]} is named twice`);
  return Object.fromEntries(entries);
}

function checkTaskDefinition(
  record: TaskDefinitionRecord | undefined,
  reference: string,
  containerName: string,
  containerPort: number,
): asserts record is TaskDefinitionRecord {
  if (record === undefined) throw refuse(`TaskDefinition: there is no task definition ${reference}`);
  if (record.status !== "ACTIVE") throw refuse(`TaskDefinition: ${reference} is ${record.status}, not ACTIVE`);
  const { containerDefinitions } = record.definition;
  const container = containerDefinitions.find(({ name }) => name === containerName);
  if (container === undefined) {
    const names = containerDefinitions.map(({ name }) => name).join(", ");
    throw refuse(`LoadBalancerInfo.ContainerName: ${reference} has no container ${containerName}, only ${names}`);
  }
  if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
    throw refuse(
      `LoadBalancerInfo.ContainerPort: container ${containerName} of ${reference} has no port ${containerPort}`,
    );
  }
}

/**
 * The appspec that describes a task set. A rollback to a task set that no deployment created uses it as its revision.
 */
export function appSpecOf(taskSet: TaskSet): string {
  return JSON.stringify({
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: taskSet.taskDefinitionArn,
            LoadBalancerInfo: { ContainerName: taskSet.containerName, ContainerPort: taskSet.containerPort },
          },
        },
      },
    ],
  });
}
