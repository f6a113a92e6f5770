import type { DeploymentInfo, ECSTarget } from "@aws-sdk/client-codedeploy";

/** A CodeDeploy deployment as GetDeployment returns it. Times: milliseconds since the Unix epoch. */
export interface DeploymentView {
  readonly id: string;
  /** Created, Queued, InProgress, Baking, Ready, Succeeded, Failed or Stopped. */
  readonly status: string;
  readonly application?: string;
  readonly group?: string;
  readonly config?: string;
  readonly creator?: string;
  readonly description?: string;
  readonly createdAt?: number;
  readonly completedAt?: number;
  readonly error?: { readonly code: string; readonly message: string };
  /** The deployment that rolls this one back, once CodeDeploy has named it. */
  readonly rollbackId?: string;
  readonly rollbackMessage?: string;
  /** The deployment that this one rolls back. */
  readonly rollbackOf?: string;
  /** Minutes that it waits for a person before traffic moves; absent when it doesn't wait, or for an unknown time. */
  readonly readyWaitMinutes?: number;
}

/** A lifecycle event of the deployment. Times: milliseconds since the Unix epoch. */
export interface EventView {
  readonly name: string;
  /** Pending, InProgress, Succeeded, Failed, Skipped or Unknown. */
  readonly status: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly message?: string;
}

/** One of the deployment's two task sets: Blue was live before, Green is the new version. */
export interface TaskSetView {
  readonly id: string;
  readonly label: "Blue" | "Green";
  /** Numbers of tasks; absent when AWS doesn't return them. */
  readonly desired?: number;
  readonly running?: number;
  readonly pending?: number;
  /** Percent of the production traffic; absent when AWS doesn't return it. */
  readonly weight?: number;
  /** Name of its target group; absent when AWS doesn't return it. */
  readonly targetGroup?: string;
}

/** The deployment's target: the service with its lifecycle events and its task sets. */
export interface TargetView {
  readonly events: readonly EventView[];
  readonly taskSets: readonly TaskSetView[];
}

/** State of one alarm of the deployment group. */
export interface AlarmView {
  readonly name: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  readonly reason?: string;
  /** When it entered this state, in milliseconds since the Unix epoch. */
  readonly since?: number;
}

/** A task of the new version that stopped, and why. */
export interface StoppedTask {
  readonly id: string;
  readonly reason: string;
  readonly exitCode?: number;
}

/** A part of a snapshot that is not required: the watch continues when it can't be read. */
export type Part = "steps" | "alarms" | "tasks" | "messages";

/** A part that could not be read, and why. */
export interface Unread {
  readonly part: Part;
  readonly why: string;
}

/** Result of one successful poll of a deployment. */
export interface Snapshot {
  /** When it was read, by this machine's clock, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** The same moment by AWS's clock, estimated from its newest time stamp. */
  readonly awsTime: number;
  readonly deployment: DeploymentView;
  /** Absent until the deployment has started. */
  readonly target?: TargetView;
  /** The rollback; absent until CodeDeploy has named it. */
  readonly rollback?: DeploymentView;
  readonly alarms: readonly AlarmView[];
  /** Alarms that were seen in ALARM at any time of this watch, in that state. */
  readonly activatedAlarms: readonly AlarmView[];
  readonly stoppedTasks: readonly StoppedTask[];
  /** ECS's messages about problems of the new tasks, newest last. */
  readonly serviceMessages: readonly string[];
  /**
   * Number of polls, and milliseconds by this machine's clock, since the first poll that saw the deployment ended without
   * success. 0 in that poll and before. CodeDeploy names a rollback some seconds after the end.
   */
  readonly sinceEnded: { readonly polls: number; readonly ms: number };
  /** Parts that could not be read at the last attempt and have their earlier values. */
  readonly unread: readonly Unread[];
}

/** Percent of the production traffic on the old and the new version. */
export interface Weights {
  readonly old: number;
  readonly new: number;
}

/** Whether a deployment is over. `Ready` and `Baking` are not the end. Pure. */
export function isEnded(status: string): boolean {
  return status === "Succeeded" || status === "Failed" || status === "Stopped";
}

/** Whether a part could not be read and has its earlier value. Pure. */
export function isUnread(snapshot: Snapshot, part: Part): boolean {
  return snapshot.unread.some((each) => each.part === part);
}

/** The view of a GetDeployment response. Pure. */
export function deploymentView(id: string, info: DeploymentInfo | undefined): DeploymentView {
  return defined({
    id,
    status: info?.status ?? "Unknown",
    application: info?.applicationName,
    group: info?.deploymentGroupName,
    config: info?.deploymentConfigName,
    creator: info?.creator,
    description: info?.description,
    createdAt: info?.createTime?.getTime(),
    completedAt: info?.completeTime?.getTime(),
    error: info?.errorInformation && {
      code: info.errorInformation.code ?? "UNKNOWN",
      message: info.errorInformation.message ?? "CodeDeploy gave no message",
    },
    rollbackId: info?.rollbackInfo?.rollbackDeploymentId,
    rollbackMessage: info?.rollbackInfo?.rollbackMessage,
    rollbackOf: info?.rollbackInfo?.rollbackTriggeringDeploymentId,
    readyWaitMinutes: readyWaitMinutesOf(info),
  });
}

function readyWaitMinutesOf(info: DeploymentInfo | undefined): number | undefined {
  const ready = info?.blueGreenDeploymentConfiguration?.deploymentReadyOption;
  return ready?.actionOnTimeout === "STOP_DEPLOYMENT" ? ready.waitTimeInMinutes : undefined;
}

/** The view of a GetDeploymentTarget response. Pure. */
export function targetView(target: ECSTarget): TargetView {
  return {
    events: (target.lifecycleEvents ?? []).map((event) =>
      defined({
        name: event.lifecycleEventName ?? "?",
        status: event.status ?? "Unknown",
        startedAt: event.startTime?.getTime(),
        endedAt: event.endTime?.getTime(),
        // A successful event also has diagnostics: errorCode Success and an empty message.
        message: event.status === "Failed" ? event.diagnostics?.message : undefined,
      }),
    ),
    taskSets: (target.taskSetsInfo ?? []).flatMap((set) =>
      // The label identifies the task set. The status doesn't: ACTIVE is the new one before the shift, the old one after it.
      set.taskSetLabel === undefined
        ? []
        : [
            defined<TaskSetView>({
              id: set.identifer ?? "?",
              label: set.taskSetLabel,
              desired: set.desiredCount,
              running: set.runningCount,
              pending: set.pendingCount,
              weight: set.trafficWeight,
              targetGroup: set.targetGroup?.name,
            }),
          ],
    ),
  };
}

/** The weights of the production traffic; undefined when the target has none. Pure. */
export function weightsOf(target: TargetView | undefined): Weights | undefined {
  const weight = (label: TaskSetView["label"]) => target?.taskSets.find((set) => set.label === label)?.weight;
  const [blue, green] = [weight("Blue"), weight("Green")];
  return blue === undefined && green === undefined ? undefined : { old: blue ?? 0, new: green ?? 0 };
}

/** The status of the event with this name; undefined when it isn't listed. Pure. */
export function eventStatus(snapshot: Snapshot, name: string): string | undefined {
  return snapshot.target?.events.find((event) => event.name === name)?.status;
}

/** Whether all traffic has moved and the deployment is in its termination wait. Pure. */
export function isKeepingOldTaskSet(snapshot: Snapshot): boolean {
  const events = snapshot.target?.events ?? [];
  return (
    !isEnded(snapshot.deployment.status) &&
    events.length > 0 &&
    events.every((event) => event.status === "Succeeded" || event.status === "Skipped") &&
    events.some((event) => event.name === "AllowTraffic" && event.status === "Succeeded")
  );
}

/** The object without keys whose value is undefined. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
