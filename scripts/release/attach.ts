import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import { alarmsOfDeployment } from "./alarm-selection";
import type { ReleaseArguments } from "./arguments";
import { lowTrafficPolicy } from "./low-traffic";
import { canarySubjects } from "./canary-subject";
import { attachCommand, continueCommand } from "./next-commands";
import { continueDeployment } from "./continue";
import type { ReleaseDeps } from "./deps";
import type { ReleaseReport } from "./events";
import { errorType, explain, isRetryable, remedyFor } from "./failure";
import { gateNotes } from "./gate";
import { retryingAws } from "./retrying-aws";
import { describeRouting, shiftMinutesOf, timeLimitMinutes, waitsOf } from "./time-limit";
import { problemOf, Problems } from "./problem";
import { refusal } from "./report";
import { deploymentView } from "./snapshot";
import { hookLogGroupOf } from "./target";
import { follow, detachedReport, lostSightReport, onDetach } from "./watch";

/**
 * Follows a deployment that already exists, with the same outcomes and exit codes as a release. With `--continue` the
 * deployment is continued first. An interruption leaves it running.
 *
 * @param id of the deployment
 */
export async function attachTo(id: string, args: ReleaseArguments, deps: ReleaseDeps): Promise<ReleaseReport> {
  const { stop } = deps.interruption;
  const attach = attachCommand(deps.config.environment)(id);
  const aws = retryingAws({ aws: deps.aws, clock: deps.clock, stop });
  const detach = onDetach(stop);
  const preparing = prepare(id, args, { ...deps, aws }, attach);
  // With --continue an interruption waits for the response: the report must say whether the deployment was continued.
  const found = await (args.continue === undefined ? Promise.race([preparing, detach.promise]) : preparing);
  detach.cancel();
  if (found === "detached") return detachedReport({ deploymentId: id, attach });
  if ("outcome" in found) return found;
  const { strategy, attached } = found;
  const alarms = { watched: attached.alarmNames, unwatched: attached.unwatchedAlarms };
  deps.emit({ type: "watching", deploymentId: id, strategy, attach, ...alarms, at: deps.clock.now() });
  return follow({ ...deps, stop }, attached);
}

/** The deployment to follow, or a report when there is none to follow. */
async function prepare(id: string, args: ReleaseArguments, deps: ReleaseDeps, attach: string) {
  const { aws, config, target, emit } = deps;
  const found = await findDeployment(id, deps, attach);
  if ("outcome" in found) return found;
  const deployment = deploymentView(id, found);

  if (args.continue !== undefined) {
    const ended = await continueDeployment(deps, found, id, attach);
    if (ended) return ended;
  }

  // The group improves the view and the time limit. The outcome doesn't need it, so a failure is only a warning.
  const problems = new Problems();
  const group = await problems.ask(
    "codedeploy:GetDeploymentGroup",
    aws.getDeploymentGroup({ applicationName: target.application, deploymentGroupName: target.deploymentGroup }),
  );
  const strategy =
    deployment.config === undefined
      ? undefined
      : await problems.ask(
          "codedeploy:GetDeploymentConfig",
          aws.getDeploymentConfig({ deploymentConfigName: deployment.config }),
        );
  const routing = strategy?.deploymentConfigInfo?.trafficRoutingConfig;
  const info = group?.deploymentGroupInfo ?? {};
  const selection = alarmsOfDeployment(info, found);
  const subjectOf = await canarySubjects(aws, info, selection.watched, problems);
  problems.all.forEach(({ what, where }) => emit({ type: "warning", text: `${where}: ${what}` }));
  const policy = lowTrafficPolicy(config);
  // Prefer the deployment's settings: the group's may have changed since.
  const { blueGreenDeploymentConfiguration = info.blueGreenDeploymentConfiguration } = found;
  return {
    strategy: describeRouting(routing),
    attached: {
      deploymentId: id,
      application: target.application,
      group: target.deploymentGroup,
      cluster: target.cluster,
      service: target.service,
      hookLogGroup: hookLogGroupOf(target),
      alarmNames: selection.watched,
      unwatchedAlarms: selection.unwatched,
      // Without the group it is not known which alarms the deployment watches.
      notes: group === undefined && selection.override === undefined ? [] : gateNotes(selection),
      // A rollback has no canary.
      ...(deployment.rollbackOf === undefined && {
        canary: {
          subjectOf,
          policy,
          shiftMinutes: routing && shiftMinutesOf(routing),
          mayHaveProbes: policy.action === "probe",
        },
      }),
      attach,
      continueCommand: continueCommand(config.environment),
      pollInterval: args.pollInterval,
      timeout: args.timeout ?? timeLimitMinutes({ routing, ...waitsOf({ blueGreenDeploymentConfiguration }) }),
    },
  };
}

/** The deployment, which must belong to this environment, or a report when there is none to follow. */
async function findDeployment(id: string, deps: ReleaseDeps, attach: string): Promise<DeploymentInfo | ReleaseReport> {
  const { aws, config, target } = deps;
  let found;
  try {
    found = (await aws.getDeployment({ deploymentId: id })).deploymentInfo ?? {};
    if (found.applicationName === undefined || found.deploymentGroupName === undefined) {
      throw new UnreadableAnswer(`GetDeployment answered without the application and the group of ${id}`);
    }
  } catch (error) {
    const unknown = ["DeploymentDoesNotExistException", "InvalidDeploymentIdException"].includes(errorType(error));
    const failure = explain(error);
    // The deployment may be running: such a failure is no proof that it doesn't exist.
    if (isRetryable(failure)) {
      const why = `reading the deployment failed: ${failure.type}: ${failure.message}`;
      return lostSightReport({ deploymentId: id, attach }, why, remedyFor(failure));
    }
    return refusal([
      unknown
        ? {
            what: `there is no deployment ${id}`,
            where: `CodeDeploy, region ${aws.region}`,
            next: "check the id, the region and AWS_PROFILE",
          }
        : problemOf("codedeploy:GetDeployment", error),
    ]);
  }
  const { applicationName, deploymentGroupName } = found;
  if (applicationName === target.application && deploymentGroupName === target.deploymentGroup) return found;
  return refusal([
    {
      what: `${id} is a deployment of ${applicationName}, group ${deploymentGroupName}`,
      where: `environment ${config.environment}: ${target.application}, group ${target.deploymentGroup}`,
      next: "choose its environment with --environment",
    },
  ]);
}
