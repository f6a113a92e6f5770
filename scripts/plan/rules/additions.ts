import { UNKNOWN, valueAfter, type Change } from "../change";
import { leavesOf, recordsIn, stringsOf, textOf, valueAt, type Json } from "../json-values";
import { shortList } from "../policy";
import { contains, isPrivate } from "./ranges";
import { caution, danger, same, type Rule, type RuleContext } from "./rule";

/**
 * Whether a new resource is added to an existing one: the id in the attribute is known. A resource that the same plan creates
 * has no id before apply.
 */
function isAddedToExisting(change: Change, attribute: string): boolean {
  const id = valueAfter(change, [attribute]);
  return change.kind === "create" && id !== UNKNOWN && textOf(id) !== "";
}

/** A listener evaluates its rules before its default action (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html). */
const listenerRule: Rule = {
  id: "adds-listener-rule",
  types: ["aws_lb_listener_rule"],
  check: (change, context) => {
    if (!isAddedToExisting(change, "listener_arn") || isNeverReached(change, context)) return [];
    const actions = recordsIn(valueAt(change.after, ["action"])).map(({ type }) => textOf(type));
    if (isOfNewService(change, context)) {
      return caution(
        `${conditionsInWords(change)} go to its target groups, on a listener of another owner: check that no other service gets them`,
      );
    }
    const [port, { testPort }] = [portOf(change, context), context];
    const says = `${conditionsInWords(change)} are no longer handled by the default action, but by ${shortList(actions)}`;
    return port !== undefined && port === testPort
      ? caution(`${says}, on the test listener: checks of new versions get other responses`)
      : danger(`${says}: CodeDeploy doesn't shift them, and no alarm monitors them`);
  },
};

/** Whether the rule gives requests of a listener that is not of the stack to target groups of the stack, which CodeDeploy shifts. */
function isOfNewService(change: Change, { changes }: RuleContext): boolean {
  const listenerArn = valueAt(change.after, ["listener_arn"]);
  const isOwn = changes.some(
    ({ type, before }) => type === "aws_lb_listener" && same(valueAt(before, ["arn"]), listenerArn),
  );
  const groups = recordsIn(valueAt(change.after, ["action", 0, "forward", 0, "target_group"]));
  const targets = groups.map((_, index) =>
    valueAfter(change, ["action", 0, "forward", 0, "target_group", index, "arn"]),
  );
  const own = changes.filter(({ type }) => type === "aws_lb_target_group");
  const isOfStack = (arn: Json | typeof UNKNOWN | undefined) =>
    arn === UNKNOWN
      ? own.some(({ kind }) => kind === "create" || kind === "replace")
      : own.some(({ before }) => same(valueAt(before, ["arn"]), arn));
  return !isOwn && targets.length > 0 && targets.every(isOfStack);
}

function portOf(change: Change, { changes }: RuleContext): Json | undefined {
  const arn = valueAt(change.after, ["listener_arn"]);
  const listener = changes.find(
    ({ type, before }) => type === "aws_lb_listener" && same(valueAt(before, ["arn"]), arn),
  );
  return listener && valueAt(listener.before, ["port"]);
}

/** Whether an existing rule with a higher precedence matches all its requests already. */
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

const DESTINATIONS = ["destination_cidr_block", "destination_ipv6_cidr_block"];

/** The most specific route of a table applies (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html). */
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
    if (wider.length === 0) return caution(`traffic to ${to} gets a new route`);
    const says = `traffic to ${to} takes the new route instead of that to ${shortList(wider)}`;
    return isPrivate(to) ? caution(says) : danger(says);
  },
};

/** An interface endpoint with private DNS takes over the service's name, a gateway endpoint its routes. */
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
      ? caution(`calls to ${service} use it from now on: those that its policy or security groups don't allow fail`)
      : [];
  },
};

const association: Rule = {
  id: "adds-firewall",
  types: ["aws_wafv2_web_acl_association"],
  check: (change) =>
    isAddedToExisting(change, "resource_arn")
      ? caution("a firewall filters its requests from now on, and may block good ones")
      : [],
};

/** Names of resource types that configure another resource. */
const ADD_ON_TYPE =
  /^aws_default_|_(?:associations?|attachments?|polic(?:y|ies)|rules?|route|record|endpoint|permission|override|peering_connection|protection|exclusive|membership|notification|options|default|propagation|firewall|acl|revocation)$/;

/** Whether a resource of this type configures another resource, judged by the name of the type. */
export function isAddOnType(type: string): boolean {
  return ADD_ON_TYPE.test(type);
}

/** Rules about new resources that change how existing ones behave. */
export const ADDITION_RULES: readonly Rule[] = [listenerRule, route, endpoint, association];
