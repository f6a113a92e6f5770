import type { FaultName } from "../../cloud/faults";
import { SLOW_ANSWER_MS } from "../report/canary";
import type { RehearsalFacts } from "../report/facts";
import type { RequestRecord } from "../traffic/generator";
import { failureGroups, isBad, type ProblemKind } from "./failures";

/** What a fault changed in the traffic or in the health of targets. */
export interface FaultSymptoms {
  /** One line per symptom; empty when the fault had no visible effect. */
  readonly lines: readonly string[];
  readonly problems: readonly ProblemKind[];
}

/**
 * Finds the symptoms that a fault must cause, in the requests that the new version is responsible for.
 * @param answered requests since the new version had traffic, without those that the old version answered
 */
export function symptomsOf(fault: FaultName, answered: readonly RequestRecord[], facts: RehearsalFacts): FaultSymptoms {
  const bad = failureGroups(answered.filter(isBad));
  const slow = answered.filter(({ latencyMs }) => latencyMs > SLOW_ANSWER_MS).length;
  const slowSymptoms: FaultSymptoms =
    slow === 0
      ? { lines: [], problems: [] }
      : { lines: [`${count(slow)} answers took longer than ${SLOW_ANSWER_MS} ms`], problems: ["slow"] };
  const { unhealthy } = facts.newTargetGroup;
  const unhealthySymptoms: FaultSymptoms =
    unhealthy === 0
      ? { lines: [], problems: [] }
      : { lines: [`up to ${unhealthy} of its targets were unhealthy`], problems: ["unhealthy"] };
  const failureSymptoms = (fits: (problem: ProblemKind) => boolean): FaultSymptoms => {
    const fitting = bad.filter(({ problem }) => fits(problem));
    const sum = fitting.reduce((total, group) => total + group.count, 0);
    return {
      lines: sum === 0 ? [] : [`${count(sum)} requests failed`],
      problems: fitting.map(({ problem }) => problem),
    };
  };
  switch (fault) {
    case "error":
      return failureSymptoms((problem) => problem === "5xx");
    case "slow":
      return slowSymptoms;
    case "crash":
      return joined(
        failureSymptoms((problem) => problem === "5xx"),
        slowSymptoms,
      );
    case "unhealthy":
      return unhealthySymptoms;
    case "exit":
      return joined(
        failureSymptoms((problem) => problem === "load balancer's 5xx" || problem === "no answer"),
        unhealthySymptoms,
      );
    case "broken-start":
      // A version that never starts has no symptoms in the traffic: it answers no request.
      return { lines: [], problems: [] };
  }
}

function joined(...traces: readonly FaultSymptoms[]): FaultSymptoms {
  return { lines: traces.flatMap(({ lines }) => lines), problems: traces.flatMap(({ problems }) => problems) };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
