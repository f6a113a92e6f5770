import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import { MismatchedAnswer } from "./failure";

/** A deployment group and its application. */
export interface GroupName {
  readonly application: string;
  readonly group: string;
}

/** What a deployment that this run asked for is known by. */
export interface Origin {
  /**
   * Of the appspec, which names a revision that nobody else has. GetDeployment answers it; the content it leaves out:
   * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
   */
  readonly sha256: string;
  /** Names the same revision. */
  readonly description: string;
  /** When it was asked for, in milliseconds by this machine's clock. */
  readonly askedAt: number;
}

/** Which deployment was asked about. */
export interface ExpectedDeployment extends GroupName {
  readonly id: string;
  /** For a deployment that this run asked for. */
  readonly origin?: Origin | undefined;
  /** For a rollback: the deployment that it takes back. */
  readonly rollbackOf?: string | undefined;
  /** For a rollback: when the deployment that it takes back was created, in milliseconds by AWS's clock. */
  readonly notBefore?: number | undefined;
}

/** Who makes rollbacks. */
const ROLLBACK_CREATOR = "codeDeployRollback";

/**
 * So much earlier than by this machine's clock a deployment may have been created by AWS's, in milliseconds. AWS itself
 * takes requests of a clock that is some minutes off, and the SDK corrects one that is worse.
 */
export const CLOCK_SKEW_MS = 3_600_000;

/**
 * Holds an answer about a deployment against what was asked. Pure.
 *
 * @param from the operation that answered, for the message
 * @returns the answer
 * @throws UnreadableAnswer when it leaves out what it would have to be held against
 * @throws MismatchedAnswer when it is about another deployment
 */
export function requireExpected(
  from: string,
  wanted: ExpectedDeployment,
  info: DeploymentInfo | undefined,
): DeploymentInfo {
  if (typeof info !== "object") throw new UnreadableAnswer(`${from} answered without a deployment`);
  const held: readonly (readonly [string, unknown, string])[] = [
    ["deployment", info.deploymentId, wanted.id],
    ["application", info.applicationName, wanted.application],
    ["deployment group", info.deploymentGroupName, wanted.group],
  ];
  for (const [what, got] of held) {
    if (typeof got !== "string") throw new UnreadableAnswer(`${from} answered without the name of the ${what}`);
  }
  const other = held.find(([, got, expected]) => got !== expected);
  if (other) {
    const [what, got, expected] = other;
    throw new MismatchedAnswer(`${from} was asked about ${what} ${expected} and answered about ${String(got)}`);
  }
  if (typeof info.status !== "string") throw new UnreadableAnswer(`${from} answered without a status`);
  if (wanted.origin) requireOrigin(from, wanted.origin, info);
  requireRollback(from, wanted, info);
  return info;
}

/** The rollbacks that an answer names go with the deployment. */
function requireRollback(
  from: string,
  { id, origin, rollbackOf, notBefore }: ExpectedDeployment,
  info: DeploymentInfo,
): void {
  const { rollbackDeploymentId, rollbackTriggeringDeploymentId: takesBack } = info.rollbackInfo ?? {};
  if (rollbackDeploymentId === id) {
    throw new MismatchedAnswer(`${from} answered that ${id} is rolled back by ${id} itself`);
  }
  if (rollbackOf !== undefined && takesBack !== undefined && takesBack !== rollbackOf) {
    throw new MismatchedAnswer(`${from} answered that ${id} takes ${takesBack} back, not ${rollbackOf}`);
  }
  if (rollbackOf !== undefined) {
    // A rollback's creator: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
    if (takesBack === undefined && (info.creator ?? ROLLBACK_CREATOR) !== ROLLBACK_CREATOR) {
      throw new MismatchedAnswer(`${from} answered that ${id} is no rollback, but was made by ${String(info.creator)}`);
    }
    if (notBefore !== undefined && info.createTime !== undefined && info.createTime.getTime() < notBefore) {
      throw new MismatchedAnswer(`${from} answered that ${id} was created before ${rollbackOf}, which it takes back`);
    }
  }
  if (origin && takesBack !== undefined) {
    throw new MismatchedAnswer(`${from} answered that ${id} is the rollback of ${takesBack}, not this release`);
  }
}

/** Throws unless the deployment is the one that this run asked for. */
function requireOrigin(from: string, origin: Origin, info: DeploymentInfo): void {
  const id = info.deploymentId ?? "?";
  if (revisionOf(info) === undefined) {
    throw new UnreadableAnswer(`${from} answered without what ${id} deploys`);
  }
  if (!isMadeBy(origin, info)) {
    throw new MismatchedAnswer(`${from} answered that ${id} deploys another revision: ${wordsOf(info)}`);
  }
  const createdAt = info.createTime?.getTime();
  if (createdAt !== undefined && createdAt < origin.askedAt - CLOCK_SKEW_MS) {
    const [created, asked] = [createdAt, origin.askedAt].map((time) => new Date(time).toISOString());
    throw new MismatchedAnswer(
      `${from} answered that ${id} was created at ${created ?? "?"}, before this release asked for it at ${asked ?? "?"}`,
    );
  }
}

/**
 * Whether a deployment has our appspec: by its checksum or, where an answer leaves that out, by its description. Its
 * rollback is another deployment. Pure.
 */
export function isMadeBy(
  { sha256, description }: Pick<Origin, "sha256" | "description">,
  info: DeploymentInfo,
): boolean {
  if (info.creator === ROLLBACK_CREATOR) return false;
  if ((info.revision?.revisionType ?? "AppSpecContent") !== "AppSpecContent") return false;
  const answered = info.revision?.appSpecContent?.sha256;
  return answered === undefined ? info.description === description : answered.toLowerCase() === sha256;
}

function revisionOf(info: DeploymentInfo): string | undefined {
  return info.revision?.appSpecContent?.sha256 ?? info.description;
}

function wordsOf({ description, creator, createTime }: DeploymentInfo): string {
  const parts = [
    description === undefined ? "no description" : `"${description}"`,
    creator === undefined ? undefined : `by ${creator}`,
    createTime === undefined ? undefined : `created at ${createTime.toISOString()}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
