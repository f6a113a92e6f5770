import { problemsOf, warningsOf } from "./problems-of";

const VPC = {
  id: "vpc-00000001",
  cidr: "10.1.0.0/16",
  publicSubnetIds: ["subnet-00000001", "subnet-00000002"],
  privateSubnetIds: ["subnet-00000003", "subnet-00000004"],
  natAddresses: ["203.0.113.7"],
};
const vpc = (over: object) => ({ network: { vpc: { ...VPC, ...over } } });
const https = { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" };
const ranges = (count: number) => Array.from({ length: count }, (_, index) => `10.${index}.0.0/16`);
const egress = (...rules: readonly unknown[]) => ({ service: { egress: rules } });
const ways = (count: number) =>
  egress(...Array.from({ length: count }, (_, index) => ({ port: 5432, to: `10.0.${index}.0/24` })));
const rulesTo = (count: number, to: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ port: 5432, to: to(index) }));
const ipv4Rules = (count: number) => rulesTo(count, (index) => `10.0.${index}.0/24`);
const ipv6Rules = (count: number) => rulesTo(count, (index) => `2001:db8:${(index + 1).toString(16)}::/48`);
const groupRules = (count: number) => rulesTo(count, (index) => `sg-${String(index).padStart(8, "0")}`);
const secrets = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `TOKEN_${index}`,
      `arn:aws:ssm:eu-central-1:123456789012:parameter/carts-api/token-${index}`,
    ]),
  );
const policies = (...taskPolicies: readonly unknown[]) => ({ service: { taskPolicies } });
const threshold = (kind: string, value: number) => ({ alarms: { [kind]: { threshold: value } } });
const environment = (variables: object) => ({ service: { environment: variables } });
const statement = (over: object = {}) => ({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], ...over });
/** The characters of an ARN of S3 that make one statement as large as the inline policies of a role may be. */
const STATEMENT_ROOM = 8000 - JSON.stringify([{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::"] }]).length;
const KEY = "key/00000000-0000-4000-8000-000000000000";

/** What no schema of shapes refuses, and Terraform or AWS does, or takes as something else: path, settings, and why. */
const REFUSED: readonly (readonly [path: string, settings: object, why: string])[] = [
  ["region", { region: "eu-centrl-1" }, "(did you mean eu-central-1?)"],
  ["region", { region: "us-central-1" }, "one of AWS's regions"],
  ["region", { region: "eu-west-9" }, "set newRegion to true"],
  ["region", { region: "aws-global-1" }, "one of AWS's regions; if"],
  ["state.region", { state: { backend: "s3", region: "eu-wst-1" } }, "(did you mean eu-west-1?)"],
  ["state.region", { state: { backend: "s3", region: "cn-north-1" } }, "an account can't use another partition"],
  ["network.zones", { region: "us-west-1", network: { zones: 3 } }, "at most 2 in us-west-1"],

  ["network.cidr", { network: { cidr: "127.0.0.0/16" } }, "outside of 127.0.0.0/8 (loopback)"],
  ["network.cidr", { network: { cidr: "169.254.0.0/16" } }, "outside of 169.254.0.0/16 (link-local)"],
  ["network.cidr", { network: { cidr: "224.0.0.0/16" } }, "outside of 224.0.0.0/4 (multicast)"],
  ["network.cidr", { network: { cidr: "239.255.0.0/24" } }, "outside of 224.0.0.0/4 (multicast)"],
  ["network.cidr", { network: { cidr: "0.0.0.0/16" } }, "outside of 0.0.0.0/8"],
  ["network.vpc.cidr", vpc({ cidr: "127.1.0.0/20" }), "outside of 127.0.0.0/8"],
  ["network.vpc.natAddresses.0", vpc({ natAddresses: ["127.0.0.1"] }), "that can send packets"],
  ["loadBalancer.allowedCidrs.1", { loadBalancer: { allowedCidrs: ["10.0.0.0/8", "127.0.0.1/32"] } }, "loopback"],
  ["loadBalancer.testAllowedCidrs.0", { loadBalancer: { testAllowedCidrs: ["169.254.0.0/17"] } }, "link-local"],
  [
    "loadBalancer.allowedCidrs",
    { loadBalancer: { allowedCidrs: ranges(59) } },
    "would have 61 rules; must be 60 at most",
  ],
  ["loadBalancer.allowedCidrs", { loadBalancer: { allowedCidrs: ranges(30), https } }, "would have 62 rules"],
  ["loadBalancer.testAllowedCidrs", { loadBalancer: { testAllowedCidrs: ranges(59) } }, "would have 61 rules"],

  ["alarms.target5xx.threshold", threshold("target5xx", 1e21), "1e+21 is not allowed; must be at most 1000000000"],
  ["alarms.target5xx.threshold", threshold("target5xx", Infinity), "Infinity is not allowed; must be at most"],
  ["alarms.target5xx.threshold", threshold("target5xx", NaN), "a number greater than 0"],
  ["alarms.target5xx.threshold", threshold("target5xx", 5e-324), "a number greater than 0"],
  ["alarms.unhealthyHosts.threshold", threshold("unhealthyHosts", 1e10), "it would never fire"],
  ["alarms.connectionErrors.threshold", threshold("connectionErrors", -0.5), "a number of 0 or more"],
  ["alarms.responseTime.threshold", threshold("responseTime", 4001), "at most 4000 s"],

  ["service.environment.A", environment({ A: "a\0b" }), "the control character U+0000 at its position 2"],
  ["service.environment.A", environment({ A: "\u001b[31m" }), "the control character U+001B"],
  ["service.environment.A", environment({ A: "x\ud800" }), "U+D800, half of a character, at its position 2"],
  ["service.environment.A", environment({ A: "e\u0301" }), "composed form (NFC)"],
  ['service.environment."A\\u0000"', environment({ "A\0": "x" }), "the key has the control character U+0000"],
  ["service.environment.__proto__", JSON.parse('{"service":{"environment":{"__proto__":1}}}') as object, "rename it"],
  ["service.environment", environment({ A: "x", BIG: "x".repeat(61_500) }), "the longest is BIG: 61500 bytes"],
  ["service.environment", environment({ BIG: "€".repeat(21_000) }), "ECS takes 65536 in all"],
  ["service.environment", environment({ BIG: '"'.repeat(31_000) }), "ECS takes 65536 in all"],
  ["tags.team", { tags: { team: "a\0" } }, "U+0000"],
  ['tags."\\u0007"', { tags: { "\u0007": "a" } }, "U+0007"],
  ["project", { project: "tasks\0" }, "U+0000"],
  ["notifications.emails.0", { notifications: { emails: ["a\0b@example.com"] } }, "U+0000"],
  ["__proto__", JSON.parse('{"__proto__":{}}') as object, "rename it"],
  [
    "notifications.slackWebhookParameter",
    { notifications: { slackWebhookParameter: "/aws/webhook" } },
    "but not with /aws or /ssm",
  ],
  [
    "notifications.slackWebhookParameter",
    { notifications: { slackWebhookParameter: "/SSM-x" } },
    "but not with /aws or /ssm",
  ],

  ["service.egress.0.to", egress({ port: 5432, to: "10.0.0.1/16" }), "the first address of its range: 10.0.0.0/16"],
  ["service.egress.0.to", egress({ port: 5432, to: "127.0.0.1/32" }), "no packet is sent there"],
  ["service.egress.0.to", egress({ port: 5432, to: "db.example.com" }), "an IPv4 or IPv6 range"],
  ["service.egress.0.to", egress({ port: 5432, to: "sg-123" }), "the id of a security group"],
  ["service.egress.0.to", egress({ port: 5432, to: "2001:DB8::/32" }), "written as AWS writes it: 2001:db8::/32"],
  ["service.egress.0.to", egress({ port: 5432, to: "2001:db8::1/32" }), "written as AWS writes it: 2001:db8::/32"],
  ["service.egress.0.to", egress({ port: 5432, to: "2001:db8::/32" }), "network.vpc may"],
  ["service.egress.0.port", egress({ port: 0, to: "10.0.0.0/16" }), "from 1 to 65535"],
  ["service.egress.0.port", egress({ port: "9-3", to: "10.0.0.0/16" }), "a range of ports in quotes"],
  ["service.egress.0.port", egress({ port: "1-70000", to: "10.0.0.0/16" }), "a range of ports in quotes"],
  ["service.egress.0.port", egress({ to: "10.0.0.0/16" }), "missing; must be a port"],
  ["service.egress.0.protocol", egress({ port: 1, protocol: "icmp", to: "10.0.0.0/16" }), '"tcp" or "udp"'],
  ["service.egress.0.ports", egress({ port: 1, ports: 1, to: "10.0.0.0/16" }), "unknown key; did you mean port?"],
  ["service.egress.0", egress(5432), "an object"],
  ["service.egress.0", egress({ port: 443, to: "0.0.0.0/0" }), "the same as the rule that every task has"],
  [
    "service.egress.1",
    egress({ port: 53, to: "10.0.0.0/16" }, { port: 53, protocol: "tcp", to: "10.0.0.0/16" }),
    "the same as service.egress.0",
  ],
  [
    "loadBalancer.allowedCidrs",
    { network: { natGateways: "one-per-zone", zones: 3 }, loadBalancer: { allowedCidrs: ranges(57) } },
    "would have 61 rules",
  ],
  ["service.egress", ways(60), "60 rules are too many: with TCP 443"],
  ["service.egress", egress(...ipv4Rules(30), ...groupRules(30)), "would have 61 rules"],
  ["service.egress", { ...vpc({}), ...egress(...ipv6Rules(40), ...groupRules(30)) }, "would have 70 rules"],
  ["service.securityGroupIds.0", { service: { securityGroupIds: ["default"] } }, "a security group's id such as sg-"],
  [
    "service.securityGroupIds",
    { service: { securityGroupIds: [1, 2, 3, 4, 5].map((number) => `sg-0000000${number}`) } },
    "at most 4, in addition to the one of the stacks",
  ],

  ["service.taskPolicies.0", policies("AmazonS3ReadOnlyAccess"), "a managed policy's ARN"],
  ["service.taskPolicies.0", policies(5), "the ARN of a managed policy"],
  ["service.taskPolicies.0", policies("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"), "must begin with arn:aws:"],
  ["service.taskPolicies.0.actions.0", policies(statement({ actions: ["*"] })), "an action such as s3:GetObject"],
  [
    "service.taskPolicies.0",
    { account: "111111111111", ...policies("arn:aws:iam::222222222222:policy/x") },
    "a policy of AWS or of 111111111111",
  ],
  [
    "service.taskPolicies.0.conditions.StringEqual",
    policies(statement({ conditions: { StringEqual: { "aws:SourceVpc": "x" } } })),
    "not a condition operator of IAM",
  ],
  [
    "service.taskPolicies.0.conditions.Bool.secure",
    policies(statement({ conditions: { Bool: { secure: "true" } } })),
    "not a condition key of IAM",
  ],
  ["service.taskPolicies.0.actions", policies(statement({ actions: [] })), "at least one action"],
  ["service.taskPolicies.0.resources.0", policies(statement({ resources: ["bucket"] })), "an ARN such as"],
  ["service.taskPolicies.0.resources.0", policies(statement({ resources: ["arn:aws:s3:::${b}"] })), "an ARN such as"],
  [
    "service.taskPolicies.0.effect",
    policies(statement({ effect: "Deny" })),
    "unknown key; known here: actions, resources",
  ],
  [
    "service.taskPolicies.0.conditions.StringEquals.a",
    policies(statement({ conditions: { StringEquals: { a: "${aws:username}" } } })),
    "a text without ${ and %{",
  ],
  [
    "service.taskPolicies",
    policies(...Array.from({ length: 11 }, (_, index) => `arn:aws:iam::123456789012:policy/p${index}`)),
    "11 managed policies are too many; must be 10 at most",
  ],
  [
    "service.taskPolicies",
    policies("arn:aws:iam::123456789012:policy/p", "arn:aws:iam::123456789012:policy/p"),
    "is listed twice; keep one",
  ],
  ["service.taskPolicies", policies(statement({ resources: [`arn:aws:s3:::${"b".repeat(8000)}`] })), "8000 at most"],

  [
    "service.secrets.TOKEN",
    { region: "us-gov-west-1", service: { secrets: { TOKEN: "arn:aws:ssm:us-gov-west-1:123456789012:parameter/a" } } },
    "must begin with arn:aws-us-gov:",
  ],
  [
    "encryption.kmsKeyArn",
    {
      region: "cn-north-1",
      encryption: { customerManagedKey: true, kmsKeyArn: `arn:aws:kms:cn-north-1:123456789012:${KEY}` },
    },
    "must begin with arn:aws-cn:",
  ],
  [
    "network.interfaceEndpoints",
    { region: "eusc-de-east-1", network: { interfaceEndpoints: ["ecr"] } },
    "[] in eusc-de-east-1",
  ],
  ["quotas.rulesPerSecurityGroup", { quotas: { rulesPerSecurityGroup: 201 } }, "at most 200"],
  [
    "loadBalancer.allowedCidrs",
    { loadBalancer: { allowedCidrs: ranges(31), testAllowedCidrs: ranges(30) } },
    "31 ranges are too many",
  ],
  [
    "loadBalancer.allowedCidrs",
    {
      ...vpc({ natAddresses: ["203.0.113.7", "203.0.113.8", "203.0.113.9"] }),
      loadBalancer: { allowedCidrs: ranges(57) },
    },
    "would have 61 rules",
  ],
  [
    "service.environment",
    { service: { environment: { BIG: "x".repeat(61_000) }, secrets: secrets(6) } },
    "must be 61440 at most",
  ],
  ["quotas.policiesPerRole", { quotas: { policiesPerRole: 26 } }, "from 10 to 25"],
  ["service.secrets", { service: { secrets: secrets(600) } }, "because ECS takes 65536 in all"],
  [
    "service.taskPolicies.0.resources.0",
    policies(statement({ resources: ["arn:aws-cn:s3:::b"] })),
    "must begin with arn:aws:",
  ],
  [
    'service.taskPolicies.0.conditions.Bool."aws:a\\nb"',
    policies(statement({ conditions: { Bool: { "aws:a\nb": "true" } } })),
    "not a condition key of IAM",
  ],
  [
    "service.taskPolicies.0.conditions.Bool.a key:b",
    policies(statement({ conditions: { Bool: { "a key:b": "true" } } })),
    "not a condition key of IAM",
  ],
  [
    "service.memory",
    { service: { cpu: 16_384, memory: 30_720 } },
    "32768, 40960, 49152, 57344, 65536, 73728, 81920, 90112, 98304, 106496, 114688, 122880",
  ],
];

/** One wrong value, which would not fit to the others if it were right: only the first is reported. */
const REPORTED_ONCE: readonly (readonly [path: string, settings: object, why: string])[] = [
  ["project", { project: "A-project-of-24-letters-x" }, "lower-case letters"],
  ["region", { region: 5, state: { backend: "s3", region: "us-east-1" } }, "an AWS region such as"],
  ["state.region", { state: { backend: "s3", region: "cn-x" } }, "an AWS region such as"],
  ["network.zones", { region: "us-west-1", network: { zones: 9 } }, "from 2 to 3"],
  ["network.vpc.id", vpc({ id: "x", publicSubnetIds: undefined }), "a VPC's id"],
  ["network.vpc.privateSubnetIds.1", vpc({ privateSubnetIds: ["subnet-00000001", "x"] }), "a subnet's id"],
  ["network.interfaceEndpoints", { network: { ...vpc({}).network, interfaceEndpoints: "ecr" } }, "a list of"],
  ["loadBalancer.allowedCidrs.59", { loadBalancer: { allowedCidrs: [...ranges(59), "x"] } }, "an IPv4 range"],
  [
    "loadBalancer.https.domainName",
    { loadBalancer: { productionPort: 443, https: { ...https, domainName: "localhost" } } },
    "a domain name",
  ],
  ["loadBalancer.https.domainName", { loadBalancer: { https: { domainName: "localhost" } } }, "a domain name"],
  ["loadBalancer.waf.logs", { loadBalancer: { waf: { logs: "yes" } } }, "true or false"],
  ["delivery.hook", { ...vpc({ natAddresses: undefined }), delivery: { hook: "yes" } }, "true or false"],
  ["notifications.enabled", { notifications: { enabled: 0, emails: ["a@example.com"] } }, "true or false"],
  ["encryption.kmsKeyArn", { encryption: { customerManagedKey: true, kmsKeyArn: "alias/x" } }, "a KMS key's ARN"],
  ["quotas.rulesPerSecurityGroup", { quotas: { rulesPerSecurityGroup: 5000 } }, "from 60 to 1000"],
  ["alarms.target5xx.evaluationPeriods", { alarms: { target5xx: { evaluationPeriods: 0 } } }, "1"],
  ["service.exec", { service: { exec: "yes" } }, "true or false"],
  ["rehearsal.requests", { rehearsal: { module: "a.ts", requests: [] } }, "a list of at least one request"],
  ["rehearsal.before.0.ready", { rehearsal: { before: [{ ready: "x", environment: {} }] } }, "an address such as"],
];

/** What is near to those, and right. */
const TAKEN: readonly (readonly [what: string, settings: object])[] = [
  ["a region of another partition", { region: "us-gov-east-1" }],
  ["a state in another region", { state: { backend: "s3", region: "us-east-1" } }],
  ["two zones of us-west-1", { region: "us-west-1", network: { zones: 2 } }],
  ["three zones elsewhere", { region: "us-west-2", network: { zones: 3 } }],
  ["an existing network in us-west-1", { ...vpc({}), region: "us-west-1" }],
  ["a range that begins like a reserved one", { network: { cidr: "10.127.0.0/16" } }],
  ["172.16.0.0/16, beside Docker's", { network: { cidr: "172.16.0.0/16" } }],
  ["shared address space", { network: { cidr: "100.64.0.0/16" } }],
  ["everybody", { loadBalancer: { allowedCidrs: ["0.0.0.0/0"] } }],
  ["everybody in two halves", { loadBalancer: { allowedCidrs: ["0.0.0.0/1", "128.0.0.0/1"] } }],
  ["as many ranges as a group holds", { loadBalancer: { allowedCidrs: ranges(58) } }],
  [
    "more, with the quota for it",
    { loadBalancer: { allowedCidrs: ranges(90) }, quotas: { rulesPerSecurityGroup: 100 } },
  ],
  ["a threshold between whole numbers", { gate: { preset: "article" }, ...threshold("target5xx", 2.5) }],
  ["a time of some milliseconds", { gate: { preset: "article" }, ...threshold("responseTime", 0.005) }],
  ["numbers of a limit between whole numbers", { gate: { slowSeconds: 0.005, sigmas: 2.5, allowance: 0.25 } }],
  ["text of several lines, with tabs, and of any script", environment({ A: "a\r\n\tb", B: "ä 漢 😀", C: "" })],
  ["variables called as methods of objects", environment({ constructor: "x", toString: "y" })],
  ["variables that just fit", environment({ BIG: "x".repeat(61_000) })],
  ["a secret as SSM calls it", { notifications: { slackWebhookParameter: "/aws/reference/secretsmanager/webhook" } }],
  [
    "a parameter of a project that begins with aws further on",
    { notifications: { slackWebhookParameter: "/carts/aws" } },
  ],
  [
    "egress rules of each kind",
    egress(
      { port: 5432, to: "10.0.128.0/20" },
      { port: "8000-8010", protocol: "udp", to: "sg-0123456789abcdef0" },
      { port: 443, to: "pl-0123456789abcdef0" },
      { port: 53, protocol: "udp", to: "10.0.0.2/32" },
      { port: 53, to: "10.0.0.2/32" },
    ),
  ],
  ["an egress rule with IPv6 in an existing network", { ...vpc({}), ...egress({ port: 5432, to: "2001:db8::/32" }) }],
  ["as many egress rules as a group holds", ways(59)],
  ["as many for each family of addresses", { ...vpc({}), ...egress(...ipv4Rules(40), ...ipv6Rules(59)) }],
  ["notifications that are off, with nobody to notify", { notifications: { enabled: false } }],
  [
    "as many ranges as a group holds, without NAT addresses",
    { ...vpc({ natAddresses: undefined }), delivery: { hook: false }, loadBalancer: { allowedCidrs: ranges(59) } },
  ],
  ["the longest name of a project", { project: "a-project-of-22-letter" }],
  ["interface endpoints", { network: { interfaceEndpoints: ["ecr"] } }],
  [
    "a certificate of the region",
    {
      loadBalancer: {
        https: {
          domainName: "tasks.example.com",
          certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1111",
        },
      },
    },
  ],
  ["as many rules as an interface has", { quotas: { rulesPerSecurityGroup: 200 } }],
  [
    "as many groups as an interface has",
    { service: { securityGroupIds: [1, 2, 3, 4].map((number) => `sg-0000000${number}`) } },
  ],
  [
    "as many managed policies as a role has",
    policies(...Array.from({ length: 10 }, (_, index) => `arn:aws:iam::123456789012:policy/p${index}`)),
  ],
  ["statements that just fit", policies(statement({ resources: [`arn:aws:s3:::${"b".repeat(STATEMENT_ROOM)}`] }))],
  [
    "variables of exactly the size",
    environment({ BIG: "x".repeat(61_440 - '[[{"name":"BIG","value":""}],[]]'.length) }),
  ],
  ["a policy of any account, when ours isn't known", policies("arn:aws:iam::222222222222:policy/x")],
  ["a policy of AWS in our account", { account: "111111111111", ...policies("arn:aws:iam::aws:policy/x") }],
  ["a policy of our account", { account: "111111111111", ...policies("arn:aws:iam::111111111111:policy/x") }],
  ["as many tags as a resource has", { tags: Object.fromEntries(ranges(46).map((_, index) => [`tag-${index}`, "x"])) }],
  ["further groups", { service: { securityGroupIds: ["sg-00000001", "sg-0123456789abcdef0"] } }],
  [
    "policies of both kinds",
    policies(
      "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
      statement(),
      statement({
        actions: ["s3:List*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:ResourceTag/a": ["b", "c"] } },
      }),
    ),
  ],
  [
    "ARNs of the region's partition",
    { region: "cn-north-1", ...policies("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess") },
  ],
];

describe("what AWS or Terraform would refuse", () => {
  it.each(REFUSED)("is refused at %s: %j", (path, settings, why) => {
    const problems = problemsOf(settings);
    expect(problems).toEqual([expect.stringContaining(why)]);
    expect(problems[0]?.startsWith(`environments.staging.${path}: `)).toBe(true);
  });

  it.each(REPORTED_ONCE)("is reported once where one value is wrong in itself, at %s: %j", (path, settings, why) => {
    const problems = problemsOf(settings);
    expect(problems).toEqual([expect.stringContaining(why)]);
    expect(problems[0]?.startsWith(`environments.staging.${path}: `)).toBe(true);
  });

  it("is refused with every size of memory that goes with the CPU", () => {
    expect(problemsOf({ service: { cpu: 512, memory: 5120 } })).toEqual([
      "environments.staging.service.memory: 5120 is not allowed; must be what Fargate has for 512 CPU units: 1024, 2048, 3072, 4096",
    ]);
  });

  it.each([
    "xStringEquals",
    "StringEqualsx",
    "ForSomeValues:StringEquals",
    "StringNotEqualsLike",
    "NumericGreater",
    "NotBool",
  ])("is refused as the condition operator %s", (operator) => {
    expect(problemsOf(policies(statement({ conditions: { [operator]: { "aws:a": "b" } } })))).toEqual([
      expect.stringContaining("not a condition operator of IAM"),
    ]);
  });

  it("is refused at its place in the defaults", () => {
    expect(problemsOf({}, { defaults: { network: { cidr: "127.0.0.0/16" } } })).toEqual([
      expect.stringMatching(/^defaults\.network\.cidr: /),
    ]);
  });
});

describe("what they take", () => {
  it.each([
    ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "stringlike"],
    ...["StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"],
    ...["DateEquals", "DateGreaterThan", "Bool", "BoolIfExists", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"],
    ...["ArnEquals", "ArnNotLike", "ForAllValues:StringLikeIfExists", "ForAnyValue:ArnLike"],
  ])("is the condition operator %s", (operator) => {
    expect(problemsOf(policies(statement({ conditions: { [operator]: { "aws:a": "b" } } })))).toEqual([]);
  });

  it("are zones in the defaults that an existing network has no use for", () => {
    const defaults = { network: { zones: 3 } };
    expect(problemsOf({ ...vpc({}), region: "us-west-1" }, { defaults })).toEqual([]);
  });

  it.each(TAKEN)("is accepted without a warning: %s", (_, settings) => {
    expect(problemsOf(settings)).toEqual([]);
    expect(warningsOf(settings)).toEqual([]);
  });
});

describe("what is accepted with a warning", () => {
  it.each<[string, object, string]>([
    ["region", { region: "eu-central-9", newRegion: true }, "not in this version's list"],
    ["newRegion", { newRegion: true }, "eu-central-1 is a known region"],
    ["network.cidr", { network: { cidr: "172.17.0.0/16" } }, "AWS advises against 172.17.0.0/16"],
    ["network.cidr", { network: { cidr: "172.17.128.0/20" } }, "AWS advises against 172.17.0.0/16"],
    ["network.vpc.cidr", vpc({ cidr: "172.17.0.0/16" }), "AWS advises against 172.17.0.0/16"],
    ["network.cidr", { network: { cidr: "8.8.0.0/16" } }, "is not a private range"],
    ["network.cidr", { network: { cidr: "240.0.0.0/16" } }, "is not a private range"],
    [
      "service.egress.0",
      egress({ port: 5432, to: "0.0.0.0/0" }),
      "tcp 5432 to 0.0.0.0/0 lets the tasks reach the whole",
    ],
    [
      "service.egress.1",
      egress({ port: 25, to: "10.0.0.0/16" }, { port: 25, to: "128.0.0.0/1" }),
      "the whole internet",
    ],
    ["service.egress.0", { ...vpc({}), ...egress({ port: 25, to: "::/0" }) }, "the whole internet"],
    ["service.egress.0", egress({ port: 5432, to: "10.20.0.0/16" }), "outside of network.cidr (10.0.0.0/16)"],
    ["alarms.unhealthyHosts.threshold", threshold("unhealthyHosts", 2), "a target group has 2 tasks"],
    [
      "alarms.responseTime.threshold",
      { gate: { preset: "article" }, ...threshold("responseTime", 60) },
      "closes a connection after 60 s",
    ],
    ["gate.slowSeconds", { gate: { slowSeconds: 60 } }, "closes a connection after 60 s"],
  ])("warns at %s: %j", (path, settings, why) => {
    expect(problemsOf(settings)).toEqual([]);
    const warnings = warningsOf(settings);
    expect(warnings).toEqual([expect.stringContaining(why)]);
    expect(warnings[0]?.startsWith(`environments.staging.${path}: `)).toBe(true);
  });

  it("does not warn of a threshold that autoscaling can exceed", () => {
    const service = { scaling: { enabled: true, maxCount: 5 } };
    expect(warningsOf({ ...threshold("unhealthyHosts", 2), service })).toEqual([]);
  });
});

describe("mistakes in an environment that isn't chosen", () => {
  const production = { region: "eu-centrl-1", service: { desiredCount: 0 } };

  it("are warnings, and the chosen environment loads", () => {
    expect(problemsOf({}, { others: { production } })).toEqual([]);
    expect(warningsOf({}, { others: { production } })).toEqual([
      expect.stringMatching(
        /^environments\.production\.service\.desiredCount: 0 .*\(refused once ENVIRONMENT is production\)$/,
      ),
      expect.stringMatching(
        /^environments\.production\.region: "eu-centrl-1" .*\(refused once ENVIRONMENT is production\)$/,
      ),
    ]);
  });

  it("have their place, also in defaults that are wrong only for this environment", () => {
    const defaults = { network: { zones: 3 } };
    expect(warningsOf({}, { defaults, others: { west: { region: "us-west-1" } } })).toEqual([
      expect.stringMatching(
        /^defaults\.network\.zones: 3 .*at most 2 in us-west-1.*\(refused once ENVIRONMENT is west\)$/,
      ),
    ]);
  });

  it("are its refusals, not its warnings", () => {
    expect(
      warningsOf({}, { others: { production: { region: "eu-west-1", network: { cidr: "172.17.0.0/16" } } } }),
    ).toEqual([]);
  });
});
