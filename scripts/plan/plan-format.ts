import { isRecord } from "./json-values";
/**
 * Minor version of the newest plan format (1.x) that this project has been checked with: Terraform 1.16 writes it. Minor versions
 * only add members (https://developer.hashicorp.com/terraform/internals/json-format).
 */
const KNOWN_MINOR = 2;

/** Members that the review reads, or that have no effect on resources. */
const KNOWN = {
  plan: [
    ...["format_version", "terraform_version", "timestamp", "variables", "configuration", "prior_state"],
    ...["planned_values", "proposed_unknown", "resource_drift", "relevant_attributes"],
    ...["resource_changes", "output_changes", "checks", "applyable", "complete", "errored"],
    ...["deferred_changes", "action_invocations", "deferred_action_invocations"],
  ],
  resource: [
    ...["address", "previous_address", "module_address", "mode", "type", "name", "index", "index_unknown"],
    ...["provider_name", "deposed", "change", "action_reason"],
  ],
  change: [
    ...["actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive", "replace_paths"],
    ...["importing", "generated_config", "before_identity", "after_identity"],
  ],
} as const;

/** Possible actions on a resource, by its mode. An ephemeral resource (OpenTofu lists them) exists only during a run. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  managed: ["no-op", "create", "read", "update", "delete", "forget"],
  data: ["no-op", "read", "delete", "forget"],
  ephemeral: ["no-op", "open", "read", "renew", "close"],
};

/**
 * What a plan holds and this review doesn't read, in words that follow "this plan holds", each kind once. Empty members are
 * ignored. Pure.
 * @param plan parsed JSON of a plan
 */
export function unreadOf(plan: unknown): readonly string[] {
  if (!isRecord(plan)) return [];
  const resources = listAt(plan, "resource_changes");
  const changes = resources.flatMap((resource) => (isRecord(resource["change"]) ? [resource["change"]] : []));
  const found = [
    ...newerFormat(plan["format_version"]),
    ...unknownMembers([plan], KNOWN.plan).map((name) => `the part "${name}"`),
    ...unknownMembers(resources, KNOWN.resource).map((name) => `"${name}" of a resource`),
    ...unknownMembers(changes, KNOWN.change).map((name) => `"${name}" of a change`),
    ...resources.flatMap(unknownActions),
  ];
  if (found.length === 0 && plan["applyable"] === true && !hasKnownChange(plan)) {
    found.push("something to apply, of which nothing is shown");
  }
  return [...new Set(found)];
}

function newerFormat(version: unknown): readonly string[] {
  const minor = typeof version === "string" ? /^1\.(\d+)$/.exec(version)?.[1] : undefined;
  if (minor !== undefined && Number(minor) <= KNOWN_MINOR) return [];
  return [`the format ${String(version)}, newer than 1.${KNOWN_MINOR}, and perhaps what was added to it`];
}

function unknownMembers(records: readonly Readonly<Record<string, unknown>>[], known: readonly string[]) {
  return records.flatMap((record) =>
    Object.entries(record)
      .filter(([name, value]) => !known.includes(name) && !isEmpty(value))
      .map(([name]) => name),
  );
}

function unknownActions(resource: Readonly<Record<string, unknown>>): readonly string[] {
  const { mode, address, change } = resource;
  const known = ACTIONS[String(mode)];
  const actions = isRecord(change) && Array.isArray(change["actions"]) ? change["actions"].map(String) : [];
  if (known === undefined) {
    return actions.every((action) => action === "no-op")
      ? []
      : [`${String(address)}, a resource of the mode "${String(mode)}"`];
  }
  // Without an action, the resource would count as unchanged.
  if (actions.length === 0) return [`${String(address)} without an action`];
  return actions
    .filter((action) => !known.includes(action))
    .map((action) => `the action "${action}" on ${String(address)}`);
}

/** Whether any member that the review reads holds something to apply. */
function hasKnownChange(plan: Readonly<Record<string, unknown>>): boolean {
  const outputs = isRecord(plan["output_changes"]) ? Object.values(plan["output_changes"]) : [];
  const acts = (change: unknown) =>
    isRecord(change) && Array.isArray(change["actions"]) && change["actions"].some((action) => action !== "no-op");
  return (
    outputs.some(acts) ||
    listAt(plan, "action_invocations").length > 0 ||
    listAt(plan, "resource_changes").some(
      (resource) =>
        acts(resource["change"]) ||
        !isEmpty(resource["previous_address"]) ||
        (isRecord(resource["change"]) && resource["change"]["importing"] !== undefined),
    )
  );
}

function listAt(record: Readonly<Record<string, unknown>>, name: string) {
  const list = record[name];
  return Array.isArray(list) ? (list as readonly unknown[]).filter(isRecord) : [];
}

function isEmpty(value: unknown): boolean {
  if (value === null || typeof value !== "object") {
    return value === null || value === undefined || value === "" || value === false;
  }
  return Object.keys(value).length === 0;
}
