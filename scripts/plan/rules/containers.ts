import { isRecord, textOf, valueAfter, valueBefore, UNKNOWN, type Json } from "../change";
import { documentIn } from "../secrets";
import { danger, isComparable, type Opinion, type Rule } from "./rule";

/** What a container has that protects, and what it says when that goes. */
const PROTECTIONS: readonly {
  readonly holds: (container: Readonly<Record<string, Json>>) => boolean;
  readonly says: string;
}[] = [
  {
    holds: ({ logConfiguration }) => isRecord(logConfiguration),
    says: "writes no logs any more: nobody can see afterwards what it did",
  },
  {
    holds: ({ readonlyRootFilesystem }) => readonlyRootFilesystem === true,
    says: "can write to its root file system, and so can whoever gets into it",
  },
];

const containers: Rule = {
  id: "door-container-unguarded",
  types: ["aws_ecs_task_definition"],
  check: (change) => {
    const after = valueAfter(change, ["container_definitions"]);
    // A new image makes it unknown in every plan that brings one: it would be a doubt about everything.
    if (!isComparable(change) || after === UNKNOWN) return [];
    const old = containersIn(valueBefore(change, ["container_definitions"]));
    return containersIn(after).flatMap((container): readonly Opinion[] => {
      const was = old.find(({ name }) => name === container["name"]);
      return PROTECTIONS.filter(({ holds }) => was !== undefined && holds(was) && !holds(container)).flatMap(
        ({ says }) => danger(`container ${textOf(container["name"])} ${says}`),
      );
    });
  },
};

function containersIn(value: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  const definitions = documentIn(textOf(value));
  return Array.isArray(definitions) ? (definitions as readonly Json[]).filter(isRecord) : [];
}

/** Containers that are watched or fenced in less. */
export const CONTAINER_RULES: readonly Rule[] = [containers];
