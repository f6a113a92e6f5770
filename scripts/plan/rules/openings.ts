import type { Change } from "../change";
import { contains, isPrivate, isWorld } from "./ranges";
import { unknownUntilApply, caution, danger, isComparable, type Assessment, type Rule, type RuleContext } from "./rule";
import {
  notCoveredBy,
  isNewGroup,
  isAddressRange,
  allowsPort,
  openingsOf,
  portsInWords,
  SECURITY_GROUP_TYPES,
  type Direction,
  type Opening,
} from "./security-groups";

/** What is let through after a change and was not before; what is not known yet in the words of another opinion. */
function newOpenings(change: Change, direction: Direction) {
  if (change.kind !== "create" && !isComparable(change)) return { opened: [], before: [], doubts: [] };
  const before = openingsOf(change, "before", direction).known;
  const after = openingsOf(change, "after", direction);
  // A new group that has its rules as resources of their own knows only after apply what they let through.
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
  const { testPort } = context;
  const toTestListener = testPort !== undefined && allowsPort(opening, testPort);
  const says = `${portsInWords(opening)} is opened to ${source}`;
  const test = ": versions not yet released are reached there";
  const isNew = isNewGroup(change, context);
  if (isWorld(source)) {
    // A group that is made in the same plan guards nothing yet: that is how the service gets its front door.
    return toTestListener ? danger(`${says}, the world${test}`) : (isNew ? caution : danger)(`${says}, the world`);
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

const opened: Rule = {
  id: "security-ingress-opened",
  types: SECURITY_GROUP_TYPES,
  check: (change, context) => {
    const { opened: openings, before, doubts } = newOpenings(change, "ingress");
    return [...openings.flatMap((opening) => assess(opening, before, change, context)), ...doubts];
  },
};

/** What gets in by another way can carry data out by this one; whom the service calls is no rarity, though. */
const wayOutOpened: Rule = {
  id: "security-egress-opened",
  types: SECURITY_GROUP_TYPES,
  check: (change, context) =>
    isNewGroup(change, context)
      ? []
      : newOpenings(change, "egress")
          .opened.filter(({ source }) => isWorld(source))
          .flatMap((opening) => caution(`${portsInWords(opening)} of ${opening.source}, the world, can be called`)),
};

/** Security groups opened. */
export const OPENING_RULES: readonly Rule[] = [opened, wayOutOpened];
