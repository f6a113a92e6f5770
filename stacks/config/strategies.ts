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

/** How traffic moves: percent of the whole, minutes. */
export type StrategyShape =
  | { readonly type: "all-at-once" }
  | { readonly type: "canary" | "linear"; readonly percentage: number; readonly intervalMinutes: number };

/** Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const PREDEFINED_PREFIX = "CodeDeployDefault.";

/** The name of the deployment config with which CodeDeploy offers a predefined strategy. Pure. */
export function predefinedConfigName(strategy: PredefinedStrategy): string {
  return `${PREDEFINED_PREFIX}${strategy}`;
}

/** Whether a deployment config of this name is CodeDeploy's own; a name with its prefix can't be taken. Pure. */
export function isPredefinedConfig(configName: string): boolean {
  return configName.startsWith(PREDEFINED_PREFIX);
}

/** The strategy of a predefined deployment config for ECS; undefined when the name is of none. Pure. */
export function shapeOfPredefined(configName: string): StrategyShape | undefined {
  if (!isPredefinedConfig(configName)) return undefined;
  const key = configName.slice(PREDEFINED_PREFIX.length);
  return Object.entries(PREDEFINED_STRATEGIES).find(([strategy]) => strategy === key)?.[1];
}

/** The strategy in numbers, predefined or custom alike. Pure. */
export function shapeOf(strategy: PredefinedStrategy | Extract<StrategyShape, { percentage: number }>): StrategyShape {
  return typeof strategy === "string" ? PREDEFINED_STRATEGIES[strategy] : strategy;
}

/** How often a strategy waits between two shifts of traffic. Pure. */
function waitCount(shape: Extract<StrategyShape, { percentage: number }>): number {
  return shape.type === "canary" ? 1 : Math.ceil(100 / shape.percentage) - 1;
}

/** Minutes from the first shift of traffic to the last one. Not finite for a linear strategy of 0 %. Pure. */
export function shiftMinutes(shape: StrategyShape): number {
  return shape.type === "all-at-once" ? 0 : waitCount(shape) * shape.intervalMinutes;
}

/** Minutes at which a strategy shifts traffic, the first being 0. Pure. */
export function shiftTimes(shape: StrategyShape): readonly number[] {
  if (shape.type === "all-at-once") return [0];
  return Array.from({ length: waitCount(shape) + 1 }, (_, shift) => shift * shape.intervalMinutes);
}

/** Percent of the traffic on the new version, `minute` minutes after the first shift. Pure. */
export function shareAt(shape: StrategyShape, minute: number): number {
  if (shape.type === "all-at-once") return 100;
  const waits = Math.floor(minute / shape.intervalMinutes);
  if (shape.type === "canary") return waits >= 1 ? 100 : shape.percentage;
  return Math.min(100, shape.percentage * (waits + 1));
}
