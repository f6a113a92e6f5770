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

/** The strategy in numbers, predefined or custom alike. */
export function shapeOf(strategy: PredefinedStrategy | Extract<StrategyShape, { percentage: number }>): StrategyShape {
  return typeof strategy === "string" ? PREDEFINED_STRATEGIES[strategy] : strategy;
}
