import type { Config } from "./config/schema";

/** The four stacks, in the order they are deployed. */
export const STACKS = ["network", "registry", "service", "delivery"] as const;
export type StackName = (typeof STACKS)[number];

/** The two target groups. Neither is blue or green: CodeDeploy swaps the colours with every release. */
export const TARGET_GROUPS = ["1", "2"] as const;
export type TargetGroupKey = (typeof TARGET_GROUPS)[number];

/** The kinds of alarm; each exists once a target group. Keys of `alarms` in the configuration. */
export const ALARM_KINDS = ["unhealthyHosts", "target5xx", "responseTime", "connectionErrors"] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

const ALARM_SUFFIXES: Readonly<Record<AlarmKind, string>> = {
  unhealthyHosts: "unhealthy-hosts",
  target5xx: "target-5xx",
  responseTime: "response-time",
  connectionErrors: "connection-errors",
};

/** Every AWS name of one environment: the contract between the stacks and the scripts. */
export interface Names {
  /** `<project>-<environment>`: prefix of most names. */
  readonly prefix: string;
  /** CDKTF stack ids, also the folders under cdktf.out/stacks. */
  readonly stacks: Readonly<Record<StackName, string>>;
  /** State keys, one a stack and environment. */
  readonly stateKeys: Readonly<Record<StackName, string>>;
  readonly stateBucket: string;
  readonly loadBalancer: string;
  readonly targetGroups: Readonly<Record<TargetGroupKey, string>>;
  /** ECR repository: `registry.repository`, else the project's name. */
  readonly repository: string;
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
  /** Alarm name by kind and target group. */
  readonly alarm: (kind: AlarmKind, targetGroup: TargetGroupKey) => string;
}

/**
 * Derives every name from the configuration. Pure; lengths are checked when the configuration is loaded.
 */
export function namesOf(config: Config): Names {
  const prefix = `${config.project}-${config.environment}`;
  const byStack = (f: (stack: StackName) => string) =>
    Object.fromEntries(STACKS.map((stack) => [stack, f(stack)])) as Record<StackName, string>;
  const { strategy } = config.delivery;
  return {
    prefix,
    stacks: byStack((stack) => `${config.environment}-${stack}`),
    stateKeys: byStack((stack) => `${config.project}/${config.environment}/${stack}.tfstate`),
    stateBucket:
      (config.state.backend === "s3" ? config.state.bucket : undefined) ?? `${config.project}-terraform-state`,
    loadBalancer: prefix,
    targetGroups: { "1": `${prefix}-1`, "2": `${prefix}-2` },
    repository: config.registry.repository ?? config.project,
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
        ? `CodeDeployDefault.${strategy}`
        : `${prefix}-${strategy.type}-${strategy.percentage}-percent-${strategy.intervalMinutes}-minutes`,
    alarm: (kind, targetGroup) => `${prefix}-${ALARM_SUFFIXES[kind]}-${targetGroup}`,
  };
}
