import {
  isPredefinedConfig,
  shapeOfPredefined,
  shareAt,
  shiftTimes,
  type StrategyShape,
} from "../../../stacks/config/strategies";
import type { Change } from "../change";
import { isMasked, valueAt, type Json } from "../json-values";
import { caution, compare, danger, inWords, isComparable, type Rule, type RuleContext } from "./rule";

const CONFIG_TYPE = "aws_codedeploy_deployment_config";

/** The first minute at which `after` sends a larger share of the traffic to the new version than `before`; undefined for none. */
export function moreExposedAt(before: StrategyShape, after: StrategyShape): number | undefined {
  return shiftTimes(after).find((minute) => shareAt(after, minute) > shareAt(before, minute));
}

/** The strategy of a deployment config, by name: a predefined one of CodeDeploy, or one of this stack. */
function shapeNamed(name: string, side: "before" | "after", { changes }: RuleContext): StrategyShape | undefined {
  if (isPredefinedConfig(name)) return shapeOfPredefined(name);
  const config = changes.find(
    (change) => change.type === CONFIG_TYPE && valueAt(change[side], ["deployment_config_name"]) === name,
  );
  return config === undefined ? undefined : shapeOfConfig(config, side);
}

function shapeOfConfig(change: Change, side: "before" | "after"): StrategyShape | undefined {
  if (side === "after" && isMasked(change.afterUnknown, ["traffic_routing_config"])) return undefined;
  const routing = (...path: readonly (string | number)[]): Json | undefined =>
    valueAt(change[side], ["traffic_routing_config", 0, ...path]);
  if (routing("type") === "AllAtOnce") return { type: "all-at-once" };
  for (const [type, block] of [
    ["canary", "time_based_canary"],
    ["linear", "time_based_linear"],
  ] as const) {
    const percentage = routing(block, 0, "percentage");
    const intervalMinutes = routing(block, 0, "interval");
    if (typeof percentage === "number" && typeof intervalMinutes === "number") {
      return { type, percentage, intervalMinutes };
    }
  }
  return undefined;
}

function assess(before: StrategyShape | undefined, after: StrategyShape | undefined) {
  if (before === undefined || after === undefined)
    return caution("another strategy, and this review doesn't know how it shifts traffic");
  const minute = moreExposedAt(before, after);
  return minute === undefined
    ? []
    : danger(
        `a bad version gets ${shareAt(after, minute)} % of the traffic after ${minute} minutes, instead of ${shareAt(before, minute)} %`,
      );
}

const strategy: Rule = {
  id: "gate-strategy-exposes-more",
  types: ["aws_codedeploy_deployment_group", CONFIG_TYPE],
  check: (change, context) => {
    if (change.type === CONFIG_TYPE) {
      return isComparable(change) ? assess(shapeOfConfig(change, "before"), shapeOfConfig(change, "after")) : [];
    }
    return compare(change, ["deployment_config_name"], (before, after) =>
      assess(shapeNamed(inWords(before), "before", context), shapeNamed(inWords(after), "after", context)),
    );
  },
};

/** Rules about the strategy by which traffic is shifted. */
export const STRATEGY_RULES: readonly Rule[] = [strategy];
