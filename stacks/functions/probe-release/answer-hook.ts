/** What CodeDeploy calls a hook's function with. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** What CodeDeploy is told: it goes on, or takes the deployment back. */
export type HookStatus = "Succeeded" | "Failed";

/** What the answer is made with. */
export interface HookDeps {
  /** Throws when the new version must not get traffic. */
  readonly probe: (deploymentId: string) => Promise<void>;
  /** Tells CodeDeploy. */
  readonly report: (event: HookEvent, status: HookStatus) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * Probes the new version and tells CodeDeploy what came of it, in every case: a hook without an answer would hold the
 * deployment for an hour.
 * @throws only when CodeDeploy could not be told
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
