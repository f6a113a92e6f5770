import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import { UnreadableAnswer } from "../command/aws-answers";
import { MismatchedAnswer } from "./failure";

/** A deployment group and its application. */
export interface GroupName {
  readonly application: string;
  readonly group: string;
}

/** What identifies a deployment that this run created. */
export interface Origin {
  /**
   * SHA-256 of the appspec, which names a revision that only this run uses. GetDeployment returns it, but not the content:
   * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
   */
  readonly sha256: string;
  /** Description of the deployment, which names the same revision. */
  readonly description: string;
  /** When CreateDeployment was sent, in milliseconds by this machine's clock. */
  readonly askedAt: number;
}

/** The deployment that a request was about. */
export interface ExpectedDeployment extends GroupName {
  readonly id: string;
  /** For a deployment that this run created. */
  readonly origin?: Origin | undefined;
  /** For a rollback: the deployment that it rolls back. */
  readonly rollbackOf?: string | undefined;
  /** For a rollback: when the deployment that it rolls back was created, in milliseconds by AWS's clock. */
  readonly notBefore?: number | undefined;
}

/** Creator of rollbacks: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html */
const ROLLBACK_CREATOR = "codeDeployRollback";

/**
 * Tolerated difference between this machine's clock and AWS's, in milliseconds. AWS accepts requests of a clock that is
 * some minutes off, and the SDK corrects a larger difference.
 */
export const CLOCK_SKEW_MS = 3_600_000;

/**
 * Compares a response about a deployment with the deployment that was requested. Pure.
 *
 * @param from the operation, for the message
 * @returns the deployment of the response
 * @throws UnreadableAnswer when the response lacks a member that must be compared
 * @throws MismatchedAnswer when the response is about another deployment
 */
export function requireExpected(
  from: string,
  wanted: ExpectedDeployment,
  info: DeploymentInfo | undefined,
): DeploymentInfo {
  if (typeof info !== "object") throw new UnreadableAnswer(`${from} answered without a deployment`);
  const compared: readonly (readonly [string, unknown, string])[] = [
    ["deployment", info.deploymentId, wanted.id],
    ["application", info.applicationName, wanted.application],
    ["deployment group", info.deploymentGroupName, wanted.group],
  ];
  for (const [what, got] of compared) {
    if (typeof got !== "string") throw new UnreadableAnswer(`${from} answered without the name of the ${what}`);
  }
  const other = compared.find(([, got, expected]) => got !== expected);
  if (other) {
    const [what, got, expected] = other;
    throw new MismatchedAnswer(`${from} was asked about ${what} ${expected} and answered about ${String(got)}`);
  }
  if (typeof info.status !== "string") throw new UnreadableAnswer(`${from} answered without a status`);
  if (wanted.origin) requireOrigin(from, wanted.origin, info);
  requireRollback(from, wanted, info);
  return info;
}

/** The rollbacks that a response names must belong to the deployment. */
function requireRollback(
  from: string,
  { id, origin, rollbackOf, notBefore }: ExpectedDeployment,
  info: DeploymentInfo,
): void {
  const { rollbackDeploymentId, rollbackTriggeringDeploymentId: rollsBack } = info.rollbackInfo ?? {};
  if (rollbackDeploymentId === id) {
    throw new MismatchedAnswer(`${from} answered that ${id} is rolled back by ${id} itself`);
  }
  if (rollbackOf !== undefined && rollsBack !== undefined && rollsBack !== rollbackOf) {
    throw new MismatchedAnswer(`${from} answered that ${id} rolls ${rollsBack} back, not ${rollbackOf}`);
  }
  if (rollbackOf !== undefined) {
    if (rollsBack === undefined && (info.creator ?? ROLLBACK_CREATOR) !== ROLLBACK_CREATOR) {
      throw new MismatchedAnswer(
        `${from} answered that ${id} is no rollback, but was created by ${String(info.creator)}`,
      );
    }
    if (notBefore !== undefined && info.createTime !== undefined && info.createTime.getTime() < notBefore) {
      throw new MismatchedAnswer(`${from} answered that ${id} was created before ${rollbackOf}, which it rolls back`);
    }
  }
  if (origin && rollsBack !== undefined) {
    throw new MismatchedAnswer(`${from} answered that ${id} is the rollback of ${rollsBack}, not this release`);
  }
}

/** Throws unless this run created the deployment. */
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
 * Whether a deployment has the appspec of this run: by its checksum or, when the response lacks that, by its description.
 * False for its rollback, which is another deployment. Pure.
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
