import { recordsIn, textOf, type JsonRecord } from "../json-values";
import { caution, compareKnown, danger, inWords, isLess, same, type Assessment, type Rule } from "./rule";

type Block = JsonRecord;

const indexes: Rule = {
  id: "loses-index",
  types: ["aws_dynamodb_table"],
  check: (change) => [
    ...compareKnown(change, ["global_secondary_index"], (before, after) =>
      recordsIn(before).flatMap((index): readonly Assessment[] => {
        const name = textOf(index["name"]);
        const now = recordsIn(after).find((other) => other["name"] === index["name"]);
        if (now === undefined) return danger(`index ${name} is removed: queries that use it fail`);
        return indexChanged(name, index, now);
      }),
    ),
    ...compareKnown(change, ["replica"], (before, after) =>
      recordsIn(before).flatMap((replica): readonly Assessment[] => {
        const region = textOf(replica["region_name"]);
        const now = recordsIn(after).find((other) => other["region_name"] === replica["region_name"]);
        if (now === undefined) return danger(`the replica in ${region} is removed: readers there get no answer`);
        if (replica["point_in_time_recovery"] === true && now["point_in_time_recovery"] !== true) {
          return danger(`lost items of the replica in ${region} can't be restored`);
        }
        return same(replica["kms_key_arn"], now["kms_key_arn"])
          ? []
          : caution(`the replica in ${region} is encrypted with another key`);
      }),
    ),
  ],
};

function indexChanged(name: string, before: Block, after: Block): readonly Assessment[] {
  // Only the capacity of an index can change. For any other change the provider deletes the index and creates it again
  // (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html).
  const identity = (index: Block) =>
    ["hash_key", "range_key", "projection_type", "non_key_attributes"].map((attribute) => index[attribute] || null);
  if (!same(identity(before), identity(after))) {
    return danger(`index ${name} is created again: queries that use it fail until it is filled`);
  }
  return ["read_capacity", "write_capacity"].flatMap((attribute) => {
    const [from, to] = [before[attribute], after[attribute]];
    return isLess(to, from)
      ? danger(
          `${attribute} of index ${name} goes from ${inWords(from)} to ${inWords(to)}: calls beyond this capacity are throttled`,
        )
      : [];
  });
}

/** Rules about indexes and replicas of tables. */
export const TABLE_INDEX_RULES: readonly Rule[] = [indexes];
