/** The states of a CloudWatch alarm, with the names of the functions in an alarm rule. */
const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
type State = (typeof STATES)[number];
/** Whether a composite alarm fires, given the states of the alarms in its rule. */
type Fires = (states: ReadonlyMap<string, State>) => boolean;

/** The rule of a composite alarm: when it fires, and the names of the alarms in it. */
export interface CompositeAlarmRule {
  readonly fires: Fires;
  readonly alarms: readonly string[];
}

/** With more alarms than this, there are too many combinations of states to try all. */
const MAX_ALARMS = 8;
const TOKEN =
  /\s*(\(|\)|AND\b|OR\b|NOT\b|TRUE\b|FALSE\b|(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"[^"]*"|'[^']*'|[^()"']*?)\s*\))/gy;

/**
 * Parses the rule of a composite alarm; undefined when it isn't one. NOT has the highest precedence, then AND, then OR.
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html)
 */
export function parseAlarmRule(text: string): CompositeAlarmRule | undefined {
  const tokens = [...text.matchAll(TOKEN)].map(([, token = ""]) => token);
  if (tokens.join("").replace(/\s/g, "").length !== text.replace(/\s/g, "").length) return undefined;
  const alarms = new Set<string>();
  let at = 0;
  const next = () => tokens[at];
  const either = (): Fires | undefined => {
    let left = both();
    while (left !== undefined && next() === "OR") {
      at += 1;
      const [one, other] = [left, both()];
      left = other && ((states) => one(states) || other(states));
    }
    return left;
  };
  const both = (): Fires | undefined => {
    let left = single();
    while (left !== undefined && next() === "AND") {
      at += 1;
      const [one, other] = [left, single()];
      left = other && ((states) => one(states) && other(states));
    }
    return left;
  };
  const single = (): Fires | undefined => {
    const token = next();
    at += 1;
    if (token === "NOT") {
      const inner = single();
      return inner && ((states) => !inner(states));
    }
    if (token === "(") {
      const inner = either();
      if (next() !== ")") return undefined;
      at += 1;
      return inner;
    }
    if (token === "TRUE" || token === "FALSE") return () => token === "TRUE";
    const test = /(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*["']?(.*?)["']?\s*\)$/s.exec(token ?? "");
    if (test === null) return undefined;
    const [, state, name = ""] = test;
    if (name === "") return undefined;
    // An alarm is named by its name or its ARN.
    const alarm = name.replace(/^arn:.*:alarm:/, "");
    alarms.add(alarm);
    return (states) => states.get(alarm) === state;
  };
  const fires = either();
  return fires === undefined || at < tokens.length ? undefined : { fires, alarms: [...alarms] };
}

/**
 * How a new rule changes a composite alarm. `never`: it can't fire any more. `misses`: it no longer fires in a state in which it
 * fired before. `no`: it fires at least as often. `unknown`: the rules can't be compared.
 */
export type AlarmRuleChange = "never" | "misses" | "no" | "unknown";

/** Compares two rules in every combination of states of their alarms. Pure. */
export function compareAlarmRules(before: string, after: string): AlarmRuleChange {
  const [was, is] = [parseAlarmRule(before), parseAlarmRule(after)];
  if (was === undefined || is === undefined) return "unknown";
  const alarms = [...new Set([...was.alarms, ...is.alarms])];
  if (alarms.length > MAX_ALARMS) return was.alarms.every((name) => is.alarms.includes(name)) ? "unknown" : "misses";
  const all = statesOf(alarms);
  if (!all.some(is.fires)) return "never";
  return all.some((states) => was.fires(states) && !is.fires(states)) ? "misses" : "no";
}

function statesOf(alarms: readonly string[]): readonly ReadonlyMap<string, State>[] {
  return alarms.reduce<readonly ReadonlyMap<string, State>[]>(
    (all, alarm) => all.flatMap((states) => STATES.map((state) => new Map(states).set(alarm, state))),
    [new Map()],
  );
}
