import type { DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Tag } from "@aws-sdk/client-ecs";

/**
 * Origin of a revision that a release registered. A release stores it in a tag of the revision. A revision without this
 * tag was registered by Terraform, or by a release from before the tag.
 */
export interface Lineage {
  /** Number of the stacks' revision whose settings it has; absent when not known. */
  readonly base?: number | undefined;
  /** Number of the newest of the stacks' revisions up to `seen`; absent when none was found. */
  readonly newest?: number | undefined;
  /** The family was searched up to this revision. */
  readonly seen: number;
}

/** Key of the tag on revisions that a release registers. */
export const LINEAGE_TAG = "canary-release:lineage";

/**
 * Largest number of tags of a resource:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html (tags)
 */
const MAX_TAGS = 50;

/** Tags without the lineage. Pure. */
export function withoutLineage(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ key }) => key !== LINEAGE_TAG);
}

/**
 * The tags with the lineage; undefined when the limit of tags leaves no room for it. Pure.
 *
 * @param tags of the revision
 */
export function withLineage(tags: readonly Tag[], { base, newest, seen }: Lineage): Tag[] | undefined {
  const own = withoutLineage(tags);
  const value = `base=${base ?? "unknown"} newest=${newest ?? "unknown"} seen=${seen}`;
  return own.length < MAX_TAGS ? [...own, { key: LINEAGE_TAG, value }] : undefined;
}

/**
 * The lineage in a revision's tags; undefined when no release registered the revision. Pure.
 *
 * A release names only older revisions than its own. A tag with a newer one was copied by hand from elsewhere, so its
 * numbers are ignored.
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

/** The number of a revision, from `family:7` or its ARN; undefined when it has none. Pure. */
export function revisionNumber(reference: string | undefined): number | undefined {
  const digits = /:(\d+)$/.exec(reference ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The newest deployment of each revision that a release deployed, by the revision's number. The description of the
 * deployment names the revision (`describeDeployment`). Pure.
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

/** A text about a deployment that didn't succeed; undefined when it did, or isn't over. Pure. */
export function failureSummary(info: DeploymentInfo | undefined): string | undefined {
  if (info?.status !== "Stopped" && info?.status !== "Failed") return undefined;
  const { deploymentId = "?", status, rollbackInfo, errorInformation } = info;
  const why = errorInformation?.message ?? rollbackInfo?.rollbackMessage;
  const what = rollbackInfo?.rollbackDeploymentId === undefined ? `ended as ${status}` : "was rolled back";
  return `${what} (${deploymentId}${why === undefined ? "" : `: ${why}`})`;
}
