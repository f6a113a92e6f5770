import { childPath, isNothing, membersOf, type Difference } from "./differences";

/** What ECS takes for a field that is not given: answering without it changes nothing. Source: API reference of ECS. */
const DEFAULTS: Readonly<Record<string, string | number | boolean>> = {
  cpu: 0,
  essential: true,
  protocol: "tcp",
  readOnly: false,
  readonlyRootFilesystem: false,
  privileged: false,
  interactive: false,
  pseudoTerminal: false,
  disableNetworking: false,
  initProcessEnabled: false,
  enableFaultInjection: false,
};

/** Lists of plain values whose order says nothing. */
const SETS: ReadonlySet<string> = new Set(["requiresCompatibilities", "add", "drop"]);

/**
 * What was sent to be registered and is not in the revision that came of it: dropped, or changed. What ECS fills in by
 * itself is no loss, nor another order of named members, nor an empty list that is gone. Pure.
 *
 * @returns `from` is what was sent, `to` what ECS has
 */
export function lostFields(sent: unknown, registered: unknown, path = ""): readonly Difference[] {
  if (isNothing(sent) || (sent === "" && isNothing(registered))) return [];
  const field = /[^.[\]]*$/.exec(path)?.[0] ?? "";
  if (isNothing(registered) && DEFAULTS[field] === sent) return [];
  const members = isNothing(registered) ? undefined : membersOf(sent, registered);
  if (!members) return isEqual(sent, registered) ? [] : [lost(path, sent, registered)];
  if (members.kind === "row") return lostItems(sent, registered, path, SETS.has(field));
  return members.entries.flatMap(({ label, values: [mine, theirs] }) =>
    lostFields(mine, theirs, childPath(path, label)),
  );
}

function lostItems(sent: unknown, registered: unknown, path: string, isSet: boolean): readonly Difference[] {
  const [mine, theirs] = [listOf(sent), listOf(registered)];
  const isPlain = mine.every((item) => typeof item !== "object");
  if (isPlain && !isSet) {
    const same = mine.length === theirs.length && mine.every((item, index) => isEqual(item, theirs[index]));
    return same ? [] : [lost(path, sent, registered)];
  }
  const left = [...theirs];
  return mine.flatMap((item, index) => {
    const found = left.findIndex((other) => lostFields(item, other).length === 0);
    if (found < 0) return [lost(`${path}[${index}]`, item, isPlain ? undefined : theirs[index])];
    left.splice(found, 1);
    return [];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** ECS takes a number for its text and the other way round: `cpu` is a text in a task and a number in a container. */
function isEqual(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b);
}

function lost(path: string, from: unknown, to: unknown): Difference {
  return { path, from: textOf(from), ...(!isNothing(to) && { to: textOf(to) }) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
