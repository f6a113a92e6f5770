import { isRecord, textOf, type Json } from "../change";
import { caution, compareKnown, danger, same, type Assessment, type Rule } from "./rule";

type Block = Readonly<Record<string, Json>>;

/** What is searched by an index, and what is kept in a replica, is gone with it. */
const indexes: Rule = {
  id: "loses-index",
  types: ["aws_dynamodb_table"],
  check: (change) => [
    ...compareKnown(change, ["global_secondary_index"], (before, after) =>
      blocksIn(before).flatMap((index): readonly Assessment[] => {
        const name = textOf(index["name"]);
        const now = blocksIn(after).find((other) => other["name"] === index["name"]);
        if (now === undefined) return danger(`index ${name} is gone: queries by it fail`);
        return indexChanged(name, index, now);
      }),
    ),
    ...compareKnown(change, ["replica"], (before, after) =>
      blocksIn(before).flatMap((replica): readonly Assessment[] => {
        const region = textOf(replica["region_name"]);
        const now = blocksIn(after).find((other) => other["region_name"] === replica["region_name"]);
        if (now === undefined) return danger(`the replica in ${region} is gone, and who reads there gets no answer`);
        if (replica["point_in_time_recovery"] === true && now["point_in_time_recovery"] !== true) {
          return danger(`lost items of the replica in ${region} can't be brought back`);
        }
        return same(replica["kms_key_arn"], now["kms_key_arn"])
          ? []
          : caution(`the replica in ${region} is encrypted with another key`);
      }),
    ),
  ],
};

function indexChanged(name: string, before: Block, after: Block): readonly Assessment[] {
  // DynamoDB changes no index but its capacity: it is deleted, and filled again.
  const identity = (index: Block) =>
    ["hash_key", "range_key", "projection_type", "non_key_attributes"].map((attribute) => index[attribute] || null);
  if (!same(identity(before), identity(after))) {
    return danger(`index ${name} is made anew: queries by it fail until it is filled`);
  }
  return ["read_capacity", "write_capacity"].flatMap((attribute) => {
    const [from, to] = [before[attribute], after[attribute]];
    return typeof from === "number" && typeof to === "number" && to < from
      ? danger(`${attribute} of index ${name} goes from ${from} to ${to}: calls beyond it are refused`)
      : [];
  });
}

function blocksIn(value: Json | undefined): readonly Block[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isRecord) : [];
}

/** Tables that lose a part of themselves. */
export const TABLE_INDEX_RULES: readonly Rule[] = [indexes];
