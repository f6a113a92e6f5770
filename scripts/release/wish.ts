import type { Revision } from "./family";
import type { Wish } from "./plan";
import type { Problem } from "./problem";
import { leftBehind, leftBehindWords, notTakenAlong } from "./same-image";
import type { Start } from "./start";
import { hasField, nextRevision, recordsOf, registerInput } from "./task-definition";

/** Fields without which a task definition is none. */
const NEEDED = /^(family|containerDefinitions(\[[^\]]*\](\.(name|image))?)?)$/;

/** What of the wish the revision to start from doesn't allow. Pure. */
export function wishProblems(base: Revision, container: string, wish: Wish): readonly Problem[] {
  const where = base.definition.taskDefinitionArn ?? base.definition.family ?? "?";
  const input = registerInput(base.definition, base.tags);
  const needed = wish.leaveOut.find((path) => NEEDED.test(path));
  if (needed !== undefined) {
    return [{ what: `without ${needed} there is nothing to release`, where, next: "leave that --leave-out out" }];
  }
  try {
    const containers = [container, ...wish.containers] as const;
    nextRevision(input, { containers, image: "checked later", environment: wish.variables, without: wish.leaveOut });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return [
      { what, where, next: "check --env, --container, --leave-out and the container's name in the service stack" },
    ];
  }
  const foreign = notTakenAlong(input, container, wish.containers);
  if (foreign === undefined) return [];
  return [{ what: foreign, where, next: "leave that --container out; the stacks set the images of other programs" }];
}

/** What the next revision holds, or keeps, that a person should know of. Pure. */
export function remarksOn(
  { live, base }: Pick<Start, "live" | "base">,
  container: string,
  wish: Wish,
): { readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const input = registerInput(base.definition, base.tags);
  const records = new Set([live, base].flatMap(({ definition }) => recordsOf(definition)));
  const carried = (base.unknown ?? []).filter((path) => hasField(input, path) && !wish.leaveOut.includes(path));
  return {
    notes: carried.length === 0 ? [] : [`carried over as they are, though unknown to this tool: ${carried.join(", ")}`],
    warnings: [
      ...[...records].map((field) => `${field} is not carried over: it is taken for ECS's own record of the revision`),
      ...wish.leaveOut.map((path) => `${path} is left out, as asked: the new version goes without it`),
      ...leftBehind(input, container, wish.containers).map(leftBehindWords),
    ],
  };
}
