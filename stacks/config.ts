import { readFileSync } from "node:fs";
import { z } from "zod";

/** CodeDeploy's predefined ECS strategies: share of traffic first shifted (percent) and the wait or step (minutes). */
export const PREDEFINED_STRATEGIES = {
  ECSAllAtOnce: { type: "all-at-once" },
  ECSCanary10Percent5Minutes: { type: "canary", percentage: 10, intervalMinutes: 5 },
  ECSCanary10Percent15Minutes: { type: "canary", percentage: 10, intervalMinutes: 15 },
  ECSLinear10PercentEvery1Minutes: { type: "linear", percentage: 10, intervalMinutes: 1 },
  ECSLinear10PercentEvery3Minutes: { type: "linear", percentage: 10, intervalMinutes: 3 },
} as const;

/** Name of a predefined strategy, without the `CodeDeployDefault.` prefix that AWS puts before it. */
export type PredefinedStrategy = keyof typeof PREDEFINED_STRATEGIES;

const positiveInteger = z.number().int().positive();
const alarm = (threshold: z.ZodType<number>) =>
  z.strictObject({
    /** The alarm fires when the statistic is GREATER than this. */
    threshold,
    /** Periods looked at (N). */
    evaluationPeriods: positiveInteger,
    /** Breaching periods among them that fire the alarm (M ≤ N). */
    datapointsToAlarm: positiveInteger,
  });

/** The configuration of one environment, after defaults and environment were merged. Shapes and units. */
export const configSchema = z.strictObject({
  /** Prefix of every name: lower-case letters, digits, hyphens. */
  project: z.string(),
  /** AWS region, e.g. eu-central-1. */
  region: z.string(),
  /** AWS account id (12 digits); when set, the provider refuses any other account. */
  account: z.string().optional(),
  /** Where Terraform keeps its state. */
  state: z.discriminatedUnion("backend", [
    z.strictObject({
      backend: z.literal("s3"),
      /** Bucket, made beforehand; default: `<project>-terraform-state`. */
      bucket: z.string().optional(),
      /** Region of the bucket; default: the environment's. */
      region: z.string().optional(),
    }),
    z.strictObject({ backend: z.literal("local") }),
  ]),
  /** Extra tags on everything taggable. */
  tags: z.record(z.string(), z.string()),
  network: z.strictObject({
    /** IPv4 range of the VPC. */
    cidr: z.string(),
    /** Availability zones used: two or three. */
    zones: z.number().int(),
    /** NAT gateways: one for all zones, or one in each. */
    natGateways: z.enum(["one", "one-per-zone"]),
  }),
  registry: z.strictObject({
    /** ECR repository; default: the project's name. Environments that share an account need different ones. */
    repository: z.string().optional(),
  }),
  loadBalancer: z.strictObject({
    productionPort: positiveInteger,
    testPort: positiveInteger,
    /** IPv4 ranges that may reach the production listener. */
    allowedCidrs: z.array(z.string()),
    /** IPv4 ranges that may reach the test listener; empty: only from inside the VPC. */
    testAllowedCidrs: z.array(z.string()),
    /** Seconds a draining target keeps its open requests. */
    deregistrationDelaySeconds: z.number().int(),
  }),
  healthCheck: z.strictObject({
    path: z.string(),
    intervalSeconds: positiveInteger,
    timeoutSeconds: positiveInteger,
    healthyThreshold: positiveInteger,
    unhealthyThreshold: positiveInteger,
  }),
  service: z.strictObject({
    desiredCount: positiveInteger,
    /** CPU units: 256, 512, 1024, … */
    cpu: positiveInteger,
    /** MiB. */
    memory: positiveInteger,
    architecture: z.enum(["X86_64", "ARM64"]),
    containerPort: positiveInteger,
    /** Seconds between SIGTERM and SIGKILL. */
    stopTimeoutSeconds: positiveInteger,
    /** Days that CloudWatch Logs keeps the service's logs. */
    logRetentionDays: positiveInteger,
    /** Extra environment variables of the container. */
    environment: z.record(z.string(), z.string()),
  }),
  alarms: z.strictObject({
    /** Seconds; an ALB publishes once a minute, so 60 is the honest choice (30 as in the article can be set). */
    periodSeconds: positiveInteger,
    unhealthyHosts: alarm(z.number()),
    target5xx: alarm(z.number()),
    /** Threshold in seconds. */
    responseTime: alarm(z.number()),
    connectionErrors: alarm(z.number()),
  }),
  delivery: z.strictObject({
    strategy: z.union([
      z.enum(Object.keys(PREDEFINED_STRATEGIES) as [PredefinedStrategy, ...PredefinedStrategy[]]),
      z.strictObject({
        type: z.enum(["canary", "linear"]),
        /** Percent of the traffic in the first (canary) or each (linear) step. */
        percentage: z.number(),
        /** Minutes waited after it. */
        intervalMinutes: z.number(),
      }),
    ]),
    /** Minutes that the old task set is kept after all traffic has moved. */
    terminationWaitMinutes: z.number().int(),
  }),
});

/** One environment's configuration as the user writes it, complete after merging. */
export type Settings = z.infer<typeof configSchema>;
/** The configuration everything is derived from: settings plus the environment's name. */
export type Config = Settings & { readonly environment: string };

/** Wrong configuration: `problems` has one entry a problem, each naming the key path, the value and what is allowed. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`configuration refused:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/** Where the configuration comes from. */
export interface ConfigSource {
  /** Environment chosen; default: `ENVIRONMENT`, else `staging`. */
  readonly environment?: string;
  /** The `context` object; default: `CDKTF_CONTEXT_JSON` (the cdktf CLI sets it), else cdktf.json in `directory`. */
  readonly context?: unknown;
  /** Folder of cdktf.json; default: the current one. */
  readonly directory?: string;
}
