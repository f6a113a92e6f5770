import type { RawRegistration } from "./aws-port";
import { differences, type Difference } from "./differences";
import type { Facts } from "./preflight";
import { unchangedContainers, type UnchangedContainer } from "./sibling-containers";
import { nextRevision, registerInput, type EnvironmentVariable } from "./task-definition";

/** Changes that the command line requests for the next revision, besides the image. */
export interface RequestedChanges {
  readonly variables: readonly EnvironmentVariable[];
  /** `--container`: containers that get the new image as well as the released one. */
  readonly containers: readonly string[];
  /** `--leave-out`: paths of fields. */
  readonly leaveOut: readonly string[];
}

/** The revision to register, and its changes. */
export interface ReleasePlan {
  readonly revision: RawRegistration;
  /**
   * Differences from the live revision; empty when it is the same. A live image that is named by a tag counts as a change,
   * because the tag may have moved since the live tasks started.
   */
  readonly changes: readonly Difference[];
  /** Containers of the same repository that keep their image. */
  readonly unchanged: readonly UnchangedContainer[];
}

/** The next revision. Pure. */
export function planRevision(
  facts: Pick<Facts, "live" | "base" | "service">,
  image: string,
  { variables: environment, containers, leaveOut }: RequestedChanges,
): ReleasePlan {
  const live = registerInput(facts.live.definition, facts.live.tags);
  const base = registerInput(facts.base.definition, facts.base.tags);
  const released = facts.service.container;
  const change = { containers: [released, ...containers] as const, image, environment, without: leaveOut };
  const revision = nextRevision(base, change);
  return { revision, changes: differences(live, revision), unchanged: unchangedContainers(base, released, containers) };
}

/** `family:7`, from the revision's ARN. Pure. */
export function shortRevision(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** Description of the deployment: the person's text, and always the revision, which identifies it (lineage.ts). Pure. */
export function describeDeployment(description: string | undefined, revisionArn: string): string {
  const revision = shortRevision(revisionArn);
  return description === undefined ? `Release ${revision}` : `${description} (${revision})`;
}
