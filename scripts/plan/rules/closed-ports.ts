import { valueBefore, type Change } from "../change";
import { danger, type Rule, type RuleContext } from "./rule";
import {
  allowsPort,
  notCoveredBy,
  openingsOf,
  portsInWords,
  SECURITY_GROUP_TYPES,
  type Direction,
  type Opening,
} from "./security-groups";

/** What a change no longer allows. A group or rule that is destroyed before its replacement exists allows nothing meanwhile. */
function closings(change: Change, direction: Direction): readonly Opening[] {
  const before = openingsOf(change, "before", direction).known;
  if (change.kind === "delete") return before;
  if (change.kind === "replace") return change.createsFirst ? [] : before;
  const after = openingsOf(change, "after", direction);
  return change.kind === "update" && after.unknown.length === 0 ? notCoveredBy(before, after.known) : [];
}

/** Ports of listeners and target groups, without that of the test listener; empty when this stack has none. */
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
    // `loses-security-group` reports a group that is lost with all its rules.
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
        .flatMap((opening) =>
          danger(`${portsInWords(opening)} is closed to ${opening.source}: its requests get no answer`),
        ),
      ...closings(change, "egress").flatMap((opening) =>
        danger(`${opening.source} can no longer be called, at ${portsInWords(opening)}`),
      ),
    ];
  },
};

/** The rule about security groups that allow less. */
export const CLOSED_PORT_RULES: readonly Rule[] = [closes];
