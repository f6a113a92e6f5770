import type { Family, Revision } from "./family";
import { lineageOf, failureSummary } from "./lineage";
import type { Problems } from "./problem";

/** Warnings about a revision before a release starts from it. */
export async function revisionWarnings(
  family: Family,
  number: number,
  revision: Revision,
  problems: Problems,
): Promise<readonly string[]> {
  const reference = family.reference(number);
  const found = await problems.ask(
    "codedeploy:ListDeployments, codedeploy:BatchGetDeployments",
    family.deployments().then(async (deployments) => {
      const own = failureSummary(deployments.get(number));
      if (own !== undefined) return [`${reference} ${own}`];
      if (lineageOf(revision.tags, number) !== undefined && !deployments.has(number)) {
        return [`${reference} was registered by a release and never deployed`];
      }
      return failedReleasesOf(family, number, deployments);
    }),
  );
  const isInactive = revision.definition.status !== undefined && revision.definition.status !== "ACTIVE";
  const status = isInactive ? [`${reference} is ${revision.definition.status ?? "?"}: somebody deregistered it`] : [];
  return [...status, ...(found ?? [])];
}

/** Largest number of releases that are read. */
const MAX_RELEASES_READ = 10;

/** A warning about releases made from a revision of the stacks, when none of them succeeded. */
async function failedReleasesOf(
  family: Family,
  base: number,
  deployments: Awaited<ReturnType<Family["deployments"]>>,
): Promise<readonly string[]> {
  const later = [...deployments.keys()].filter((number) => number > base).toSorted((a, b) => b - a);
  const warnings: string[] = [];
  for (const number of later.slice(0, MAX_RELEASES_READ)) {
    if (lineageOf((await family.describe(number)).tags, number)?.base !== base) continue;
    const failure = failureSummary(deployments.get(number));
    if (failure === undefined) return [];
    warnings.push(`${family.reference(base)} was released before as ${family.reference(number)}, which ${failure}`);
  }
  return warnings.slice(0, 1);
}
