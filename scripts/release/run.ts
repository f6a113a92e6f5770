import { hookLogGroup } from "../../stacks/names";
import { renderAppSpec } from "./appspec";
import type { Arguments } from "./arguments";
import { attachTo } from "./attach";
import { attachCommand } from "./checks";
import { createDeployment, DeploymentRefused, DeploymentUncertain } from "./deployments";
import type { ReleaseDeps } from "./deps";
import type { Report } from "./events";
import { explain } from "./failure";
import { ImageError } from "./image";
import { describeRouting, patienceMinutes, waitsOf } from "./patience";
import { describeDeployment, planRevision, shortRevision, type Plan } from "./plan";
import { preflight, type Facts } from "./preflight";
import { prepareImage } from "./prepare-image";
import { problemOf, type Problem } from "./problem";
import { refusal, reportOf } from "./report";
import { follow, lostSightReport } from "./watch";

/** How far a release has come: what there is to undo, or to find again. */
interface Progress {
  /** Revision registered and not yet deployed. */
  registered?: string;
  createSent: boolean;
  deploymentId?: string;
}

/** The person interrupted before anything was deployed. */
class Interrupted extends Error {}

/** A step before the deployment failed. */
class StepFailed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.what);
  }
}

/**
 * One run of the release command, from the first check to the outcome. Always ends with a report; what couldn't be
 * foreseen ends as refused when nothing was deployed yet, and as lost sight when something was.
 */
export async function runRelease(args: Arguments, deps: ReleaseDeps): Promise<Report> {
  const progress: Progress = { createSent: false, ...(args.attach !== undefined && { deploymentId: args.attach }) };
  const { leave } = deps.interruption;
  const left = new Promise<Report>((resolve) => {
    leave.addEventListener("abort", () => resolve(leaveReport(deps, progress)), { once: true });
  });
  const ended = args.attach === undefined ? release(args, deps, progress) : attachTo(args.attach, args, deps);
  const report = await Promise.race([left, ended.catch((error: unknown) => afterError(error, deps, progress))]);
  deps.emit({ type: "outcome", report });
  return report;
}

async function release(args: Arguments, deps: ReleaseDeps, progress: Progress): Promise<Report> {
  const { aws, config, names, emit } = deps;
  const template = readTemplate(deps);
  if (typeof template !== "string") return refusal([template]);
  emit({
    type: "progress",
    text: `checking ${config.environment}: cluster ${names.cluster}, service ${names.service}`,
  });
  const { image: asked, variables: environment, taskDefinition } = args;
  const checks = await preflight(aws, { config, names, image: asked, environment, taskDefinition, template });
  if (!checks.ok) return refusal(checks.problems);
  const { facts } = checks;
  facts.warnings.forEach((text) => emit({ type: "warning", text }));
  emit({ type: "progress", text: `checked: account ${facts.account}, region ${aws.region}, ${alarmsInWords(facts)}` });
  goOnUnlessInterrupted(deps);

  const image = await prepareImage(args, facts, deps);
  const plan = planRevision(facts, image.reference, args.variables);
  emit({ type: "changes", from: shortRevision(facts.service.taskDefinition), changes: plan.changes });
  if (plan.changes.length === 0 && !args.force) {
    return reportOf("refused", "nothing to release: the live version has this image and this environment already", {
      taskDefinition: facts.service.taskDefinition,
      next: ["--force releases it all the same"],
    });
  }
  if (args.dryRun) return reportOf("checked", "all checks passed; nothing was changed, for this was a dry run");
  goOnUnlessInterrupted(deps);

  const revision = await register(deps, plan);
  progress.registered = revision;
  emit({ type: "progress", text: `registered ${shortRevision(revision)}` });
  const appSpec = renderAppSpec(template, facts.service, revision, names.testTrafficHook);
  goOnUnlessInterrupted(deps);

  const description = describeDeployment(args.description, revision);
  const group = { application: names.application, group: names.deploymentGroup };
  progress.createSent = true;
  const deploymentId = await createDeployment(aws, { ...group, appSpec, description }, () =>
    deps.clock.sleep(args.pollInterval * 1000),
  );
  progress.deploymentId = deploymentId;
  const attach = attachCommand(config.environment)(deploymentId);
  emit({
    type: "watching",
    deploymentId,
    strategy: describeRouting(facts.routing),
    attach,
    at: deps.clock.now(),
  });
  return follow(
    { ...deps, stop: deps.interruption.stop },
    {
      deploymentId,
      cluster: names.cluster,
      service: names.service,
      hookLogGroup: hookLogGroup(names),
      alarmNames: facts.alarmNames,
      taskDefinition: revision,
      ours: true,
      attach,
      pollInterval: args.pollInterval,
      timeout: args.timeout ?? patienceMinutes({ routing: facts.routing, ...waitsOf(facts.group) }),
    },
  );
}

/** Registers the revision and gives its ARN. */
async function register({ aws }: ReleaseDeps, plan: Plan): Promise<string> {
  const operation = "ecs:RegisterTaskDefinition";
  const answer = await aws.registerTaskDefinition(plan.revision).catch((error: unknown) => {
    throw new StepFailed(problemOf(operation, error));
  });
  const arn = answer.taskDefinition?.taskDefinitionArn;
  if (arn !== undefined) return arn;
  throw new StepFailed({ what: "ECS didn't name the revision it registered", where: operation, next: "try again" });
}

function readTemplate(deps: ReleaseDeps): string | Problem {
  try {
    return deps.readTemplate();
  } catch (error) {
    return {
      what: explain(error).message,
      where: "api/appspec.yaml",
      next: "restore the template from version control",
    };
  }
}

function alarmsInWords({ alarmNames }: Facts): string {
  return alarmNames.length === 0 ? "no alarms" : `${alarmNames.length} alarms, none firing`;
}

function goOnUnlessInterrupted(deps: ReleaseDeps): void {
  if (deps.interruption.stop.aborted) throw new Interrupted();
}

/** Something ended the run before the watch did. */
async function afterError(error: unknown, deps: ReleaseDeps, progress: Progress): Promise<Report> {
  const words = explain(error).message;
  if (progress.deploymentId !== undefined) {
    const attach = attachCommand(deps.config.environment)(progress.deploymentId);
    return lostSightReport({ deploymentId: progress.deploymentId, attach }, words);
  }
  if (error instanceof DeploymentUncertain || (progress.createSent && !(error instanceof DeploymentRefused))) {
    return uncertainReport(deps, words);
  }
  const undone = await undoRegistration(deps, progress);
  if (deps.interruption.stop.aborted) {
    return reportOf("interrupted", "interrupted before anything was deployed", { reasons: undone });
  }
  if (error instanceof DeploymentRefused) {
    const attach = error.runningId === undefined ? [] : [attachCommand(deps.config.environment)(error.runningId)];
    const report = refusal([
      {
        what: error.message,
        where: `codedeploy:CreateDeployment, group ${deps.names.deploymentGroup}`,
        next:
          attach.length > 0 ? "wait for the deployment that runs" : "correct what CodeDeploy says, then release again",
      },
    ]);
    return { ...report, reasons: undone, next: attach.map((command) => `follow the one that runs with: ${command}`) };
  }
  return { ...refusal([problemBefore(error)]), reasons: undone };
}

/** What stood in the way before the deployment was asked for. */
function problemBefore(error: unknown): Problem {
  if (error instanceof StepFailed) return error.problem;
  if (error instanceof ImageError) return { what: error.message, where: "the image", next: error.next };
  return problemOf("preparing the release", error);
}

/** Nobody else has the revision this run registered; without a deployment it only clutters the family. */
async function undoRegistration({ aws }: ReleaseDeps, { registered }: Progress): Promise<readonly string[]> {
  if (registered === undefined) return [];
  try {
    await aws.deregisterTaskDefinition({ taskDefinition: registered });
    return [`the revision ${shortRevision(registered)} it had registered was deregistered again`];
  } catch (error) {
    return [`the revision ${shortRevision(registered)} it had registered is still there: ${explain(error).message}`];
  }
}

/** A second Ctrl-C: tell what is left behind, from memory. */
function leaveReport(deps: ReleaseDeps, progress: Progress): Report {
  if (progress.deploymentId !== undefined) {
    const attach = attachCommand(deps.config.environment)(progress.deploymentId);
    return lostSightReport(
      { deploymentId: progress.deploymentId, attach },
      "left at once, as asked by a second Ctrl-C",
    );
  }
  if (progress.createSent) return uncertainReport(deps, "left at once, as asked by a second Ctrl-C");
  const left = progress.registered;
  return reportOf("interrupted", "interrupted before anything was deployed", {
    reasons: left === undefined ? [] : [`the revision ${shortRevision(left)} it had registered is still there`],
  });
}

function uncertainReport({ names }: ReleaseDeps, why: string): Report {
  const list = `aws deploy list-deployments --application-name ${names.application} --deployment-group-name ${names.deploymentGroup}`;
  return reportOf("lost-sight", "lost sight of it: CodeDeploy was asked to start, and its answer is not known", {
    reasons: [why],
    next: [`look whether it runs: ${list}`, "if so, follow it with --attach and its id"],
  });
}
