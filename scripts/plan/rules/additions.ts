import { isRecord, stringsOf, textOf, UNKNOWN, valueAfter, valueAt, type Change, type Json } from "../change";
import { contains, isPrivate } from "./ranges";
import { shortList } from "../policy";
import { caution, danger, same, type Rule, type RuleContext } from "./rule";

/**
 * Whether a new resource is put to something that stays: its id is known already. What is made in the same plan has none
 * before apply.
 */
function isAddedToExisting(change: Change, attribute: string): boolean {
  const id = valueAfter(change, [attribute]);
  return change.kind === "create" && id !== UNKNOWN && textOf(id) !== "";
}

/** Every rule of a listener is tried before its default action. */
const listenerRule: Rule = {
  id: "adds-listener-rule",
  types: ["aws_lb_listener_rule"],
  check: (change, context) => {
    if (!isAddedToExisting(change, "listener_arn") || isNeverReached(change, context)) return [];
    const actions = recordsIn(valueAt(change.after, ["action"])).map(({ type }) => textOf(type));
    const [port, { testPort }] = [portOf(change, context), context];
    const says = `${conditionsInWords(change)} no longer reach the default action, but ${shortList(actions)}`;
    return port !== undefined && port === testPort
      ? caution(`${says}, on the test listener: new versions are checked otherwise`)
      : danger(`${says}: CodeDeploy doesn't move them, and no alarm watches them`);
  },
};

function portOf(change: Change, { changes }: RuleContext): Json | undefined {
  const arn = valueAt(change.after, ["listener_arn"]);
  const listener = changes.find(
    ({ type, before }) => type === "aws_lb_listener" && same(valueAt(before, ["arn"]), arn),
  );
  return listener && valueAt(listener.before, ["port"]);
}

/** Whether a rule that stays, and is tried earlier, takes all its requests already. */
function isNeverReached(change: Change, { changes }: RuleContext): boolean {
  const priority = Number(valueAt(change.after, ["priority"]) ?? NaN);
  return changes.some(
    (other) =>
      other.type === change.type &&
      other.kind === "none" &&
      same(valueAt(other.after, ["listener_arn"]), valueAt(change.after, ["listener_arn"])) &&
      Number(valueAt(other.after, ["priority"])) < priority &&
      same(valueAt(other.after, ["condition"]), valueAt(change.after, ["condition"])),
  );
}

function conditionsInWords(change: Change): string {
  const values = recordsIn(valueAt(change.after, ["condition"])).flatMap(leavesOf);
  return values.length === 0 ? "requests" : `requests for ${shortList(values)}`;
}

function leavesOf(value: Json): readonly string[] {
  if (value === null || value === "") return [];
  return typeof value === "object" ? Object.values(value).flatMap(leavesOf) : [String(value)];
}

const DESTINATIONS = ["destination_cidr_block", "destination_ipv6_cidr_block"];

/** Of all routes of a table the narrowest decides. */
const route: Rule = {
  id: "adds-route",
  types: ["aws_route"],
  check: (change, { changes }) => {
    if (!isAddedToExisting(change, "route_table_id")) return [];
    const table = valueAt(change.after, ["route_table_id"]);
    const list = textOf(valueAt(change.after, ["destination_prefix_list_id"]));
    const to = DESTINATIONS.map((name) => textOf(valueAt(change.after, [name]))).find((cidr) => cidr !== "") ?? list;
    const wider = changes
      .filter(
        ({ type, kind, before }) =>
          type === "aws_route" && kind !== "create" && same(valueAt(before, ["route_table_id"]), table),
      )
      .flatMap(({ before }) => DESTINATIONS.map((name) => textOf(valueAt(before, [name]))))
      .filter((cidr) => cidr !== "" && cidr !== to && (contains(cidr, to) || to.startsWith("pl-")));
    if (wider.length === 0) return caution(`traffic to ${to} goes another way, or a way at all`);
    const says = `traffic to ${to} leaves the way of ${shortList(wider)} and goes another`;
    return isPrivate(to) ? caution(says) : danger(says);
  },
};

/** An interface endpoint with private names takes the service's name; a gateway endpoint its routes. */
const endpoint: Rule = {
  id: "adds-endpoint",
  types: ["aws_vpc_endpoint"],
  check: (change) => {
    if (!isAddedToExisting(change, "vpc_id")) return [];
    const service = textOf(valueAt(change.after, ["service_name"])) || "a service";
    const takes =
      valueAt(change.after, ["private_dns_enabled"]) === true ||
      stringsOf(valueAt(change.after, ["route_table_ids"])).length > 0;
    return takes
      ? caution(
          `calls to ${service} go by it from now on: what its policy or its security groups don't let through fails`,
        )
      : [];
  },
};

/** A firewall before something that has answered without one. */
const association: Rule = {
  id: "adds-firewall",
  types: ["aws_wafv2_web_acl_association"],
  check: (change) =>
    isAddedToExisting(change, "resource_arn")
      ? caution("a firewall stands before it from now on, and may block good requests")
      : [],
};

/** By their names, these do nothing alone: they are put to something else. */
const ADD_ON_TYPE =
  /^aws_default_|_(?:associations?|attachments?|polic(?:y|ies)|rules?|route|record|endpoint|permission|override|peering_connection|protection|exclusive|membership|notification|options|default|propagation|firewall|acl|revocation)$/;

/** What no other rule knows, and what is made for something that is there. */
export function isAddOnType(type: string): boolean {
  return ADD_ON_TYPE.test(type);
}

function recordsIn(value: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isRecord) : [];
}

/** What is new and takes away from what is there. */
export const ADDITION_RULES: readonly Rule[] = [listenerRule, route, endpoint, association];
