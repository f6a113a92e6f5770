import type { Deployment } from "../../cloud/codedeploy/part";
import { FAULT_SIGNALS } from "../faults";
import type { RehearsalFacts } from "../report/facts";

/** The alarms that CodeDeploy names as the reason of its stop, each once. Pure. */
export function activatedAlarms({
  deployment,
  alarms,
  transitions,
}: Pick<RehearsalFacts, "deployment" | "alarms" | "transitions">): string[] {
  const error = deployment?.errorInformation;
  if (error?.code !== "ALARM_ACTIVE") return [];
  // Each name stands in angle brackets, and may hold spaces and almost any other character.
  const named = alarms.map(({ name }) => name).filter((name) => error.message.includes(`<${name}>`));
  const fired = transitions.filter(({ to }) => to === "ALARM").map(({ alarmName }) => alarmName);
  return [...new Set(named.length > 0 ? named : fired)];
}

/**
 * Why a rollback does not show that the gate catches the fault: what stopped the release is nothing that this fault
 * brings about. Undefined when it is, and when no fault was asked for. Pure.
 */
export function unrelatedCause(facts: RehearsalFacts): string | undefined {
  const { fault, deployment } = facts;
  if (fault === undefined) return undefined;
  const code = codeOf(deployment);
  if (code !== "ALARM_ACTIVE") {
    if (FAULT_SIGNALS[fault].errorCodes.includes(code)) return undefined;
    return `${code} stopped the release, and the fault ${fault} does not bring that about`;
  }
  const names = activatedAlarms(facts);
  const fitting = facts.alarms.filter(
    ({ name, metrics, watches }) =>
      names.includes(name) &&
      watches !== "old" &&
      metrics.some((metric) => FAULT_SIGNALS[fault].metrics.includes(metric)),
  );
  if (fitting.length > 0) return undefined;
  const seen = facts.alarms.filter(({ name }) => names.includes(name)).map(inWords);
  return `${seen.join(" and ") || "an unknown alarm"} stopped the release, and the fault ${fault} does not bring that about`;
}

function codeOf(deployment: Deployment | undefined): string {
  return deployment?.errorInformation?.code ?? "something that CodeDeploy does not name";
}

function inWords({ name, metrics, watches }: RehearsalFacts["alarms"][number]): string {
  const whose = watches === undefined ? "" : ` of the ${watches} version's target group`;
  return `alarm ${name} (${metrics.join(", ")}${whose})`;
}
