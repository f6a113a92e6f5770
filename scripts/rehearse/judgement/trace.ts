import type { Fault } from "../faults";
import { SLOW_MS } from "../report/canary";
import type { RehearsalFacts } from "../report/facts";
import type { RequestRecord } from "../traffic/traffic";
import { failureGroups, isBad, type Trouble } from "./failures";

/** What a fault left behind in the traffic or in the health of targets. */
export interface Trace {
  /** One line each; empty when the fault left none. */
  readonly lines: readonly string[];
  readonly troubles: readonly Trouble[];
}

/**
 * Looks for what a fault must leave behind, as far as the new version is to blame.
 * @param answered the requests since the new version had traffic, but for those that the old version answered
 */
export function traceOf(fault: Fault, answered: readonly RequestRecord[], facts: RehearsalFacts): Trace {
  const bad = failureGroups(answered.filter(isBad));
  const slow = answered.filter(({ latencyMs }) => latencyMs > SLOW_MS).length;
  const slowTrace: Trace =
    slow === 0
      ? { lines: [], troubles: [] }
      : { lines: [`${count(slow)} answers took longer than ${SLOW_MS} ms`], troubles: ["slow"] };
  const { unhealthy } = facts.newTargetGroup;
  const unhealthyTrace: Trace =
    unhealthy === 0
      ? { lines: [], troubles: [] }
      : { lines: [`up to ${unhealthy} of its targets were unhealthy`], troubles: ["unhealthy"] };
  const badTrace = (fits: (trouble: Trouble) => boolean): Trace => {
    const fitting = bad.filter(({ trouble }) => fits(trouble));
    const sum = fitting.reduce((total, group) => total + group.count, 0);
    return {
      lines: sum === 0 ? [] : [`${count(sum)} requests failed`],
      troubles: fitting.map(({ trouble }) => trouble),
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
      return { lines: [], troubles: [] };
  }
}

function joined(...traces: readonly Trace[]): Trace {
  return { lines: traces.flatMap(({ lines }) => lines), troubles: traces.flatMap(({ troubles }) => troubles) };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
