import { UNKNOWN, valueAfter, valueBefore, type Change } from "../change";
import { textOf, valueAt } from "../json-values";
import { caution, danger, nameOf, unknownUntilApply, type Assessment, type Rule } from "./rule";

const OPTIONS = "aws_vpc_block_public_access_options";
const EXCLUSION = "aws_vpc_block_public_access_exclusion";

/** Which connections are possible through internet gateways: from the internet, and to it. */
interface Reach {
  readonly ingress: boolean;
  readonly egress: boolean;
}

const ALL: Reach = { ingress: true, egress: true };
const OUTGOING: Reach = { ingress: false, egress: true };
const NONE: Reach = { ingress: false, egress: false };

/** The modes of a type, and what is possible without a resource of it. */
const MODES = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html
  [OPTIONS]: {
    path: ["internet_gateway_block_mode"],
    reach: new Map([
      ["off", ALL],
      ["block-ingress", OUTGOING],
      ["block-bidirectional", NONE],
    ]),
    without: ALL,
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html
  [EXCLUSION]: {
    path: ["internet_gateway_exclusion_mode"],
    reach: new Map([
      ["allow-bidirectional", ALL],
      ["allow-egress", OUTGOING],
    ]),
    without: NONE,
  },
} as const;

/**
 * Compares what is possible before and after. A resource that is destroyed turns its block or its exclusion off; a forgotten one
 * stays as it is.
 * @returns what is possible; or why that isn't known
 */
function reachOf(change: Change): { readonly before: Reach; readonly after: Reach } | readonly Assessment[] {
  const { path, reach, without } = MODES[change.type === OPTIONS ? OPTIONS : EXCLUSION];
  const before = valueBefore(change, path);
  const after = valueAfter(change, path);
  if (change.kind === "forget" || before === after) return [];
  if (after === UNKNOWN) return unknownUntilApply(nameOf(path));
  const [was, is] = [before, after].map((mode) => (mode === undefined ? without : reach.get(textOf(mode))));
  return was && is ? { before: was, after: is } : caution(`${nameOf(path)} changes: there is no rule for this mode`);
}

/** What the block or the exclusion is about. */
function placeOf({ type, before, after }: Change): string {
  if (type === OPTIONS) return "every VPC of the region";
  return ["vpc_id", "subnet_id"].map((name) => textOf(valueAt(after ?? before, [name]))).join("") || "what it excludes";
}

/** The mode blocks internet traffic of every VPC in the region that no exclusion is for, whatever the routes are. */
const blocked: Rule = {
  id: "blocks-internet",
  types: [OPTIONS, EXCLUSION],
  check: (change) => {
    const reach = reachOf(change);
    if (!("before" in reach)) return reach;
    const { before, after } = reach;
    const [ingress, egress] = [before.ingress && !after.ingress, before.egress && !after.egress];
    const place = placeOf(change);
    if (ingress && egress) return danger(`${place} loses its connection to the internet`);
    if (ingress) return danger(`${place} can no longer be reached from the internet`);
    return egress ? danger(`${place} can no longer call the internet`) : [];
  },
};

/** A weaker block: a protection that is turned off. */
const unblocked: Rule = {
  id: "security-internet-unblocked",
  types: [OPTIONS, EXCLUSION],
  check: (change) => {
    const reach = reachOf(change);
    if (!("before" in reach)) return [];
    const { before, after } = reach;
    const place = placeOf(change);
    // An exclusion is only in effect while the region blocks, which the plan may not show.
    if (after.ingress && !before.ingress)
      return (change.type === OPTIONS ? danger : caution)(`${place} can be reached from the internet`);
    return after.egress && !before.egress ? caution(`${place} can call the internet`) : [];
  },
};

/** Rules about blocks of internet traffic. */
export const INTERNET_BLOCK_RULES: readonly Rule[] = [blocked, unblocked];
