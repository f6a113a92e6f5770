import type { AlarmFacts, RehearsalFacts } from "../report/facts";
import type { ProblemKind } from "./failures";

/**
 * Metrics of AWS/ApplicationELB that show a problem
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html); empty when
 * no metric of the load balancer shows it.
 */
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

/** Returns why the gate did not stop the release for these problems: one line per alarm that could have fired. Pure. */
export function whyGateDidNotStop(problems: readonly ProblemKind[], facts: RehearsalFacts): readonly string[] {
  return [...new Set(problems.flatMap((problem) => linesFor(problem, facts)))];
}

function linesFor(problem: ProblemKind, facts: RehearsalFacts): readonly string[] {
  const metrics = METRICS[problem];
  if (metrics.length === 0) return [`the gate is blind to ${WORDS[problem]}: no metric of the load balancer shows it`];
  const alarms = facts.alarms.filter(
    (alarm) => alarm.watches !== "old" && alarm.metrics.some((name) => metrics.includes(name)),
  );
  if (alarms.length === 0)
    return [
      `the gate is blind to ${WORDS[problem]}: no alarm of the new version's target group reads ${metrics.join(" or ")}` +
        (facts.leftOutAlarms.length === 0 ? "" : `; not played, and so unknown: ${facts.leftOutAlarms.join(", ")}`),
    ];
  return alarms.map((alarm) => `alarm ${alarm.name} ${whyNotStoppedBy(alarm, facts)}`);
}

function whyNotStoppedBy(alarm: AlarmFacts, facts: RehearsalFacts): string {
  const { name, inGate, missing, condition, worst } = alarm;
  if (!inGate) return "is not one that CodeDeploy reads";
  if (missing?.what === "all") return `gets no data here: ${missing.why}`;
  const changes = facts.transitions.filter(({ alarmName }) => alarmName === name);
  const fired = changes.find(({ to, at }) => to === "ALARM" && at >= facts.startedAt);
  const ended = facts.deployment?.completedAt;
  if (fired && ended !== undefined && fired.at > ended)
    return `fired only ${Math.round((fired.at - ended) / 1000)} s after the deployment had ended`;
  if (fired) return "fired, but CodeDeploy continued";
  if (changes.every(({ to }) => to === "INSUFFICIENT_DATA")) return "had INSUFFICIENT_DATA all the time";
  return `did not fire: it fires when ${condition}${worst === undefined ? "" : `, and the worst value was ${worst}`}`;
}
