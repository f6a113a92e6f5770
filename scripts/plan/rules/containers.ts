import {
  documentIn,
  isRecord,
  leavesOf,
  recordsIn,
  stringsOf,
  textOf,
  valueAt,
  type Json,
  type JsonRecord,
} from "../json-values";
import { caution, danger, inWords, isComparable, isLess, same, type Assessment, type Rule } from "./rule";

type Container = JsonRecord;

/** Protections of a container, each with a check that gives the finding when it is removed. `before` is undefined for a new container. */
const PROTECTION_CHECKS: readonly ((before: Container | undefined, after: Container) => string | undefined)[] = [
  (before, after) =>
    isRecord(before?.["logConfiguration"]) && !isRecord(after["logConfiguration"])
      ? "no longer writes logs: nobody can see afterwards what it did"
      : undefined,
  (before, after) =>
    before?.["readonlyRootFilesystem"] === true && after["readonlyRootFilesystem"] !== true
      ? "can write to its root file system, and so can an intruder"
      : undefined,
  (before, after) =>
    before !== undefined && !isRoot(before) && isRoot(after)
      ? `runs as ${leavesOf(after["user"]).join("") || "the user of its image, which may be root,"} and not as ${inWords(before["user"])}`
      : undefined,
  (before, after) =>
    before?.["privileged"] !== true && after["privileged"] === true
      ? "is privileged: an intruder in it controls the host"
      : undefined,
  (before, after) => {
    const added = missing(capabilities(after, "add"), capabilities(before, "add"));
    return added.length > 0 ? `gets more capabilities of the kernel: ${added.join(", ")}` : undefined;
  },
  (before, after) => {
    const kept = missing(capabilities(before, "drop"), capabilities(after, "drop"));
    return kept.length > 0 ? `no longer drops the capabilities ${kept.join(", ")} of the kernel` : undefined;
  },
  (before, after) => {
    const options = missing(stringsOf(before?.["dockerSecurityOptions"]), stringsOf(after["dockerSecurityOptions"]));
    return options.length > 0 ? `is no longer restricted by ${options.join(", ")}` : undefined;
  },
  (before, after) => {
    const plain = missing(names(before, "secrets"), names(after, "secrets")).filter((name) =>
      names(after, "environment").includes(name),
    );
    return plain.length > 0 ? `has ${plain.join(", ")} in plain text instead of from a secret` : undefined;
  },
  (before, after) => {
    const devices = missing(
      leavesOf(valueAt(after, ["linuxParameters", "devices"])),
      leavesOf(valueAt(before ?? null, ["linuxParameters", "devices"])),
    );
    return devices.length > 0 ? `can access devices of the host: ${devices.join(", ")}` : undefined;
  },
  (before, after) => {
    const writable = missing(writes(after), writes(before));
    return before !== undefined && writable.length > 0 ? `may write to ${writable.join(", ")}` : undefined;
  },
];

/** Members of a container definition whose change a person should check, with the consequence. */
const CHANGED_MEMBERS: readonly { readonly member: string; readonly says: string }[] = [
  { member: "healthCheck", says: "is checked by another health check" },
  { member: "command", says: "is started by another command" },
  { member: "entryPoint", says: "is started by another command" },
  { member: "workingDirectory", says: "is started in another folder" },
  { member: "portMappings", says: "listens on other ports: the load balancer may reach nothing there" },
  { member: "essential", says: "is essential, or no longer is: that decides whether the task stops when it stops" },
  { member: "dependsOn", says: "starts before or after other containers" },
  { member: "logConfiguration", says: "logs to another place, or in another way" },
  { member: "firelensConfiguration", says: "routes logs in another way" },
  { member: "mountPoints", says: "sees other files" },
  { member: "volumesFrom", says: "sees other files" },
  { member: "ulimits", says: "has other limits" },
  { member: "systemControls", says: "has other kernel settings" },
  { member: "linuxParameters", says: "has other kernel settings" },
  { member: "repositoryCredentials", says: "is pulled with other credentials" },
  { member: "versionConsistency", says: "may run another image with the same tag" },
  { member: "extraHosts", says: "resolves names of hosts to other addresses" },
  { member: "dnsServers", says: "uses other DNS servers" },
  { member: "links", says: "is linked to other containers" },
  { member: "restartPolicy", says: "is restarted in other cases when it stops" },
];
/** Members of a container definition whose decrease is reported, with the consequence. */
const DECREASED_MEMBERS: readonly {
  readonly member: string;
  readonly says: string;
  readonly level: "danger" | "caution";
}[] = [
  { member: "stopTimeout", says: "requests in flight are aborted when it stops", level: "danger" },
  { member: "startTimeout", says: "it has less time to start", level: "caution" },
  { member: "memory", says: "it is killed when it needs more", level: "caution" },
  { member: "cpu", says: "it can handle less", level: "caution" },
];

const unguarded: Rule = {
  id: "security-container-unguarded",
  types: ["aws_ecs_task_definition"],
  check: (change) =>
    pairsOf(change).flatMap(({ name, before, after }) =>
      after === undefined
        ? []
        : PROTECTION_CHECKS.flatMap((check) => {
            const says = check(before, after);
            return says === undefined ? [] : danger(`container ${name} ${says}`);
          }),
    ),
};

const weaker: Rule = {
  id: "changes-container",
  types: ["aws_ecs_task_definition"],
  check: (change) =>
    pairsOf(change).flatMap(({ name, before, after }): readonly Assessment[] => {
      if (before === undefined) return [];
      if (after === undefined) return danger(`container ${name} is removed`);
      return [
        ...CHANGED_MEMBERS.filter(
          ({ member }) => !same(normal(before[member], member), normal(after[member], member)),
        ).flatMap(({ says }) => caution(`container ${name} ${says}`)),
        ...DECREASED_MEMBERS.flatMap(({ member, says, level }) => {
          const [from, to] = [before[member], after[member]];
          return isLess(to, from)
            ? (level === "danger" ? danger : caution)(
                `container ${name}: ${member} goes from ${inWords(from)} to ${inWords(to)}: ${says}`,
              )
            : [];
        }),
      ];
    }),
};

/** The containers before and after, matched by name; none when they can't be compared. */
function pairsOf(change: Parameters<Rule["check"]>[0]) {
  const [old, now] = [change.before, change.after].map((side) =>
    recordsIn(documentIn(textOf(valueAt(side, ["container_definitions"])))),
  ) as [readonly Container[], readonly Container[]];
  // Every plan with a new image makes the definitions unknown: reporting that would add a caution to each of these plans.
  // Definitions that can't be parsed must not read as containers that were removed.
  // Stryker disable next-line ArrayDeclaration: a text has no name and no sides, so no check finds anything in it.
  if (!isComparable(change) || now.length === 0) return [];
  return [...new Set([...old, ...now].map(({ name }) => textOf(name)))].map((name) => ({
    name,
    before: old.find((container) => container["name"] === name),
    after: now.find((container) => container["name"] === name),
  }));
}

/** Whether a container runs as root, by name or id (`user`, `uid`, `user:group`), or leaves the user to its image. */
function isRoot({ user }: Container): boolean {
  return /^(?:root|\+?0+)?(?::|$)/.test(leavesOf(user).join(""));
}

function capabilities(container: Container | undefined, kind: "add" | "drop"): readonly string[] {
  return stringsOf(container && valueAt(container, ["linuxParameters", "capabilities", kind]));
}

function names(container: Container | undefined, list: string): readonly string[] {
  return recordsIn(container?.[list]).map(({ name }) => textOf(name));
}

/** Paths that a container mounts and may write to. */
function writes(container: Container | undefined): readonly string[] {
  return recordsIn(container?.["mountPoints"])
    .filter(({ readOnly }) => readOnly !== true)
    .map(({ containerPath }) => textOf(containerPath));
}

function missing(these: readonly string[], among: readonly string[]): readonly string[] {
  return these.filter((one) => !among.includes(one));
}

/**
 * A member without what ECS adds when it returns a definition: false for an empty list or object, and for a member that is not
 * set; true, the default, when `essential` is not set.
 */
function normal(value: Json | undefined, member: string): Json {
  const set = value ?? member === "essential";
  return typeof set === "object" && Object.keys(set).length === 0 ? false : set;
}

/** Rules about containers that are less protected, or run in another way. */
export const CONTAINER_RULES: readonly Rule[] = [unguarded, weaker];
