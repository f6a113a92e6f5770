import { stringsOf, valueAfter, valueAt, valueBefore, type Change, type Path } from "../change";
import {
  caution,
  compare,
  danger,
  inWords,
  isComparable,
  nameOf,
  compareRemoved,
  same,
  type Assessment,
  type Rule,
  type RuleContext,
} from "./rule";
import {
  notCoveredBy,
  allowsPort,
  openingsOf,
  portsInWords,
  SECURITY_GROUP_TYPES,
  type Direction,
  type Opening,
} from "./security-groups";

/** What CodeDeploy moves with every release; Terraform moving it as well takes the traffic elsewhere. */
const MOVED: Readonly<Record<string, readonly string[]>> = {
  aws_lb_listener: ["default_action"],
  aws_lb_listener_rule: ["action"],
  aws_ecs_service: ["task_definition", "load_balancer", "network_configuration"],
};

const movesTraffic: Rule = {
  id: "moves-traffic",
  types: Object.keys(MOVED),
  check: (change) => {
    if (change.kind !== "update") return [];
    return (MOVED[change.type] ?? []).flatMap((path): readonly Assessment[] => {
      // What only redirected is none of CodeDeploy's.
      const redirected = valueBefore(change, [path, 0, "type"]) === "redirect";
      if (redirected || same(valueBefore(change, [path]), valueAfter(change, [path]))) return [];
      return danger(`${path} is CodeDeploy's to change: Terraform would move the traffic, or undo the last release`);
    });
  },
};

const movesPort: Rule = {
  id: "moves-port",
  types: ["aws_lb_listener"],
  check: (change) =>
    compare(change, ["port"], (before, after) =>
      danger(`the port goes from ${inWords(before)} to ${inWords(after)}: who calls the old one gets no answer`),
    ),
};

/** By what a route leads somewhere. */
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
const REROUTED = "open connections break, and new ones go another way";
/** What leads traffic somewhere, and what a change of it does. */
const WAYS: readonly { readonly type: string; readonly paths: readonly Path[]; readonly says: string }[] = [
  { type: "aws_route", paths: ROUTE_TARGETS.map((name) => [name]), says: REROUTED },
  { type: "aws_route_table", paths: [["route"]], says: REROUTED },
  {
    type: "aws_route53_record",
    paths: [["alias", 0, "name"], ["records"], ["type"]],
    says: "the name leads elsewhere once resolvers have forgotten the old answer",
  },
];

const movesWay: Rule = {
  id: "moves-route",
  types: WAYS.map(({ type }) => type),
  check: (change) => {
    // What is replaced is lost: other rules say so.
    if (change.kind !== "update") return [];
    return WAYS.filter(({ type }) => type === change.type).flatMap(({ paths, says }) =>
      paths
        .filter((path) => !same(valueBefore(change, path) ?? "", valueAfter(change, path) ?? ""))
        .flatMap((path) => danger(`${nameOf(path)} changes: ${says}`)),
    );
  },
};

const loadBalancerReach: Rule = {
  id: "moves-load-balancer",
  types: ["aws_lb"],
  check: (change) => {
    const groups = stringsOf(valueBefore(change, ["security_groups"]));
    const added = stringsOf(valueAt(change.after, ["security_groups"])).filter((group) => !groups.includes(group));
    return [
      ...compareRemoved(change, ["subnets"], (gone) => danger(`it leaves ${gone}: its address there answers no more`)),
      ...compareRemoved(change, ["security_groups"], (gone) =>
        danger(`${gone} no longer decides who reaches it, and whom it reaches`),
      ),
      ...(isComparable(change) && added.length > 0
        ? caution(`${added.join(", ")} decides as well who reaches it, and whom it reaches`)
        : []),
      ...compare(change, ["subnet_mapping"], () => danger("its addresses change")),
    ];
  },
};

const namesUnresolved: Rule = {
  id: "loses-dns-resolution",
  types: ["aws_vpc"],
  check: (change) =>
    ["enable_dns_support", "enable_dns_hostnames"].flatMap((name) =>
      compare(change, [name], (before, after) =>
        before === true && after !== true ? danger(`${name} is turned off: names within the VPC lead nowhere`) : [],
      ),
    ),
};

/** What a change no longer lets through. One that is replaced lets nothing through meanwhile. */
function closings(change: Change, direction: Direction): readonly Opening[] {
  const before = openingsOf(change, "before", direction).known;
  if (change.kind === "delete") return before;
  if (change.kind === "replace") return change.createsFirst ? [] : before;
  const after = openingsOf(change, "after", direction);
  return change.kind === "update" && after.unknown.length === 0 ? notCoveredBy(before, after.known) : [];
}

/** Ports at which something answers, but for the test listener's; empty: nothing of this stack does. */
function servedPorts({ changes, testPort }: RuleContext): readonly number[] {
  return changes
    .filter(({ type }) => type === "aws_lb_listener" || type === "aws_lb_target_group")
    .map((change) => valueBefore(change, ["port"]))
    .filter((port) => typeof port === "number")
    .filter((port) => port !== testPort);
}

const closes: Rule = {
  id: "closes-ports",
  types: SECURITY_GROUP_TYPES,
  check: (change, context) => {
    // The group with all its rules: another rule says so.
    if (change.type === "aws_security_group" && change.kind !== "update") return [];
    const ports = servedPorts(context);
    const { testPort } = context;
    return [
      ...closings(change, "ingress")
        .filter((opening) =>
          ports.length > 0
            ? ports.some((port) => allowsPort(opening, port))
            : opening.from !== opening.to || opening.from !== testPort,
        )
        .flatMap((opening) => danger(`${portsInWords(opening)} is closed to ${opening.source}, who gets no answer`)),
      ...closings(change, "egress").flatMap((opening) =>
        danger(`${opening.source} can no longer be called, at ${portsInWords(opening)}`),
      ),
    ];
  },
};

/** What takes traffic elsewhere, or lets it through no more. */
export const TRAFFIC_RULES: readonly Rule[] = [
  movesTraffic,
  movesPort,
  movesWay,
  loadBalancerReach,
  namesUnresolved,
  closes,
];
