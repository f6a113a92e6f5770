import { UNKNOWN, valueAfter, valueBefore } from "../change";
import { recordsIn, textOf, valueAt, type Json, type JsonRecord } from "../json-values";
import { caution, compare, danger, inWords, isComparable, same, unknownUntilApply, type Rule } from "./rule";

const LISTENER = ["aws_lb_listener"];
const ENCRYPTED = ["HTTPS", "TLS"];

const unencrypted: Rule = {
  id: "security-https-off",
  types: LISTENER,
  check: (change) =>
    compare(change, ["protocol"], (before, after) =>
      ENCRYPTED.includes(inWords(before)) && !ENCRYPTED.includes(inWords(after))
        ? danger(`${inWords(before)} becomes ${inWords(after)}: traffic is no longer encrypted`)
        : [],
    ),
};

const redirectRemoved: Rule = {
  id: "security-redirect-removed",
  types: LISTENER,
  check: (change) => {
    const before = isComparable(change) ? redirectIn(valueBefore(change, ["default_action"])) : undefined;
    if (before === undefined) return [];
    const actions = valueAfter(change, ["default_action"]);
    if (actions === UNKNOWN) return unknownUntilApply("default_action");
    const after = redirectIn(actions);
    if (after === undefined) return danger("clients are no longer redirected from HTTP to HTTPS");
    if (same(before, after)) return [];
    return textOf(before["protocol"]) === "HTTPS" && textOf(after["protocol"]) !== "HTTPS"
      ? danger(`clients are redirected to ${inWords(after["protocol"])} and no longer to HTTPS`)
      : caution("clients are redirected in another way");
  },
};

/** Where the actions of a listener redirect; an empty object when they don't say, undefined when they don't redirect. */
function redirectIn(actions: Json | undefined): JsonRecord | undefined {
  const action = recordsIn(actions).find(({ type }) => type === "redirect");
  return action && (recordsIn(action["redirect"])[0] ?? {});
}

/** The oldest TLS version that a security policy accepts, in tenths (12: TLS 1.2), by its name; undefined for other names. */
function oldestTls(policy: string): number | undefined {
  const modern = /ELBSecurityPolicy-TLS13-1-(\d)/.exec(policy);
  if (modern) return 10 + Number(modern[1]);
  const named = /ELBSecurityPolicy-(?:FS-|TLS-)1-(\d)-/.exec(policy);
  if (named) return 10 + Number(named[1]);
  return /ELBSecurityPolicy-(?:20(?:14|15|16)-|FS-2018|TLS-1-0)/.test(policy) ? 10 : undefined;
}

/**
 * The security policy of a listener that sets none
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
const DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";

const weakerTls: Rule = {
  id: "security-tls-weakened",
  types: LISTENER,
  check: (change) =>
    compare(change, ["ssl_policy"], (was, is) => {
      // `security-https-off` reports a listener that no longer uses TLS.
      const protocol = textOf(valueAt(change.after, ["protocol"]));
      if (textOf(was) === "" || (protocol !== "" && !ENCRYPTED.includes(protocol))) return [];
      const [before, after] = [textOf(was), textOf(is) || DEFAULT_POLICY];
      const [from, to] = [oldestTls(before), oldestTls(after)];
      if (from === undefined || to === undefined) return caution(`another TLS policy: ${after}`);
      if (to < from)
        return danger(
          `${after} accepts TLS ${(to / 10).toFixed(1)}, ${before} nothing below ${(from / 10).toFixed(1)}`,
        );
      return to === from ? caution(`another TLS policy: ${after} instead of ${before}`) : [];
    }),
};

/** Rules about listeners that protect their traffic less. */
export const LISTENER_RULES: readonly Rule[] = [unencrypted, redirectRemoved, weakerTls];
