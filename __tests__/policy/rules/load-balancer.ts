import { TLS_POLICIES } from "../../../stacks/config/load-balancer-schema";
import { at, list } from "../estate";
import { accompanied, adding, every, set, without, type Rule } from "../rule";

const LISTENER = "aws_lb_listener";
/** With AWS's rules against Log4Shell. */
const KNOWN_BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet";

/** Rules for the load balancer, its listeners and WAF. */
export const LOAD_BALANCER_RULES: readonly Rule[] = [
  {
    id: "load-balancer-drops-invalid-headers",
    title: "The load balancer drops invalid headers",
    scanners: ["CKV_AWS_131", "AVD-AWS-0052"],
    check: every("aws_lb", (block) => block["drop_invalid_header_fields"] === true),
    breach: set("aws_lb", "drop_invalid_header_fields", false),
  },
  {
    id: "load-balancer-desync",
    title: "The load balancer defends against HTTP desync",
    scanners: ["CKV_AWS_328"],
    check: every("aws_lb", (block) =>
      [undefined, "defensive", "strictest"].includes(at(block, "desync_mitigation_mode") as string),
    ),
    breach: set("aws_lb", "desync_mitigation_mode", "monitor"),
  },
  {
    id: "load-balancer-access-logs",
    title: "The load balancer keeps access logs",
    scanners: ["CKV_AWS_91"],
    check: every("aws_lb", (block) => at(block, "access_logs.enabled") === true),
    breach: set("aws_lb", "access_logs.enabled", false),
  },
  {
    id: "load-balancer-deletion-protection",
    title: "The load balancer can't be deleted",
    scanners: ["CKV_AWS_150"],
    check: every("aws_lb", (block) => block["enable_deletion_protection"] === true),
    breach: set("aws_lb", "enable_deletion_protection", false),
  },
  {
    id: "load-balancer-internal",
    title: "The load balancer is not public",
    scanners: ["AVD-AWS-0053"],
    check: every("aws_lb", (block) => block["internal"] === true),
    breach: adding("aws_lb", { internal: false }),
  },
  {
    id: "listener-https",
    title: "A listener uses HTTPS, or redirects to it",
    scanners: ["CKV_AWS_2", "AVD-AWS-0054"],
    check: every(LISTENER, (block) => block["protocol"] === "HTTPS" || at(block, "default_action.type") === "redirect"),
    breach: set(LISTENER, "protocol", "HTTP", "test-listener"),
  },
  {
    id: "redirect-to-https",
    title: "A redirect to HTTPS is permanent",
    scanners: ["CKV2_AWS_20"],
    check: every(LISTENER, (block) => {
      const redirect = at(block, "default_action.redirect");
      if (redirect === undefined) return true;
      return at(redirect, "protocol") === "HTTPS" && at(redirect, "status_code") === "HTTP_301";
    }),
    breach: set(LISTENER, "default_action.redirect.protocol", "HTTP", "redirect-listener"),
  },
  {
    id: "listener-tls-policy",
    title: "HTTPS uses TLS 1.2 with forward secrecy, or TLS 1.3",
    scanners: ["CKV_AWS_103", "CKV2_AWS_74", "AVD-AWS-0047"],
    check: every(
      LISTENER,
      (block) => block["protocol"] !== "HTTPS" || TLS_POLICIES.some((policy) => policy === block["ssl_policy"]),
    ),
    breach: set(LISTENER, "ssl_policy", "ELBSecurityPolicy-2016-08", "production-listener"),
  },
  {
    id: "certificate-created-before-destroy",
    title: "A new certificate is created before the old one is deleted",
    scanners: ["CKV_AWS_233"],
    check: every("aws_acm_certificate", (block) => at(block, "lifecycle.create_before_destroy") === true),
    breach: set("aws_acm_certificate", "lifecycle.create_before_destroy", false),
  },
  {
    id: "target-group-http",
    title: "The load balancer uses TLS to its targets",
    scanners: ["CKV_AWS_378"],
    check: every("aws_lb_target_group", (block) => block["protocol"] !== "HTTP"),
    breach: adding("aws_lb_target_group", { protocol: "HTTP", port: 80 }),
  },
  {
    id: "target-group-health-check",
    title: "The health check uses its own path",
    scanners: [],
    check: every("aws_lb_target_group", (block) => String(at(block, "health_check.path")).startsWith("/")),
    breach: set("aws_lb_target_group", "health_check", undefined),
  },
  {
    id: "target-group-ip",
    title: "Targets are IP addresses of tasks, as awsvpc requires",
    scanners: [],
    check: every("aws_lb_target_group", (block) => block["target_type"] === "ip"),
    breach: set("aws_lb_target_group", "target_type", "instance"),
  },
  {
    id: "listener-waits-for-target-groups",
    title: "A listener is destroyed before both target groups, because either may be in use",
    scanners: [],
    check: every(LISTENER, (block, estate) => {
      const groups = estate.all("aws_lb_target_group").map(({ type, name }) => `${type}.${name}`);
      return (
        at(block, "default_action.type") !== "forward" ||
        groups.every((group) => list(block["depends_on"]).includes(group))
      );
    }),
    breach: [
      set(LISTENER, "depends_on", undefined, "production-listener"),
      set(LISTENER, "depends_on", ["aws_lb_target_group.one"], "test-listener"),
    ],
  },
  {
    id: "waf",
    title: "A public load balancer has a web ACL",
    scanners: ["CKV2_AWS_28"],
    check: accompanied("aws_lb", "aws_wafv2_web_acl_association"),
    breach: without("aws_wafv2_web_acl_association"),
  },
  {
    id: "waf-logs",
    title: "WAF logs requests",
    scanners: ["CKV2_AWS_31"],
    check: accompanied("aws_wafv2_web_acl", "aws_wafv2_web_acl_logging_configuration"),
    breach: without("aws_wafv2_web_acl_logging_configuration"),
  },
  {
    id: "waf-log4j",
    title: "WAF blocks Log4Shell and similar inputs",
    scanners: ["CKV_AWS_192", "CKV2_AWS_76"],
    check: every("aws_wafv2_web_acl", (block) =>
      list(block["rule"]).some(
        (rule) =>
          at(rule, "statement.managed_rule_group_statement.name") === KNOWN_BAD_INPUTS &&
          at(rule, "override_action.count") === undefined,
      ),
    ),
    breach: set("aws_wafv2_web_acl", "rule", []),
  },
  {
    id: "waf-rate-limit",
    title: "WAF limits the rate of each address",
    scanners: [],
    check: every("aws_wafv2_web_acl", (block) =>
      list(block["rule"]).some((rule) => at(rule, "statement.rate_based_statement.limit") !== undefined),
    ),
    breach: set("aws_wafv2_web_acl", "rule", []),
  },
  {
    id: "waf-logs-no-credentials",
    title: "WAF's logs contain no credentials of clients",
    scanners: [],
    check: every("aws_wafv2_web_acl_logging_configuration", (block) => {
      const names = list(block["redacted_fields"]).map((field) => at(field, "single_header.name"));
      return names.includes("authorization") && names.includes("cookie");
    }),
    breach: set("aws_wafv2_web_acl_logging_configuration", "redacted_fields", []),
  },
];
