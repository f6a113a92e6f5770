import type * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type * as codedeploy from "@aws-sdk/client-codedeploy";
import type * as ecr from "@aws-sdk/client-ecr";
import type * as ecs from "@aws-sdk/client-ecs";
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as sts from "@aws-sdk/client-sts";
import type { CallOf } from "../command/aws-calls";

/**
 * The AWS operations that a release calls, by client of the SDK. The port, its connection to the SDK (aws-sdk.ts), the retries
 * (retrying-aws.ts) and the test of the role's permissions come from this table. A `read` only reads, so a retry is harmless.
 */
export const AWS_OPERATIONS = {
  sts: { getCallerIdentity: "read" },
  ecs: {
    describeServices: "read",
    describeTaskDefinition: "read",
    listTaskDefinitions: "read",
    registerTaskDefinition: "write",
    deregisterTaskDefinition: "write",
    listTasks: "read",
    describeTasks: "read",
  },
  ecr: {
    describeRepositories: "read",
    describeImages: "read",
    batchGetImage: "read",
    getDownloadUrlForLayer: "read",
    getAuthorizationToken: "read",
  },
  cloudwatch: { describeAlarms: "read", getMetricData: "read" },
  elb: {
    describeTargetGroups: "read",
    describeTargetHealth: "read",
    describeRules: "read",
    describeListeners: "read",
    describeLoadBalancers: "read",
  },
  codedeploy: {
    getDeploymentGroup: "read",
    getDeploymentConfig: "read",
    listDeployments: "read",
    batchGetDeployments: "read",
    getDeployment: "read",
    getDeploymentTarget: "read",
    createDeployment: "write",
    continueDeployment: "write",
    stopDeployment: "write",
  },
} as const satisfies { readonly [S in keyof Sdk]: Readonly<Partial<Record<SdkOperation<S>, "read" | "write">>> };

/** The SDK's package of each client in the table. */
export interface Sdk {
  readonly sts: typeof sts;
  readonly ecs: typeof ecs;
  readonly ecr: typeof ecr;
  readonly cloudwatch: typeof cloudwatch;
  readonly elb: typeof elb;
  readonly codedeploy: typeof codedeploy;
}

/** Operations that a package of the SDK has, e.g. `describeServices` because of DescribeServicesCommand. */
type SdkOperation<S extends keyof Sdk> = {
  [Name in keyof Sdk[S]]: Name extends `${infer K}Command` ? Uncapitalize<K> : never;
}[keyof Sdk[S]];

/** Name of an operation in the port. */
export type Operation = { [S in keyof Sdk]: keyof (typeof AWS_OPERATIONS)[S] & string }[keyof Sdk];

/** Members that the SDK doesn't know: AWS may add some that the pinned version of the SDK lacks. */
interface Unknown {
  readonly [member: string]: unknown;
}

/** A task definition with all the members that ECS sent. Its times, such as `registeredAt`, are numbers as in the JSON. */
export type RawTaskDefinition = Omit<ecs.TaskDefinition, "registeredAt" | "deregisteredAt" | "deleteRequestedAt"> &
  Unknown;

/** Input of RegisterTaskDefinition, including members that the SDK would leave out. */
export type RawRegistration = ecs.RegisterTaskDefinitionRequest & Unknown;

/** Response of ECS about a revision. */
export interface TaskDefinitionAnswer {
  readonly taskDefinition?: RawTaskDefinition;
  readonly tags?: readonly ecs.Tag[];
  /** Paths of the fields that the SDK doesn't know, e.g. `containerDefinitions[api].newField`. */
  readonly unknown?: readonly string[];
}

/** The name in AWS's API, e.g. DescribeServices for `describeServices`. */
export function awsName(operation: Operation): string {
  return `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

/** The SDK's command for an operation, e.g. DescribeServicesCommand for `describeServices`. */
type CommandOf<K extends Operation> = {
  [S in keyof Sdk]: K extends keyof (typeof AWS_OPERATIONS)[S]
    ? Sdk[S][`${Capitalize<K>}Command` & keyof Sdk[S]]
    : never;
}[keyof Sdk];

/** Operations whose complete JSON is sent and returned. */
interface RawCalls {
  readonly describeTaskDefinition: (input: ecs.DescribeTaskDefinitionCommandInput) => Promise<TaskDefinitionAnswer>;
  readonly registerTaskDefinition: (input: RawRegistration) => Promise<TaskDefinitionAnswer>;
}

/** One function for each operation of the table. */
type Calls = { readonly [K in Exclude<Operation, keyof RawCalls>]: CallOf<CommandOf<K>> } & RawCalls;

/**
 * The AWS operations that a release needs. The command reaches AWS only through this port. Inputs, outputs and errors are
 * those of AWS, so a test can script them as AWS would respond.
 */
export interface AwsPort extends Calls {
  /** Region of all calls. */
  readonly region: string;
}
