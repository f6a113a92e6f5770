import type { AlarmFacts, RehearsalFacts } from "../report/facts";
import type { ProblemKind } from "./failures";

/** Metrics of AWS/ApplicationELB that show a trouble; none: a load balancer does not look at it. */
const METRICS: Readonly<Record<ProblemKind, readonly string[]>> = {
  "4xx": ["HTTPCode_Target_4XX_Count"],
  "5xx": ["HTTPCode_Target_5XX_Count"],
  "load balancer's 5xx": ["HTTPCode_ELB_5XX_Count", "TargetConnectionErrorCount"],
  "wrong content": [],
  "no answer": [],
  slow: ["TargetResponseTime"],
  unhealthy: ["UnHealthyHostCount"],
};

const WORDS: Readonly<Record<ProblemKind, string>> = {
  "4xx": "4xx answers",
  "5xx": "5xx answers",
  "load balancer's 5xx": "targets that do not answer",
  "wrong content": "wrong content under a good status",
  "no answer": "requests without an answer",
  slow: "slow answers",
  unhealthy: "unhealthy targets",
};

/** Why the gate did not stop the release for these troubles, a line for each alarm that might have. Pure. */
export function whyGateDidNotStop(troubles: readonly ProblemKind[], facts: RehearsalFacts): readonly string[] {
  return [...new Set(troubles.flatMap((trouble) => linesFor(trouble, facts)))];
}

function linesFor(trouble: ProblemKind, facts: RehearsalFacts): readonly string[] {
  const metrics = METRICS[trouble];
  if (metrics.length === 0) return [`the gate is blind to ${WORDS[trouble]}: no metric of the load balancer shows it`];
  const alarms = facts.alarms.filter(
    (alarm) => alarm.watches !== "old" && alarm.metrics.some((name) => metrics.includes(name)),
  );
  if (alarms.length === 0)
    return [
      `the gate is blind to ${WORDS[trouble]}: no alarm of the new version's target group reads ${metrics.join(" or ")}`,
    ];
  return alarms.map((alarm) => `alarm ${alarm.name} ${whyQuiet(alarm, facts)}`);
}

function whyQuiet(alarm: AlarmFacts, facts: RehearsalFacts): string {
  const { name, inGate, condition, worst } = alarm;
  if (!inGate) return "is not one that CodeDeploy reads";
  const own = facts.transitions.filter(({ alarmName }) => alarmName === name);
  const fired = own.find(({ to, at }) => to === "ALARM" && at >= facts.startedAt);
  const ended = facts.deployment?.completedAt;
  if (fired && ended !== undefined && fired.at > ended)
    return `fired only ${Math.round((fired.at - ended) / 1000)} s after the deployment had ended`;
  if (fired) return "fired, and CodeDeploy went on all the same";
  if (own.every(({ to }) => to === "INSUFFICIENT_DATA")) return "had INSUFFICIENT_DATA all the time";
  return `did not fire: it does when ${condition}${worst === undefined ? "" : `, and the worst it saw was ${worst}`}`;
}
