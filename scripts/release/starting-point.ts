import type { Revision } from "./family";
import type { GroupName } from "./identity";
import type { Lineage } from "./lineage";
import type { Problem } from "./problem";
import type { Owner } from "./target";
import type { EnvironmentVariable } from "./task-definition";

/** The revisions from which the next one is made. */
export interface StartingPoint {
  /** The revision that has the production traffic. */
  readonly live: Revision;
  /** The revision from which the next one is made: the live one without `--task-definition`. */
  readonly base: Revision;
  /** Lineage of the next revision, which later releases read. */
  readonly lineage: Lineage;
  /** A newer revision of the service's owner whose changes this release doesn't include, e.g. `orders-staging:9`. */
  readonly pending?: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** What determines the starting point. */
export interface StartingPointInput {
  readonly family: string;
  readonly group: GroupName;
  readonly owner: Owner;
  /** ARN of the live revision. */
  readonly liveArn: string;
  /** The container that is released. */
  readonly container: string;
  readonly environment: readonly EnvironmentVariable[];
  /** `--task-definition`. */
  readonly taskDefinition?: string | undefined;
}

/** The lineage from the family, or the problem that prevented reading it. */
export type LineageOrProblem = Lineage | Problem;

/** Whether the family could be read. Pure. */
export function isLineage(found: LineageOrProblem): found is Lineage {
  return "seen" in found;
}
