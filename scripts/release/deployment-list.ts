import type { DeploymentInfo, ListDeploymentsInput } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import type { AwsPort } from "./aws-port";
import { MismatchedAnswer } from "./failure";
import type { GroupName } from "./identity";

/** BatchGetDeployments takes at most so many. */
const DEPLOYMENTS_A_CALL = 25;
/** A list of more pages than this doesn't come from AWS, or never ends. */
export const PAGE_LIMIT = 1_000;

/**
 * The deployments of a group that run now, newest first: who started what, since when. Of one that CodeDeploy lists and
 * doesn't describe, the id alone.
 *
 * @throws what ListDeployments and BatchGetDeployments throw, and MismatchedAnswer for deployments of another group
 */
export async function runningDeployments(aws: AwsPort, name: GroupName): Promise<readonly DeploymentInfo[]> {
  const running = await listDeployments(aws, name, {
    includeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"],
  });
  return running.toSorted((a, b) => (b.createTime?.getTime() ?? 0) - (a.createTime?.getTime() ?? 0));
}

/**
 * All deployments of a group, whatever became of them. Of one that CodeDeploy lists and doesn't describe, the id alone.
 *
 * @throws what `listDeployments` throws
 */
export function allDeployments(aws: AwsPort, name: GroupName): Promise<readonly DeploymentInfo[]> {
  return listDeployments(aws, name, {});
}

/**
 * The deployments of a group, as CodeDeploy lists them.
 *
 * @throws what ListDeployments and BatchGetDeployments throw, and MismatchedAnswer for deployments of another group
 */
export async function listDeployments(
  aws: AwsPort,
  name: GroupName,
  filter: Pick<ListDeploymentsInput, "includeOnlyStatuses" | "createTimeRange">,
): Promise<readonly DeploymentInfo[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  let pages = 0;
  do {
    pages += 1;
    if (pages > PAGE_LIMIT) throw new UnreadableAnswer(`ListDeployments answered ${PAGE_LIMIT} pages, and no last one`);
    const page = await aws.listDeployments({
      applicationName: name.application,
      deploymentGroupName: name.group,
      ...filter,
      ...(nextToken !== undefined && { nextToken }),
    });
    ids.push(...(page.deployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const described = await describeDeployments(aws, ids);
  for (const { deploymentId = "?", applicationName, deploymentGroupName } of described) {
    if (
      (applicationName ?? name.application) === name.application &&
      (deploymentGroupName ?? name.group) === name.group
    )
      continue;
    throw new MismatchedAnswer(
      `ListDeployments was asked about group ${name.group} of ${name.application} and answered ${deploymentId}, ` +
        `of group ${deploymentGroupName ?? "?"} of ${applicationName ?? "?"}`,
    );
  }
  return described;
}

/**
 * What CodeDeploy says of these deployments, in their order; of one that it doesn't describe, the id alone.
 *
 * @throws what BatchGetDeployments throws
 */
export async function describeDeployments(aws: AwsPort, ids: readonly string[]): Promise<readonly DeploymentInfo[]> {
  const described = new Map<string | undefined, DeploymentInfo>();
  for (let first = 0; first < ids.length; first += DEPLOYMENTS_A_CALL) {
    const deploymentIds = ids.slice(first, first + DEPLOYMENTS_A_CALL);
    const { deploymentsInfo = [] } = await aws.batchGetDeployments({ deploymentIds });
    for (const info of deploymentsInfo) described.set(info.deploymentId, info);
  }
  return ids.map((id) => described.get(id) ?? { deploymentId: id });
}

/** Whether CodeDeploy lists this deployment and says nothing else of it. Pure. */
export function isUndescribed(info: DeploymentInfo): boolean {
  return Object.keys(info).every((key) => key === "deploymentId");
}
