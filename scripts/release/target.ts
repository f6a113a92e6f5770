import type { Config } from "../../stacks/config";
import { hookLogGroup, namesOf, type Names, type StackName } from "../../stacks/names";

/** What our stacks say about a service. Nothing is known in advance about a service that another tool made. */
export type StackNames = Pick<Names, "container" | "family" | "repository" | "deploymentConfig" | "testTrafficHook">;

/** Who made a service, and what to do where something of it has to be changed. */
export interface Owner {
  /** Who registers task definitions besides releases. */
  readonly name: string;
  /** Where a missing resource comes from, as a remedy. */
  readonly create: (stack: StackName) => string;
  /** Where a resource with a wrong setting is corrected, as a remedy. */
  readonly correct: (stack: StackName) => string;
}

/** The service that is released. Cluster, service, application and group are names. */
export interface ReleaseTarget extends Pick<Names, "cluster" | "service" | "application" | "deploymentGroup"> {
  readonly owner: Owner;
  /** Absent for a service that another tool made: then everything is read from what runs. */
  readonly stacks?: StackNames;
  /** ARN of the cluster, when the configuration names it so. */
  readonly clusterArn?: string;
}

const OUR_STACKS: Owner = {
  name: "Terraform",
  create: (stack) => `deploy the ${stack} stack first (npm run deploy), or check the region and --environment`,
  correct: (stack) => `deploy the ${stack} stack again (npm run deploy)`,
};

const ANOTHER_TOOL: Owner = {
  name: "another tool",
  create: () => "check the names in `existing` of cdktf.json, the region, AWS_PROFILE and --environment",
  correct: () => "correct it where it was made: in the Terraform, CDK or console that made it",
};

/** The service of the configuration: the one that `existing` names, or the one of our stacks. Pure. */
export function targetOf(config: Config): ReleaseTarget {
  const { existing } = config;
  const names = namesOf(config);
  if (!existing) return { ...names, owner: OUR_STACKS, stacks: names };
  const { cluster, service, application, deploymentGroup } = existing;
  return {
    cluster: cluster.slice(cluster.lastIndexOf("/") + 1),
    service,
    application,
    deploymentGroup,
    owner: ANOTHER_TOOL,
    ...(cluster.startsWith("arn:") && { clusterArn: cluster }),
  };
}

/** Log group of the hook of our stacks; undefined without one. Pure. */
export function hookLogGroupOf({ stacks }: ReleaseTarget): string | undefined {
  return stacks && hookLogGroup(stacks);
}
