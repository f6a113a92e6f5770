/**
 * The event with which CodeDeploy invokes a hook's function
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html).
 */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** The result for CodeDeploy: it continues the deployment, or rolls it back. */
export type HookStatus = "Succeeded" | "Failed";

/** Dependencies of `answerHook`. */
export interface HookDeps {
  /** Rejects when the new version must not get traffic. */
  readonly probe: (deploymentId: string) => Promise<void>;
  /** Reports the result to CodeDeploy. */
  readonly report: (event: HookEvent, status: HookStatus) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * Probes the new version and reports the result to CodeDeploy, in every case. Without a report, CodeDeploy waits for an hour.
 * @throws only the error of `report`
 */
export async function answerHook(event: HookEvent, { probe, report, log }: HookDeps): Promise<HookStatus> {
  let status: HookStatus = "Failed";
  try {
    await probe(event.DeploymentId);
    status = "Succeeded";
    log(`${event.DeploymentId}: every probe passed`);
  } catch (error) {
    log(`${event.DeploymentId}: stopped before any traffic: ${error instanceof Error ? error.message : String(error)}`);
  }
  await report(event, status);
  return status;
}
