import type { DeploymentGroupInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { alarmsByName, type AlarmSelection } from "./alarm-selection";
import { canSeeNewVersion, type AlarmScope } from "./alarm-scope";
import { minutesOrDefault, shiftMinutesOf, waitsOf } from "./time-limit";
import type { Problem } from "./problem";
import type { AlarmView } from "./snapshot";

/** An alarm of the gate. */
export interface GateAlarm extends Pick<AlarmView, "name" | "state" | "reason"> {
  /** What the alarm measures. */
  readonly sees: AlarmScope;
  /** Minutes for which its metric has to be bad until it fires; absent when not known. */
  readonly firesAfterMinutes?: number;
}

/** What will test the new version before all users have it, as far as it is known before the release. */
export interface Gate {
  /** Numbers of tasks of the live version; absent when AWS doesn't return them. */
  readonly tasks: { readonly desired?: number; readonly running?: number };
  /** State of each target of the live target group, e.g. `healthy`; absent when not read. */
  readonly targets?: readonly string[];
  /** The alarms that this deployment watches. */
  readonly alarms: readonly GateAlarm[];
  /** Alarms of the group that this deployment doesn't watch: they measure only the live version. */
  readonly unwatched: readonly GateAlarm[];
  /** Number of alarms that the group names while its alarm configuration is turned off; absent: none. */
  readonly turnedOff?: number;
  /** Whether a function of the appspec tests the new version before it has production traffic. */
  readonly hook: boolean;
  /** Minutes in which only some users have the new version; 0 when all get it at once. */
  readonly canaryMinutes: number;
  /** Minutes from the first shift of traffic until the old tasks stop. Until then an alarm can trigger a rollback. */
  readonly watchMinutes: number;
  /** Whether CodeDeploy continues when it can't read the alarms. */
  readonly ignorePollAlarmFailure: boolean;
}

/** How long the alarms can act, from the strategy and the termination wait. A wait of unknown length counts as an hour. Pure. */
export function gateMinutes(
  routing: TrafficRoutingConfig | undefined,
  group: DeploymentGroupInfo,
): Pick<Gate, "canaryMinutes" | "watchMinutes"> {
  const canaryMinutes = shiftMinutesOf(routing);
  const { terminationWaitMinutes } = waitsOf(group);
  // With KEEP_ALIVE there is no wait: the deployment ends at once and can't roll back to the old task set any more.
  const wait = terminationWaitMinutes === undefined ? 0 : minutesOrDefault(terminationWaitMinutes);
  return { canaryMinutes, watchMinutes: canaryMinutes + wait };
}

/** Names for the problems of the gate. */
export interface GateNames {
  readonly cluster: string;
  readonly service: string;
  readonly deploymentGroup: string;
  /** The command that releases without a gate. */
  readonly acceptCommand: string;
  /** The command that watches all alarms of the group. */
  readonly allAlarmsCommand: string;
  /** What to do about a gate that sees nothing. */
  readonly remedy: string;
}

/** Problems when nothing would test the new version, or when a rollback would have nothing to return to. Pure. */
export function blindProblems(gate: Gate, names: GateNames): readonly Problem[] {
  const { desired, running } = gate.tasks;
  const orElse = `or release it anyway with: ${names.acceptCommand}`;
  const where = `cluster ${names.cluster}, service ${names.service}`;
  if (desired === 0) {
    const scale = `aws ecs update-service --cluster ${names.cluster} --service ${names.service} --desired-count 2`;
    return [
      {
        what: "nothing would test the new version: the service has a desired count of 0, and so has the new version",
        where: `${where}: desired count 0`,
        next: `give the service tasks first (${scale}), ${orElse}`,
      },
    ];
  }
  if (running === 0) {
    return [
      {
        what: `no task of the live version runs${desired === undefined ? "" : `, although ${desired} are desired`}: no request is answered, and a rollback would not change that`,
        where,
        next: `find out why (see its stopped tasks and events), ${orElse}`,
      },
    ];
  }
  const blind = blindAlarms(gate);
  if (blind === undefined) return [];
  if (gate.unwatched.length > 0 && gate.alarms.length === 0) {
    const all = gate.hook ? `watch them all the same with: ${names.allAlarmsCommand}, ` : "";
    return [
      {
        what: `nothing would watch the new version: ${blind}`,
        where: `group ${names.deploymentGroup}: ${alarmsByName(gate.unwatched.map(({ name }) => name))}`,
        next: `give the group alarms on the other target group, which the new version will use (${names.remedy}), ${all}${orElse}`,
      },
    ];
  }
  if (gate.hook) return [];
  return [
    {
      what: `nothing would test the new version: ${blind}, and no hook probes it before it has traffic`,
      where: `group ${names.deploymentGroup}`,
      next: `${names.remedy}, ${orElse}`,
    },
  ];
}

/** Why no alarm can detect a bad new version; undefined when one can. */
function blindAlarms({ alarms, watchMinutes, unwatched, turnedOff }: Gate): string | undefined {
  if (alarms.length === 0 && unwatched.length > 0) {
    return "every alarm of the group measures only the live version's target group";
  }
  if (alarms.length === 0 && turnedOff !== undefined) {
    return `no alarm guards this release: the group names ${turnedOff}, and its alarm configuration is turned off`;
  }
  if (alarms.length === 0) return "no alarm guards this release";
  if (!alarms.some(({ sees }) => canSeeNewVersion(sees))) return "none of the alarms can see the new version";
  return watchMinutes > 0 ? undefined : "all users get the new version at once, and the old one is stopped at once";
}

/** Weaknesses of the gate that are no reason to refuse. Pure. */
export function gateWarnings(gate: Gate, deploymentGroup: string): readonly string[] {
  return [...taskWarnings(gate), ...alarmWarnings(gate, deploymentGroup)];
}

function* taskWarnings({ tasks: { desired, running }, targets }: Gate): Generator<string> {
  if (desired !== undefined && running !== undefined && running > 0 && running < desired) {
    yield `only ${running} of ${desired} tasks of the live version run`;
  }
  if (targets?.length === 0) {
    yield "no target is registered in the live version's target group: requests to it fail, and a rollback would return to it in this state";
  } else if (targets && !targets.includes("healthy")) {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    const failsOpen = targets.every((state) => state === "unhealthy");
    yield (
      `none of the live version's targets is healthy (${[...new Set(targets)].join(", ")}): ` +
      `${failsOpen ? "the load balancer still sends it requests, and " : ""}a rollback would return to it in this state`
    );
  }
}

function* alarmWarnings(gate: Gate, deploymentGroup: string): Generator<string> {
  const { alarms, unwatched, canaryMinutes, watchMinutes } = gate;
  const named = (scopes: readonly AlarmScope[]) =>
    [...alarms, ...unwatched].filter(({ sees }) => scopes.includes(sees)).map(({ name }) => name);
  const firing = unwatched.filter(({ state }) => state === "ALARM");
  if (firing.length > 0) {
    const reasons = firing.flatMap(({ reason }) => reason ?? []);
    yield (
      `the live version is failing: ${alarmsByName(firing.map(({ name }) => name))} in ALARM` +
      `${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}. This release goes on, because it doesn't watch the live version`
    );
  }
  const blind = blindAlarms(gate);
  if (alarms.length === 0 && unwatched.length === 0) {
    yield `no alarm guards this release: group ${deploymentGroup} watches none`;
  } else if (blind !== undefined) yield `${blind}: only the hook tests it`;
  const foreign = named(["other"]);
  if (foreign.length > 0) {
    yield `${alarmsByName(foreign)}: on another load balancer or target group than this service's`;
  }
  const constant = named(["nothing"]);
  if (constant.length > 0) yield `${alarmsByName(constant)}: the rule names no other alarm, so the state never changes`;
  const [onNew, onLive] = [named(["new", "both"]), named(["live", "both"])];
  if (onNew.length > 0 && onLive.length === 0) {
    yield "the alarms measure only the target group of the new version: the next release uses the other one, which none of them measures";
  }
  const late = alarms.filter(
    ({ sees, firesAfterMinutes = 0 }) => canSeeNewVersion(sees) && watchMinutes > 0 && firesAfterMinutes > watchMinutes,
  );
  for (const { name, firesAfterMinutes = 0 } of late) {
    yield (
      `${alarmsByName([name])} fires after ${firesAfterMinutes} bad minutes, and this deployment is over ` +
      `${watchMinutes} minutes after the first user has the new version: too early for this alarm to stop it`
    );
  }
  if (alarms.length > 0 && alarms.every(({ state }) => state === "INSUFFICIENT_DATA")) {
    yield (
      `none of the ${alarms.length} alarms has data: without data none can fire. That is usual where there are no ` +
      "requests, and for errors, which a load balancer publishes only when there are any; else check their dimensions"
    );
  }
  if (gate.ignorePollAlarmFailure && alarms.length > 0) {
    yield `CodeDeploy continues when it can't read the alarms: group ${deploymentGroup} has ignorePollAlarmFailure set`;
  }
  if (canaryMinutes === 0 && watchMinutes > 0 && alarms.length > 0) {
    yield `all users get the new version at once: the alarms have ${watchMinutes} minutes to bring the old one back`;
  }
}

/**
 * Notes for the final report: a sentence for each way in which the gate was weaker than it seems. Pure.
 *
 * @param gate absent when only the names of the alarms are known
 * @param accepted problems that the person accepted with `--accept-blind-gate`
 */
export function gateNotes(
  { watched, unwatched }: AlarmSelection,
  gate?: Gate,
  accepted: readonly Problem[] = [],
): readonly string[] {
  const blind = gate && blindAlarms(gate);
  return [
    ...accepted.map(({ what }) => `accepted before it began: ${what}`),
    ...(unwatched.length > 0 && watched.length > 0 ? [`watched by this deployment: ${alarmsByName(watched)}`] : []),
    ...(unwatched.length > 0
      ? [`not watched by this deployment: ${alarmsByName(unwatched)}; the group itself still has them`]
      : []),
    ...(watched.length === 0
      ? ["no alarm watched this deployment"]
      : blind === undefined
        ? []
        : [`the alarms could not detect a bad version: ${blind}`]),
  ];
}

/**
 * A note when alarms had no data during the whole watch, so that they didn't confirm the new version. Pure.
 *
 * @param withData names of the alarms that were seen in another state than INSUFFICIENT_DATA
 */
export function missingDataNotes(watched: readonly string[], withData: ReadonlySet<string>): readonly string[] {
  const silent = watched.filter((name) => !withData.has(name));
  if (silent.length === 0) return [];
  return silent.length === watched.length
    ? [`none of the ${watched.length} alarms had data while this watched: they don't show that the new version is good`]
    : [`${silent.length} of ${watched.length} alarms had no data while this watched: ${alarmsByName(silent)}`];
}
