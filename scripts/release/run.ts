import { renderAppSpec } from "./appspec";
import { ownTemplate, type AppSpecTemplate } from "./appspec-template";
import type { ReleaseArguments } from "./arguments";
import { attachTo } from "./attach";
import { checkedAws } from "./checked-aws";
import { createDeployment } from "./create-deployment";
import type { ReleaseDeps } from "./deps";
import { cleanUpAfterError, Interrupted, interruptionMessage, leaveReport, type Progress } from "./abort";
import type { ReleaseEvent, ReleaseReport } from "./events";
import { explain } from "./failure";
import { lowTrafficPolicy } from "./low-traffic";
import { attachCommand, continueCommand, releaseCommand } from "./next-commands";
import { retryingAws } from "./retrying-aws";
import { describeRouting, shiftMinutesOf, timeLimitMinutes, waitsOf } from "./time-limit";
import { describeDeployment, planRevision, shortRevision } from "./plan";
import { preflight } from "./preflight";
import { prepareImage } from "./prepare-image";
import type { Problem } from "./problem";
import { register } from "./register";
import { refusal, reportOf } from "./report";
import { unchangedContainerText } from "./sibling-containers";
import { hookLogGroupOf } from "./target";
import { follow } from "./watch";

/**
 * One run of the release command, from the first check to the outcome. Always returns a report. An unexpected error ends as
 * `refused` when nothing was deployed yet, and as `lost-sight` otherwise.
 */
export async function runRelease(args: ReleaseArguments, given: ReleaseDeps): Promise<ReleaseReport> {
  const deps = { ...given, aws: checkedAws(given.aws), emit: withoutErrors(given.emit) };
  const existing = args.attach ?? args.continue;
  const progress: Progress = {
    registerSent: false,
    createSent: false,
    ...(existing !== undefined && { deploymentId: existing }),
  };
  const { stop, leave } = deps.interruption;
  whenAborted(stop, () => {
    // Once the release has a deployment, its watch reports the interruption and stops it.
    if (existing === undefined && progress.deploymentId !== undefined) return;
    deps.emit({ type: "progress", text: interruptionMessage(progress) });
  });
  const left = new Promise<ReleaseReport>((resolve) => {
    whenAborted(leave, () => resolve(leaveReport(deps, progress)));
  });
  const ended = existing === undefined ? release(args, deps, progress) : attachTo(existing, args, deps);
  const report = await Promise.race([left, ended.catch((error: unknown) => cleanUpAfterError(error, deps, progress))]);
  deps.emit({ type: "outcome", report });
  return report;
}

function whenAborted(signal: AbortSignal, action: () => void): void {
  if (signal.aborted) action();
  else signal.addEventListener("abort", action, { once: true });
}

/** Ignores errors of the renderer: they must not end the release while its deployment continues. */
function withoutErrors(emit: ReleaseDeps["emit"]): (event: ReleaseEvent) => void {
  return (event) => {
    try {
      emit(event);
    } catch {
      // The renderer handles its own errors (render/fallback.ts).
    }
  };
}

async function release(args: ReleaseArguments, deps: ReleaseDeps, progress: Progress): Promise<ReleaseReport> {
  const { aws, config, target, isSourceGiven, emit } = deps;
  const template = readTemplate(deps);
  if (!("text" in template)) return refusal([template]);
  emit({
    type: "progress",
    text: `checking ${config.environment}: cluster ${target.cluster}, service ${target.service}`,
  });
  const { image: asked, variables, containers, leaveOut, taskDefinition, acceptBlindGate } = args;
  const requested = { variables, containers, leaveOut };
  const { alarms = "new", ...others } = args;
  const command = (other: Partial<ReleaseArguments>) => releaseCommand({ ...others, ...other }, config.environment);
  const retrying = retryingAws({ aws, clock: deps.clock, stop: deps.interruption.stop });
  const checks = await preflight(retrying, {
    config,
    target,
    isSourceGiven,
    image: asked,
    ...requested,
    taskDefinition,
    template,
    alarms,
    acceptBlindGate,
    commands: {
      accept: command({ ...args, acceptBlindGate: true }),
      alarms: { new: command({}), all: command({ alarms: "all" }) },
    },
  });
  throwIfInterrupted(deps);
  if (!checks.ok) return refusal(checks.problems);
  const { facts } = checks;
  facts.notes.forEach((text) => emit({ type: "progress", text }));
  emit({ type: "progress", text: `checked: account ${facts.account}, region ${aws.region}` });
  emit({ type: "gate", gate: facts.gate });
  facts.warnings.forEach((text) => emit({ type: "warning", text }));

  const image = await prepareImage(args, facts, { ...deps, aws: retrying });
  throwIfInterrupted(deps);
  const plan = planRevision(facts, image.reference, requested);
  emit({
    type: "changes",
    from: shortRevision(facts.service.taskDefinition),
    changes: plan.changes,
    unchanged: plan.unchanged.map(unchangedContainerText),
  });
  if (plan.changes.length === 0 && !args.force) {
    const { pending } = facts;
    const same = "the live version already has this image and this environment";
    return reportOf(
      "refused",
      pending === undefined
        ? `nothing to release: ${same}`
        : `${same}, but not what ${target.owner.name} registered as ${pending}`,
      {
        taskDefinition: facts.service.taskDefinition,
        next: [
          ...(pending === undefined
            ? []
            : [`--task-definition latest releases what ${target.owner.name} has changed in ${pending}`]),
          "--force releases it anyway",
        ],
      },
    );
  }
  if (args.dryRun) return reportOf("checked", "all checks passed; nothing was changed, because this was a dry run");

  progress.registerSent = true;
  const revision = await register({ ...deps, aws: retrying }, plan, facts, progress);
  emit({ type: "progress", text: `registered ${shortRevision(revision)}` });
  const appSpec = renderAppSpec(template.text, facts.service, revision, target.stacks?.testTrafficHook);
  throwIfInterrupted(deps);

  const description = describeDeployment(args.description, revision);
  const group = { application: target.application, group: target.deploymentGroup };
  progress.createSent = true;
  const { clock, interruption } = deps;
  const warn = (text: string) => emit({ type: "warning", text });
  const start = { aws, clock, stop: interruption.stop, warn };
  const { deploymentId, origin } = await createDeployment(start, {
    ...group,
    appSpec,
    description,
    alarms: facts.selection.override,
  });
  progress.deploymentId = deploymentId;
  const attach = attachCommand(config.environment)(deploymentId);
  emit({
    type: "watching",
    deploymentId,
    strategy: describeRouting(facts.routing),
    attach,
    watched: facts.selection.watched,
    unwatched: facts.selection.unwatched,
    at: clock.now(),
  });
  return follow(
    { ...deps, stop: interruption.stop },
    {
      ...group,
      deploymentId,
      origin,
      cluster: target.cluster,
      service: target.service,
      hookLogGroup: hookLogGroupOf(target),
      alarmNames: facts.selection.watched,
      unwatchedAlarms: facts.selection.unwatched,
      notes: facts.gateNotes,
      canary: {
        subjectOf: () => facts.canary,
        policy: lowTrafficPolicy(config),
        shiftMinutes: shiftMinutesOf(facts.routing),
      },
      ...(facts.probes && { probes: facts.probes }),
      taskDefinition: revision,
      attach,
      continueCommand: continueCommand(config.environment),
      pollInterval: args.pollInterval,
      timeout: args.timeout ?? timeLimitMinutes({ routing: facts.routing, ...waitsOf(facts.group) }),
    },
  );
}

function readTemplate(deps: ReleaseDeps): AppSpecTemplate | Problem {
  try {
    return deps.readTemplate();
  } catch (error) {
    return {
      what: explain(error).message,
      where: ownTemplate(deps.source),
      next: "make the template readable, or remove it to use the built-in one",
    };
  }
}

function throwIfInterrupted(deps: ReleaseDeps): void {
  if (deps.interruption.stop.aborted) throw new Interrupted();
}
