import type { AlarmKind } from "./config/alarms-schema";
import type { Config } from "./config/schema";
import { predefinedConfigName } from "./config/strategies";

/** The four stacks, in the order they are deployed; three where the configuration names a VPC that is there already. */
export const STACKS = ["network", "registry", "service", "delivery"] as const;
/** Who may deploy them; apart, since nobody may change that with the rights it gives. Only with `github.repository`. */
export const ACCESS_STACK = "access";
/** A stack that there may be. */
export type AnyStackName = (typeof STACKS)[number] | typeof ACCESS_STACK;
const ALL_STACKS: readonly AnyStackName[] = [...STACKS, ACCESS_STACK];

/** The two target groups. Neither is blue or green: CodeDeploy swaps the colours with every release. */
export const TARGET_GROUPS = ["1", "2"] as const;
/** One of them. */
export type TargetGroupKey = (typeof TARGET_GROUPS)[number];

const ALARM_SUFFIXES: Readonly<Record<AlarmKind, string>> = {
  unhealthyHosts: "unhealthy-hosts",
  target5xx: "target-5xx",
  responseTime: "response-time",
  connectionErrors: "connection-errors",
};

/** The roles of GitHub's workflows: to look at what would change, to change it, to release. */
export const GITHUB_ROLES = ["plan", "deploy", "release"] as const;
/** One of them. */
export type GithubRole = (typeof GITHUB_ROLES)[number];

/** Every AWS name of one environment: the contract between the stacks and the scripts. */
export interface Names {
  /** `<project>-<environment>`: prefix of most names. */
  readonly prefix: string;
  /** CDKTF stack ids, also the folders under cdktf.out/stacks. */
  readonly stacks: Readonly<Record<AnyStackName, string>>;
  /** State keys, one a stack and environment. */
  readonly stateKeys: Readonly<Record<AnyStackName, string>>;
  readonly stateBucket: string;
  /** Of the VPC's connections. */
  readonly flowLogGroup: string;
  readonly loadBalancer: string;
  /** Bucket of the load balancer's access logs, but for the account id that ends its name. */
  readonly accessLogBucketPrefix: string;
  readonly webAcl: string;
  /** Of the web ACL; AWS wants the prefix. */
  readonly webAclLogGroup: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, string>>;
  /** ECR repository: `registry.repository`, else the project's name. */
  readonly repository: string;
  /** Alias of the environment's own KMS key, without `alias/`. */
  readonly key: string;
  readonly cluster: string;
  readonly service: string;
  /** Task definition family. */
  readonly family: string;
  /** Container in the task definition that the load balancer reaches. */
  readonly container: string;
  readonly table: string;
  readonly logGroup: string;
  readonly application: string;
  readonly deploymentGroup: string;
  /** CodeDeploy deployment config: predefined or, for a custom strategy, our own. */
  readonly deploymentConfig: string;
  /** Lambda function that CodeDeploy calls after test traffic; undefined: the configuration turns the hook off. */
  readonly testTrafficHook: string | undefined;
  /** SNS topic of deployments and alarms. */
  readonly topic: string;
  /** Lambda function that passes the topic on to Slack. */
  readonly slackFunction: string;
  readonly dashboard: string;
  /** Roles of GitHub's workflows. */
  readonly githubRoles: Readonly<Record<GithubRole, string>>;
  /** Alarm name by kind and target group. */
  readonly alarm: (kind: AlarmKind, targetGroup: TargetGroupKey) => string;
}

/** Log group of the hook after test traffic; undefined without one. */
export function hookLogGroup({ testTrafficHook }: Pick<Names, "testTrafficHook">): string | undefined {
  return testTrafficHook === undefined ? undefined : functionLogGroup(testTrafficHook);
}

/** Log group of a Lambda function: the one that Lambda writes to by itself. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * Derives every name from the configuration. Pure; lengths are checked when the configuration is loaded.
 */
export function namesOf(config: Config): Names {
  const prefix = `${config.project}-${config.environment}`;
  const byStack = (f: (stack: AnyStackName) => string) =>
    Object.fromEntries(ALL_STACKS.map((stack) => [stack, f(stack)])) as Record<AnyStackName, string>;
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
    cluster: prefix,
    service: prefix,
    family: prefix,
    container: "api",
    table: `${prefix}-tasks`,
    logGroup: `/ecs/${prefix}`,
    application: prefix,
    deploymentGroup: prefix,
    // A deployment config can't be changed, so its name says its numbers: other numbers are another config.
    deploymentConfig:
      typeof strategy === "string"
        ? predefinedConfigName(strategy)
        : `${prefix}-${strategy.type}-${strategy.percentage}-percent-${strategy.intervalMinutes}-minutes`,
    testTrafficHook: config.delivery.hook ? `${prefix}-probe-release` : undefined,
    topic: `${prefix}-releases`,
    slackFunction: `${prefix}-notify-slack`,
    dashboard: prefix,
    githubRoles: {
      plan: `${prefix}-github-plan`,
      deploy: `${prefix}-github-deploy`,
      release: `${prefix}-github-release`,
    },
    alarm: (kind, targetGroup) => `${prefix}-${ALARM_SUFFIXES[kind]}-${targetGroup}`,
  };
}
