import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import type { AlarmSelection } from "./alarm-selection";
import { firesAfterMinutes, scopeOf } from "./alarm-scope";
import type { DescribedAlarm } from "./alarms";
import type { AwsPort } from "./aws-port";
import { pairProblem, readLoadBalancer, trafficWarnings } from "./load-balancer";
import { blindProblems, gateMinutes, gateNotes, gateWarnings, type Gate } from "./gate";
import { leftoverWarnings, type LiveTasks } from "./live-tasks";
import type { Problem } from "./problem";
import type { ReleaseTarget } from "./target";

/** Facts for the gate. */
export interface GateInput {
  readonly target: ReleaseTarget;
  readonly tasks: LiveTasks;
  readonly group: DeploymentGroupInfo;
  readonly routing: TrafficRoutingConfig | undefined;
  readonly selection: AlarmSelection;
  readonly alarms: readonly DescribedAlarm[];
  /** Whether the appspec has a function that tests the new version. */
  readonly hook: boolean;
  /** `--accept-blind-gate`. */
  readonly accept: boolean;
  /** The command with `--accept-blind-gate`. */
  readonly acceptCommand: string;
}

/** The gate, and what people should know about it. */
export interface GateFacts {
  readonly gate: Gate;
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
  const { target, tasks, group, routing, selection, alarms, hook } = input;
  const { unread, ...loadBalancer } = await readLoadBalancer(aws, group, tasks);
  const { desired, running } = tasks;
  const gate: Gate = {
    tasks: { ...(desired !== undefined && { desired }), ...(running !== undefined && { running }) },
    ...(loadBalancer.targets && { targets: loadBalancer.targets }),
    alarms: alarms.map(({ view: { name, state }, definition }) => {
      const minutes = firesAfterMinutes(definition);
      const sees = scopeOf(definition, loadBalancer);
      return { name, state, sees, ...(minutes !== undefined && { firesAfterMinutes: minutes }) };
    }),
    leftOut: selection.leftOut,
    ...turnedOffIn(group),
    hook,
    ...gateMinutes(routing, group),
    ignorePollAlarmFailure: group.alarmConfiguration?.ignorePollAlarmFailure === true,
  };
  const blind = blindProblems(gate, {
    ...target,
    acceptCommand: input.acceptCommand,
    remedy: target.owner.correct("delivery"),
  });
  const accepted = input.accept ? blind : [];
  return {
    gate,
    problems: [...pairProblem(loadBalancer, target), ...(input.accept ? [] : blind)],
    warnings: [
      ...accepted.map(({ what }) => `accepted: ${what}`),
      ...gateWarnings(gate, target.deploymentGroup),
      ...trafficWarnings(loadBalancer),
      ...leftoverWarnings(tasks, loadBalancer),
      ...unread,
    ],
    notes: gateNotes(selection, gate, accepted),
  };
}
