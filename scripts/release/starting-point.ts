import type { Revision } from "./family";
import type { GroupName } from "./identity";
import type { Lineage } from "./lineage";
import type { Problem } from "./problem";
import type { EnvironmentVariable } from "./task-definition";

/** What the next revision is made from. */
export interface StartingPoint {
  /** The revision that has the production traffic. */
  readonly live: Revision;
  /** The revision that the next one is made from: the live one, if not asked otherwise. */
  readonly base: Revision;
  /** Where the next revision comes from, for those that come after it. */
  readonly lineage: Lineage;
  /** A newer revision of the stacks that this release leaves out, e.g. `tasks-api-staging:9`. */
  readonly pending?: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** What decides about the start. */
export interface StartingPointInput {
  readonly family: string;
  readonly group: GroupName;
  /** ARN of the live revision. */
  readonly liveArn: string;
  /** The container that is released. */
  readonly container: string;
  readonly environment: readonly EnvironmentVariable[];
  /** `--task-definition`. */
  readonly taskDefinition?: string | undefined;
}

/** What is known of the family, or why it is not. */
export type LineageOrProblem = Lineage | Problem;

/** Whether the family could be looked through. */
export function isLineage(found: LineageOrProblem): found is Lineage {
  return "seen" in found;
}
