import type { FaultName } from "../faults";
import { SLOW_ANSWER_MS } from "../report/canary";
import type { RehearsalFacts } from "../report/facts";
import type { RequestRecord } from "../traffic/traffic";
import { failureGroups, isBad, type ProblemKind } from "./failures";

/** What a fault left behind in the traffic or in the health of targets. */
export interface FaultSymptoms {
  /** One line each; empty when the fault left none. */
  readonly lines: readonly string[];
  readonly problems: readonly ProblemKind[];
}

/**
 * Looks for what a fault must leave behind, as far as the new version is to blame.
 * @param answered the requests since the new version had traffic, but for those that the old version answered
 */
export function symptomsOf(fault: FaultName, answered: readonly RequestRecord[], facts: RehearsalFacts): FaultSymptoms {
  const bad = failureGroups(answered.filter(isBad));
  const slow = answered.filter(({ latencyMs }) => latencyMs > SLOW_ANSWER_MS).length;
  const slowTrace: FaultSymptoms =
    slow === 0
      ? { lines: [], problems: [] }
      : { lines: [`${count(slow)} answers took longer than ${SLOW_ANSWER_MS} ms`], problems: ["slow"] };
  const { unhealthy } = facts.newTargetGroup;
  const unhealthyTrace: FaultSymptoms =
    unhealthy === 0
      ? { lines: [], problems: [] }
      : { lines: [`up to ${unhealthy} of its targets were unhealthy`], problems: ["unhealthy"] };
  const badTrace = (fits: (trouble: ProblemKind) => boolean): FaultSymptoms => {
    const fitting = bad.filter(({ problem }) => fits(problem));
    const sum = fitting.reduce((total, group) => total + group.count, 0);
    return {
      lines: sum === 0 ? [] : [`${count(sum)} requests failed`],
      problems: fitting.map(({ problem }) => problem),
    };
  };
  switch (fault) {
    case "error":
      return badTrace((trouble) => trouble === "5xx");
    case "slow":
      return slowTrace;
    case "crash":
      return joined(
        badTrace((trouble) => trouble === "5xx"),
        slowTrace,
      );
    case "unhealthy":
      return unhealthyTrace;
    case "exit":
      return joined(
        badTrace((trouble) => trouble === "load balancer's 5xx" || trouble === "no answer"),
        unhealthyTrace,
      );
    case "broken-start":
      // A version that never starts answers nothing; one that answered has started.
      return { lines: [], problems: [] };
  }
}

function joined(...traces: readonly FaultSymptoms[]): FaultSymptoms {
  return { lines: traces.flatMap(({ lines }) => lines), problems: traces.flatMap(({ problems }) => problems) };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
