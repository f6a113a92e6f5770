import { cidr, flag, integer, listOfUnique, object, oneOf, port, retentionDays, text } from "./rules";

/** TLS policies that speak TLS 1.2 with forward secrecy, or 1.3 alone (AWS: "Security policies for your ALB"). */
export const TLS_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
] as const;

/** Longest name that ACM takes as the first one of a certificate. */
const MAX_DOMAIN_LENGTH = 64;
/** Widest range that may reach the test listener, in prefix bits: /8 is 10.0.0.0/8, the largest private one. */
const WIDEST_TEST_BITS = 8;
const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(${LABEL}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`);
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/;

/** `loadBalancer` in the configuration. */
export const loadBalancerSchema = object({
  /** Port of the production listener; with `https` it redirects to 443, where the production listener is then. */
  productionPort: port,
  testPort: port,
  /** IPv4 ranges that may reach the production listener. */
  allowedCidrs: listOfUnique(
    cidr("an IPv4 range such as 203.0.113.0/24", () => true),
    1,
    "a list of at least one IPv4 range",
  ),
  /**
   * IPv4 ranges that may reach the test listener, beside the VPC and its NAT gateways. Nobody has released what answers
   * there, so the whole world is refused. The address of a NAT gateway that is made here AWS would refuse as there already.
   */
  testAllowedCidrs: listOfUnique(
    cidr(
      `an IPv4 range of /${WIDEST_TEST_BITS} or narrower: the version under test isn't for the world`,
      (bits) => bits >= WIDEST_TEST_BITS,
    ),
    0,
    "a list of IPv4 ranges",
  ),
  /** Seconds a draining target keeps its open requests. */
  deregistrationDelaySeconds: integer(0, 3600),
  /**
   * The load balancer can't be destroyed, nor the bucket of its access logs while there are any. Right for production;
   * in the way where environments come and go.
   */
  deletionProtection: flag,
  /** One file of access logs every five minutes into a bucket of its own; costs what S3 costs, about 0.023 USD a GB and month. */
  accessLogs: object({
    enabled: flag,
    /** Days until S3 deletes them. They name the clients' addresses and what they asked for. */
    retentionDays: integer(1, 3650),
  }),
  /**
   * HTTPS on 443 and on the test port, with a redirect from `productionPort`; without it everything travels as plain
   * text. Costs nothing but the zone.
   */
  https: object({
    /** Name that the service is called by, and that leads to the load balancer. */
    domainName: text(
      `a domain name such as tasks.example.com, in lower-case letters, at most ${MAX_DOMAIN_LENGTH} characters`,
      (value) => value.length <= MAX_DOMAIN_LENGTH && DOMAIN.test(value),
    ),
    /** Route 53 zone of the name: gets the name's record and, without `certificateArn`, the certificate's validation. */
    zoneId: text("a Route 53 hosted zone's id such as Z0123456789ABCDEFGHIJ", (value) =>
      /^Z[A-Z0-9]{1,31}$/.test(value),
    ).optional(),
    /** A certificate that is there already, in the environment's region; default: one is issued. Renewing it is its owner's. */
    certificateArn: text("a certificate's ARN such as arn:aws:acm:eu-central-1:123456789012:certificate/…", (value) =>
      CERTIFICATE.test(value),
    ).optional(),
    /** TLS policy; default: the first, AWS's recommendation. Those of 1-3 turn away clients without TLS 1.3. */
    tlsPolicy: oneOf(...TLS_POLICIES).optional(),
  }).optional(),
  /**
   * AWS WAF before both listeners: AWS's rules against common attacks, known bad inputs and addresses of bad
   * reputation, and a limit of the rate. About 9 USD a month and 0.60 USD a million requests.
   */
  waf: object({
    enabled: flag,
    /**
     * `block`, or `count` to see first what would be blocked. The common rules block bodies over 8 KB, among others.
     * What is blocked never reaches a task, so no alarm of the release sees it.
     */
    mode: oneOf("block", "count"),
    /** Requests from one address in five minutes; beyond, it waits. Offices and mobile networks share addresses. */
    requestsPerFiveMinutes: integer(10, 2_000_000_000),
    /** Every request in CloudWatch Logs, about 0.50 USD a GB; without, WAF keeps samples of three hours. */
    logs: flag,
    logRetentionDays: retentionDays,
  }),
});
