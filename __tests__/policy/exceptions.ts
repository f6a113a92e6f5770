/** A construct that breaks a rule on purpose, and the reason. */
export interface Exception {
  readonly rule: string;
  /** Path of a construct. The exception includes all constructs below it. */
  readonly path: string;
  /** Configurations of the exception, which must all need it; default: all in which the construct breaks the rule. */
  readonly only?: readonly string[];
  readonly reason: string;
}

const WITH_LOAD_BALANCER = ["staging", "production", "a VPC of one's own"];
const BY_CHOICE = [...WITH_LOAD_BALANCER, "a shared load balancer"];
const AWS_HAS_NO_ADDRESSES = "its destinations have no fixed addresses; limited to one port";
const KEY_COSTS =
  "encrypted with AWS's key; `encryption.customerManagedKey` uses a customer-managed key, which has a cost and can be disabled by mistake";
const NO_DOMAIN = "needs a domain name; `loadBalancer.https` turns it on";
const KEPT_SHORTER =
  "30 days, production 90: a year costs more, and access logs are personal data; `logRetentionDays` changes it";
const LAMBDA_TRUST = "Lambda sends no source account when it assumes an execution role";
const FUNCTION_SECRETS = "contains no secret: a URL, a path, a parameter's name; Lambda encrypts it with AWS's key";
const FUNCTION_FAILS = "its logs contain the failed events; the release fails, or the message is also sent by email";
const FUNCTION_TRACES = "one call per release; its log contains each of its requests";
const FUNCTION_SIGNED = "the package is built from this repository in the same apply, and its hash is in the plan";
const DESCRIBED_BY_IAM =
  "the roles limit permissions; ECR stores layers in AWS's buckets, which a policy would have to name";

/** Every exception. */
export const EXCEPTIONS: readonly Exception[] = [
  { rule: "no-egress-to-world", path: "service/service/to-aws", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "no-egress-to-world", path: "delivery/hook/to-aws", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "no-egress-to-world", path: "delivery/hook/to-test-listener", reason: AWS_HAS_NO_ADDRESSES },
  { rule: "endpoint-policy", path: "network/vpc", reason: DESCRIBED_BY_IAM },
  { rule: "endpoint-policy", path: "network/interface-endpoints", reason: DESCRIBED_BY_IAM },

  { rule: "load-balancer-internal", path: "service/load-balancer", reason: "the service is public" },
  {
    rule: "load-balancer-deletion-protection",
    path: "service/load-balancer",
    only: ["staging"],
    reason: "staging is short-lived",
  },
  { rule: "listener-https", path: "service/production-listener", only: WITH_LOAD_BALANCER, reason: NO_DOMAIN },
  { rule: "listener-https", path: "service/test-listener", only: WITH_LOAD_BALANCER, reason: NO_DOMAIN },
  {
    rule: "waf",
    path: "service/load-balancer",
    only: WITH_LOAD_BALANCER,
    reason: "costs per request; `loadBalancer.waf` turns it on",
  },
  {
    rule: "target-group-http",
    path: "service/target-group-1",
    reason: "TLS ends at the load balancer; a security group allows only the load balancer to reach a task",
  },
  {
    rule: "target-group-http",
    path: "service/target-group-2",
    reason: "TLS ends at the load balancer; a security group allows only the load balancer to reach a task",
  },
  {
    rule: "cluster-insights",
    path: "service/cluster",
    reason: "the alarms of a release use the load balancer's metrics, which are free",
  },

  {
    rule: "bucket-customer-key",
    path: "service/load-balancer/access-logs",
    reason: "a load balancer supports only S3's own keys",
  },
  {
    rule: "bucket-access-logging",
    path: "service/load-balancer/access-logs",
    reason: "this bucket contains logs; their access logs would need another bucket",
  },
  { rule: "table-customer-key", path: "service/table", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "table-kept", path: "service/table", only: ["staging"], reason: "staging is short-lived" },
  { rule: "images-customer-key", path: "registry/repository", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "logs-customer-key", path: "service/task-definition", only: BY_CHOICE, reason: KEY_COSTS },
  { rule: "logs-customer-key", path: "delivery/hook", only: BY_CHOICE, reason: KEY_COSTS },
  {
    rule: "logs-customer-key",
    path: "network/flow-logs",
    reason: "the network is created before the key; flow logs contain addresses and ports, encrypted with AWS's key",
  },
  { rule: "logs-for-a-year", path: "network/flow-logs", only: ["staging", "production"], reason: KEPT_SHORTER },
  { rule: "logs-for-a-year", path: "service/task-definition", only: BY_CHOICE, reason: KEPT_SHORTER },
  { rule: "logs-for-a-year", path: "delivery/hook", only: BY_CHOICE, reason: KEPT_SHORTER },

  {
    rule: "writes-name-resources",
    path: "delivery/hook/function/role",
    reason: "Lambda requires its network permissions for all resources; they are denied to the function's code",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/network-policy",
    reason:
      "a new resource has no ARN yet; limited to the region, and existing ones to this environment's tags where EC2 supports it",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/service-policy",
    reason: "ACM and log delivery support no resource here; limited to the region",
  },
  {
    rule: "writes-name-resources",
    path: "access/deploy/delivery-policy",
    reason: "a new key has no ARN yet; limited to this environment's tags",
  },
  {
    rule: "writes-name-resources",
    path: "access/release/release-policy",
    reason:
      "deregistering a revision supports no resource, and AWS's pages disagree about stopping a deployment; limited to the region",
  },
  {
    rule: "data-by-name",
    path: "access/deploy/delivery-policy",
    reason: "a new key has no ARN yet; limited to use through DynamoDB and ECR",
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
    reason: "EventBridge sends no context, so a condition would block it",
  },
  { rule: "function-environment-customer-key", path: "delivery/hook", reason: FUNCTION_SECRETS },
  { rule: "function-environment-customer-key", path: "delivery/slack", reason: FUNCTION_SECRETS },
  { rule: "function-dead-letters", path: "delivery/hook", reason: FUNCTION_FAILS },
  { rule: "function-dead-letters", path: "delivery/slack", reason: FUNCTION_FAILS },
  {
    rule: "function-in-vpc",
    path: "delivery/slack",
    reason: "it uses Slack and SSM and nothing in the VPC, where it would need NAT",
  },
  { rule: "function-traced", path: "delivery/hook", reason: FUNCTION_TRACES },
  { rule: "function-traced", path: "delivery/slack", reason: FUNCTION_TRACES },
  { rule: "function-code-signed", path: "delivery/hook", reason: FUNCTION_SIGNED },
  { rule: "function-code-signed", path: "delivery/slack", reason: FUNCTION_SIGNED },
];

/** Whether the exception covers this finding of the rule. */
export function excepts(exception: Exception, configuration: string, rule: string, path: string): boolean {
  return (
    exception.rule === rule &&
    (exception.only?.includes(configuration) ?? true) &&
    (path === exception.path || path.startsWith(`${exception.path}/`))
  );
}
