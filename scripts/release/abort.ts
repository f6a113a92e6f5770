import { attachCommand, quoted } from "./next-commands";
import { DeploymentRefused } from "./create-deployment";
import type { ReleaseDeps } from "./deps";
import type { ReleaseReport } from "./events";
import { hadNoEffect, explain } from "./failure";
import { ImageError } from "./image";
import { shortRevision } from "./plan";
import { problemOf, type Problem } from "./problem";
import { refusal, reportOf } from "./report";
import { lostSightReport } from "./watch";

/** How far a release has come. It decides what must be undone, and what the report names. */
export interface Progress {
  registerSent: boolean;
  /** Revision registered by this run. */
  registered?: string;
  createSent: boolean;
  deploymentId?: string;
}

/** The release was interrupted before anything was deployed. */
export class Interrupted extends Error {}

/** A step before the deployment failed. */
export class StepFailed extends Error {
  constructor(
    readonly problem: Problem,
    /** A sentence about what the step may have left behind. */
    readonly leftover?: string,
  ) {
    super(problem.what);
  }
}

const MAYBE_REGISTERED = "ECS may still have registered a revision: its answer is not known";

/** The failure of RegisterTaskDefinition; AWS may have registered a revision all the same. */
export function registrationFailed(error: unknown): StepFailed {
  return new StepFailed(
    problemOf("ecs:RegisterTaskDefinition", error),
    hadNoEffect(error) ? undefined : MAYBE_REGISTERED,
  );
}

/** Message for a Ctrl-C before the watch; the present step may take some time to end. */
export function interruptionMessage({ createSent, deploymentId }: Progress): string {
  if (deploymentId !== undefined) return "leaving; the deployment continues (Ctrl-C again: leave at once)";
  return createSent
    ? "waiting for CodeDeploy's answer, to stop what it starts; Ctrl-C again leaves at once"
    : "ending before anything is deployed; Ctrl-C again leaves at once";
}

/** Undoes what it can after an error before or beside the watch, and reports the state. */
export async function cleanUpAfterError(error: unknown, deps: ReleaseDeps, progress: Progress): Promise<ReleaseReport> {
  const words = explain(error).message;
  if (progress.deploymentId !== undefined) return lostSight(deps, progress, progress.deploymentId, words);
  if (progress.createSent && !(error instanceof DeploymentRefused)) return uncertain(deps, progress, words);
  const leftover = error instanceof StepFailed && error.leftover !== undefined ? [error.leftover] : [];
  const reasons = [...(await undoRegistration(deps, progress)), ...leftover];
  if (deps.interruption.stop.aborted) {
    return reportOf("interrupted", "interrupted before anything was deployed", { reasons });
  }
  if (error instanceof DeploymentRefused) {
    const attach = error.runningId === undefined ? [] : [attachCommand(deps.config.environment)(error.runningId)];
    const problem = {
      what: error.message,
      where: `codedeploy:CreateDeployment, group ${deps.target.deploymentGroup}`,
      next:
        attach.length > 0
          ? "wait for the deployment that runs"
          : (error.next ?? "correct what CodeDeploy says, then release again"),
    };
    const next = attach.map((command) => `follow the one that runs with: ${command}`);
    return { ...refusal([problem], "deployed"), reasons, next };
  }
  return { ...refusal([problemBeforeDeployment(error)], "deployed"), reasons };
}

/** The report after a second Ctrl-C. It makes no further calls to AWS. */
export function leaveReport(deps: ReleaseDeps, progress: Progress): ReleaseReport {
  const why = "left at once, as asked by a second Ctrl-C";
  if (progress.deploymentId !== undefined) return lostSight(deps, progress, progress.deploymentId, why);
  if (progress.createSent) return uncertain(deps, progress, why);
  const { registered, registerSent } = progress;
  const maybe = registerSent ? [MAYBE_REGISTERED] : [];
  return reportOf("interrupted", "interrupted before anything was deployed", {
    ...revisionOf(progress),
    reasons: registered ? [`the revision ${shortRevision(registered)} that it registered is still there`] : maybe,
  });
}

/** The problem that ended the release before CreateDeployment. */
function problemBeforeDeployment(error: unknown): Problem {
  if (error instanceof StepFailed) return error.problem;
  if (error instanceof ImageError) return { what: error.message, where: "the image", next: error.next };
  return problemOf("preparing the release", error);
}

/** Deregisters the revision that this run registered: without a deployment nobody uses it. */
async function undoRegistration({ aws }: ReleaseDeps, { registered }: Progress): Promise<readonly string[]> {
  if (registered === undefined) return [];
  try {
    await aws.deregisterTaskDefinition({ taskDefinition: registered });
    return [`the revision ${shortRevision(registered)} that it registered was deregistered again`];
  } catch (error) {
    return [`the revision ${shortRevision(registered)} that it registered is still there: ${explain(error).message}`];
  }
}

function lostSight({ config }: ReleaseDeps, progress: Progress, deploymentId: string, why: string): ReleaseReport {
  const attach = attachCommand(config.environment)(deploymentId);
  return lostSightReport({ deploymentId, attach, ...revisionOf(progress) }, why);
}

function uncertain({ target }: ReleaseDeps, progress: Progress, why: string): ReleaseReport {
  const [application, group] = [target.application, target.deploymentGroup].map(quoted);
  const list = `aws deploy list-deployments --application-name ${application ?? ""} --deployment-group-name ${group ?? ""}`;
  return reportOf(
    "lost-sight",
    "lost sight of it: CodeDeploy was asked to start a deployment, and its answer is not known",
    {
      ...revisionOf(progress),
      reasons: [why],
      next: [`check whether it runs: ${list}`, "if so, follow it with --attach and its id"],
    },
  );
}

function revisionOf({ registered }: Progress): Pick<ReleaseReport, "taskDefinition"> {
  return registered === undefined ? {} : { taskDefinition: registered };
}
