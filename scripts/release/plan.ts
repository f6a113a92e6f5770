import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import type { Facts } from "./preflight";
import { differences, nextRevision, registerInput, type Difference, type EnvironmentVariable } from "./task-definition";

/** The revision that is to be registered, and what is new in it. */
export interface Plan {
  readonly revision: RegisterTaskDefinitionRequest;
  /**
   * Empty when the live version is this very one. A live image named by a tag counts as a change: what it was when the
   * live tasks started can't be told from the tag.
   */
  readonly changes: readonly Difference[];
}

/** Works out the next revision. Pure. */
export function planRevision(
  facts: Pick<Facts, "live" | "base" | "service">,
  image: string,
  environment: readonly EnvironmentVariable[],
): Plan {
  const live = registerInput(facts.live.definition, facts.live.tags);
  const base = registerInput(facts.base.definition, facts.base.tags);
  const revision = nextRevision(base, { container: facts.service.container, image, environment });
  return { revision, changes: differences(live, revision) };
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
