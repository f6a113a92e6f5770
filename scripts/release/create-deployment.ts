import type { AlarmConfiguration } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import type { AppSpec } from "./appspec";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import { describeDeployments, isUndescribed, listDeployments, runningDeployments } from "./deployment-list";
import { hadNoEffect, explain, isRetryable, wasNeverSent } from "./failure";
import { CLOCK_SKEW_MS, isMadeBy, requireExpected, type GroupName, type Origin } from "./identity";

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

/** CreateDeployment was sent, and what came of it is not known: ours may run or not. */
class DeploymentUncertain extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DeploymentUncertain";
  }
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
/** How often it is looked for after CodeDeploy's no, which is nearly always true. */
const SEARCHES_AFTER_NO = 2;
const SEARCH_PAUSE_MS = 5_000;
/** How often an id that CreateDeployment gave is read back, and the wait between: it may not be known everywhere yet. */
const READ_BACKS = 3;
const READ_BACK_PAUSE_MS = 2_000;

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
  /** Says what takes its time, or is odd. */
  readonly warn: (text: string) => void;
}

/** A deployment of ours. */
export interface Created {
  readonly deploymentId: string;
  readonly origin: Origin;
}

/**
 * Starts the deployment and gives its id.
 *
 * No answer is believed for itself. An id is read back: it may be another deployment's. A no is believed when no
 * deployment of ours shows up: the request may have been taken all the same. After anything else a deployment may have
 * been started, and is looked for, among all of the group's, for it may have ended at once.
 *
 * @throws DeploymentRefused when CodeDeploy said no and nothing of ours runs, as far as it lists it
 * @throws DeploymentUncertain when that can't be told
 */
export async function createDeployment(deps: CreateDeps, input: CreateInput): Promise<Created> {
  const { aws, clock, stop, warn } = deps;
  const { content, sha256 } = input.appSpec;
  const origin = { sha256, description: input.description, askedAt: clock.now() };
  const isStopped = () => stop.aborted;
  const created = (deploymentId: string): Created => ({ deploymentId, origin });
  for (let attempt = 1; ; attempt += 1) {
    let failed: unknown;
    try {
      const { deploymentId } = await aws.createDeployment({
        applicationName: input.application,
        deploymentGroupName: input.group,
        description: input.description,
        revision: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
        ...(input.alarms && { overrideAlarmConfiguration: input.alarms }),
      });
      if (deploymentId !== undefined) return created(await verifyId(deps, input, origin, deploymentId));
      failed = new Error("CodeDeploy answered without a deployment id");
    } catch (error) {
      if (error instanceof DeploymentUncertain) throw error;
      failed = error;
    }
    const failure = explain(failed);
    const message = `${failure.type}: ${failure.message}`;
    if (!hadNoEffect(failed)) {
      warn(`CodeDeploy's answer is not known (${message}): looking whether it started the deployment`);
      const { found, trouble } = await findCreated(deps, input, origin, SEARCHES);
      if (found !== undefined) return created(found);
      throw new DeploymentUncertain(`${message}; ${trouble}`);
    }
    const mayBeTaken = !wasNeverSent(failed);
    if (isRetryable(failure) && attempt < TRIES && !isStopped()) {
      const wait = RETRY_MS * 2 ** (attempt - 1);
      warn(`could not start it (${message}), trying again in ${wait / 1000} s`);
      await clock.sleep(wait, stop);
      const { found } = mayBeTaken ? await findCreated(deps, input, origin, 1) : {};
      if (found !== undefined) return created(warnOfRefusal(warn, found, message));
      if (!isStopped()) continue;
    }
    if (mayBeTaken) {
      const { found, failed: unseen, trouble } = await findCreated(deps, input, origin, SEARCHES_AFTER_NO);
      if (found !== undefined) return created(warnOfRefusal(warn, found, message));
      if (unseen) throw new DeploymentUncertain(`${message}; ${trouble}`);
    }
    const isBusy = failure.type === "DeploymentLimitExceededException";
    throw new DeploymentRefused(message, isBusy ? await runningDeploymentId(aws, input, message) : undefined);
  }
}

function warnOfRefusal(warn: CreateDeps["warn"], deploymentId: string, message: string): string {
  warn(`CodeDeploy said no (${message}), and started ${deploymentId} all the same`);
  return deploymentId;
}

/**
 * Makes sure that the id is our deployment's, by another operation than the one that the watch reads.
 *
 * @returns the id; ours, when CodeDeploy answered with that of another deployment
 * @throws DeploymentUncertain when it is another's, and ours doesn't show up
 */
async function verifyId(deps: CreateDeps, input: CreateInput, origin: Origin, id: string): Promise<string> {
  const { aws, clock, warn } = deps;
  let isOther = false;
  let why = "";
  for (let attempt = 1; attempt <= READ_BACKS; attempt += 1) {
    if (attempt > 1) await clock.sleep(READ_BACK_PAUSE_MS);
    try {
      const [info] = await describeDeployments(aws, [id]);
      if (info === undefined || isUndescribed(info)) {
        why = `CodeDeploy doesn't know ${id}`;
        continue;
      }
      requireExpected("BatchGetDeployments", { id, application: input.application, group: input.group, origin }, info);
      return id;
    } catch (error) {
      const failure = explain(error);
      isOther = failure.kind === "mismatched";
      why = failure.message;
      if (!isRetryable(failure)) break;
    }
  }
  // What can't be read proves nothing: each look of the watch is held against the same.
  if (!isOther) {
    warn(`not checked that ${id} is this release's (${why}): each look at it is`);
    return id;
  }
  warn(`CodeDeploy answered with ${id}, which is not this release's (${why}): looking for ours`);
  const { found, trouble } = await findCreated(deps, input, origin, SEARCHES);
  if (found === undefined) {
    throw new DeploymentUncertain(`CodeDeploy answered with ${id}, which is another deployment: ${why}; ${trouble}`);
  }
  warn(`this release is deployment ${found}`);
  return found;
}

/** The deployment that runs in the group, when one does: the message's word for it counts less than the list's. */
async function runningDeploymentId(aws: AwsPort, name: GroupName, message: string): Promise<string | undefined> {
  const told = deploymentIdIn(message);
  try {
    const ids = (await runningDeployments(aws, name)).map(({ deploymentId }) => deploymentId);
    return ids.find((id) => id === told) ?? ids[0] ?? told;
  } catch {
    return told;
  }
}

/** What a search has come to. */
interface Search {
  readonly found?: string;
  /** Why nothing was found, in words. */
  readonly trouble: string;
  /** The last search failed: it says nothing at all. */
  readonly failed: boolean;
}

/** Looks for what a CreateDeployment may have started. That nothing shows up proves nothing. Never throws. */
async function findCreated(
  { aws, clock }: CreateDeps,
  input: CreateInput,
  origin: Origin,
  searches: number,
): Promise<Search> {
  let result: Search = { trouble: "", failed: false };
  for (let search = 1; search <= searches; search += 1) {
    if (search > 1) await clock.sleep(SEARCH_PAUSE_MS);
    try {
      const since = new Date(origin.askedAt - CLOCK_SKEW_MS);
      const created = await listDeployments(aws, input, { createTimeRange: { start: since } });
      const found = created.find((info) => isMadeBy(origin, info))?.deploymentId;
      if (found !== undefined) return { found, trouble: "", failed: false };
      const hidden = created.find(isUndescribed)?.deploymentId;
      if (hidden !== undefined) throw new UnreadableAnswer(`CodeDeploy lists ${hidden} and doesn't say what it is`);
      result = { trouble: "no deployment of this revision has shown up", failed: false };
    } catch (error) {
      result = { trouble: `looking for the deployment failed: ${explain(error).message}`, failed: true };
    }
  }
  return result;
}
