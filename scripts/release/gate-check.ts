import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import {
  alarmsByName,
  MAX_OVERRIDE_ALARMS,
  selectAlarms,
  type AlarmChoice,
  type AlarmSelection,
} from "./alarm-selection";
import {
  canSeeNewVersion,
  firesAfterMinutes,
  isComposite,
  scopeOf,
  type AlarmScope,
  type MetricDimensions,
} from "./alarm-scope";
import { describeChildren, type DescribedAlarm } from "./alarms";
import type { AwsPort } from "./aws-port";
import type { CanarySubject } from "./canary-check";
import { firingAlarmProblems } from "./checks";
import { explain } from "./failure";
import { pairProblem, readLoadBalancer, trafficWarnings } from "./load-balancer";
import { blindProblems, gateMinutes, gateNotes, gateWarnings, type Gate, type GateAlarm } from "./gate";
import { leftoverWarnings, type LiveTasks } from "./live-tasks";
import type { Problem } from "./problem";
import type { ReleaseTarget } from "./target";

/** Facts for the gate. */
export interface GateInput {
  readonly target: ReleaseTarget;
  readonly tasks: LiveTasks;
  readonly group: DeploymentGroupInfo;
  readonly routing: TrafficRoutingConfig | undefined;
  /** `--alarms`. */
  readonly choice: AlarmChoice;
  /** The alarms of the group. */
  readonly alarms: readonly DescribedAlarm[];
  /** Whether the appspec has a function that tests the new version. */
  readonly hook: boolean;
  /** `--accept-blind-gate`. */
  readonly accept: boolean;
  /** This command with `--accept-blind-gate`, and with each choice of `--alarms`. */
  readonly commands: { readonly accept: string; readonly alarms: Readonly<Record<AlarmChoice, string>> };
}

/** The gate, and what people should know about it. */
export interface GateFacts {
  readonly gate: Gate;
  /** The alarms that the deployment will watch, and those that it will not. */
  readonly selection: AlarmSelection;
  /** Where the canary's requests are counted, and the alarms that judge it. */
  readonly canary: CanarySubject;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Notes for the final report. */
  readonly notes: readonly string[];
}

/** The alarms of a group that watches none of them. In Terraform, `alarm_configuration` is off without `enabled = true`. */
function turnedOffIn({ alarmConfiguration }: DeploymentGroupInfo): Pick<Gate, "turnedOff"> {
  const { enabled = false, alarms = [] } = alarmConfiguration ?? {};
  return enabled || alarms.length === 0 ? {} : { turnedOff: alarms.length };
}

/** Finds out what will test the new version. Never throws: what can't be read becomes a warning. */
export async function checkGate(aws: AwsPort, input: GateInput): Promise<GateFacts> {
  const { target, tasks, group, routing, alarms, hook, choice } = input;
  const [{ unread, ...loadBalancer }, children] = await Promise.all([
    readLoadBalancer(aws, group, tasks),
    readChildren(aws, alarms),
  ]);
  const scoped = alarms.map((alarm) => {
    const sees = scopeOf(alarm.definition, loadBalancer, (name) => children.definitions.get(name));
    return { ...alarm, sees };
  });
  const scopes = new Map<string, AlarmScope>(scoped.map(({ view, sees }) => [view.name, sees]));
  const selection = selectAlarms(group, choice, (name) => scopes.get(name) ?? "unknown");
  const isWatched = ({ view }: DescribedAlarm) => selection.watched.includes(view.name);
  const watched = scoped.filter(isWatched);
  const { desired, running } = tasks;
  const gate: Gate = {
    tasks: { ...(desired !== undefined && { desired }), ...(running !== undefined && { running }) },
    ...(loadBalancer.targets && { targets: loadBalancer.targets }),
    alarms: watched.map(gateAlarm),
    unwatched: scoped.filter((alarm) => !isWatched(alarm)).map(gateAlarm),
    ...turnedOffIn(group),
    hook,
    ...gateMinutes(routing, group),
    ignorePollAlarmFailure: group.alarmConfiguration?.ignorePollAlarmFailure === true,
  };
  const blind = blindProblems(gate, {
    ...target,
    acceptCommand: input.commands.accept,
    allAlarmsCommand: input.commands.alarms.all,
    remedy: target.owner.correct("delivery"),
  });
  const accepted = input.accept ? blind : [];
  return {
    gate,
    selection,
    canary: {
      ...canaryGroupOf(loadBalancer),
      alarms: watched.filter(({ sees }) => canSeeNewVersion(sees)).map(({ definition }) => definition),
    },
    problems: [
      ...firingAlarmProblems(watched, choice === "new" ? undefined : input.commands.alarms.new),
      ...quotaProblems(selection, input),
      ...pairProblem(loadBalancer, target),
      ...(input.accept ? [] : blind),
    ],
    warnings: [
      ...accepted.map(({ what }) => `accepted: ${what}`),
      ...gateWarnings(gate, target.deploymentGroup),
      ...trafficWarnings(loadBalancer),
      ...leftoverWarnings(tasks, loadBalancer),
      ...unread,
      ...children.unread,
    ],
    notes: gateNotes(selection, gate, accepted),
  };
}

function canaryGroupOf({ loadBalancer, next }: MetricDimensions): Pick<CanarySubject, "group"> {
  return loadBalancer === undefined || next === undefined ? {} : { group: { loadBalancer, next } };
}

function gateAlarm({ view, definition, sees }: DescribedAlarm & { readonly sees: AlarmScope }): GateAlarm {
  const { name, state, reason } = view;
  const minutes = firesAfterMinutes(definition);
  return {
    name,
    state,
    sees,
    ...(state === "ALARM" && reason !== undefined && { reason }),
    ...(minutes !== undefined && { firesAfterMinutes: minutes }),
  };
}

/** The alarms of the composite alarms' rules. Without them it is not known what these measure, so they stay watched. */
async function readChildren(aws: AwsPort, alarms: readonly DescribedAlarm[]) {
  try {
    return { definitions: await describeChildren(aws, alarms), unread: [] };
  } catch (error) {
    const { type, message } = explain(error);
    const composite = alarms.filter(({ definition }) => isComposite(definition)).map(({ view }) => view.name);
    return {
      definitions: new Map<string, DescribedAlarm["definition"]>(),
      unread: [`not checked what ${alarmsByName(composite)} measures: ${type}: ${message} (cloudwatch:DescribeAlarms)`],
    };
  }
}

/** A problem when the deployment can't have as many alarms of its own. */
function quotaProblems({ watched, override }: AlarmSelection, { target, commands }: GateInput): readonly Problem[] {
  if (!override || watched.length <= MAX_OVERRIDE_ALARMS) return [];
  return [
    {
      what: `${watched.length} alarms of the group may measure the new version, and a deployment of its own takes ${MAX_OVERRIDE_ALARMS}`,
      where: `group ${target.deploymentGroup}`,
      next: `watch all alarms of the group with: ${commands.alarms.all}`,
    },
  ];
}
