import { isNothing } from "./differences";
import type { Family, Revision } from "./family";
import { shortRevision } from "./plan";
import type { Problems } from "./problem";
import { revisionWarnings } from "./revision-warnings";
import { mergeRevisions } from "./revision-merge";
import { isLineage, type StartingPoint, type StartingPointInput, type LineageOrProblem } from "./starting-point";

/**
 * Starts from what Terraform registered last: what it changed since the live version's settings is carried onto the live
 * version. Where that can't be told, or both sides changed the same field, it is a problem.
 */
export async function startFromLatest(
  input: StartingPointInput,
  family: Family,
  live: Revision,
  found: LineageOrProblem,
  problems: Problems,
): Promise<StartingPoint | undefined> {
  const where = "--task-definition latest";
  if (!isLineage(found)) {
    problems.add(found);
    return undefined;
  }
  const { base: baseNumber, newest } = found;
  if (newest === undefined) {
    const what = `no active revision of ${family.name} is Terraform's: releases registered all of them`;
    problems.add({ what, where, next: "deploy the stacks (npm run deploy), or name a revision" });
    return undefined;
  }
  const reference = family.reference(newest);
  const asItIs = `take it as it is with --task-definition ${reference}; what earlier releases set by --env is then given again`;
  if (baseNumber === undefined) {
    const what = `it isn't known which of Terraform's revisions ${shortRevision(input.liveArn)} comes from, so what ${reference} changes can't be told`;
    problems.add({ what, where, next: asItIs });
    return undefined;
  }
  const liveName = shortRevision(input.liveArn);
  if (baseNumber === newest) {
    return {
      live,
      base: live,
      lineage: found,
      notes: [`${liveName} holds what Terraform registered last (${reference}) already`],
      warnings: [],
    };
  }
  const [before, stacks] = await Promise.all([
    problems.ask("ecs:DescribeTaskDefinition", family.describe(baseNumber)),
    problems.ask("ecs:DescribeTaskDefinition", family.describe(newest)),
  ]);
  if (!before || !stacks) return undefined;
  const { merged, conflicts } = mergeRevisions(input, { base: before, live, stacks });
  for (const { path, live: mine, stacks: theirs } of conflicts) {
    const [, container, variable] = VARIABLE.exec(path) ?? [];
    const isReleased = variable !== undefined && container === input.container;
    problems.add({
      what: `${path} was changed on both sides: ${textOf(mine)} in ${liveName}, ${textOf(theirs)} in ${reference}`,
      where,
      next: isReleased ? `decide with --env ${variable}=…, or ${asItIs}` : asItIs,
    });
  }
  if (conflicts.length > 0) return undefined;
  return {
    live,
    base: {
      definition: { ...merged, taskDefinitionArn: stacks.definition.taskDefinitionArn },
      tags: merged.tags ?? [],
      unknown: [...new Set([...(live.unknown ?? []), ...(stacks.unknown ?? [])])],
    },
    lineage: { ...found, base: newest },
    notes: [`starting from ${reference}${registration(stacks)}: what it changes is carried onto ${liveName}`],
    warnings: [
      ...withoutStackTag(reference, before, stacks),
      ...(await revisionWarnings(family, newest, stacks, problems)),
    ],
  };
}

/** Path of a variable: its container and its name. */
const VARIABLE = /^containerDefinitions\[([^\]]*)\]\.environment\[([^\]]*)\]/;

/** A revision that lacks the tag that the stacks put on everything may be somebody's own. */
function withoutStackTag(reference: string, before: Revision, stacks: Revision): readonly string[] {
  const tag = before.tags.find(({ key }) => key === "stack");
  if (!tag || stacks.tags.some(({ key, value }) => key === tag.key && value === tag.value)) return [];
  return [`${reference} lacks the tag stack=${tag.value ?? ""} of Terraform's revisions: it may be registered by hand`];
}

/** When and by whom a revision was registered, as far as ECS says. */
function registration({ definition: { registeredAt, registeredBy } }: Revision): string {
  const at = typeof registeredAt === "number" ? `, registered ${new Date(registeredAt * 1000).toISOString()}` : "";
  return typeof registeredBy === "string" ? `${at}${at === "" ? ", registered" : ""} by ${registeredBy}` : at;
}

function textOf(value: unknown): string {
  if (isNothing(value)) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
