import type { RawRegistration } from "./aws-port";
import { differences, type Difference } from "./differences";
import type { Facts } from "./preflight";
import { unchangedContainers, type UnchangedContainer } from "./sibling-containers";
import { nextRevision, registerInput, type EnvironmentVariable } from "./task-definition";

/** What is asked to be new in the next revision, beside the image. */
export interface RequestedChanges {
  readonly variables: readonly EnvironmentVariable[];
  /** `--container`: containers that get the image beside the released one. */
  readonly containers: readonly string[];
  /** `--leave-out`: paths of fields. */
  readonly leaveOut: readonly string[];
}

/** The revision that is to be registered, and what is new in it. */
export interface ReleasePlan {
  readonly revision: RawRegistration;
  /**
   * Empty when the live version is this very one. A live image named by a tag counts as a change: what it was when the
   * live tasks started can't be told from the tag.
   */
  readonly changes: readonly Difference[];
  /** Containers of the same repository that keep the image they have. */
  readonly unchanged: readonly UnchangedContainer[];
}

/** Works out the next revision. Pure. */
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

/** What CodeDeploy shows of the deployment: the person's words, and always the revision, which nobody else has. Pure. */
export function describeDeployment(description: string | undefined, revisionArn: string): string {
  const revision = shortRevision(revisionArn);
  return description === undefined ? `Release ${revision}` : `${description} (${revision})`;
}
