import { UNKNOWN, valueAfter, valueBefore } from "../change";
import { textOf, valueAt } from "../json-values";
import { caution, compare, danger, inWords, isComparable, unknownUntilApply, type Rule } from "./rule";

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
    if (!isComparable(change) || valueBefore(change, ["default_action", 0, "type"]) !== "redirect") return [];
    const after = valueAfter(change, ["default_action", 0, "type"]);
    if (after === UNKNOWN) return unknownUntilApply("default_action");
    return after === "redirect" ? [] : danger("clients are no longer redirected from HTTP to HTTPS");
  },
};

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
