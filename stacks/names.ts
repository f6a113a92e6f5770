import type { CiProvider } from "./config/ci-schema";
import { containerName } from "./config/container-name";
import { clusterNameOf } from "./config/existing-schema";
import type { Config } from "./config/schema";
import { predefinedConfigName } from "./config/strategies";
import type { AlarmKind } from "./gate/presets";

/** The stacks, in the order of deployment. With an existing VPC, there is no network stack. */
export const STACKS = ["network", "registry", "service", "delivery"] as const;
/** The stack of the CI's roles, only with `ci`. It is separate, because its roles must not change it. */
export const ACCESS_STACK = "access";
/** The name of any stack. */
export type StackName = (typeof STACKS)[number] | typeof ACCESS_STACK;
const ALL_STACKS: readonly StackName[] = [...STACKS, ACCESS_STACK];

/** The two target groups. Neither is always blue or always green: CodeDeploy swaps them with every release. */
export const TARGET_GROUPS = ["1", "2"] as const;
/** The key of a target group. */
export type TargetGroupKey = (typeof TARGET_GROUPS)[number];

/** The key of the other target group. */
export function otherTargetGroup(key: TargetGroupKey): TargetGroupKey {
  return key === "1" ? "2" : "1";
}

const ALARM_SUFFIXES: Readonly<Record<AlarmKind, string>> = {
  unhealthyHosts: "unhealthy-hosts",
  target5xx: "target-5xx",
  responseTime: "response-time",
  connectionErrors: "connection-errors",
  failedRequests: "failed-requests",
  slowRequests: "slow-requests",
};

/** The roles of the CI's jobs: for planning changes, for applying them, and for releases. */
export const CI_ROLES = ["plan", "deploy", "release"] as const;
/** What a job of the CI does with its role. */
export type CiRole = (typeof CI_ROLES)[number];

/** Every AWS name of one environment. The stacks and the scripts share these names. */
export interface Names {
  /** The prefix of most names: `<project>-<environment>`, or `<environment>` when that starts with the project's name. */
  readonly prefix: string;
  /** CDKTF's stack ids, which are also the folders in cdktf.out/stacks. */
  readonly stacks: Readonly<Record<StackName, string>>;
  /** Keys of the Terraform states in the state bucket. */
  readonly stateKeys: Readonly<Record<StackName, string>>;
  readonly stateBucket: string;
  /** Log group of the VPC's flow logs. */
  readonly flowLogGroup: string;
  readonly loadBalancer: string;
  /** Name of the access log bucket, without the account id at its end. */
  readonly accessLogBucketPrefix: string;
  readonly webAcl: string;
  /**
   * Log group of the web ACL. AWS requires its prefix
   * (https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html).
   */
  readonly webAclLogGroup: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, string>>;
  /** ECR repository: `registry.repository`, else the project's name. */
  readonly repository: string;
  /** Alias of the environment's own KMS key, without `alias/`. */
  readonly key: string;
  /** The existing cluster, else one of this environment. */
  readonly cluster: string;
  readonly service: string;
  /** Task definition family. */
  readonly family: string;
  /** Container of the task definition that gets the requests. */
  readonly container: string;
  /** DynamoDB table, if the service has one. */
  readonly table: string;
  readonly logGroup: string;
  readonly application: string;
  readonly deploymentGroup: string;
  /** CodeDeploy deployment config: predefined, or our own for a custom strategy. */
  readonly deploymentConfig: string;
  /** Lambda function that CodeDeploy calls after test traffic; undefined when the configuration turns it off. */
  readonly testTrafficHook: string | undefined;
  /** SNS topic of deployments and alarms. */
  readonly topic: string;
  /** Lambda function that posts the topic's messages to Slack. */
  readonly slackFunction: string;
  readonly dashboard: string;
  /** Roles of the CI's jobs. */
  readonly ciRoles: Readonly<Record<CiRole, string>>;
  /** Alarm name by kind and target group. */
  readonly alarm: (kind: AlarmKind, targetGroup: TargetGroupKey) => string;
}

/** Log group of the hook after test traffic; undefined without one. */
export function hookLogGroup({ testTrafficHook }: Pick<Names, "testTrafficHook">): string | undefined {
  return testTrafficHook === undefined ? undefined : functionLogGroup(testTrafficHook);
}

/** Log group of a Lambda function: Lambda's default. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Names of the roles that a CI's jobs assume. */
export function ciRolesOf(prefix: string, provider: CiProvider): Readonly<Record<CiRole, string>> {
  const name = (role: CiRole) => `${prefix}-${provider}-${role}`;
  return { plan: name("plan"), deploy: name("deploy"), release: name("release") };
}

/** The prefix of most names. An environment whose name starts with the project's keeps its name, such as `billing-staging`. */
export function prefixOf({ project, environment }: Pick<Config, "project" | "environment">): string {
  return environment.startsWith(`${project}-`) ? environment : `${project}-${environment}`;
}

/**
 * Derives every name from the configuration. Pure. `loadConfig` checks their lengths.
 */
export function namesOf(config: Config): Names {
  const prefix = prefixOf(config);
  const byStack = (f: (stack: StackName) => string) =>
    Object.fromEntries(ALL_STACKS.map((stack) => [stack, f(stack)])) as Record<StackName, string>;
  const { strategy } = config.delivery;
  return {
    prefix,
    stacks: byStack((stack) => `${config.environment}-${stack}`),
    stateKeys: byStack((stack) => `${config.project}/${config.environment}/${stack}.tfstate`),
    stateBucket:
      (config.state.backend === "s3" ? config.state.bucket : undefined) ?? `${config.project}-terraform-state`,
    flowLogGroup: `/vpc/${prefix}`,
    loadBalancer: prefix,
    accessLogBucketPrefix: `${prefix}-access-logs`,
    webAcl: prefix,
    webAclLogGroup: `aws-waf-logs-${prefix}`,
    targetGroups: { "1": `${prefix}-1`, "2": `${prefix}-2` },
    repository: config.registry.repository ?? config.project,
    key: prefix,
    cluster: config.cluster.existing === undefined ? prefix : clusterNameOf(config.cluster.existing),
    service: prefix,
    family: prefix,
    container: containerName(config.service),
    table: `${prefix}-${config.table.nameSuffix}`,
    logGroup: `/ecs/${prefix}`,
    application: prefix,
    deploymentGroup: prefix,
    // A deployment config can't be changed. Its name contains its numbers, so other numbers create another config.
    deploymentConfig:
      typeof strategy === "string"
        ? predefinedConfigName(strategy)
        : `${prefix}-${strategy.type}-${strategy.percentage}-percent-${strategy.intervalMinutes}-minutes`,
    testTrafficHook: config.delivery.hook ? `${prefix}-probe-release` : undefined,
    topic: `${prefix}-releases`,
    slackFunction: `${prefix}-notify-slack`,
    dashboard: prefix,
    ciRoles: ciRolesOf(prefix, config.ci?.provider ?? "github"),
    alarm: (kind, targetGroup) => `${prefix}-${ALARM_SUFFIXES[kind]}-${targetGroup}`,
  };
}
