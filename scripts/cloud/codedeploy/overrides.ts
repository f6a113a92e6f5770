import { AwsError } from "../aws-error";
import type { DeploymentGroupTemplate } from "../template";
import type { AlarmConfiguration } from "./alarm-watch";
import type { DeploymentPlan } from "./machine-types";
import type { CreateDeploymentInput } from "./part";

const ROLLBACK_EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"] as const;

/**
 * The alarms of a deployment: the group's, unless CreateDeployment overrides them.
 * @param limit largest number of alarms
 * @throws AwsError InvalidAlarmConfigException, AlarmsLimitExceededException
 */
export function alarmsOf(
  group: DeploymentGroupTemplate,
  override: CreateDeploymentInput["alarms"],
  limit: number,
): AlarmConfiguration {
  if (override === undefined) return group.alarms;
  const { enabled, names } = override;
  const invalid = (problem: string) => new AwsError("InvalidAlarmConfigException", problem);
  if (enabled && names.length === 0) throw invalid("The alarm configuration is enabled, but the alarm list is empty.");
  if (names.some((name) => name === "" || name.length > 255)) {
    throw invalid("An alarm name is empty or longer than 255 characters.");
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`The alarm ${twice} is specified twice.`);
  if (names.length > limit) {
    throw new AwsError(
      "AlarmsLimitExceededException",
      `The maximum number of alarms (${limit}) was exceeded: ${names.length}.`,
    );
  }
  return override;
}

/**
 * The events on which a deployment rolls back: the group's, unless CreateDeployment overrides them.
 * @throws AwsError InvalidAutoRollbackConfigException
 */
export function rollbackOnOf(
  group: DeploymentGroupTemplate,
  override: CreateDeploymentInput["autoRollback"],
): DeploymentPlan["rollbackOn"] {
  if (override !== undefined) {
    const invalid = (problem: string) => new AwsError("InvalidAutoRollbackConfigException", problem);
    if (override.enabled && override.events.length === 0) {
      throw invalid("Automatic rollback is enabled, but no events are listed.");
    }
    const known: readonly string[] = ROLLBACK_EVENTS;
    const unknown = override.events.find((event) => !known.includes(event));
    if (unknown !== undefined) throw invalid(`${unknown} is not one of ${ROLLBACK_EVENTS.join(", ")}.`);
  }
  const { enabled, events } = override ?? group.autoRollback;
  const on = (event: (typeof ROLLBACK_EVENTS)[number]) => enabled && events.includes(event);
  return {
    alarm: on("DEPLOYMENT_STOP_ON_ALARM"),
    failure: on("DEPLOYMENT_FAILURE"),
    request: on("DEPLOYMENT_STOP_ON_REQUEST"),
  };
}
