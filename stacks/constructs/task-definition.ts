import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Config } from "../config";
import { endpointOf } from "../config/regions";
import { secretSource, type SecretSource } from "../config/secret-source";
import { inlineStatements, managedPolicies } from "../config/task-policies-schema";
import type { Names } from "../names";
import type { Statement } from "./policy";
import { Role } from "./role";
import type { Table } from "./table";

/** Settings of the task definition. */
export interface TaskDefinitionProps {
  readonly names: Names;
  readonly region: string;
  /** Image reference, by digest. */
  readonly image: string;
  readonly repositoryArn: string;
  /** The service's table, if it has one. */
  readonly table?: Table | undefined;
  /** Key that encrypts the logs; default: CloudWatch Logs' own. */
  readonly logsKeyArn?: string | undefined;
  readonly settings: Config["service"];
}

/** Seconds between the end of the service's own stop timeout and SIGKILL. */
const STOP_MARGIN_SECONDS = 5;
const ECS_TASKS = "ecs-tasks.amazonaws.com";

/** The first revision of the task definition. Releases register all later ones. */
export class TaskDefinition extends Construct {
  readonly arn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly logGroupName: string;
  /** Execution role and task role. */
  readonly roleArns: readonly string[];
  /** Policies that the service needs until its last task has stopped. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const { names, settings, table } = props;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: names.logGroup,
      retentionInDays: settings.logRetentionDays,
      ...(props.logsKeyArn !== undefined && { kmsKeyId: props.logsKeyArn }),
    });
    const executionRole = new Role(this, "execution-role", {
      name: `${names.prefix}-execution`,
      service: ECS_TASKS,
      statements: [
        { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
        {
          actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
          resources: [props.repositoryArn],
        },
        { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs.arn}:*`] },
        ...secretStatements(settings),
      ],
    });
    const taskRole = new Role(this, "task-role", {
      name: `${names.prefix}-task`,
      service: ECS_TASKS,
      onlyForAccount: accountId,
      statements: [
        ...(table === undefined ? [] : tableStatements(table, props.region)),
        // For ECS Exec: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html.
        // IAM can't limit these actions to resources.
        ...(settings.exec
          ? [
              {
                actions: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
                  (action) => `ssmmessages:${action}`,
                ),
                resources: ["*"],
              },
            ]
          : []),
        ...inlineStatements(settings.taskPolicies).map(({ conditions, ...statement }) => ({
          ...statement,
          ...(conditions && { conditions }),
        })),
      ],
      managedPolicies: managedPolicies(settings.taskPolicies),
    });
    const environment = {
      ...settings.environment,
      PORT: String(settings.containerPort),
      ...(table && { TABLE_NAME: table.name }),
      AWS_REGION: props.region,
      // The service must complete its last requests before ECS kills it.
      STOP_TIMEOUT_SECONDS: String(Math.max(1, settings.stopTimeoutSeconds - STOP_MARGIN_SECONDS)),
    };
    const secrets = Object.entries(settings.secrets)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, valueFrom]) => ({ name, valueFrom }));
    const definition = new EcsTaskDefinition(this, "task-definition", {
      family: names.family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(settings.cpu),
      memory: String(settings.memory),
      runtimePlatform: { cpuArchitecture: settings.architecture, operatingSystemFamily: "LINUX" },
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      // Terraform must not deregister a revision: a rollback may need it.
      skipDestroy: true,
      containerDefinitions: JSON.stringify([
        {
          name: names.container,
          image: props.image,
          essential: true,
          portMappings: [{ containerPort: settings.containerPort, hostPort: settings.containerPort, protocol: "tcp" }],
          environment: Object.entries(environment)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, value]) => ({ name, value })),
          ...(secrets.length > 0 && { secrets }),
          stopTimeout: settings.stopTimeoutSeconds,
          readonlyRootFilesystem: settings.readOnlyRootFileSystem,
          // An init process removes the child processes that a shell leaves behind.
          ...(settings.exec && { linuxParameters: { initProcessEnabled: true } }),
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": logs.name,
              "awslogs-region": props.region,
              "awslogs-stream-prefix": names.container,
            },
          },
        },
      ]),
    });
    this.arn = definition.arn;
    this.containerName = names.container;
    this.containerPort = settings.containerPort;
    this.logGroupName = logs.name;
    this.roleArns = [executionRole.arn, taskRole.arn];
    this.policies = [...executionRole.policies, ...taskRole.policies];
  }
}

/** Permissions of the service's code to use its table. */
function tableStatements({ arn, keyArn }: Table, region: string): Statement[] {
  const ofItems = {
    actions: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"].map((action) => `dynamodb:${action}`),
    resources: [arn, `${arn}/index/*`],
  };
  if (keyArn === undefined) return [ofItems];
  const ofKey = {
    actions: ["kms:Decrypt", "kms:DescribeKey"],
    resources: [keyArn],
    conditions: { StringEquals: { "kms:ViaService": endpointOf("dynamodb", region) } },
  };
  return [ofItems, ofKey];
}

/** Permissions of ECS to read the task's secrets. */
function secretStatements({ secrets, secretsKeyArns }: Config["service"]): Statement[] {
  const sources = Object.values(secrets).flatMap((reference) => secretSource(reference) ?? []);
  const arns = (service: SecretSource["service"]) =>
    unique(sources.filter((source) => source.service === service).map(({ arn }) => arn));
  const kmsCallers = unique(sources.map(({ service, region }) => endpointOf(service, region)));
  return [
    { actions: ["secretsmanager:GetSecretValue"], resources: arns("secretsmanager") },
    { actions: ["ssm:GetParameters"], resources: arns("ssm") },
    {
      actions: ["kms:Decrypt"],
      resources: secretsKeyArns,
      conditions: { StringEquals: { "kms:ViaService": kmsCallers } },
    },
  ].filter(({ resources }) => resources.length > 0);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
