import type { Change } from "../change";
import { contains, isPrivate, isWorld } from "./ranges";
import { caution, danger, unknownUntilApply, type Assessment, type Rule, type RuleContext } from "./rule";
import {
  allowsPort,
  isAddressRange,
  isNewGroup,
  notCoveredBy,
  openingsOf,
  portsInWords,
  SECURITY_GROUP_TYPES,
  type Direction,
  type Opening,
} from "./security-groups";

/** What a change newly allows; `doubts` reports the attributes that are not known yet. */
function newOpenings(change: Change, direction: Direction) {
  const before = openingsOf(change, "before", direction).known;
  const after = openingsOf(change, "after", direction);
  // A new group whose rules are separate resources has unknown rules before apply; those resources are assessed themselves.
  const doubtful = after.unknown.filter((name) => change.kind !== "create" || name !== direction);
  return {
    opened: notCoveredBy(after.known, before),
    before,
    doubts: doubtful.flatMap((name) => unknownUntilApply(name)),
  };
}

function assess(
  opening: Opening,
  before: readonly Opening[],
  change: Change,
  context: RuleContext,
): readonly Assessment[] {
  const { source } = opening;
  const toTestListener = allowsPort(opening, context.testPort ?? NaN);
  const says = `${portsInWords(opening)} is opened to ${source}`;
  const test = ": versions that are not released yet can be reached there";
  const isNew = isNewGroup(change, context);
  if (isWorld(source)) {
    // A group that the same plan creates protects nothing yet: this is how a new service becomes reachable.
    return toTestListener
      ? danger(`${says}, the internet${test}`)
      : (isNew ? caution : danger)(`${says}, the internet`);
  }
  if (isNew) return toTestListener && isAddressRange(opening) && !isPrivate(source) ? caution(`${says}${test}`) : [];
  if (toTestListener) return danger(`${says}${test}`);
  if (!isAddressRange(opening)) return caution(says);
  const narrower = before.find((old) => old.source !== source && contains(source, old.source));
  return danger(
    narrower === undefined
      ? says
      : `${portsInWords(opening)} is opened wider: to ${source} instead of ${narrower.source}`,
  );
}

const ingressOpened: Rule = {
  id: "security-ingress-opened",
  types: SECURITY_GROUP_TYPES,
  check: (change, context) => {
    const { opened: openings, before, doubts } = newOpenings(change, "ingress");
    return [...openings.flatMap((opening) => assess(opening, before, change, context)), ...doubts];
  },
};

/** An intruder could send data out through this opening, but most services need outgoing calls: a caution. */
const egressOpened: Rule = {
  id: "security-egress-opened",
  types: SECURITY_GROUP_TYPES,
  check: (change, context) =>
    isNewGroup(change, context)
      ? []
      : newOpenings(change, "egress")
          .opened.filter(({ source }) => isWorld(source))
          .flatMap((opening) => caution(`${portsInWords(opening)} of ${opening.source}, the internet, can be called`)),
};

/** Rules about security groups that allow more. */
export const OPENED_PORT_RULES: readonly Rule[] = [ingressOpened, egressOpened];
