import type { AlarmConfiguration } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import type { AppSpec } from "./appspec";
import type { AwsPort } from "./aws-port";
import type { Clock } from "./clock";
import { describeDeployments, isUndescribed, listDeployments, runningDeployments } from "./deployment-list";
import { hadNoEffect, explain, isRetryable, wasNeverSent } from "./failure";
import { CLOCK_SKEW_MS, isMadeBy, requireExpected, type GroupName, type Origin } from "./identity";

/** CodeDeploy refused the request, and no deployment of this release was found. */
export class DeploymentRefused extends Error {
  constructor(
    message: string,
    /** Id of the running deployment, when that is the reason. */
    readonly runningId?: string,
    /** What to do about it, when that is known. */
    readonly next?: string,
  ) {
    super(message);
    this.name = "DeploymentRefused";
  }
}

/** CreateDeployment was sent, but it is not known whether it started a deployment. */
class DeploymentUncertain extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DeploymentUncertain";
  }
}

/**
 * The deployment id in an error message; undefined without one. It doesn't rely on the wording, which has changed before.
 * An id is `d-` and upper-case letters or digits, as a word of its own: a group may be called blue-d-backend. Pure.
 */
export function deploymentIdIn(message: string): string | undefined {
  return /(?<![\w-])d-[A-Z0-9]{6,}(?![\w-])/.exec(message)?.[0];
}

/**
 * AWS asks for another permission when a deployment has alarms of its own
 * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html, overrideAlarmConfiguration).
 */
const OVERRIDE_REMEDY =
  "grant codedeploy:CreateDeployment and codedeploy:UpdateDeploymentGroup on the group (AWS asks for both when a deployment watches " +
  "other alarms than its group), or watch all alarms of the group with --alarms all";

const MAX_TRIES = 5;
/** Wait before the second try, in milliseconds; it doubles with each further try. */
const RETRY_MS = 2_000;
/** Number of searches after a request whose response is not known. Several, because lists may be out of date. */
const SEARCHES = 6;
/** Number of searches after CodeDeploy refused the request. Few, because a refusal is almost always true. */
const SEARCHES_AFTER_REFUSAL = 2;
const SEARCH_PAUSE_MS = 5_000;
/** Number of attempts to verify a new id. Several, because some of AWS's servers may not know it yet. */
const VERIFY_TRIES = 3;
const VERIFY_PAUSE_MS = 2_000;

/** The deployment to create. */
export interface CreateInput extends GroupName {
  readonly appSpec: AppSpec;
  /** Contains the revision, so that the deployment can be recognized. */
  readonly description: string;
  /** Replaces the group's alarms. */
  readonly alarms?: AlarmConfiguration | undefined;
}

/** Dependencies of `createDeployment`. */
export interface CreateDeps {
  readonly aws: AwsPort;
  readonly clock: Clock;
  /** When it aborts, no further try is made. */
  readonly stop: AbortSignal;
  /** Reports delays and unexpected responses. */
  readonly warn: (text: string) => void;
}

/** A deployment that this run created. */
export interface Created {
  readonly deploymentId: string;
  readonly origin: Origin;
}

/**
 * Creates the deployment and returns its id.
 *
 * Each kind of response is verified:
 *
 * - An id may belong to another deployment, so the deployment is read.
 * - After a refusal, CodeDeploy may have accepted the request all the same, so the group's deployments are searched.
 * - After anything else, a deployment may have started, so the group's deployments are searched. The search includes those
 *   that are over, because a deployment may end at once.
 *
 * @throws DeploymentRefused when CodeDeploy refused the request and lists no deployment of this release
 * @throws DeploymentUncertain when it is not known whether a deployment was started
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
      warn(`CodeDeploy's answer is not known (${message}): checking whether it started the deployment`);
      const { found, trouble } = await findCreated(deps, input, origin, SEARCHES);
      if (found !== undefined) return created(found);
      throw new DeploymentUncertain(`${message}; ${trouble}`);
    }
    const mayBeAccepted = !wasNeverSent(failed);
    if (isRetryable(failure) && attempt < MAX_TRIES && !isStopped()) {
      const wait = RETRY_MS * 2 ** (attempt - 1);
      warn(`could not start it (${message}), trying again in ${wait / 1000} s`);
      await clock.sleep(wait, stop);
      const { found } = mayBeAccepted ? await findCreated(deps, input, origin, 1) : {};
      if (found !== undefined) return created(warnOfRefusal(warn, found, message));
      if (!isStopped()) continue;
    }
    if (mayBeAccepted) {
      const { found, failed: unseen, trouble } = await findCreated(deps, input, origin, SEARCHES_AFTER_REFUSAL);
      if (found !== undefined) return created(warnOfRefusal(warn, found, message));
      if (unseen) throw new DeploymentUncertain(`${message}; ${trouble}`);
    }
    const isBusy = failure.type === "DeploymentLimitExceededException";
    throw new DeploymentRefused(
      message,
      isBusy ? await runningDeploymentId(aws, input, message) : undefined,
      failure.kind === "denied" && input.alarms ? OVERRIDE_REMEDY : undefined,
    );
  }
}

function warnOfRefusal(warn: CreateDeps["warn"], deploymentId: string, message: string): string {
  warn(`CodeDeploy refused (${message}), but started ${deploymentId} anyway`);
  return deploymentId;
}

/**
 * Verifies that the id belongs to this release's deployment. Uses another operation than the watch, so that one faulty
 * operation can't pass both checks.
 *
 * @returns the id, or the id of this release's deployment when CodeDeploy returned another one
 * @throws DeploymentUncertain when the id belongs to another deployment and this release's isn't found
 */
async function verifyId(deps: CreateDeps, input: CreateInput, origin: Origin, id: string): Promise<string> {
  const { aws, clock, warn } = deps;
  let isOther = false;
  let why = "";
  for (let attempt = 1; attempt <= VERIFY_TRIES; attempt += 1) {
    if (attempt > 1) await clock.sleep(VERIFY_PAUSE_MS);
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
  // A failed read proves nothing. Each poll of the watch makes the same check.
  if (!isOther) {
    warn(`not checked that ${id} belongs to this release (${why}): every poll checks it again`);
    return id;
  }
  warn(`CodeDeploy answered with ${id}, which is not this release's (${why}): searching for this release's deployment`);
  const { found, trouble } = await findCreated(deps, input, origin, SEARCHES);
  if (found === undefined) {
    throw new DeploymentUncertain(`CodeDeploy answered with ${id}, which is another deployment: ${why}; ${trouble}`);
  }
  warn(`this release is deployment ${found}`);
  return found;
}

/** Id of the deployment that runs in the group, if any. The list is more reliable than the error message. */
async function runningDeploymentId(aws: AwsPort, name: GroupName, message: string): Promise<string | undefined> {
  const named = deploymentIdIn(message);
  try {
    const ids = (await runningDeployments(aws, name)).map(({ deploymentId }) => deploymentId);
    return ids.find((id) => id === named) ?? ids[0] ?? named;
  } catch {
    return named;
  }
}

/** Result of a search. */
interface Search {
  readonly found?: string;
  /** Why nothing was found. */
  readonly trouble: string;
  /** The last search failed, so it shows nothing. */
  readonly failed: boolean;
}

/** Searches the group for this release's deployment. An empty result doesn't prove that there is none. Never throws. */
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
      if (hidden !== undefined) throw new UnreadableAnswer(`CodeDeploy lists ${hidden} without describing it`);
      result = { trouble: "no deployment of this revision was found", failed: false };
    } catch (error) {
      result = { trouble: `searching for the deployment failed: ${explain(error).message}`, failed: true };
    }
  }
  return result;
}
