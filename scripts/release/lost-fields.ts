import { childPath, isNothing, membersOf, type Difference } from "./differences";

/**
 * Defaults of fields that ECS may leave out of its response, which then are not lost:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
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

/** Fields with lists of plain values whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(["requiresCompatibilities", "add", "drop"]);

/**
 * Fields that were sent to ECS and that it dropped or changed. Fields that ECS adds, another order of named members, and a
 * missing empty list are not reported. Pure.
 *
 * @returns `from` is the value that was sent, `to` the one that ECS registered
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

/** Whether two values are equal for ECS, where a number equals its text: `cpu` is a text in a task, a number in a container. */
function isEqual(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b);
}

function lost(path: string, from: unknown, to: unknown): Difference {
  return { path, from: textOf(from), ...(!isNothing(to) && { to: textOf(to) }) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
