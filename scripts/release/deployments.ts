import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { AwsPort } from "./aws-port";
import { errorType, explain, isWorthAnotherTry } from "./failure";
import type { AppSpec } from "./appspec";

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
 * The deployments of a group that run now, newest first: who started what, since when.
 *
 * @throws what ListDeployments and BatchGetDeployments throw
 */
export async function runningDeployments(aws: AwsPort, name: GroupName): Promise<readonly DeploymentInfo[]> {
  const { deployments = [] } = await aws.listDeployments({
    applicationName: name.application,
    deploymentGroupName: name.group,
    includeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"],
  });
  if (deployments.length === 0) return [];
  const ids = deployments.slice(0, DEPLOYMENTS_A_CALL);
  const { deploymentsInfo = [] } = await aws.batchGetDeployments({ deploymentIds: ids });
  return deploymentsInfo.toSorted((a, b) => (b.createTime?.getTime() ?? 0) - (a.createTime?.getTime() ?? 0));
}

/** The id that an error message names; its wording has changed before and isn't relied on. Pure. */
export function deploymentIdIn(message: string): string | undefined {
  return /\bd-[A-Z0-9]{6,}\b/i.exec(message)?.[0];
}

/** Looks for a deployment of ours whose creation wasn't confirmed: it may show up a moment later. */
const SEARCHES = 3;

/** What is started. */
export interface CreateInput extends GroupName {
  readonly appSpec: AppSpec;
  /** Names the revision, so that the deployment can be told from any other. */
  readonly description: string;
}

/**
 * Starts the deployment and gives its id.
 *
 * The SDK repeats a call whose answer was lost, and the repetition is then refused because of our own deployment. So
 * before a refusal is believed, the running deployments are asked whether one is ours.
 *
 * @param pause waits before the next search
 * @throws DeploymentRefused when CodeDeploy said no: nothing of ours runs
 * @throws DeploymentUncertain when that can't be told
 */
export async function createDeployment(aws: AwsPort, input: CreateInput, pause: () => Promise<void>): Promise<string> {
  let failed: unknown;
  try {
    const { content, sha256 } = input.appSpec;
    const { deploymentId } = await aws.createDeployment({
      applicationName: input.application,
      deploymentGroupName: input.group,
      description: input.description,
      revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
    });
    if (deploymentId !== undefined) return deploymentId;
    failed = new Error("CodeDeploy answered without a deployment id");
  } catch (error) {
    failed = error;
  }
  const failure = explain(failed);
  const message = `${failure.type}: ${failure.message}`;
  if (failure.type === "DeploymentLimitExceededException") return afterLimit(aws, input, message);
  // A clear no, by AWS's own error type; everything else may have started something.
  if (failure.kind !== "passing" && failure.type !== "Error") throw new DeploymentRefused(message);
  return afterLostAnswer(aws, input, message, pause);
}

/** Something runs in the group: ours, after all, or another one that is in the way. */
async function afterLimit(aws: AwsPort, input: CreateInput, message: string): Promise<string> {
  const told = deploymentIdIn(message);
  try {
    const running = await runningDeployments(aws, input);
    const ours = running.find((info) => isOurs(info, input))?.deploymentId;
    if (ours !== undefined) return ours;
    throw new DeploymentRefused(message, told ?? running[0]?.deploymentId);
  } catch (error) {
    if (error instanceof DeploymentRefused) throw error;
    throw new DeploymentUncertain(`${message}; and looking for it failed: ${explain(error).message}`);
  }
}

/** No answer came: search for what it may have started. */
async function afterLostAnswer(
  aws: AwsPort,
  input: CreateInput,
  message: string,
  pause: () => Promise<void>,
): Promise<string> {
  for (let search = 1; search <= SEARCHES; search += 1) {
    await pause();
    try {
      const ours = (await runningDeployments(aws, input)).find((info) => isOurs(info, input))?.deploymentId;
      if (ours !== undefined) return ours;
    } catch (error) {
      if (search === SEARCHES) {
        throw new DeploymentUncertain(`${message}; and looking for it failed: ${explain(error).message}`);
      }
    }
  }
  throw new DeploymentRefused(message);
}

/** Made from our appspec, or described as ours: both name a revision that nobody else has. */
function isOurs(info: DeploymentInfo, input: CreateInput): boolean {
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
