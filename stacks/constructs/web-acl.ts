import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";

/** Settings of a web ACL. */
export interface WebAclProps {
  readonly name: string;
  /** The load balancer that it protects. */
  readonly loadBalancerArn: string;
  /** Whether it blocks requests, or only counts those that it would block. */
  readonly mode: "block" | "count";
  /** Requests that one address may send in five minutes. */
  readonly requestsPerFiveMinutes: number;
  /** Log group of the requests, and days that they are kept; default: requests are not logged. */
  readonly logs?: {
    readonly logGroupName: string;
    readonly retentionDays: number;
    /** Key that encrypts the logs; default: CloudWatch Logs' own. */
    readonly keyArn?: string | undefined;
  };
}

/** AWS's rule groups, in the order of evaluation: the cheapest first. */
const MANAGED_RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
];
const WINDOW_SECONDS = 300;
/** Headers with credentials. The logs must not contain them. */
const SECRET_HEADERS = ["authorization", "cookie"];

/** AWS WAF in front of a load balancer: a rate limit for each address, then AWS's managed rules. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const blocks = props.mode === "block";
    const visible = (metricName: string) => ({
      metricName,
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    });
    const rateLimit: Wafv2WebAclRule = {
      name: "rate-limit",
      priority: 0,
      action: blocks ? { block: {} } : { count: {} },
      // CDKTF passes statements to Terraform unchanged, so their keys are in snake_case.
      statement: {
        rate_based_statement: {
          limit: props.requestsPerFiveMinutes,
          evaluation_window_sec: WINDOW_SECONDS,
          aggregate_key_type: "IP",
        },
      },
      visibilityConfig: visible("rate-limit"),
    };
    const managed = MANAGED_RULE_GROUPS.map((name, index): Wafv2WebAclRule => ({
      name,
      priority: index + 1,
      overrideAction: blocks ? { none: {} } : { count: {} },
      statement: { managed_rule_group_statement: { vendor_name: "AWS", name } },
      visibilityConfig: visible(name),
    }));
    const acl = new Wafv2WebAcl(this, "web-acl", {
      name: props.name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: [rateLimit, ...managed],
      visibilityConfig: visible(props.name),
    });
    new Wafv2WebAclAssociation(this, "association", { webAclArn: acl.arn, resourceArn: props.loadBalancerArn });
    if (!props.logs) return;
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: props.logs.logGroupName,
      retentionInDays: props.logs.retentionDays,
      ...(props.logs.keyArn !== undefined && { kmsKeyId: props.logs.keyArn }),
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [logs.arn],
      redactedFields: SECRET_HEADERS.map((name) => ({ singleHeader: { name } })),
    });
  }
}
