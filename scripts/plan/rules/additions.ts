import { UNKNOWN, valueBefore, type Change, type Unknown } from "../change";
import { leavesOf, recordsIn, stringsOf, textOf, valueAt, type Json } from "../json-values";
import { shortList } from "../policy";
import { forwardsAfter } from "./forwards";
import { contains, isPrivate, isRange } from "./ranges";
import { caution, danger, isAddedToExisting, isLess, same, type Rule, type RuleContext } from "./rule";

/** A listener evaluates its rules before its default action (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html). */
const listenerRule: Rule = {
  id: "adds-listener-rule",
  types: ["aws_lb_listener_rule"],
  check: (change, context) => {
    if (!isAddedToExisting(change, "listener_arn") || isNeverReached(change, context)) return [];
    const actions = recordsIn(valueAt(change.after, ["action"])).map(({ type }) => textOf(type));
    const listener = listenerOf(change, context);
    if (listener === undefined && goesToStack(change, context)) {
      return caution(
        `${conditionsInWords(change)} go to its target groups, on a listener of another owner: check that no other service gets them`,
      );
    }
    const says = `${conditionsInWords(change)} are no longer handled by the default action, but by ${shortList(actions)}`;
    return listener !== undefined && valueBefore(listener, ["port"]) === context.testPort
      ? caution(`${says}, on the test listener: checks of new versions get other responses`)
      : danger(`${says}: CodeDeploy doesn't shift them, and no alarm monitors them`);
  },
};

/** The listener of the rule; undefined when it is not of the stack. */
function listenerOf(change: Change, { changes }: RuleContext): Change | undefined {
  const arn = valueAt(change.after, ["listener_arn"]);
  return changes.find(({ before }) => same(valueAt(before, ["arn"]), arn));
}

/** Whether the rule gives its requests to target groups of the stack, which CodeDeploy shifts. */
function goesToStack(change: Change, { changes }: RuleContext): boolean {
  const targets = forwardsAfter(change, "action");
  const isOfStack = (arn: string | Unknown) =>
    changes.some(({ type, kind, before }) =>
      arn === UNKNOWN
        ? type === "aws_lb_target_group" && (kind === "create" || kind === "replace")
        : same(valueAt(before, ["arn"]), arn),
    );
  return targets.length > 0 && targets.every(isOfStack);
}

/** Whether an existing rule with a higher precedence matches all its requests already. */
function isNeverReached(change: Change, { changes }: RuleContext): boolean {
  return changes.some(
    (other) =>
      other.kind === "none" &&
      isLess(valueAt(other.after, ["priority"]), valueAt(change.after, ["priority"])) &&
      ["listener_arn", "condition"].every((name) => same(valueAt(other.after, [name]), valueAt(change.after, [name]))),
  );
}

function conditionsInWords(change: Change): string {
  const values = recordsIn(valueAt(change.after, ["condition"])).flatMap(leavesOf);
  return values.length === 0 ? "requests" : `requests for ${shortList(values)}`;
}

/** What a route is for; a route has one of these attributes. */
const DESTINATIONS = ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];

/** The most specific route of a table applies (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html). */
const route: Rule = {
  id: "adds-route",
  types: ["aws_route"],
  check: (change, { changes }) => {
    if (!isAddedToExisting(change, "route_table_id")) return [];
    const table = valueAt(change.after, ["route_table_id"]);
    const to = destinationOf(change.after) || "a destination that is not known yet";
    const wider = changes
      .filter(({ before }) => same(valueAt(before, ["route_table_id"]), table))
      .map(({ before }) => destinationOf(before))
      .filter((cidr) => cidr !== to && (contains(cidr, to) || (isRange(cidr) && to.startsWith("pl-"))));
    if (wider.length === 0) return caution(`traffic to ${to} gets a new route`);
    const says = `traffic to ${to} takes the new route instead of that to ${shortList(wider)}`;
    return isPrivate(to) ? caution(says) : danger(says);
  },
};

function destinationOf(side: Json): string {
  return DESTINATIONS.map((name) => textOf(valueAt(side, [name]))).join("");
}

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
  /aws_default_|_(?:associations?|attachments?|polic(?:y|ies)|rules?|route|record|endpoint|permission|override|peering_connection|protection|exclusive|membership|notification|options|default|propagation|firewall|acl|revocation)$/;

/** Whether a resource of this type configures another resource, judged by the name of the type. */
export function isAddOnType(type: string): boolean {
  return ADD_ON_TYPE.test(type);
}

/** Rules about new resources that change how existing ones behave. */
export const ADDITION_RULES: readonly Rule[] = [listenerRule, route, endpoint, association];
