import type { AlarmConfiguration, DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { AlarmScope } from "./alarm-scope";

/** Which alarms of its group a release watches: those that may measure the new version, or all. */
export type AlarmChoice = "new" | "all";

/**
 * Largest number of alarms of a deployment (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html). A group may have
 * got a higher quota, and it is not documented whether that also holds for an override.
 */
export const MAX_OVERRIDE_ALARMS = 10;

/** The alarms of a deployment group, split by whether a deployment watches them. */
export interface AlarmSelection {
  readonly watched: readonly string[];
  /** Alarms of the group that this deployment doesn't watch. */
  readonly unwatched: readonly string[];
  /** Input of CreateDeployment that replaces the group's alarms; absent: the deployment watches the group's. */
  readonly override?: AlarmConfiguration;
}

/** Names of the alarms that CodeDeploy watches with a configuration; none when the configuration is disabled. Pure. */
export function watchedBy(configuration: AlarmConfiguration | undefined): readonly string[] {
  if (configuration?.enabled !== true) return [];
  return (configuration.alarms ?? []).flatMap(({ name }) => name ?? []);
}

/**
 * The alarms of a release. With `new`, those that measure only the live version's target group are not watched: a broken live
 * version must not roll back its own fix. The override replaces the whole configuration of the group, so it repeats the group's
 * other settings. Pure.
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html (overrideAlarmConfiguration)
 *
 * @param scopeOf gives what an alarm of the group measures
 */
export function selectAlarms(
  { alarmConfiguration }: DeploymentGroupInfo,
  choice: AlarmChoice,
  scopeOf: (name: string) => AlarmScope,
): AlarmSelection {
  const all = watchedBy(alarmConfiguration);
  const unwatched = choice === "all" ? [] : all.filter((name) => scopeOf(name) === "live");
  if (unwatched.length === 0) return { watched: all, unwatched };
  const watched = all.filter((name) => !unwatched.includes(name));
  const alarms = watched.map((name) => ({ name }));
  return { watched, unwatched, override: { ...alarmConfiguration, enabled: watched.length > 0, alarms } };
}

/** The alarms of an existing deployment: its override when it has one, else the group's. Pure. */
export function alarmsOfDeployment(
  group: DeploymentGroupInfo,
  deployment: Pick<DeploymentInfo, "overrideAlarmConfiguration">,
): AlarmSelection {
  const all = watchedBy(group.alarmConfiguration);
  const { overrideAlarmConfiguration: override } = deployment;
  if (!override) return { watched: all, unwatched: [] };
  const watched = watchedBy(override);
  return { watched, unwatched: all.filter((name) => !watched.includes(name)), override };
}

/** `alarm a`, `alarms a and b`, `alarms a, b and c`. Pure. */
export function alarmsByName(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1) ?? "";
  if (quoted.length <= 1) return `alarm ${last}`;
  return `alarms ${quoted.slice(0, -1).join(", ")} and ${last}`;
}
