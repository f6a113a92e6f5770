import { sharedLoadBalancerSchema } from "./shared-load-balancer-schema";
import { cidr, flag, integer, listOfUnique, object, oneOf, port, retentionDays, text } from "./rules";

/**
 * TLS policies with TLS 1.2 and forward secrecy, or with TLS 1.3 only
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
export const TLS_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
] as const;

/**
 * Longest domain name of a certificate's first name
 * (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: 64 characters).
 */
const MAX_DOMAIN_LENGTH = 64;
/** Widest range that may reach the test listener, in prefix bits: /8 is 10.0.0.0/8, the largest private one. */
const WIDEST_TEST_BITS = 8;
const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(${LABEL}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`);
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/;

/** `loadBalancer` in the configuration. */
export const loadBalancerSchema = object({
  /** Port of the production listener. With `https` this port redirects to 443, where the production listener is. */
  productionPort: port,
  testPort: port,
  /** IPv4 ranges that may reach the production listener. */
  allowedCidrs: listOfUnique(
    cidr("an IPv4 range such as 203.0.113.0/24", () => true),
    1,
    "a list of at least one IPv4 range",
  ),
  /**
   * IPv4 ranges that may reach the test listener, in addition to the VPC and its NAT gateways. The version behind it is not
   * released yet, so very wide ranges are refused. Don't list the NAT gateways that the stacks create: AWS refuses a rule
   * that already exists.
   */
  testAllowedCidrs: listOfUnique(
    cidr(
      `an IPv4 range of /${WIDEST_TEST_BITS} or narrower: the version under test is not public`,
      (bits) => bits >= WIDEST_TEST_BITS,
    ),
    0,
    "a list of IPv4 ranges",
  ),
  /** Seconds that a draining target has to complete its open requests. */
  deregistrationDelaySeconds: integer(0, 3600),
  /**
   * The load balancer can't be destroyed, and neither can a bucket that contains access logs. Right for production, inconvenient
   * for short-lived environments.
   */
  deletionProtection: flag,
  /** Access logs: one file every five minutes, in their own bucket. S3 costs about 0.023 USD per GB and month. */
  accessLogs: object({
    enabled: flag,
    /** Days until S3 deletes them. They contain the clients' addresses and the requested URLs. */
    retentionDays: integer(1, 3650),
  }),
  /**
   * HTTPS on 443 and on the test port, with a redirect from `productionPort`. Without it, all traffic is unencrypted. Only the
   * zone has a cost.
   */
  https: object({
    /** Domain name of the service. It resolves to the load balancer. */
    domainName: text(
      `a domain name such as tasks.example.com, in lower-case letters, at most ${MAX_DOMAIN_LENGTH} characters`,
      (value) => value.length <= MAX_DOMAIN_LENGTH && DOMAIN.test(value),
    ),
    /** Route 53 zone that gets the name's record and, without `certificateArn`, the record that validates the certificate. */
    zoneId: text("a Route 53 hosted zone's id such as Z0123456789ABCDEFGHIJ", (value) =>
      /^Z[A-Z0-9]{1,31}$/.test(value),
    ).optional(),
    /** An existing certificate in the environment's region; its owner renews it. Default: ACM issues one. */
    certificateArn: text("a certificate's ARN such as arn:aws:acm:eu-central-1:123456789012:certificate/…", (value) =>
      CERTIFICATE.test(value),
    ).optional(),
    /** TLS policy; default: the first, AWS's recommendation. Those with 1-3 reject clients without TLS 1.3. */
    tlsPolicy: oneOf(...TLS_POLICIES).optional(),
  }).optional(),
  /**
   * AWS WAF in front of both listeners: AWS's rules against common attacks, known bad inputs and addresses of bad reputation,
   * and a rate limit. It costs about 9 USD a month and 0.60 USD per million requests.
   */
  waf: object({
    enabled: flag,
    /**
     * `block`, or `count` to see first what would be blocked. For example, the common rules block bodies over 8 KB. Blocked
     * requests never reach a task, so no alarm of the release sees them.
     */
    mode: oneOf("block", "count"),
    /** Requests that one address may send in five minutes. Offices and mobile networks share one address. */
    requestsPerFiveMinutes: integer(10, 2_000_000_000),
    /** Logs every request in CloudWatch Logs, for about 0.50 USD per GB. Without it, WAF keeps samples of three hours. */
    logs: flag,
    logRetentionDays: retentionDays,
  }),
  /**
   * An existing load balancer, which other services may use too. The stacks then create no load balancer, listener, access log,
   * certificate, record and web ACL, but one rule on each of two listeners.
   */
  existing: sharedLoadBalancerSchema.optional(),
});
