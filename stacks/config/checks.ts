import { alarmChecks } from "./alarm-checks";
import { nameChecks } from "./name-checks";
import { deliveryChecks } from "./delivery-checks";
import { egressChecks } from "./egress-checks";
import { networkChecks } from "./network-checks";
import { notAllowed, type Problem } from "./problems";
import { quotaChecks } from "./quota-checks";
import { regionChecks } from "./region-checks";
import type { Config } from "./schema";
import { serviceChecks } from "./service-checks";

/**
 * A rule about several values at once. `right` tells whether nothing was found wrong with the values at these (dotted)
 * paths; a check looks at none before it has asked, for a wrong one may be of any type.
 */
export type Check = (config: Config, right: (...paths: readonly string[]) => boolean) => readonly Problem[];

/** Tags that the stacks set themselves. */
const OWN_TAGS = ["project", "environment", "stack"];
/** AWS's limit for one resource, less our own and the resource's Name. */
const MAX_TAGS = 50 - OWN_TAGS.length - 1;

const CHECKS: readonly Check[] = [
  ...nameChecks,
  (config, right) => {
    if (!right("healthCheck.intervalSeconds", "healthCheck.timeoutSeconds")) return [];
    const { intervalSeconds, timeoutSeconds } = config.healthCheck;
    const allowed = `less than healthCheck.intervalSeconds (${intervalSeconds})`;
    return timeoutSeconds >= intervalSeconds ? [notAllowed(config, "healthCheck.timeoutSeconds", allowed)] : [];
  },
  (config, right) => (right("tags") ? tagProblems(config.tags) : []),
  ...regionChecks,
  ...networkChecks,
  ...deliveryChecks,
  ...serviceChecks,
  ...egressChecks,
  ...quotaChecks,
  ...alarmChecks,
];

/**
 * What is wrong between values that are right each in itself.
 * @param found problems found before
 */
export function combinationProblems(config: Config, found: readonly Problem[]): Problem[] {
  const wrong = found.map(({ path }) => path.join("."));
  const right = (...paths: readonly string[]) =>
    !paths.some((path) =>
      wrong.some((other) => other === path || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)),
    );
  return CHECKS.flatMap((check) => check(config, right));
}

function tagProblems(tags: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(tags);
  const problems = names.flatMap((name, index): Problem[] => {
    const problem = (text: string) => [{ path: ["tags", name], text }];
    const lower = name.toLowerCase();
    if (lower.startsWith("aws:")) {
      return problem("reserved: only AWS sets tags that start with aws:; choose another name");
    }
    if (OWN_TAGS.includes(lower)) {
      return problem(`reserved: ${OWN_TAGS.join(", ")} are set without it; choose another name`);
    }
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name)) {
      return problem("not a tag's name; must be 1 to 128 letters, digits, spaces and _ . : / = + - @");
    }
    // IAM tells tag names apart without their case.
    const twice = names.slice(0, index).some((other) => other.toLowerCase() === lower);
    return twice ? problem("there twice, but for its case; keep one") : [];
  });
  if (names.length > MAX_TAGS) {
    const text = `${names.length} tags are too many; must be at most ${MAX_TAGS}: AWS takes 50 with our own`;
    problems.push({ path: ["tags"], text });
  }
  return problems;
}
