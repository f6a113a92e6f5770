import type { AlarmConfiguration, DeploymentInfo, ListDeploymentsInput } from "@aws-sdk/client-codedeploy";
import type { AppSpec } from "./appspec";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import { didNothing, errorType, explain, isWorthAnotherTry } from "./failure";

/** A deployment group and its application. */
export interface GroupName {
  readonly application: string;
  readonly group: string;
}

/** CodeDeploy refused to start: nothing of ours runs. */
export class DeploymentRefused extends Error {
  constructor(
    message: string,
    /** Id of the deployment that is in the way, when that is the reason. */
    readonly runningId?: string,
  ) {
    super(message);
    this.name = "DeploymentRefused";
  }
}

/** CreateDeployment was sent and its answer was lost: ours may run or not. */
export class DeploymentUncertain extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DeploymentUncertain";
  }
}

/** BatchGetDeployments takes at most so many. */
const DEPLOYMENTS_A_CALL = 25;

/**
 * The deployments of a group that run now, newest first: who started what, since when. Of one that CodeDeploy lists and
 * doesn't describe, the id alone.
 *
 * @throws what ListDeployments and BatchGetDeployments throw
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
 * @throws what ListDeployments and BatchGetDeployments throw
 */
export function allDeployments(aws: AwsPort, name: GroupName): Promise<readonly DeploymentInfo[]> {
  return listDeployments(aws, name, {});
}

async function listDeployments(
  aws: AwsPort,
  name: GroupName,
  filter: Pick<ListDeploymentsInput, "includeOnlyStatuses" | "createTimeRange">,
): Promise<readonly DeploymentInfo[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.listDeployments({
      applicationName: name.application,
      deploymentGroupName: name.group,
      ...filter,
      ...(nextToken !== undefined && { nextToken }),
    });
    ids.push(...(page.deployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);

  const described = new Map<string | undefined, DeploymentInfo>();
  for (let first = 0; first < ids.length; first += DEPLOYMENTS_A_CALL) {
    const deploymentIds = ids.slice(first, first + DEPLOYMENTS_A_CALL);
    const { deploymentsInfo = [] } = await aws.batchGetDeployments({ deploymentIds });
    for (const info of deploymentsInfo) described.set(info.deploymentId, info);
  }
  return ids.map((id) => described.get(id) ?? { deploymentId: id });
}

/**
 * The id that an error message names; its wording has changed before and isn't relied on. Ids are `d-` and nine
 * upper-case letters or digits, standing for themselves: a group may be called blue-d-backend. Pure.
 */
export function deploymentIdIn(message: string): string | undefined {
  return /(?<![\w-])d-[A-Z0-9]{6,}(?![\w-])/.exec(message)?.[0];
}

/** How often a call that did nothing is made again, and the first wait between; it doubles. */
const TRIES = 5;
const RETRY_MS = 2_000;
/** How often a deployment is looked for whose creation was not answered: lists may be a little behind. */
const SEARCHES = 6;
const SEARCH_PAUSE_MS = 5_000;
/** So much earlier than by our clock it may have been created by AWS's. */
const CLOCK_SKEW_MS = 3_600_000;

/** What is started. */
export interface CreateInput extends GroupName {
  readonly appSpec: AppSpec;
  /** Names the revision, so that the deployment can be told from any other. */
  readonly description: string;
  /** Alarms that it watches in place of the group's. */
  readonly alarms?: AlarmConfiguration | undefined;
}

/** What starting lives on. */
export interface CreateDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** Ends the waiting for another try. */
  readonly stop: AbortSignal;
  /** Says what takes its time. */
  readonly tell: (text: string) => void;
}

/**
 * Starts the deployment and gives its id.
 *
 * A no is believed only when it answers the one request that was sent (aws-sdk.ts has the SDK not repeat it). Whatever
 * else went wrong, a deployment may have been started: it is looked for, among all of the group's, for it may have
 * ended at once.
 *
 * @throws DeploymentRefused when CodeDeploy said no: nothing of ours runs
 * @throws DeploymentUncertain when that can't be told
 */
export async function createDeployment(deps: CreateDeps, input: CreateInput): Promise<string> {
  const { aws, clock, stop, tell } = deps;
  const since = new Date(clock.now() - CLOCK_SKEW_MS);
  for (let attempt = 1; ; attempt += 1) {
    let failed: unknown;
    try {
      const { content, sha256 } = input.appSpec;
      const { deploymentId } = await aws.createDeployment({
        applicationName: input.application,
        deploymentGroupName: input.group,
        description: input.description,
        revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
        ...(input.alarms && { overrideAlarmConfiguration: input.alarms }),
      });
      if (deploymentId !== undefined) return deploymentId;
      failed = new Error("CodeDeploy answered without a deployment id");
    } catch (error) {
      failed = error;
    }
    const failure = explain(failed);
    const message = `${failure.type}: ${failure.message}`;
    if (!didNothing(failed)) {
      tell(`CodeDeploy's answer is not known (${message}): looking whether it started the deployment`);
      return findCreated(deps, input, { message, since });
    }
    if (isWorthAnotherTry(failure) && attempt < TRIES) {
      const wait = RETRY_MS * 2 ** (attempt - 1);
      tell(`could not start it (${message}), trying again in ${wait / 1000} s`);
      await clock.sleep(wait, stop);
      if (!stop.aborted) continue;
    }
    const isBusy = failure.type === "DeploymentLimitExceededException";
    throw new DeploymentRefused(message, isBusy ? await inTheWay(aws, input, message) : undefined);
  }
}

/** The deployment that runs in the group, when one does: the message's word for it counts less than the list's. */
async function inTheWay(aws: AwsPort, name: GroupName, message: string): Promise<string | undefined> {
  const told = deploymentIdIn(message);
  try {
    const ids = (await runningDeployments(aws, name)).map(({ deploymentId }) => deploymentId);
    return ids.find((id) => id === told) ?? ids[0] ?? told;
  } catch {
    return told;
  }
}

/** Looks for what an unanswered CreateDeployment may have started. That nothing shows up proves nothing. */
async function findCreated(
  { aws, clock }: CreateDeps,
  input: CreateInput,
  { message, since }: { readonly message: string; readonly since: Date },
): Promise<string> {
  let trouble = "";
  for (let search = 1; search <= SEARCHES; search += 1) {
    if (search > 1) await clock.sleep(SEARCH_PAUSE_MS);
    try {
      const created = await listDeployments(aws, input, { createTimeRange: { start: since } });
      const ours = created.find((info) => isOurs(info, input))?.deploymentId;
      if (ours !== undefined) return ours;
      trouble = "no deployment of this revision has shown up";
    } catch (error) {
      trouble = `looking for the deployment failed: ${explain(error).message}`;
    }
  }
  throw new DeploymentUncertain(`${message}; ${trouble}`);
}

/** Made from our appspec, or described as ours: both name a revision that nobody else has. Its rollback is another. */
function isOurs(info: DeploymentInfo, input: CreateInput): boolean {
  if (info.creator === "codeDeployRollback") return false;
  return info.revision?.appSpecContent?.sha256 === input.appSpec.sha256 || info.description === input.description;
}

/** What came of asking CodeDeploy to stop and roll back. */
export type StopResult =
  | { readonly type: "accepted" }
  /** It was over already; how it ended is still to be seen. */
  | { readonly type: "already-over" }
  /** Worth another try with the next look. */
  | { readonly type: "again"; readonly message: string }
  | { readonly type: "refused"; readonly message: string };

/** Asks CodeDeploy to stop the deployment and roll it back. Never throws. */
export async function stopDeployment(aws: AwsPort, deploymentId: string): Promise<StopResult> {
  try {
    await aws.stopDeployment({ deploymentId, autoRollbackEnabled: true });
    return { type: "accepted" };
  } catch (error) {
    if (errorType(error) === "DeploymentAlreadyCompletedException") return { type: "already-over" };
    const failure = explain(error);
    return {
      type: isWorthAnotherTry(failure) ? "again" : "refused",
      message: `${failure.type}: ${failure.message}`,
    };
  }
}
