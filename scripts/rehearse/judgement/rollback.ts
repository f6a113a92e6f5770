import type { Deployment } from "../../cloud/codedeploy/part";
import { FAULT_SIGNALS } from "../faults";
import type { RehearsalFacts } from "../report/facts";

/** Returns the names of the alarms for which CodeDeploy stopped the deployment, each once. Pure. */
export function activatedAlarms({
  deployment,
  alarms,
  transitions,
}: Pick<RehearsalFacts, "deployment" | "alarms" | "transitions">): string[] {
  const error = deployment?.errorInformation;
  if (error?.code !== "ALARM_ACTIVE") return [];
  // The message has each name in angle brackets (cloud/codedeploy/messages.ts). A name may contain spaces.
  const named = alarms.map(({ name }) => name).filter((name) => error.message.includes(`<${name}>`));
  const fired = transitions.filter(({ to }) => to === "ALARM").map(({ alarmName }) => alarmName);
  return [...new Set(named.length > 0 ? named : fired)];
}

/**
 * Returns why the rollback does not prove that the gate catches the fault: the release was stopped for a reason that this
 * fault does not cause. Undefined when the fault explains the rollback, or when no fault was injected. Pure.
 */
export function unrelatedCause(facts: RehearsalFacts): string | undefined {
  const { fault, deployment } = facts;
  if (fault === undefined) return undefined;
  const code = codeOf(deployment);
  if (code !== "ALARM_ACTIVE") {
    if (FAULT_SIGNALS[fault].errorCodes.includes(code)) return undefined;
    return `${code} stopped the release, and the fault ${fault} does not cause that`;
  }
  const names = activatedAlarms(facts);
  const fitting = facts.alarms.filter(
    ({ name, metrics, watches }) =>
      names.includes(name) &&
      watches !== "old" &&
      metrics.some((metric) => FAULT_SIGNALS[fault].metrics.includes(metric)),
  );
  if (fitting.length > 0) return undefined;
  const fired = facts.alarms.filter(({ name }) => names.includes(name)).map(inWords);
  return `${fired.join(" and ") || "an unknown alarm"} stopped the release, and the fault ${fault} does not cause that`;
}

function codeOf(deployment: Deployment | undefined): string {
  return deployment?.errorInformation?.code ?? "an unknown reason";
}

function inWords({ name, metrics, watches }: RehearsalFacts["alarms"][number]): string {
  const whose = watches === undefined ? "" : ` of the ${watches} version's target group`;
  return `alarm ${name} (${metrics.join(", ")}${whose})`;
}
