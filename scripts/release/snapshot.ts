import type { DeploymentInfo, ECSTarget } from "@aws-sdk/client-codedeploy";

/** A CodeDeploy deployment as GetDeployment tells it. Times: milliseconds since the Unix epoch. */
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
  /** Minutes that it waits for a person before traffic moves; absent: it doesn't wait, or AWS doesn't tell how long. */
  readonly readyWaitMinutes?: number;
}

/** A lifecycle event of the deployment. */
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
  /** Tasks; what AWS doesn't tell is absent. */
  readonly desired?: number;
  readonly running?: number;
  readonly pending?: number;
  /** Percent of the production traffic; absent where AWS doesn't tell. */
  readonly weight?: number;
}

/** The deployment's target: the service, its steps and its task sets. */
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
  /** Since when it is in this state. */
  readonly since?: number;
}

/** A task of the new version that stopped, and why. */
export interface StoppedTask {
  readonly id: string;
  readonly reason: string;
  readonly exitCode?: number;
}

/** A part of a snapshot that may fail to be read without ending the watch. */
export type Part = "steps" | "alarms" | "tasks" | "messages";

/** A part that could not be read, and why. */
export interface Unread {
  readonly part: Part;
  readonly why: string;
}

/** What one look at a running release saw. */
export interface Snapshot {
  /** When it was taken, by this machine's clock. */
  readonly at: number;
  /** The same moment by AWS's clock, as well as its newest time stamp lets us tell. */
  readonly awsTime: number;
  readonly deployment: DeploymentView;
  /** Absent until the deployment has started. */
  readonly target?: TargetView;
  /** The rollback's deployment, once named. */
  readonly rollback?: DeploymentView;
  readonly alarms: readonly AlarmView[];
  /** Alarms seen in ALARM at any time of this watch. */
  readonly activatedAlarms: readonly AlarmView[];
  readonly stoppedTasks: readonly StoppedTask[];
  /** ECS's own words on why the new tasks don't become healthy, newest last. */
  readonly serviceMessages: readonly string[];
  /**
   * Since the first look that saw it ended without success: looks, and milliseconds by this machine's clock. 0 on that
   * look, and before it. CodeDeploy names a rollback a moment later.
   */
  readonly sinceEnded: { readonly looks: number; readonly ms: number };
  /** What could not be read when last asked for, and is shown as it was before. */
  readonly unread: readonly Unread[];
}

/** Percent of the production traffic on the old and the new version. */
export interface Weights {
  readonly old: number;
  readonly new: number;
}

/** Whether CodeDeploy has finished with a deployment. `Ready` and `Baking` are not the end. */
export function isEnded(status: string): boolean {
  return status === "Succeeded" || status === "Failed" || status === "Stopped";
}

/** Whether a part is shown as it was before, for it could not be read. */
export function isUnread(snapshot: Snapshot, part: Part): boolean {
  return snapshot.unread.some((each) => each.part === part);
}

/** Reads GetDeployment's answer. Pure. */
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

/** Reads GetDeploymentTarget's answer. Pure. */
export function targetView(target: ECSTarget): TargetView {
  return {
    events: (target.lifecycleEvents ?? []).map((event) =>
      defined({
        name: event.lifecycleEventName ?? "?",
        status: event.status ?? "Unknown",
        startedAt: event.startTime?.getTime(),
        endedAt: event.endTime?.getTime(),
        // A successful event has diagnostics too: errorCode Success, an empty message.
        message: event.status === "Failed" ? event.diagnostics?.message : undefined,
      }),
    ),
    taskSets: (target.taskSetsInfo ?? []).flatMap((set) =>
      // The label, not the status: ACTIVE is the new task set before the flip and the old one after it.
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
            }),
          ],
    ),
  };
}

/** Where the production traffic goes, as far as the target tells. Pure. */
export function weightsOf(target: TargetView | undefined): Weights | undefined {
  const weight = (label: TaskSetView["label"]) => target?.taskSets.find((set) => set.label === label)?.weight;
  const [blue, green] = [weight("Blue"), weight("Green")];
  return blue === undefined && green === undefined ? undefined : { old: blue ?? 0, new: green ?? 0 };
}

/** An event's status by its name; undefined when it isn't listed. */
export function eventStatus(snapshot: Snapshot, name: string): string | undefined {
  return snapshot.target?.events.find((event) => event.name === name)?.status;
}

/** All traffic has moved and every step succeeded; the old task set is kept for the termination wait. Pure. */
export function isKeepingOldTaskSet(snapshot: Snapshot): boolean {
  const events = snapshot.target?.events ?? [];
  return (
    !isEnded(snapshot.deployment.status) &&
    events.length > 0 &&
    events.every((event) => event.status === "Succeeded" || event.status === "Skipped") &&
    events.some((event) => event.name === "AllowTraffic" && event.status === "Succeeded")
  );
}

/** Drops the keys without a value, so that `in` and comparisons mean what they say. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
