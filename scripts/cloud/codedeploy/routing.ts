import type { DeploymentConfigTemplate, TrafficRouting } from "../template";

/** One shift of the production traffic. */
export interface TrafficStep {
  /** Percent of the traffic on the replacement task set after this step. */
  readonly percent: number;
  /** Milliseconds until the next step; 0 after the last one. */
  readonly waitMs: number;
}

/** The prefix of the names of all predefined configs. */
export const PREDEFINED_PREFIX = "CodeDeployDefault.";

/** The config of every rollback deployment. */
export const ALL_AT_ONCE = `${PREDEFINED_PREFIX}ECSAllAtOnce`;

/**
 * CodeDeploy's predefined configs for the ECS platform, by name.
 * Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
const PREDEFINED: Readonly<Record<string, TrafficRouting>> = {
  [ALL_AT_ONCE]: { type: "AllAtOnce" },
  [`${PREDEFINED_PREFIX}ECSCanary10Percent5Minutes`]: { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 5 },
  [`${PREDEFINED_PREFIX}ECSCanary10Percent15Minutes`]: { type: "TimeBasedCanary", percentage: 10, intervalMinutes: 15 },
  [`${PREDEFINED_PREFIX}ECSLinear10PercentEvery1Minutes`]: {
    type: "TimeBasedLinear",
    percentage: 10,
    intervalMinutes: 1,
  },
  [`${PREDEFINED_PREFIX}ECSLinear10PercentEvery3Minutes`]: {
    type: "TimeBasedLinear",
    percentage: 10,
    intervalMinutes: 3,
  },
};

/** CodeDeploy's predefined configs for ECS: pairs of name and routing. */
export function predefinedRoutings(): readonly (readonly [string, TrafficRouting])[] {
  return Object.entries(PREDEFINED);
}

/** The routing of a predefined config or of one of `custom`; undefined for an unknown name. */
export function routingOf(name: string, custom: readonly DeploymentConfigTemplate[]): TrafficRouting | undefined {
  return Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : custom.find((config) => config.name === name)?.routing;
}

/** The steps of a strategy, in order; the last one is always 100 %. */
export function stepsOf(routing: TrafficRouting): readonly TrafficStep[] {
  const all: TrafficStep = { percent: 100, waitMs: 0 };
  if (routing.type === "AllAtOnce") return [all];
  const waitMs = routing.intervalMinutes * 60_000;
  if (routing.type === "TimeBasedCanary") return [{ percent: routing.percentage, waitMs }, all];
  const partial = Math.ceil(100 / routing.percentage) - 1;
  return [...Array.from({ length: partial }, (_, i) => ({ percent: routing.percentage * (i + 1), waitMs })), all];
}
