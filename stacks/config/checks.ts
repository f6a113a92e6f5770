import { alarmChecks } from "./alarm-checks";
import type { Check } from "./check";
import { ciChecks } from "./ci-checks";
import { deliveryChecks } from "./delivery-checks";
import { egressChecks } from "./egress-checks";
import { encryptionChecks } from "./encryption-checks";
import { gateChecks } from "./gate-checks";
import { loadBalancerChecks } from "./load-balancer-checks";
import { nameChecks } from "./name-checks";
import { networkChecks } from "./network-checks";
import type { ConfigProblem } from "./problems";
import { quotaChecks } from "./quota-checks";
import { regionChecks } from "./region-checks";
import { rehearsalChecks } from "./rehearsal-checks";
import { requestChecks } from "./request-checks";
import type { Config } from "./schema";
import { serviceChecks } from "./service-checks";
import { sharedLoadBalancerChecks } from "./shared-load-balancer-checks";
import { tagChecks } from "./tag-checks";

const CHECKS: readonly Check[] = [
  ...nameChecks,
  ...tagChecks,
  ...regionChecks,
  ...networkChecks,
  ...loadBalancerChecks,
  ...sharedLoadBalancerChecks,
  ...deliveryChecks,
  ...requestChecks,
  ...rehearsalChecks,
  ...ciChecks,
  ...serviceChecks,
  ...encryptionChecks,
  ...egressChecks,
  ...quotaChecks,
  ...alarmChecks,
  ...gateChecks,
];

/**
 * Problems of values that are each valid, but don't fit together.
 * @param found problems of single values, found before
 */
export function combinationProblems(config: Config, found: readonly ConfigProblem[]): ConfigProblem[] {
  const invalid = found.map(({ path }) => path.join("."));
  const isValid = (...paths: readonly string[]) =>
    !paths.some((path) =>
      invalid.some((other) => other === path || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)),
    );
  return CHECKS.flatMap((check) => check(config, isValid));
}
