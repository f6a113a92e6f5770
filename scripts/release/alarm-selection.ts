import type { AlarmConfiguration, DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Problem } from "./problem";

/** Which alarms a deployment watches. */
export interface AlarmSelection {
  readonly watched: readonly string[];
  /** Alarms of the group that this deployment doesn't watch. */
  readonly leftOut: readonly string[];
  /** What CreateDeployment is given in place of the group's alarms; absent: it watches those. */
  readonly override?: AlarmConfiguration;
}

/** Names of the alarms that a configuration has CodeDeploy watch; those of one that is turned off are not watched. */
function watchedBy(configuration: AlarmConfiguration | undefined): readonly string[] {
  if (configuration?.enabled !== true) return [];
  return (configuration.alarms ?? []).flatMap(({ name }) => name ?? []);
}

/**
 * The alarms of a release: the group's, without those named. The override replaces the group's configuration as a whole
 * (API reference, CreateDeployment, overrideAlarmConfiguration), so that it carries all else of it along. Pure.
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

/** The alarms of a deployment that is there already: its own, where it was given some. Pure. */
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

/** Every name to leave out is an alarm of the group, letter by letter. Pure. */
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
          ? "leave --without-alarm out: the group watches no alarm at all"
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
