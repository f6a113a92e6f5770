import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Tag } from "@aws-sdk/client-ecs";

/**
 * Where a revision that a release registered comes from. It is kept in a tag of the revision, and tells it from what
 * Terraform registered.
 */
export interface Lineage {
  /** Number of the stacks' revision that it holds the settings of; absent: not known. */
  readonly base?: number | undefined;
  /** The newest of the stacks' revisions up to `seen`; absent: none was found. */
  readonly newest?: number | undefined;
  /** The family was looked through up to this revision. */
  readonly seen: number;
}

/** Key of the tag that a release puts on the revisions that it registers. */
export const LINEAGE_TAG = "canary-release:lineage";

/** AWS takes so many tags on one resource (ECS, "Tagging your Amazon ECS resources"). */
const MAX_TAGS = 50;

/** A revision's tags without what a release says there. Pure. */
export function withoutLineage(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ key }) => key !== LINEAGE_TAG);
}

/**
 * The tags with the lineage; undefined when there is no room for it. Pure.
 *
 * @param tags the revision's own
 */
export function withLineage(tags: readonly Tag[], { base, newest, seen }: Lineage): Tag[] | undefined {
  const own = withoutLineage(tags);
  const value = `base=${base ?? "unknown"} newest=${newest ?? "unknown"} seen=${seen}`;
  return own.length < MAX_TAGS ? [...own, { key: LINEAGE_TAG, value }] : undefined;
}

/**
 * What a revision's tags say of its lineage; undefined: no release registered it. A tag that was copied by hand, from
 * another family or a newer revision, tells nothing: a release has looked through older revisions than its own. Pure.
 *
 * @param own number of the revision
 */
export function lineageOf(tags: readonly Tag[], own: number | undefined): Lineage | undefined {
  const tag = tags.find(({ key }) => key === LINEAGE_TAG);
  if (!tag) return undefined;
  const numberOf = (name: string) => {
    const digits = new RegExp(`\\b${name}=(\\d+)\\b`).exec(tag.value ?? "")?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const [base, newest, seen = 0] = [numberOf("base"), numberOf("newest"), numberOf("seen")];
  const isCopied = own !== undefined && Math.max(base ?? 0, newest ?? 0, seen) >= own;
  return isCopied ? { base: undefined, newest: undefined, seen: 0 } : { base, newest, seen };
}

/** The number of a revision, from `family:7` or its ARN; undefined when it names none. Pure. */
export function revisionNumber(reference: string | undefined): number | undefined {
  const digits = /:(\d+)$/.exec(reference ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The newest deployment of each revision that a release deployed, by number: its description names the revision
 * (`describeDeployment`). Pure.
 */
export function deploymentsByRevision(
  deployments: readonly DeploymentInfo[],
  family: string,
): ReadonlyMap<number, DeploymentInfo> {
  const newestFirst = deployments.toSorted((a, b) => (b.createTime?.getTime() ?? 0) - (a.createTime?.getTime() ?? 0));
  const found = new Map<number, DeploymentInfo>();
  for (const info of newestFirst) {
    if (info.creator === "codeDeployRollback") continue;
    const named = /^Release (\S+)$|\((\S+)\)$/.exec(info.description ?? "");
    const reference = named?.[1] ?? named?.[2];
    const number = revisionNumber(reference);
    if (number === undefined || reference !== `${family}:${number}` || found.has(number)) continue;
    found.set(number, info);
  }
  return found;
}

/** What became of a deployment that didn't succeed, in words; undefined when it did, or isn't over. Pure. */
export function failureSummary(info: DeploymentInfo | undefined): string | undefined {
  if (info?.status !== "Stopped" && info?.status !== "Failed") return undefined;
  const { deploymentId = "?", status, rollbackInfo, errorInformation } = info;
  const why = errorInformation?.message ?? rollbackInfo?.rollbackMessage;
  const what = rollbackInfo?.rollbackDeploymentId === undefined ? `ended as ${status}` : "was rolled back";
  return `${what} (${deploymentId}${why === undefined ? "" : `: ${why}`})`;
}
