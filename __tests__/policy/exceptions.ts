/** A rule that is deliberately not kept, where, and why. */
export interface Exception {
  readonly rule: string;
  /** Path of a construct; all below it are meant, too. */
  readonly path: string;
  /** Configurations that it is for, all of which need it; default: wherever the construct breaks the rule. */
  readonly only?: readonly string[];
  readonly reason: string;
}

const BY_CHOICE = ["staging", "production", "a VPC of one's own"];
const AWS_HAS_NO_ADDRESSES = "what it reaches has no addresses that stay; one port, and nothing else";
const KEY_COSTS =
  "encrypted with AWS's key; `encryption.customerManagedKey` brings one's own, which costs and can lock out";
const NO_DOMAIN = "no domain name can be shipped; with one, `loadBalancer.https` turns it on";
const KEPT_SHORTER =
  "30 days, production 90: a year costs, and access logs are personal data; `logRetentionDays` says otherwise";
const LAMBDA_TRUST = "Lambda gives no source account when it takes on an execution role";
const FUNCTION_SECRETS = "nothing secret in it: a URL, a path, a parameter's name; Lambda encrypts it with AWS's key";
const FUNCTION_FAILS = "what it failed at stands in its logs; the release fails, or the message went to email too";
const FUNCTION_TRACES = "one call a release; its log says each request that it made";
const FUNCTION_SIGNED =
  "the package is made from this repository's sources in the same apply, and its hash is in the plan";
const DESCRIBED_BY_IAM =
  "roles say who may do what; ECR keeps its layers in buckets of AWS's own, which a policy would have to know";

/** All of them. */
export const EXCEPTIONS: readonly Exception[] = [
  { rule: "no-egress-to-world", path: "service/service/to-aws", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "no-egress-to-world", path: "delivery/hook/to-aws", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "no-egress-to-world", path: "delivery/hook/to-test-listener", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "endpoint-policy", path: "network/vpc", reason: DESCRIBED_BY_IAM },
  { rule: "endpoint-policy", path: "network/interface-endpoints", reason: DESCRIBED_BY_IAM },

  { rule: "load-balancer-internal", path: "service/load-balancer", reason: "the service is for the internet" },
  {
    rule: "load-balancer-deletion-protection",
    path: "service/load-balancer",
    only: ["staging"],
    reason: "staging comes and goes",
  },
  { rule: "listener-https", path: "service/production-listener", only: BY_CHOICE, reason: NO_DOMAIN },
  { rule: "listener-https", path: "service/test-listener", only: BY_CHOICE, reason: NO_DOMAIN },
  {
    rule: "waf",
    path: "service/load-balancer",
    only: BY_CHOICE,
    reason: "costs by request; `loadBalancer.waf` turns it on",
  },
  {
    rule: "target-group-http",
    path: "service/target-group-1",
    reason: "TLS ends at the load balancer; behind it, a security group lets nobody else reach a task",
  },
  {
    rule: "target-group-http",
    path: "service/target-group-2",
    reason: "TLS ends at the load balancer; behind it, a security group lets nobody else reach a task",
  },
  {
    rule: "cluster-insights",
    path: "service/cluster",
    reason: "a release is decided on the load balancer's metrics, which are free",
  },

  {
    rule: "bucket-customer-key",
    path: "service/load-balancer/access-logs",
    reason: "a load balancer can write with S3's own keys alone",
  },
  {
    rule: "bucket-access-logging",
    path: "service/load-balancer/access-logs",
    reason: "it is the bucket of logs: logs of its logs would need another",
  },
  { rule: "table-customer-key", path: "service/tasks-table", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "table-kept", path: "service/tasks-table", only: ["staging"], reason: "staging comes and goes" },
  { rule: "images-customer-key", path: "registry/repository", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "logs-customer-key", path: "service/task-definition", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "logs-customer-key", path: "delivery/hook", only: BY_CHOICE, reason: KEY_COSTS },
  {
    rule: "logs-customer-key",
    path: "network/flow-logs",
    reason: "the network is there before the key; flow logs hold addresses and ports, encrypted with AWS's key",
  },
  { rule: "logs-for-a-year", path: "network/flow-logs", only: ["staging", "production"], reason: KEPT_SHORTER },
  { rule: "logs-for-a-year", path: "service/task-definition", only: BY_CHOICE, reason: KEPT_SHORTER },
  { rule: "logs-for-a-year", path: "delivery/hook", only: BY_CHOICE, reason: KEPT_SHORTER },

  {
    rule: "writes-name-resources",
    path: "delivery/hook/function/role",
    reason: "Lambda checks for its network rights on every resource; the function's own code is denied them",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/network-policy",
    reason:
      "what is made has no ARN before; bound to the region, and what is there to this environment's tags where EC2 can",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/service-policy",
    reason: "ACM and log delivery take no resource here; bound to the region",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/delivery-policy",
    reason: "a key has no ARN before it is made; bound to this environment's tags",
  },
  {
    rule: "writes-name-resources",
    path: "access/release/release-policy",
    reason:
      "taking a revision back takes no resource, and of stopping a deployment AWS's references disagree; bound to the region",
  },
  {
    rule: "data-by-name",
    path: "access/deploy/delivery-policy",
    reason: "a key has no ARN before it is made; used through DynamoDB and ECR alone",
  },
  { rule: "trust-on-behalf-of-this-account", path: "delivery/hook/function/role", reason: LAMBDA_TRUST },
  { rule: "trust-on-behalf-of-this-account", path: "delivery/slack/function/role", reason: LAMBDA_TRUST },
  {
    rule: "trust-on-behalf-of-this-account",
    path: "service/task-definition/execution-role",
    reason: "ECS documents the source account for task roles, not for execution roles",
  },
  {
    rule: "topic-for-this-account",
    path: "delivery/topic",
    reason: "EventBridge brings nothing to put a condition on: one would silence it",
  },
  { rule: "function-environment-customer-key", path: "delivery/hook", reason: FUNCTION_SECRETS },
  { rule: "function-environment-customer-key", path: "delivery/slack", reason: FUNCTION_SECRETS },
  { rule: "function-dead-letters", path: "delivery/hook", reason: FUNCTION_FAILS },
  { rule: "function-dead-letters", path: "delivery/slack", reason: FUNCTION_FAILS },
  {
    rule: "function-in-vpc",
    path: "delivery/slack",
    reason: "it reaches Slack and SSM, nothing in the VPC: there it would need NAT to work",
  },
  { rule: "function-traced", path: "delivery/hook", reason: FUNCTION_TRACES },
  { rule: "function-traced", path: "delivery/slack", reason: FUNCTION_TRACES },
  { rule: "function-code-signed", path: "delivery/hook", reason: FUNCTION_SIGNED },
  { rule: "function-code-signed", path: "delivery/slack", reason: FUNCTION_SIGNED },
];

/** Is this exception for what the rule found there? */
export function excepts(exception: Exception, configuration: string, rule: string, path: string): boolean {
  return (
    exception.rule === rule &&
    (exception.only?.includes(configuration) ?? true) &&
    (path === exception.path || path.startsWith(`${exception.path}/`))
  );
}
