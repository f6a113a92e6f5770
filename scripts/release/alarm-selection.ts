import type { AlarmConfiguration, DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Problem } from "./problem";

/** The alarms of a deployment group, split by whether a deployment watches them. */
export interface AlarmSelection {
  readonly watched: readonly string[];
  /** Alarms of the group that this deployment doesn't watch. */
  readonly leftOut: readonly string[];
  /** Input of CreateDeployment that replaces the group's alarms; absent: the deployment watches the group's. */
  readonly override?: AlarmConfiguration;
}

/** Names of the alarms that CodeDeploy watches with a configuration; none when the configuration is disabled. */
function watchedBy(configuration: AlarmConfiguration | undefined): readonly string[] {
  if (configuration?.enabled !== true) return [];
  return (configuration.alarms ?? []).flatMap(({ name }) => name ?? []);
}

/**
 * The alarms of a release: the group's, without those that are left out. The override replaces the whole configuration of
 * the group, so it repeats the group's other settings. Pure.
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html (overrideAlarmConfiguration)
 *
 * @param without names of `--without-alarm`
 */
export function selectAlarms(group: DeploymentGroupInfo, without: readonly string[]): AlarmSelection {
  const all = watchedBy(group.alarmConfiguration);
  const leftOut = all.filter((name) => without.includes(name));
  const watched = all.filter((name) => !without.includes(name));
  if (leftOut.length === 0) return { watched, leftOut };
  return {
    watched,
    leftOut,
    override: {
      ...group.alarmConfiguration,
      enabled: watched.length > 0,
      alarms: watched.map((name) => ({ name })),
    },
  };
}

/** The alarms of an existing deployment: its override when it has one, else the group's. Pure. */
export function alarmsOfDeployment(
  group: DeploymentGroupInfo,
  deployment: Pick<DeploymentInfo, "overrideAlarmConfiguration">,
): AlarmSelection {
  const all = watchedBy(group.alarmConfiguration);
  const { overrideAlarmConfiguration: override } = deployment;
  if (!override) return { watched: all, leftOut: [] };
  const watched = watchedBy(override);
  return { watched, leftOut: all.filter((name) => !watched.includes(name)), override };
}

/** A problem for each name to leave out that is not exactly the name of an alarm of the group. Pure. */
export function selectionProblems(
  group: DeploymentGroupInfo,
  without: readonly string[],
  deploymentGroup: string,
): readonly Problem[] {
  const all = watchedBy(group.alarmConfiguration);
  return without
    .filter((name) => !all.includes(name))
    .map((name) => ({
      what: `the deployment group watches no alarm "${name}"`,
      where: `--without-alarm; group ${deploymentGroup}`,
      next:
        all.length === 0
          ? "remove --without-alarm: the group watches no alarm"
          : `name one of: ${all.map((each) => `"${each}"`).join(", ")}`,
    }));
}

/** `alarm a`, `alarms a and b`, `alarms a, b and c`. Pure. */
export function alarmsByName(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.at(-1) ?? "";
  if (quoted.length <= 1) return `alarm ${last}`;
  return `alarms ${quoted.slice(0, -1).join(", ")} and ${last}`;
}
