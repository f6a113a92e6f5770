import { messageOf } from "../command/error-message";
import type { Revision } from "./family";
import type { RequestedChanges } from "./plan";
import type { Problem } from "./problem";
import { unchangedContainers, unchangedContainerText, foreignImage } from "./sibling-containers";
import type { StartingPoint } from "./starting-point";
import { hasField, nextRevision, recordsOf, registerInput } from "./task-definition";

/** Fields that every task definition needs. */
const REQUIRED = /^(family|containerDefinitions(\[[^\]]*\](\.(name|image))?)?)$/;

/** Problems when the revision to start from doesn't allow a requested change. Pure. */
export function requestedChangeProblems(
  base: Revision,
  container: string,
  requested: RequestedChanges,
): readonly Problem[] {
  const where = base.definition.taskDefinitionArn ?? base.definition.family ?? "?";
  const input = registerInput(base.definition, base.tags);
  const needed = requested.leaveOut.find((path) => REQUIRED.test(path));
  if (needed !== undefined) {
    return [{ what: `without ${needed} there is nothing to release`, where, next: "remove that --leave-out" }];
  }
  try {
    const containers = [container, ...requested.containers] as const;
    nextRevision(input, {
      containers,
      image: "checked later",
      environment: requested.variables,
      without: requested.leaveOut,
    });
  } catch (error) {
    const what = messageOf(error);
    return [
      { what, where, next: "check --env, --container, --leave-out, and the container's name in the task definition" },
    ];
  }
  const foreign = foreignImage(input, container, requested.containers);
  if (foreign === undefined) return [];
  return [
    {
      what: foreign,
      where,
      next: "remove that --container; images of other programs are set where the task definition is made",
    },
  ];
}

/** Notes and warnings about unusual fields of the next revision. Pure. */
export function revisionRemarks(
  { live, base }: Pick<StartingPoint, "live" | "base">,
  container: string,
  requested: RequestedChanges,
): { readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const input = registerInput(base.definition, base.tags);
  const records = new Set([live, base].flatMap(({ definition }) => recordsOf(definition)));
  const carried = (base.unknown ?? []).filter((path) => hasField(input, path) && !requested.leaveOut.includes(path));
  return {
    notes: carried.length === 0 ? [] : [`carried over unchanged, although unknown to this tool: ${carried.join(", ")}`],
    warnings: [
      ...[...records].map((field) => `${field} is not carried over: it seems to be ECS's own record of the revision`),
      ...requested.leaveOut.map((path) => `${path} is left out, as requested: the new version will not have it`),
      ...unchangedContainers(input, container, requested.containers).map(unchangedContainerText),
    ],
  };
}
