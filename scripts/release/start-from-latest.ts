import { isNothing } from "./differences";
import type { Family, Revision } from "./family";
import { shortRevision } from "./plan";
import type { Problems } from "./problem";
import type { Owner } from "./target";
import { revisionWarnings } from "./revision-warnings";
import { mergeRevisions } from "./revision-merge";
import { isLineage, type StartingPoint, type StartingPointInput, type LineageOrProblem } from "./starting-point";

/**
 * Starts from the newest revision that no release registered: merges what the service's owner changed into the live revision. It is a problem when the
 * changes are not known, or when both sides changed the same field.
 */
export async function startFromLatest(
  input: StartingPointInput,
  family: Family,
  live: Revision,
  found: LineageOrProblem,
  problems: Problems,
): Promise<StartingPoint | undefined> {
  const where = "--task-definition latest";
  const { owner } = input;
  if (!isLineage(found)) {
    problems.add(found);
    return undefined;
  }
  const { base: baseNumber, newest } = found;
  if (newest === undefined) {
    const what = `no active revision of ${family.name} was registered by ${owner.name}: releases registered all of them`;
    problems.add({ what, where, next: `${owner.correct("service")}, or name a revision` });
    return undefined;
  }
  const reference = family.reference(newest);
  const asItIs = `use it unchanged with --task-definition ${reference}; then give again what earlier releases set by --env`;
  if (baseNumber === undefined) {
    const what = `it isn't known which revision of ${owner.name} ${shortRevision(input.liveArn)} comes from, so the changes in ${reference} are not known`;
    problems.add({ what, where, next: asItIs });
    return undefined;
  }
  const liveName = shortRevision(input.liveArn);
  if (baseNumber === newest) {
    return {
      live,
      base: live,
      lineage: found,
      notes: [`${liveName} already has what ${owner.name} registered last (${reference})`],
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
    notes: [`starting from ${reference}${registration(stacks)}: its changes are merged into ${liveName}`],
    warnings: [
      ...withoutStackTag(reference, owner, before, stacks),
      ...(await revisionWarnings(family, newest, stacks, problems)),
    ],
  };
}

/** Path of an environment variable; the groups are the container and the name. */
const VARIABLE = /^containerDefinitions\[([^\]]*)\]\.environment\[([^\]]*)\]/;

/** A warning when a revision lacks the stacks' tag: it may have been registered by hand. */
function withoutStackTag(reference: string, owner: Owner, before: Revision, stacks: Revision): readonly string[] {
  const tag = before.tags.find(({ key }) => key === "stack");
  if (!tag || stacks.tags.some(({ key, value }) => key === tag.key && value === tag.value)) return [];
  return [
    `${reference} lacks the tag stack=${tag.value ?? ""} of ${owner.name}'s revisions: it may be registered by hand`,
  ];
}

/** When and by whom a revision was registered, as far as ECS returns it. */
function registration({ definition: { registeredAt, registeredBy } }: Revision): string {
  const at = typeof registeredAt === "number" ? `, registered ${new Date(registeredAt * 1000).toISOString()}` : "";
  return typeof registeredBy === "string" ? `${at}${at === "" ? ", registered" : ""} by ${registeredBy}` : at;
}

function textOf(value: unknown): string {
  if (isNothing(value)) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
