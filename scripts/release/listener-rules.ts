import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { matchesPattern } from "../../stacks/config/patterns";

/** A GET request: the name of its Host header, and its path without the query. */
interface AskedPath {
  readonly host: string;
  readonly path: string;
}

/** Whether a rule takes a request. `unknown`: a condition on something that is not known here, such as the sender's address. */
type Fit = "yes" | "no" | "unknown";

/**
 * Why a GET request to a listener may not reach these target groups; undefined when its rules send it to them and nowhere else.
 * The first rule by priority that takes a request decides
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html). Pure.
 */
export function elsewhere(
  rules: readonly Rule[],
  request: AskedPath,
  targetGroups: readonly string[],
): string | undefined {
  for (const rule of [...rules].sort((a, b) => priorityOf(a) - priorityOf(b))) {
    const name = rule.IsDefault === true ? "its default action" : `its rule ${rule.Priority ?? "?"}`;
    const fit = fitOf(rule, request);
    if (fit === "no") continue;
    if (fit === "unknown") return `${name} may send it elsewhere: it has a condition that can't be checked here`;
    return forwardsOnlyTo(rule.Actions ?? [], targetGroups) ? undefined : `${name} sends it elsewhere`;
  }
  return "no rule of the listener is known to take it";
}

/** The default rule is the last one. */
function priorityOf({ IsDefault, Priority }: Rule): number {
  const priority = Number(Priority);
  return IsDefault === true || Number.isNaN(priority) ? Infinity : priority;
}

function fitOf({ Conditions = [] }: Rule, request: AskedPath): Fit {
  const fits = Conditions.map((condition) => conditionFit(condition, request));
  if (fits.includes("no")) return "no";
  return fits.includes("unknown") ? "unknown" : "yes";
}

function conditionFit(condition: RuleCondition, { host, path }: AskedPath): Fit {
  const { Field, Values = [], RegexValues = [], HostHeaderConfig, PathPatternConfig } = condition;
  const among = (patterns: readonly string[], text: string, regexes: readonly string[] = []): Fit => {
    if (patterns.some((pattern) => matchesPattern(pattern, text))) return "yes";
    return regexes.length + RegexValues.length > 0 ? "unknown" : "no";
  };
  switch (Field) {
    case "host-header": {
      const patterns = (HostHeaderConfig?.Values ?? Values).map((value) => value.toLowerCase());
      return among(patterns, host.toLowerCase(), HostHeaderConfig?.RegexValues);
    }
    case "path-pattern":
      return among(PathPatternConfig?.Values ?? Values, path, PathPatternConfig?.RegexValues);
    case "http-request-method":
      return among(condition.HttpRequestMethodConfig?.Values ?? Values, "GET");
    default:
      return "unknown";
  }
}

/** Whether these are one forward to no other target group, not even with the weight 0, which may change. */
function forwardsOnlyTo(actions: readonly Action[], targetGroups: readonly string[]): boolean {
  const [action, ...others] = actions;
  if (!action || others.length > 0 || action.Type !== "forward") return false;
  const { ForwardConfig, TargetGroupArn } = action;
  const groups = ForwardConfig?.TargetGroups?.map((one) => one.TargetGroupArn) ?? [TargetGroupArn];
  return groups.length > 0 && groups.every((arn) => arn !== undefined && targetGroups.includes(arn));
}
