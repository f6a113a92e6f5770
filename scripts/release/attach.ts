import { hookLogGroup } from "../../stacks/names";
import { alarmsOfDeployment } from "./alarm-selection";
import type { Arguments } from "./arguments";
import { attachCommand } from "./checks";
import type { ReleaseDeps } from "./deps";
import type { Report } from "./events";
import { errorType } from "./failure";
import { gateNotes } from "./gate";
import { describeRouting, patienceMinutes, waitsOf } from "./patience";
import { problemOf, Problems } from "./problem";
import { refusal } from "./report";
import { deploymentView } from "./snapshot";
import { follow } from "./watch";

/**
 * Follows a deployment that runs already, to the same outcomes and exit codes. An interruption leaves it running.
 *
 * @param id of the deployment
 */
export async function attachTo(id: string, args: Arguments, deps: ReleaseDeps): Promise<Report> {
  const { aws, config, names, emit } = deps;
  let found;
  try {
    found = (await aws.getDeployment({ deploymentId: id })).deploymentInfo ?? {};
  } catch (error) {
    const unknown = ["DeploymentDoesNotExistException", "InvalidDeploymentIdException"].includes(errorType(error));
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
  const deployment = deploymentView(id, found);
  if (deployment.application !== names.application || deployment.group !== names.deploymentGroup) {
    return refusal([
      {
        what: `${id} is a deployment of ${deployment.application ?? "?"}, group ${deployment.group ?? "?"}`,
        where: `environment ${config.environment}: ${names.application}, group ${names.deploymentGroup}`,
        next: "choose its environment with --environment",
      },
    ]);
  }

  // The group only makes the view richer and the patience better founded; the outcome doesn't need it.
  const problems = new Problems();
  const group = await problems.ask(
    "codedeploy:GetDeploymentGroup",
    aws.getDeploymentGroup({ applicationName: names.application, deploymentGroupName: names.deploymentGroup }),
  );
  const strategy =
    deployment.config === undefined
      ? undefined
      : await problems.ask(
          "codedeploy:GetDeploymentConfig",
          aws.getDeploymentConfig({ deploymentConfigName: deployment.config }),
        );
  problems.all.forEach(({ what, where }) => emit({ type: "warning", text: `${where}: ${what}` }));
  const routing = strategy?.deploymentConfigInfo?.trafficRoutingConfig;
  const info = group?.deploymentGroupInfo ?? {};
  const selection = alarmsOfDeployment(info, found);
  const attach = attachCommand(config.environment)(id);
  emit({
    type: "watching",
    deploymentId: id,
    strategy: describeRouting(routing),
    attach,
    leftOut: selection.leftOut,
    at: deps.clock.now(),
  });
  return follow(
    { ...deps, stop: deps.interruption.stop },
    {
      deploymentId: id,
      cluster: names.cluster,
      service: names.service,
      hookLogGroup: hookLogGroup(names),
      alarmNames: selection.watched,
      // Without the group nobody knows what it watches.
      notes: group === undefined && selection.override === undefined ? [] : gateNotes(selection),
      ours: false,
      attach,
      pollInterval: args.pollInterval,
      timeout: args.timeout ?? patienceMinutes({ routing, ...waitsOf(info) }),
    },
  );
}
