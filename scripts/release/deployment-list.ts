import type { DeploymentInfo, ListDeploymentsInput } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import type { AwsPort } from "./aws-port";
import { MismatchedAnswer } from "./failure";
import type { GroupName } from "./identity";

/**
 * Largest number of ids in one call:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html (deploymentIds)
 */
const DEPLOYMENTS_PER_CALL = 25;
/** A list with more pages than this is not from AWS or never ends. */
export const PAGE_LIMIT = 1_000;

/**
 * The running deployments of a group, newest first. A deployment that CodeDeploy lists but doesn't describe has only its id.
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
 * All deployments of a group, in any status. A deployment that CodeDeploy lists but doesn't describe has only its id.
 *
 * @throws what `listDeployments` throws
 */
export function allDeployments(aws: AwsPort, name: GroupName): Promise<readonly DeploymentInfo[]> {
  return listDeployments(aws, name, {});
}

/**
 * The deployments of a group that match the filter, in CodeDeploy's order.
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
 * Describes these deployments, in the order of `ids`. A deployment that CodeDeploy doesn't describe has only its id.
 *
 * @throws what BatchGetDeployments throws
 */
export async function describeDeployments(aws: AwsPort, ids: readonly string[]): Promise<readonly DeploymentInfo[]> {
  const described = new Map<string | undefined, DeploymentInfo>();
  for (let first = 0; first < ids.length; first += DEPLOYMENTS_PER_CALL) {
    const deploymentIds = ids.slice(first, first + DEPLOYMENTS_PER_CALL);
    const { deploymentsInfo = [] } = await aws.batchGetDeployments({ deploymentIds });
    for (const info of deploymentsInfo) described.set(info.deploymentId, info);
  }
  return ids.map((id) => described.get(id) ?? { deploymentId: id });
}

/** Whether CodeDeploy listed this deployment but didn't describe it. Pure. */
export function isUndescribed(info: DeploymentInfo): boolean {
  return Object.keys(info).every((key) => key === "deploymentId");
}
