import { like, synthesize, type Block, type Template } from "./synthesize";

const service = (loadBalancer: Block) => synthesize({ loadBalancer }).stacks.service;
const reference = (block: Block, attribute: string) => `\${${String(block["address"])}.${attribute}}`;
const ingress = (template: Template, port: number) =>
  template
    .all("aws_vpc_security_group_ingress_rule")
    .flatMap((rule) => (rule["from_port"] === port ? [rule["cidr_ipv4"]] : []));

/** Port and range of every rule by its address. */
const rulesOf = (template: Template) =>
  Object.fromEntries(
    Object.entries(template.resources("aws_vpc_security_group_ingress_rule")).map(([address, rule]) => [
      address,
      { from_port: rule["from_port"], cidr_ipv4: rule["cidr_ipv4"] },
    ]),
  );

const plain = service({});
const zoneId = "Z0123456789ABCDEFGHIJ";
const domainName = "tasks.example.com";
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

describe("a load balancer without HTTPS", () => {
  it("has two listeners, and neither certificate nor names", () => {
    expect(plain.all("aws_lb_listener").map(({ port }) => port)).toEqual([80, 9090]);
    for (const type of ["aws_acm_certificate", "aws_route53_record"]) expect(plain.all(type)).toEqual([]);
  });
});

describe("a load balancer with HTTPS", () => {
  const issued = service({ https: { domainName, zoneId } });
  const production = issued.find("aws_lb_listener", { port: 443 });
  const test = issued.find("aws_lb_listener", { port: 9090 });
  const redirect = issued.find("aws_lb_listener", { port: 80 });

  it("uses it for both listeners, with AWS's recommended policy", () => {
    for (const listener of [production, test]) {
      expect(listener).toMatchObject({
        protocol: "HTTPS",
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        certificate_arn: like(/aws_acm_certificate_validation\..*\.certificate_arn/),
        default_action: [{ type: "forward" }],
        lifecycle: { ignore_changes: ["default_action"] },
      });
      expect(listener["depends_on"]).toHaveLength(2);
    }
  });

  it("keeps the production listener's address, so that turning HTTPS on replaces nothing", () => {
    const before = plain.find("aws_lb_listener", { port: 80 });
    expect(production["address"]).toBe(before["address"]);
  });

  it("redirects HTTP to it, after the production listener has released the port", () => {
    expect(redirect).toMatchObject({
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
      depends_on: [production["address"]],
    });
    expect(redirect).not.toHaveProperty("lifecycle");
  });

  it("allows the same sources on both ports", () => {
    const template = service({ https: { domainName, zoneId }, allowedCidrs: ["192.0.2.0/24"] });
    for (const port of [80, 443]) expect(ingress(template, port)).toEqual(["192.0.2.0/24"]);
  });

  it("keeps the rules of the ports that stay, so that turning HTTPS on only adds one", () => {
    const before = rulesOf(plain);
    expect(rulesOf(issued)).toMatchObject(before);
    expect(Object.keys(rulesOf(issued)).filter((address) => !(address in before))).toEqual([
      expect.stringContaining("port-443-from-0-0-0-0-0"),
    ]);
  });

  it("has URLs with its name for releases and users", () => {
    const { output } = issued.json;
    expect(output?.["url"]?.value).toBe("https://tasks.example.com");
    expect(output?.["test_url"]?.value).toBe("https://tasks.example.com:9090");
  });

  it("issues its certificate by a record in the zone, and keeps the old one until the next is there", () => {
    const certificate = issued.find("aws_acm_certificate", { domain_name: domainName });
    expect(certificate).toMatchObject({ validation_method: "DNS", lifecycle: { create_before_destroy: true } });
    const record = issued.find("aws_route53_record", { zone_id: zoneId, ttl: 300 });
    expect(record["name"]).toContain(`${String(certificate["address"])}.domain_validation_options`);
    expect(issued.only("aws_acm_certificate_validation")).toMatchObject({
      certificate_arn: reference(certificate, "arn"),
      validation_record_fqdns: [reference(record, "fqdn")],
    });
  });

  it("is found by its name", () => {
    const loadBalancer = issued.find("aws_lb", {});
    expect(issued.find("aws_route53_record", { type: "A" })).toMatchObject({
      name: domainName,
      zone_id: zoneId,
      alias: { name: reference(loadBalancer, "dns_name"), zone_id: reference(loadBalancer, "zone_id") },
    });
  });

  it("uses an existing certificate, and creates no DNS name", () => {
    const given = service({ https: { domainName, certificateArn, tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" } });
    expect(given.find("aws_lb_listener", { port: 443 })).toMatchObject({
      certificate_arn: certificateArn,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    });
    for (const type of ["aws_acm_certificate", "aws_route53_record"]) expect(given.all(type)).toEqual([]);
  });

  it("uses an existing certificate, and creates the DNS name in the given zone", () => {
    const given = service({ https: { domainName, certificateArn, zoneId } });
    expect(given.all("aws_acm_certificate")).toEqual([]);
    expect(given.only("aws_route53_record")).toMatchObject({ type: "A", name: domainName });
  });
});

describe("the rules of who may reach the load balancer", () => {
  const office = "198.51.100.0/24";
  const agency = "203.0.113.0/24";

  it("keep their addresses when another one is removed, added or moved", () => {
    const both = rulesOf(service({ allowedCidrs: [office, agency], testAllowedCidrs: [office, agency] }));
    const one = rulesOf(service({ allowedCidrs: [agency], testAllowedCidrs: [agency] }));
    expect(both).toMatchObject(one);
    expect(rulesOf(service({ allowedCidrs: [agency, office], testAllowedCidrs: [agency, office] }))).toEqual(both);
  });

  it("of NAT gateways follow the zone, whatever other ranges there are", () => {
    const ranges = (natGateways: string) =>
      rulesOf(synthesize({ network: { natGateways }, loadBalancer: { testAllowedCidrs: [office] } }).stacks.service);
    expect(ranges("one-per-zone")).toMatchObject(ranges("one"));
    expect(Object.keys(ranges("one-per-zone"))).toHaveLength(Object.keys(ranges("one")).length + 1);
  });

  it("exist once, also when a configured range is already allowed", () => {
    const network = {
      vpc: {
        id: "vpc-0123456789abcdef0",
        cidr: "172.31.0.0/16",
        publicSubnetIds: ["subnet-00000000000000001", "subnet-00000000000000002"],
        privateSubnetIds: ["subnet-00000000000000003", "subnet-00000000000000004"],
        natAddresses: ["203.0.113.7"],
      },
    };
    const testAllowedCidrs = ["172.31.0.0/16", "203.0.113.7/32", office];
    const { service: template } = synthesize({ network, loadBalancer: { testAllowedCidrs } }).stacks;
    expect(ingress(template, 9090).sort()).toEqual([...testAllowedCidrs].sort());
  });
});

describe("access logs", () => {
  const bucket = plain.find("aws_s3_bucket", {});
  const ofBucket = (type: string) => {
    const found = plain.only(type);
    expect(found["bucket"]).toBe(reference(bucket, "id"));
    return found;
  };
  const statements = () =>
    (JSON.parse(String(ofBucket("aws_s3_bucket_policy")["policy"])) as { Statement: Block[] }).Statement;

  it("go to their own bucket, which is ready first", () => {
    expect(bucket["bucket"]).toMatch(/^carts-api-staging-access-logs-\$\{data\.aws_caller_identity\..*\.account_id\}$/);
    const policy = plain.find("aws_s3_bucket_policy", {});
    expect(plain.only("aws_lb")).toMatchObject({
      access_logs: { bucket: reference(bucket, "id"), enabled: true },
      depends_on: [policy["address"]],
    });
  });

  it("are encrypted with the only keys that a load balancer can use", () => {
    expect(ofBucket("aws_s3_bucket_server_side_encryption_configuration")["rule"]).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
  });

  it("are private to the account", () => {
    expect(ofBucket("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(ofBucket("aws_s3_bucket_ownership_controls")["rule"]).toEqual({ object_ownership: "BucketOwnerEnforced" });
  });

  it("are written only by Elastic Load Balancing, under the account's path", () => {
    const allowed = statements().filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toEqual([
      {
        Sid: "LoadBalancerWrites",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: like(/\.arn\}\/AWSLogs\/\$\{data\.aws_caller_identity\..*\.account_id\}\/\*$/),
      },
    ]);
  });

  it("travel by TLS only", () => {
    expect(statements()).toContainEqual({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [reference(bucket, "arn"), `${reference(bucket, "arn")}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it.each([
    [{}, 90],
    [{ accessLogs: { retentionDays: 400 } }, 400],
  ])("with %j expire after %d days, replaced ones after a week", (settings, days) => {
    expect(service(settings).only("aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      { status: "Enabled", expiration: [{ days }], noncurrent_version_expiration: [{ noncurrent_days: 7 }] },
    ]);
    expect(ofBucket("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
  });

  it("can be turned off", () => {
    const off = service({ accessLogs: { enabled: false } });
    expect(off.only("aws_lb")).not.toHaveProperty("access_logs");
    expect(off.all("aws_s3_bucket")).toEqual([]);
  });
});

describe("deletion protection", () => {
  it.each([true, false])("%s holds for the load balancer and the logs in its bucket", (deletionProtection) => {
    const template = service({ deletionProtection });
    expect(template.only("aws_lb")["enable_deletion_protection"]).toBe(deletionProtection);
    expect(template.only("aws_s3_bucket")["force_destroy"]).toBe(!deletionProtection);
  });
});

describe("a web ACL", () => {
  const rules = (template: Template) => template.only("aws_wafv2_web_acl")["rule"] as Block[];
  const guarded = service({ waf: { enabled: true, requestsPerFiveMinutes: 500 } });

  it("exists when it is turned on", () => {
    for (const type of ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"]) expect(plain.all(type)).toEqual([]);
  });

  it("protects the load balancer and allows what no rule blocks", () => {
    const acl = guarded.find("aws_wafv2_web_acl", { name: "carts-api-staging" });
    expect(acl).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
    expect(guarded.only("aws_wafv2_web_acl_association")).toMatchObject({
      web_acl_arn: reference(acl, "arn"),
      resource_arn: reference(guarded.find("aws_lb", {}), "arn"),
    });
  });

  it("limits the rate by address, then applies AWS's rules", () => {
    expect(rules(guarded)).toMatchObject([
      {
        priority: 0,
        action: { block: {} },
        statement: { rate_based_statement: { limit: 500, evaluation_window_sec: 300, aggregate_key_type: "IP" } },
      },
      ...["AmazonIpReputationList", "KnownBadInputsRuleSet", "CommonRuleSet"].map((group, index) => ({
        priority: index + 1,
        override_action: { none: {} },
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name: `AWSManagedRules${group}` } },
      })),
    ]);
  });

  it("only counts when the mode is count", () => {
    const [rateLimit, ...managed] = rules(service({ waf: { enabled: true, mode: "count" } }));
    expect(rateLimit?.["action"]).toEqual({ count: {} });
    for (const rule of managed) expect(rule["override_action"]).toEqual({ count: {} });
  });

  it("logs when it is turned on, under the name that AWS requires, without credentials", () => {
    expect(guarded.all("aws_wafv2_web_acl_logging_configuration")).toEqual([]);
    const logging = service({ waf: { enabled: true, logs: true, logRetentionDays: 7 } });
    const logs = logging.find("aws_cloudwatch_log_group", { name: "aws-waf-logs-carts-api-staging" });
    expect(logs["retention_in_days"]).toBe(7);
    expect(logging.only("aws_wafv2_web_acl_logging_configuration")).toMatchObject({
      log_destination_configs: [reference(logs, "arn")],
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
    });
  });
});
