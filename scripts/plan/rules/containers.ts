import { isRecord, stringsOf, textOf, UNKNOWN, valueAfter, valueAt, valueBefore, type Json } from "../change";
import { documentIn } from "../secrets";
import { caution, danger, isComparable, same, type Assessment, type Rule } from "./rule";

type Container = Readonly<Record<string, Json>>;

/** What a container has that protects, and what is said when that goes. A new container protects as if by nothing. */
const PROTECTION_CHECKS: readonly {
  readonly found: (before: Container | undefined, after: Container) => string | undefined;
}[] = [
  {
    found: (before, after) =>
      isRecord(before?.["logConfiguration"]) && !isRecord(after["logConfiguration"])
        ? "writes no logs any more: nobody can see afterwards what it did"
        : undefined,
  },
  {
    found: (before, after) =>
      before?.["readonlyRootFilesystem"] === true && after["readonlyRootFilesystem"] !== true
        ? "can write to its root file system, and so can whoever gets into it"
        : undefined,
  },
  {
    found: (before, after) =>
      before !== undefined && !isRoot(before) && isRoot(after)
        ? `runs as ${textOf(after["user"]) || "whoever its image names, which may be root"} and not as ${textOf(before["user"])}`
        : undefined,
  },
  {
    found: (before, after) =>
      before?.["privileged"] !== true && after["privileged"] === true
        ? "is privileged: who gets into it has the host"
        : undefined,
  },
  {
    found: (before, after) => {
      const added = missing(capabilities(after, "add"), capabilities(before, "add"));
      return added.length > 0 ? `may do more with its kernel: ${added.join(", ")}` : undefined;
    },
  },
  {
    found: (before, after) => {
      const kept = missing(capabilities(before, "drop"), capabilities(after, "drop"));
      return kept.length > 0 ? `no longer gives up ${kept.join(", ")} of its kernel's capabilities` : undefined;
    },
  },
  {
    found: (before, after) => {
      const options = missing(stringsOf(before?.["dockerSecurityOptions"]), stringsOf(after["dockerSecurityOptions"]));
      return options.length > 0 ? `is no longer bound by ${options.join(", ")}` : undefined;
    },
  },
  {
    found: (before, after) => {
      const plain = missing(names(before, "secrets"), names(after, "secrets")).filter((name) =>
        names(after, "environment").includes(name),
      );
      return plain.length > 0 ? `has ${plain.join(", ")} in plain text instead of from a secret` : undefined;
    },
  },
  {
    found: (before, after) => {
      const devices = missing(
        leaves(valueAt(after, ["linuxParameters", "devices"])),
        leaves(before && valueAt(before, ["linuxParameters", "devices"])),
      );
      return devices.length > 0 ? `reaches devices of the host: ${devices.join(", ")}` : undefined;
    },
  },
  {
    found: (before, after) => {
      const writable = missing(writes(after), writes(before));
      return before !== undefined && writable.length > 0 ? `may write to ${writable.join(", ")}` : undefined;
    },
  },
];

/** What makes a container serve less, or otherwise. */
const CHANGED_MEMBERS: readonly { readonly member: string; readonly says: string }[] = [
  { member: "healthCheck", says: "is found healthy or sick by another check" },
  { member: "command", says: "is started by another command" },
  { member: "entryPoint", says: "is started by another command" },
  { member: "workingDirectory", says: "is started in another folder" },
  { member: "portMappings", says: "listens at other ports: the load balancer may find nobody there" },
  { member: "essential", says: "is essential, or no more: the task lives on without it, or dies with it" },
  { member: "dependsOn", says: "starts before or after others" },
  { member: "logConfiguration", says: "logs elsewhere, or otherwise" },
  { member: "firelensConfiguration", says: "routes logs otherwise" },
  { member: "mountPoints", says: "sees other files" },
  { member: "volumesFrom", says: "sees other files" },
  { member: "ulimits", says: "has other limits" },
  { member: "systemControls", says: "has other settings of its kernel" },
  { member: "linuxParameters", says: "has other settings of its kernel" },
  { member: "repositoryCredentials", says: "is pulled by other credentials" },
  { member: "versionConsistency", says: "may run another image behind the same tag" },
  { member: "extraHosts", says: "finds other hosts under their names" },
  { member: "dnsServers", says: "asks others for names" },
  { member: "links", says: "reaches other containers" },
  { member: "restartPolicy", says: "is started again, or no more, when it ends" },
];
/** The number gets smaller. */
const DECREASED_MEMBERS: readonly { readonly member: string; readonly says: string; readonly grave: boolean }[] = [
  { member: "stopTimeout", says: "requests in flight are cut off when it stops", grave: true },
  { member: "startTimeout", says: "it is given up sooner when it starts slowly", grave: false },
  { member: "memory", says: "it is killed when it needs more", grave: false },
  { member: "cpu", says: "it does less", grave: false },
];

const unguarded: Rule = {
  id: "security-container-unguarded",
  types: ["aws_ecs_task_definition"],
  check: (change) =>
    pairsOf(change).flatMap(({ name, before, after }) =>
      after === undefined
        ? []
        : PROTECTION_CHECKS.flatMap(({ found }) => {
            const says = found(before, after);
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
      if (after === undefined) return danger(`container ${name} is gone`);
      return [
        ...CHANGED_MEMBERS.filter(
          ({ member }) => !same(normal(before[member], member), normal(after[member], member)),
        ).flatMap(({ says }) => caution(`container ${name} ${says}`)),
        ...DECREASED_MEMBERS.flatMap(({ member, says, grave }) => {
          const [from, to] = [before[member], after[member]];
          return typeof from === "number" && typeof to === "number" && to < from
            ? (grave ? danger : caution)(`container ${name}: ${member} goes from ${from} to ${to}: ${says}`)
            : [];
        }),
      ];
    }),
};

/** Containers before and after, by name. None of what can't be compared. */
function pairsOf(change: Parameters<Rule["check"]>[0]) {
  const after = valueAfter(change, ["container_definitions"]);
  // A new image makes it unknown in every plan that brings one: it would be a doubt about everything.
  if (!isComparable(change) || after === UNKNOWN) return [];
  const [old, now] = [containersIn(valueBefore(change, ["container_definitions"])), containersIn(after)];
  // What can't be read has no containers that could be gone.
  if (now.length === 0) return [];
  return [...new Set([...old, ...now].map(({ name }) => textOf(name)))].map((name) => ({
    name,
    before: old.find((container) => container["name"] === name),
    after: now.find((container) => container["name"] === name),
  }));
}

function containersIn(value: Json | undefined): readonly Container[] {
  const definitions = documentIn(textOf(value));
  return Array.isArray(definitions) ? (definitions as readonly Json[]).filter(isRecord) : [];
}

/** `user`, `uid`, `user:group`: root by its name or number, or unsaid, which leaves it to the image. */
function isRoot({ user }: Container): boolean {
  const name = String(typeof user === "number" ? user : textOf(user)).split(":")[0] ?? "";
  return name === "" || name === "root" || /^\+?0+$/.test(name);
}

function capabilities(container: Container | undefined, kind: "add" | "drop"): readonly string[] {
  return stringsOf(container && valueAt(container, ["linuxParameters", "capabilities", kind]));
}

function names(container: Container | undefined, list: string): readonly string[] {
  const items = container?.[list];
  return Array.isArray(items) ? (items as readonly Json[]).filter(isRecord).map(({ name }) => textOf(name)) : [];
}

/** Paths that a container mounts and may write to. */
function writes(container: Container | undefined): readonly string[] {
  const points = container?.["mountPoints"];
  return (Array.isArray(points) ? (points as readonly Json[]) : [])
    .filter(isRecord)
    .filter(({ readOnly }) => readOnly !== true)
    .map(({ containerPath }) => textOf(containerPath));
}

function leaves(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "object" ? Object.values(value).flatMap(leaves) : [String(value)];
}

function missing(these: readonly string[], among: readonly string[]): readonly string[] {
  return these.filter((one) => !among.includes(one));
}

/** ECS gives back what it adds by itself: empty lists, and what is nothing. */
function normal(value: Json | undefined, member: string): Json {
  if (value === undefined || value === null) return member === "essential" ? true : null;
  if (typeof value === "object" && Object.keys(value).length === 0) return null;
  return value;
}

/** Containers that are watched or fenced in less, or serve otherwise. */
export const CONTAINER_RULES: readonly Rule[] = [unguarded, weaker];
