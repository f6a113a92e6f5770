import { UNKNOWN, valueAfter, valueBefore } from "../change";
import { recordsIn, stringsOf, textOf, valueAt, type Json, type JsonRecord, type Path } from "../json-values";
import { shortList } from "../policy";
import { inOneForm } from "./forwards";
import {
  caution,
  compare,
  compareKnown,
  compareRemoved,
  danger,
  inWords,
  isComparable,
  nameOf,
  same,
  type Assessment,
  type Rule,
} from "./rule";

/** Attributes that CodeDeploy changes in every release. If Terraform changes them, the traffic moves outside of a release. */
const MOVED: Readonly<Record<string, readonly string[]>> = {
  aws_lb_listener: ["default_action"],
  aws_lb_listener_rule: ["action"],
  aws_ecs_service: ["task_definition", "load_balancer", "network_configuration"],
};

const movesTraffic = Object.entries(MOVED).map(([type, attributes]): Rule => ({
  id: "moves-traffic",
  types: [type],
  check: (change) => {
    if (change.kind !== "update") return [];
    return attributes.flatMap((path): readonly Assessment[] => {
      const before = valueBefore(change, [path]);
      const after = valueAfter(change, [path]);
      // CodeDeploy doesn't change a listener that only redirects.
      if (isRedirect(before) || same(before, after)) return [];
      const isAction = path === "default_action" || path === "action";
      if (isAction && after !== UNKNOWN && same(inOneForm(before), inOneForm(after))) return [];
      return danger(`${path} is managed by CodeDeploy: Terraform would move the traffic, or undo the last release`);
    });
  },
}));

function isRedirect(actions: Json | undefined): boolean {
  return recordsIn(actions).some(({ type }) => type === "redirect");
}

const movesPort: Rule = {
  id: "moves-port",
  types: ["aws_lb_listener"],
  check: (change) =>
    compare(change, ["port"], (before, after) =>
      danger(`the port goes from ${inWords(before)} to ${inWords(after)}: clients of the old port get no answer`),
    ),
};

/** Attributes that hold the target of a route. */
const ROUTE_TARGETS = [
  "carrier_gateway_id",
  "core_network_arn",
  "egress_only_gateway_id",
  "gateway_id",
  "local_gateway_id",
  "nat_gateway_id",
  "network_interface_id",
  "transit_gateway_id",
  "vpc_endpoint_id",
  "vpc_peering_connection_id",
];
const REROUTED = "open connections break, and new ones take another route";
/** Attributes that route traffic, with the consequence of a change. */
const ROUTING: readonly { readonly type: string; readonly paths: readonly Path[]; readonly says: string }[] = [
  { type: "aws_route", paths: ROUTE_TARGETS.map((name) => [name]), says: REROUTED },
  { type: "aws_route_table", paths: [["route"]], says: REROUTED },
  { type: "aws_default_route_table", paths: [["route"]], says: REROUTED },
  {
    type: "aws_route53_record",
    paths: [["alias", 0, "name"], ["records"], ["type"]],
    says: "clients get the new target once their cached answer expires",
  },
];

const movesRoute = ROUTING.map(({ type, paths, says }): Rule => ({
  id: "moves-route",
  types: [type],
  check: (change) => {
    // Other rules report a replaced resource as lost.
    if (change.kind !== "update") return [];
    return paths
      .filter((path) => !same(valueBefore(change, path) ?? "", valueAfter(change, path) ?? ""))
      .flatMap((path) => danger(`${nameOf(path)} changes: ${says}`));
  },
}));

const loadBalancerReach: Rule = {
  id: "moves-load-balancer",
  types: ["aws_lb"],
  check: (change) => {
    const groups = stringsOf(valueBefore(change, ["security_groups"]));
    const added = stringsOf(valueAt(change.after, ["security_groups"])).filter((group) => !groups.includes(group));
    return [
      ...compareRemoved(change, ["subnets"], (removed) =>
        danger(`it leaves ${removed}: its address there no longer answers`),
      ),
      ...compareRemoved(change, ["security_groups"], (removed) => danger(`${removed} no longer filters its traffic`)),
      ...(isComparable(change) && added.length > 0 ? caution(`${added.join(", ")} also filters its traffic`) : []),
      ...compareKnown(change, ["subnet_mapping"], (before, after) => {
        const now = recordsIn(after);
        const lost = recordsIn(before).filter((old) => !now.some((one) => hasAddressesOf(one, old)));
        return lost.length > 0 ? danger(`its addresses change in ${shortList(lost.map(subnetIn))}`) : [];
      }),
    ];
  },
};

/** What gives the load balancer its addresses in a subnet. */
const ADDRESSES = ["allocation_id", "private_ipv4_address", "ipv6_address", "outpost_id"];

/** Whether a block of `subnet_mapping` keeps the subnet and the addresses of an old one. */
function hasAddressesOf(one: JsonRecord, old: JsonRecord): boolean {
  return subnetIn(one) === subnetIn(old) && ADDRESSES.every((name) => textOf(one[name]) === textOf(old[name]));
}

function subnetIn(mapping: JsonRecord): string {
  return textOf(mapping["subnet_id"]);
}

const namesUnresolved: Rule = {
  id: "loses-dns-resolution",
  types: ["aws_vpc"],
  check: (change) =>
    ["enable_dns_support", "enable_dns_hostnames"].flatMap((name) =>
      compare(change, [name], (before) =>
        before === true ? danger(`${name} is turned off: names within the VPC can't be resolved`) : [],
      ),
    ),
};

/** Rules about listeners, routes and names that lead traffic to another place. */
export const TRAFFIC_RULES: readonly Rule[] = [
  ...movesTraffic,
  movesPort,
  ...movesRoute,
  loadBalancerReach,
  namesUnresolved,
];
