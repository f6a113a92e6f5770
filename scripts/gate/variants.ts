import { type GateLimit, limitExpressions, parseLimit } from "../../stacks/gate/limit";
import type { Gate } from "./gates";

/**
 * The same gate with other numbers in its limits, as the stacks would make it.
 * @param change of the limit of each alarm that has one
 */
export function withLimit(gate: Gate, change: Partial<GateLimit>): Gate {
  const alarms = gate.template.alarms.map((alarm) => {
    const parsed = parseLimit(alarm.metrics ?? []);
    if (!parsed) return alarm;
    const { judged, ...limit } = parsed;
    return { ...alarm, metrics: limitExpressions({ ...limit, ...change }, judged) };
  });
  return { ...gate, template: { ...gate.template, alarms } };
}

/** The limit on failed requests of a gate's first target group; undefined for a gate without one. */
export function limitOn(gate: Gate): GateLimit | undefined {
  return gate.template.alarms
    .flatMap(({ metrics }) => parseLimit(metrics ?? []) ?? [])
    .find(({ judged }) => judged.bad.kind === "failedRequests");
}
