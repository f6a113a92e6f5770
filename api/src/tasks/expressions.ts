/** A DynamoDB expression with the names and values of its placeholders. */
interface Expression {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * An update that sets fields and increments the version. It removes fields that are null, and ignores those that are undefined.
 * All names are placeholders, because `status` is a reserved word
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html).
 */
export function updateOf(fields: Readonly<Record<string, string | null | undefined>>): Required<Expression> {
  const names: Record<string, string> = { "#version": "version" };
  const values: Record<string, unknown> = { ":one": 1 };
  const set = ["#version = #version + :one"];
  const remove: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    names[`#${name}`] = name;
    if (value === null) {
      remove.push(`#${name}`);
    } else {
      values[`:${name}`] = value;
      set.push(`#${name} = :${name}`);
    }
  }
  const expression = `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`;
  return { expression, names, values };
}

/** The condition that the task exists in one of `versions`; undefined: in any version. */
export function conditionOf(versions: readonly number[] | undefined): Expression {
  if (!versions) return { expression: "attribute_exists(id)" };
  const values = Object.fromEntries(versions.map((version, index) => [`:version${index}`, version]));
  return {
    expression: `#version IN (${Object.keys(values).join(", ")})`,
    names: { "#version": "version" },
    values,
  };
}
