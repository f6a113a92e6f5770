import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, configWarnings, isGiven, loadConfig, type ConfigSource } from "../../stacks/config";
import { catchProbability } from "../../stacks/gate/limit";
import { gateLimitOf } from "../../stacks/gate/presets";
import { withProject } from "./config/problems-of";

const load = (staging: unknown, defaults: unknown = {}) =>
  loadConfig({ environment: "staging", context: { defaults: withProject(defaults), environments: { staging } } });

/** The problems that loading finds. */
function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const nest = (path: string, value: unknown): unknown =>
  path.split(".").reduceRight((inner, key) => ({ [key]: inner }), value);

const subnets = (...numbers: readonly number[]) => numbers.map((number) => `subnet-0000000${number}`);
const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1111`;
/** Right settings of the parts that are all or nothing, to put one wrong value into. */
const COMPLETE: Readonly<Record<string, unknown>> = {
  "network.vpc": {
    network: {
      vpc: {
        id: "vpc-00000001",
        cidr: "10.0.0.0/16",
        publicSubnetIds: subnets(1, 2),
        privateSubnetIds: subnets(3, 4),
        natAddresses: ["203.0.113.7"],
      },
    },
  },
  "loadBalancer.https": {
    loadBalancer: { https: { domainName: "tasks.example.com", certificateArn: certificate("eu-central-1") } },
  },
};
const sectionOf = (path: string) => path.split(".").slice(0, 2).join(".");

/** A copy of `settings` (nothing: empty ones) with `value` at a dotted path; numbers in it are places in lists. */
function setAt(settings: unknown, path: string, value: unknown): unknown {
  const [key = "", ...rest] = path.split(".");
  const inner = (container: Readonly<Record<string, unknown>>) =>
    rest.length === 0 ? value : setAt(container[key], rest.join("."), value);
  if (/^\d+$/.test(key)) {
    const list = (settings ?? []) as readonly unknown[];
    return Object.assign([...list], { [key]: inner(list as never) });
  }
  const object = (settings ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [key]: inner(object) };
}

describe("the configuration", () => {
  it("is the article's when nothing is set, but for the alarms that stop a release", () => {
    const config = load({});
    expect(config).toMatchObject({
      project: "carts-api",
      environment: "staging",
      network: { zones: 2 },
      loadBalancer: { productionPort: 80, testPort: 9090, deregistrationDelaySeconds: 30 },
      healthCheck: {
        path: "/health",
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      service: { desiredCount: 2, containerPort: 8080 },
      gate: { preset: "balanced", normalBadShare: 0.001, slowSeconds: 1.5, lowTraffic: "warn", enforce: false },
      alarms: {
        periodSeconds: 60,
        unhealthyHosts: { threshold: 0, evaluationPeriods: 1 },
        target5xx: { threshold: 2, evaluationPeriods: 1 },
        responseTime: { threshold: 1.5, evaluationPeriods: 1 },
        connectionErrors: { threshold: 0, evaluationPeriods: 1 },
      },
      delivery: { strategy: "ECSCanary10Percent5Minutes", terminationWaitMinutes: 5 },
    });
  });

  it("lays the environment over the defaults, key by key", () => {
    const config = load({ service: { cpu: 512, memory: 1024 } }, { service: { cpu: 1024, desiredCount: 4 } });
    expect(config.service).toMatchObject({ cpu: 512, memory: 1024, desiredCount: 4, containerPort: 8080 });
  });

  it("replaces lists, the state and a strategy as wholes", () => {
    const config = load(
      {
        state: { backend: "local" },
        loadBalancer: { allowedCidrs: ["10.1.0.0/16"] },
        delivery: { strategy: { type: "canary", percentage: 20, intervalMinutes: 10 } },
      },
      {
        state: { backend: "s3", bucket: "states" },
        loadBalancer: { allowedCidrs: ["192.0.2.0/24", "198.51.100.0/24"] },
        delivery: { strategy: { type: "linear", percentage: 25, intervalMinutes: 2 }, terminationWaitMinutes: 1 },
      },
    );
    expect(config.state).toEqual({ backend: "local" });
    expect(config.loadBalancer.allowedCidrs).toEqual(["10.1.0.0/16"]);
    expect(config.delivery).toEqual({
      strategy: { type: "canary", percentage: 20, intervalMinutes: 10 },
      terminationWaitMinutes: 1,
      hook: true,
      probe: [],
      reserveConcurrency: true,
    });
  });

  it("leaves what it was given as it was", () => {
    const context = {
      defaults: { project: "carts-api", tags: { team: "tasks" } },
      environments: { staging: { tags: { cost: "1" } } },
    };
    const before = structuredClone(context);
    loadConfig({ environment: "staging", context });
    expect(context).toEqual(before);
  });

  it.each([
    ["ECSAllAtOnce"],
    ["ECSCanary10Percent5Minutes"],
    ["ECSCanary10Percent15Minutes"],
    ["ECSLinear10PercentEvery1Minutes"],
    ["ECSLinear10PercentEvery3Minutes"],
    [{ type: "canary", percentage: 1, intervalMinutes: 2880 }],
    [{ type: "linear", percentage: 50, intervalMinutes: 1 }],
    // All of CodeDeploy's 2880 minutes, in two waits.
    [{ type: "linear", percentage: 34, intervalMinutes: 1440 }],
  ])("takes the strategy %j", (strategy) => {
    expect(load({ delivery: { strategy } }).delivery.strategy).toEqual(strategy);
  });

  it("takes the article's period of 30 seconds", () => {
    expect(load({ alarms: { periodSeconds: 30 } }).alarms.periodSeconds).toBe(30);
  });
});

describe("where the configuration comes from", () => {
  const environment = process.env["ENVIRONMENT"];
  const fromCli = process.env["CDKTF_CONTEXT_JSON"];
  const restore = (name: string, value: string | undefined) => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "config-"));
    restore("ENVIRONMENT", undefined);
    restore("CDKTF_CONTEXT_JSON", undefined);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    restore("ENVIRONMENT", environment);
    restore("CDKTF_CONTEXT_JSON", fromCli);
  });
  const file = (text: string) => writeFileSync(join(directory, "cdktf.json"), text);
  const context = { defaults: { project: "carts-api" }, environments: { staging: {}, production: {} } };

  it("is cdktf.json of the folder, and by default staging", () => {
    file(JSON.stringify({ context: { ...context, defaults: { project: "orders" } } }));
    expect(loadConfig({ directory })).toMatchObject({ project: "orders", environment: "staging" });
  });

  it("is the environment that ENVIRONMENT names", () => {
    process.env["ENVIRONMENT"] = "production";
    expect(loadConfig({ context }).environment).toBe("production");
  });

  it("is the environment asked for, whatever ENVIRONMENT names", () => {
    process.env["ENVIRONMENT"] = "production";
    expect(loadConfig({ context, environment: "staging" }).environment).toBe("staging");
  });

  it("is the context of the cdktf CLI, with the keys that it adds", () => {
    process.env["CDKTF_CONTEXT_JSON"] = JSON.stringify({
      ...context,
      defaults: { project: "orders" },
      cdktfRelativeModules: [],
      excludeStackIdFromLogicalIds: "true",
      allowSepCharsInLogicalIds: "true",
    });
    expect(loadConfig({ directory }).project).toBe("orders");
  });

  it.each([
    ["is not there", undefined, "ENOENT"],
    ["is no JSON", "{", "JSON"],
  ])("names the file when it %s", (_, text, why) => {
    if (text !== undefined) file(text);
    const [problem] = problemsOf(() => loadConfig({ directory }));
    expect(problem).toContain(join(directory, "cdktf.json"));
    expect(problem).toContain(why);
  });
});

describe("a key that the configuration gives itself", () => {
  const given = (defaults: object, staging: object) =>
    isGiven(["service", "source"], { environment: "staging", context: { defaults, environments: { staging } } });

  it("is one of its defaults or of the environment, and no built-in default", () => {
    const service = { source: "shop" };
    expect([given({ service }, {}), given({}, { service }), given({ service: {} }, {}), given({}, {})]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("a project", () => {
  it("has no built-in name, because a wrong one would be in every name", () => {
    const settings = { environment: "staging", context: { environments: { staging: {} } } };
    expect(problemsOf(() => loadConfig(settings))).toEqual([
      expect.stringMatching(/^environments\.staging\.project: missing; must be 2 or more lower-case letters/),
    ]);
  });
});

describe("a wrong context", () => {
  const problems = (source: ConfigSource) => problemsOf(() => loadConfig(source));

  it("names the environments, and the similar one", () => {
    const context = { defaults: { project: "carts-api" }, environments: { staging: {}, production: {} } };
    expect(problems({ environment: "prodction", context })).toEqual([
      'environments: there is no "prodction"; ENVIRONMENT or --environment must be "staging" or "production" (did you mean production?)',
    ]);
  });

  it("names the environments alone when none is similar", () => {
    const context = { environments: { staging: {}, production: {} } };
    expect(problems({ environment: "x", context })).toEqual([
      'environments: there is no "x"; ENVIRONMENT or --environment must be "staging" or "production"',
    ]);
  });

  it("refuses a misspelt key, and accepts CDKTF's keys", () => {
    const context = {
      default: {},
      defaults: { project: "carts-api" },
      environments: { staging: {} },
      cdktfRelativeModules: [],
    };
    expect(problems({ environment: "staging", context })).toEqual(["default: unknown key; did you mean defaults?"]);
  });

  it.each([
    ["context", [], "context: must be an object with defaults and environments"],
    ["defaults", { defaults: 1, environments: { staging: {} } }, "defaults: must be an object"],
    ["environments", { environments: [] }, "environments: must be an object"],
    ["an environment", { environments: { staging: null } }, "environments.staging: must be an object"],
  ])("refuses %s that is no object", (_, context, problem) => {
    expect(problems({ environment: "staging", context })).toContain(problem);
  });

  it("refuses a name that starts with another environment's name, because permissions are granted by prefix", () => {
    const context = { defaults: { project: "carts-api" }, environments: { prod: {}, "prod-eu": {}, production: {} } };
    expect(problems({ environment: "prod", context })).toEqual([
      expect.stringMatching(
        /^environments\.prod-eu: its names start with carts-api-prod-, as every name in the environment prod does/,
      ),
    ]);
  });

  it.each(["Staging", "a--b", "-a", "2nd", "a-name-of-21-letters-x"])("refuses the environment's name %s", (name) => {
    expect(problems({ environment: name, context: { environments: { [name]: { project: "abc" } } } })).toEqual([
      expect.stringContaining(`environments.${name}: not a name for an environment`),
    ]);
  });
});

describe("a value that is not allowed", () => {
  it.each<[string, unknown, string]>([
    ["project", "Tasks", "lower-case letters"],
    ["project", "a", "2 or more"],
    ["project", "tasks-", "single hyphens"],
    ["project", "internal-tasks", "not with internal-"],
    ["project", "internal", "not with internal-"],
    ["project", "sg", "or sg-"],
    ["project", "sthree-tasks", "or sthree-"],
    ["project", "a-project-of-24-letters-x", "at most 22 characters"],
    ["project", 7, "lower-case letters"],
    ["region", "Frankfurt", "an AWS region such as eu-central-1"],
    ["account", "123", "12 digits"],
    ["account", 123456789012, "in quotes"],
    ["state", "s3", '"s3" or "local"'],
    ["state", { backend: "gcs" }, '"s3" or "local"'],
    ["state", { backend: "s3", bucket: "No" }, "a bucket name"],
    ["state", { backend: "s3", bucket: "ab" }, "3 to 63"],
    ["state", { backend: "s3", bucket: "192.168.0.1" }, "no IP address"],
    ["state", { backend: "s3", bucket: "states.-tasks" }, "words joined by dots"],
    ["state", { backend: "s3", bucket: "states..tasks" }, "words joined by dots"],
    ["state", { backend: "s3", bucket: "xn--states" }, "S3's own beginnings"],
    ["state", { backend: "s3", bucket: "states-s3alias" }, "S3's own beginnings and endings"],
    ["tags", [], "an object of tag names and values"],
    ["network.cidr", "10.0.0.0", "an IPv4 range"],
    ["network.cidr", "10.0.0.256/16", "an IPv4 range"],
    ["network.cidr", "10.0.1.0/16", "the first address of its range: 10.0.0.0/16"],
    ["network.cidr", "10.0.0.0/8", "from /16 to /24"],
    ["network.cidr", "10.0.0.0/27", "large enough for a public and a private subnet in each zone"],
    ["network.zones", 1, "from 2 to 3"],
    ["network.zones", 2.5, "a whole number"],
    ["network.natGateways", "two", '"one" or "one-per-zone"'],
    ["network.interfaceEndpoints.0", "sqs", '"ecr", "logs" or "codedeploy"'],
    ["network.interfaceEndpoints", ["ecr", "ecr"], "without repetitions"],
    ["network.flowLogs.traffic", "accepted", '"all", "rejected" or "none"'],
    ["network.flowLogs.retentionDays", 31, "one of CloudWatch's retention times"],
    ["network.vpc.id", "10.0.0.0/16", "a VPC's id such as vpc-"],
    ["network.vpc.cidr", "10.0.0.0/29", "from /16 to /28"],
    ["network.vpc.publicSubnetIds", ["subnet-00000000000000001"], "at least two subnets"],
    ["network.vpc.privateSubnetIds.1", "subnet-1", "a subnet's id such as subnet-"],
    ["network.vpc.privateSubnetIds", subnets(1, 3), "other subnets than network.vpc.publicSubnetIds (subnet-00000001"],
    ["network.vpc.natAddresses.0", "203.0.113.7/32", "an IPv4 address such as 203.0.113.7"],
    ["network.vpc.natAddresses.0", "203.0.113.007", "an IPv4 address such as 203.0.113.7"],
    ["registry.repository", "Tasks", "a repository name"],
    ["loadBalancer.productionPort", 0, "from 1 to 65535"],
    ["loadBalancer.testPort", 65_536, "from 1 to 65535"],
    ["loadBalancer.testPort", 80, "another port than loadBalancer.productionPort"],
    ["loadBalancer.allowedCidrs", [], "at least one"],
    ["loadBalancer.allowedCidrs.0", "010.0.0.0/8", "an IPv4 range such as 203.0.113.0/24"],
    ["loadBalancer.testAllowedCidrs", ["10.0.0.0/8", "10.0.0.0/8"], "without repetitions"],
    ["loadBalancer.testAllowedCidrs.0", "0.0.0.0/0", "the version under test is not public"],
    ["loadBalancer.testAllowedCidrs.0", "128.0.0.0/1", "/8 or narrower"],
    ["loadBalancer.deletionProtection", "yes", "true or false"],
    ["loadBalancer.accessLogs.retentionDays", 0, "from 1 to 3650"],
    ["loadBalancer.https.domainName", "Tasks.example.com", "a domain name such as tasks.example.com"],
    ["loadBalancer.https.domainName", "localhost", "a domain name such as tasks.example.com"],
    ["loadBalancer.https.domainName", `${"a".repeat(60)}.example.com`, "at most 64 characters"],
    ["loadBalancer.https.zoneId", "example.com", "a Route 53 hosted zone's id"],
    ["loadBalancer.https.certificateArn", "arn:aws:iam::123456789012:server-certificate/x", "a certificate's ARN"],
    ["loadBalancer.https.certificateArn", certificate("us-east-1"), "a certificate in eu-central-1"],
    ["loadBalancer.https.tlsPolicy", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
    ["loadBalancer.waf.mode", "off", '"block" or "count"'],
    ["loadBalancer.waf.requestsPerFiveMinutes", 9, "from 10 to 2000000000"],
    ["loadBalancer.deregistrationDelaySeconds", 3601, "from 0 to 3600"],
    ["healthCheck.path", "health", "a path that starts with one /"],
    ["healthCheck.path", "//example.com/health", "a path that starts with one /"],
    ["healthCheck.matcher", "2xx", 'such as "200", "200,204" or "200-299"'],
    ["healthCheck.matcher", 200, "statuses from 200 to 499"],
    ["healthCheck.matcher", "200-500", "statuses from 200 to 499"],
    ["healthCheck.matcher", "299-200", "statuses from 200 to 499"],
    ["healthCheck.matcher", "200,", "statuses from 200 to 499"],
    ["healthCheck.intervalSeconds", 4, "from 5 to 300"],
    ["healthCheck.timeoutSeconds", 30, "less than healthCheck.intervalSeconds (30)"],
    ["healthCheck.healthyThreshold", 1, "from 2 to 10"],
    ["healthCheck.unhealthyThreshold", 11, "from 2 to 10"],
    ["service", 5, "an object"],
    ["service.desiredCount", 0, "from 1"],
    ["service.cpu", 300, "256, 512, 1024"],
    ["service.memory", 4096, "for 256 CPU units: 512, 1024, 2048"],
    ["service.architecture", "arm64", '"X86_64" or "ARM64"'],
    ["service.stopTimeoutSeconds", 121, "from 2 to 120"],
    ["service.logRetentionDays", 31, "one of CloudWatch's retention times: 1, 3, 5"],
    ["alarms.periodSeconds", 45, "10, 30 or a multiple of 60"],
    ["alarms.unhealthyHosts.threshold", -1, "0 or more"],
    ["alarms.connectionErrors.threshold", -1, "0 or more"],
    ["alarms.target5xx.threshold", 0, "greater than 0"],
    ["alarms.target5xx.threshold", "2", "greater than 0"],
    ["alarms.responseTime.threshold", 0, "greater than 0"],
    ["alarms.target5xx.datapointsToAlarm", 2, "at most evaluationPeriods (1)"],
    ["alarms.target5xx.evaluationPeriods", 1441, "from 1 to 1440"],
    ["delivery.strategy", "ECSCanary5Percent", "ECSCanary10Percent5Minutes"],
    ["delivery.strategy", 10, "ECSCanary10Percent5Minutes"],
    ["delivery.strategy", { type: "linear", percentage: 1, intervalMinutes: 30 }, "over within 2880 minutes"],
    ["delivery.strategy", { type: "linear", percentage: 34, intervalMinutes: 1441 }, "this one takes 2882"],
    ["delivery.terminationWaitMinutes", 2881, "from 0 to 2880"],
    ["delivery.hook", "yes", "true or false"],
    ["notifications.emails.0", "team", "an email address"],
    ["notifications.slackWebhookParameter", "https://hooks.slack.com/x", "an SSM parameter's name"],
    ["dashboard.enabled", 1, "true or false"],
  ])("%s: %j", (path, value, allowed) => {
    const problems = problemsOf(() => load(setAt(COMPLETE[sectionOf(path)], path, value)));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^environments\\.staging\\.${path.replaceAll(".", "\\.")}[.:]`));
    expect(problems[0]).toContain(allowed);
  });

  it.each<[string, unknown, string]>([
    ["type", { type: "blue-green", percentage: 10, intervalMinutes: 5 }, '"canary" or "linear"'],
    ["percentage", { type: "canary", percentage: 100, intervalMinutes: 5 }, "from 1 to 99"],
    ["percentage", { type: "linear", percentage: 100, intervalMinutes: 5 }, "from 1 to 99"],
    ["percentage", { type: "canary", percentage: 12.5, intervalMinutes: 5 }, "a whole number"],
    ["intervalMinutes", { type: "canary", percentage: 10, intervalMinutes: 0 }, "from 1 to 2880"],
    ["intervalMinutes", { type: "linear", percentage: 10 }, "missing; must be a whole number"],
  ])("delivery.strategy.%s in %j", (key, strategy, allowed) => {
    const problems = problemsOf(() => load({ delivery: { strategy } }));
    expect(problems).toEqual([expect.stringContaining(`environments.staging.delivery.strategy.${key}: `)]);
    expect(problems[0]).toContain(allowed);
  });

  it.each<[string, unknown, string]>([
    ["tags.aws:name", "x", "reserved"],
    ["tags.AWS:name", "x", "reserved"],
    ["tags.Environment", "x", "reserved"],
    ["tags.a#b", "x", "not a tag's name"],
    ["tags.team", "a\nb", "at most 256"],
    ["service.environment.PORT", "80", "reserved"],
    ["service.environment.TABLE_NAME", "x", "reserved"],
    ["service.environment.AWS_REGION", "x", "reserved"],
    ["service.environment.1ST", "x", "not a variable's name"],
    ["service.environment.GREETING", "${file(secret)}", "which Terraform would evaluate"],
    ["service.environment.COUNT", 1, "a string"],
  ])("%s: %j", (path, value, allowed) => {
    expect(problemsOf(() => load(nest(path, value)))).toEqual([
      expect.stringMatching(new RegExp(`^environments\\.staging\\.${path}: .*${allowed}`)),
    ]);
  });

  it("refuses the same tag in different case, and more tags than AWS allows", () => {
    expect(problemsOf(() => load({ tags: { Team: "a", team: "b" } }))).toEqual([
      expect.stringContaining("tags.team: there is the same name in another case"),
    ]);
    const many = Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`tag-${index}`, "x"]));
    expect(problemsOf(() => load({ tags: many }))).toEqual([
      expect.stringMatching(/staging\.tags: .*must be at most 46/),
    ]);
  });

  it.each([
    { periodSeconds: 300, most: 288 },
    // The day has 205 whole periods of seven minutes, and a part of one more.
    { periodSeconds: 420, most: 205 },
    { periodSeconds: 3540, most: 24 },
    { periodSeconds: 3600, most: 168, time: "seven days" },
    { periodSeconds: 86_400, most: 7, time: "seven days" },
  ])(
    "refuses to evaluate more than CloudWatch does, in periods of $periodSeconds s",
    ({ periodSeconds, most, time = "one day" }) => {
      const problems = (evaluationPeriods: number) => {
        const alarms = { periodSeconds, target5xx: { evaluationPeriods } };
        return problemsOf(() => load({ alarms, delivery: { strategy: "ECSAllAtOnce" } }));
      };
      expect(problems(most)).toEqual([]);
      expect(problems(most + 1)).toEqual([
        expect.stringContaining(
          `evaluationPeriods: ${most + 1} is not allowed; must be at most ${most}: an alarm evaluates ${time}`,
        ),
      ]);
    },
  );
});

describe("settings that don't go together", () => {
  const https = { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" };

  it.each<[string, unknown, string]>([
    ["loadBalancer.https.zoneId", { https: { domainName: "tasks.example.com" } }, "when there is no certificateArn"],
    ["loadBalancer.productionPort", { productionPort: 443, https }, "this one redirects to it"],
    ["loadBalancer.testPort", { testPort: 443, https }, "another port than 443"],
    ["loadBalancer.testPort", { testPort: 80, https }, "another port than loadBalancer.productionPort"],
  ])("%s in %j", (path, loadBalancer, why) => {
    expect(problemsOf(() => load({ loadBalancer }))).toEqual([
      expect.stringMatching(new RegExp(`^environments\\.staging\\.${path}: .*${why}`)),
    ]);
  });

  it("are interface endpoints in an existing VPC", () => {
    const { network } = COMPLETE["network.vpc"] as { network: object };
    const problems = problemsOf(() => load({ network: { ...network, interfaceEndpoints: ["ecr"] } }));
    expect(problems).toEqual([
      expect.stringContaining('network.interfaceEndpoints: ["ecr"] is not allowed; must be []'),
    ]);
  });

  it("are the logs of a WAF that is off", () => {
    expect(problemsOf(() => load({ loadBalancer: { waf: { logs: true } } }))).toEqual([
      expect.stringContaining("loadBalancer.waf.logs: true is not allowed; must be false without"),
    ]);
  });

  it.each([
    ["cidr", "10.5.0.0/16"],
    ["zones", 3],
    ["natGateways", "one"],
    ["flowLogs", { traffic: "all" }],
  ])("are network.vpc and, written beside it, network.%s", (key, value) => {
    const { network } = COMPLETE["network.vpc"] as { network: object };
    expect(problemsOf(() => load({ network: { ...network, [key]: value } }))).toEqual([
      `environments.staging.network.${key}: has no effect with network.vpc, an existing network; leave it out`,
    ]);
    expect(problemsOf(() => load({ network }, { network: { [key]: value } }))).toEqual([]);
  });

  it("are interface endpoints and a region where they have other names", () => {
    const network = { interfaceEndpoints: ["ecr"] };
    expect(problemsOf(() => load({ region: "cn-north-1", network }))).toEqual([
      expect.stringContaining('network.interfaceEndpoints: ["ecr"] is not allowed; must be [] in cn-north-1'),
    ]);
  });

  it("may be a port of 443 without HTTPS", () => {
    expect(problemsOf(() => load({ loadBalancer: { testPort: 443 } }))).toEqual([]);
  });

  it("never mix two VPCs or two certificates", () => {
    const defaults = COMPLETE["loadBalancer.https"];
    const config = load({ loadBalancer: { https } }, defaults);
    expect(config.loadBalancer.https).toEqual(https);
  });
});

describe("a canary whose alarms come too late", () => {
  const halfMinutes = (needed: number) => ({
    periodSeconds: 30,
    target5xx: { evaluationPeriods: needed, datapointsToAlarm: needed },
  });
  const threeOfThree = { target5xx: { evaluationPeriods: 3, datapointsToAlarm: 3 } };

  it.each<[string, unknown, unknown, string]>([
    ["3 of 3 in five minutes", "ECSCanary10Percent5Minutes", threeOfThree, "target5xx may need 390 s"],
    [
      "two kinds of alarms, of which one needs longer",
      "ECSCanary10Percent5Minutes",
      { ...threeOfThree, responseTime: { evaluationPeriods: 2, datapointsToAlarm: 2 } },
      "may need 390 s",
    ],
    ["30 s more than five minutes", "ECSCanary10Percent5Minutes", halfMinutes(4), "may need 330 s"],
    ["two minutes", { type: "canary", percentage: 10, intervalMinutes: 2 }, {}, "may need 270 s"],
    ["periods of five minutes", "ECSCanary10Percent5Minutes", { periodSeconds: 300 }, "may need 510 s"],
  ])("is refused: %s", (_, strategy, alarms, why) => {
    expect(problemsOf(() => load({ gate: { preset: "article" }, alarms, delivery: { strategy } }))).toEqual([
      expect.stringMatching(
        new RegExp(`^environments\\.staging\\.delivery\\.strategy: .*${why}.*use a longer interval`),
      ),
    ]);
  });

  it.each<[string, unknown, unknown]>([
    ["alarms that need all of the wait, 300 s, and no more", "ECSCanary10Percent5Minutes", halfMinutes(3)],
    ["a longer interval", "ECSCanary10Percent15Minutes", threeOfThree],
    ["one breaching period of several", "ECSCanary10Percent5Minutes", { target5xx: { evaluationPeriods: 5 } }],
    ["linear, which goes on watching", "ECSLinear10PercentEvery1Minutes", threeOfThree],
    ["all at once, which has no gate", "ECSAllAtOnce", threeOfThree],
  ])("is taken with %s", (_, strategy, alarms) => {
    expect(problemsOf(() => load({ gate: { preset: "article" }, alarms, delivery: { strategy } }))).toEqual([]);
  });
});

describe("the gate", () => {
  const warningsOf = (staging: unknown, defaults: unknown = {}) =>
    configWarnings({ environment: "staging", context: { defaults: withProject(defaults), environments: { staging } } });
  const canary = (intervalMinutes: number) => ({ strategy: { type: "canary", percentage: 10, intervalMinutes } });
  const EXISTING = { cluster: "shop", service: "orders", application: "orders", deploymentGroup: "orders" };

  it.each<[string, unknown, string]>([
    ["preset", "strickt", '"article", "balanced" or "strict"'],
    ["normalBadShare", 0, "above 0 and below 0.5"],
    ["normalBadShare", 0.5, "above 0 and below 0.5"],
    ["normalBadShare", "0.1 %", "above 0 and below 0.5"],
    ["normalBadShare", 1e-12, "at most 9 digits after the decimal point"],
    ["normalBadShare", 1 / 3, "at most 9 digits after the decimal point"],
    ["normalBadShare", NaN, "above 0 and below 0.5"],
    ["slowSeconds", 0, "above 0, 4000 at most"],
    ["slowSeconds", 4001, "above 0, 4000 at most"],
    ["windowMinutes", 3, "from 4 to 1440"],
    ["windowMinutes", 1441, "from 4 to 1440"],
    ["windowMinutes", 4.5, "from 4 to 1440"],
    ["sigmas", -1, "from 0 to 100"],
    ["sigmas", Infinity, "from 0 to 100"],
    ["allowance", 1001, "from 0 to 1000"],
    ["compare.enabled", "yes", "true or false"],
    ["compare.sigmas", 101, "from 0 to 100"],
    ["compare.maxShare", 0.6, "above 0, 0.5 at most"],
    ["compare.maxShare", 0.001, "more than gate.normalBadShare \\(0.001\\)"],
    ["lowTraffic", "ignore", '"warn", "probe" or "stop"'],
    ["probeRequests", 0, "from 1 to 10000"],
    ["goal.badShare", 0, "above 0, 1 at most"],
    ["goal.badShare", 0.001, "more than gate.normalBadShare"],
    ["goal.probability", 1, "above 0 and below 1"],
    ["goal.rps", 0, "above 0, 1000000 at most"],
    ["enforce", 1, "true or false"],
  ])("refuses %s: %j", (path, value, allowed) => {
    const goal = { badShare: 0.5, probability: 0.5, rps: 20 };
    const settings = setAt(path.startsWith("goal.") ? { gate: { goal } } : {}, `gate.${path}`, value);
    expect(problemsOf(() => load(settings))).toEqual([
      expect.stringMatching(new RegExp(`^environments\\.staging\\.gate\\.${path}: .*${allowed}`)),
    ]);
  });

  it("refuses half a goal, and names what is missing", () => {
    expect(problemsOf(() => load({ gate: { goal: { rps: 20 } } }))).toEqual([
      expect.stringContaining("gate.goal.badShare: missing"),
      expect.stringContaining("gate.goal.probability: missing"),
    ]);
  });

  it("guesses the key that a mistyped one means", () => {
    expect(problemsOf(() => load({ gate: { normalBadshare: 0.01, windowMinuts: 5 } }))).toEqual([
      expect.stringContaining("did you mean normalBadShare?"),
      expect.stringContaining("did you mean windowMinutes?"),
    ]);
  });

  it.each<[string, unknown, readonly string[]]>([
    ["nothing", {}, []],
    [
      "a canary of four minutes, which one kind of alarm needs more than",
      { delivery: canary(4) },
      ["(unhealthyHosts 270 s)"],
    ],
    [
      "a canary of three minutes, which every alarm needs more than",
      { delivery: canary(3) },
      [
        "shifts the last traffic 180 s after the first; after a fault the alarms may need longer (failedRequests 220 s, ",
      ],
    ],
    [
      "a linear strategy that is over soon",
      { delivery: { strategy: { type: "linear", percentage: 50, intervalMinutes: 2 } } },
      ["shifts the last traffic 120 s after the first"],
    ],
    [
      "the same with the alarms of the article",
      { gate: { preset: "article" }, delivery: { strategy: { type: "linear", percentage: 50, intervalMinutes: 2 } } },
      ["(unhealthyHosts 270 s, target5xx 270 s, responseTime 270 s, connectionErrors 270 s)"],
    ],
    ["a linear strategy that takes its time", { delivery: { strategy: "ECSLinear10PercentEvery1Minutes" } }, []],
    [
      "all at once",
      { delivery: { strategy: "ECSAllAtOnce" } },
      ["shifts all traffic at once: no alarm can fire before"],
    ],
    ["unhealthy hosts that need long", { alarms: { periodSeconds: 300 } }, ["(unhealthyHosts 510 s)"]],
    [
      "periods that are mostly empty",
      { alarms: { periodSeconds: 30 } },
      ["alarms.periodSeconds: 30 leaves periods empty"],
    ],
    [
      "an alarm that needs exactly as long as the canary",
      { alarms: { periodSeconds: 30, unhealthyHosts: { evaluationPeriods: 3, datapointsToAlarm: 3 } } },
      ["alarms.periodSeconds: 30 leaves periods empty"],
    ],
    ["a gate that has to notice all, and does", { gate: { enforce: true } }, []],
    ["a goal that is met", { gate: { goal: { badShare: 0.05, probability: 0.95, rps: 20 } } }, []],
    [
      "a goal that isn't",
      { gate: { goal: { badShare: 0.05, probability: 0.95, rps: 1 } } },
      [
        "gate.goal: is not met: at 1 rps, 8 requests of the new version are sure to be counted before the last " +
          "shift; of them, 5 % bad ones fire an alarm with 5.7 % probability, not 95 %",
      ],
    ],
    [
      "a goal for more requests",
      { gate: { goal: { badShare: 0.01, probability: 0.95, rps: 10 } } },
      ["at 10 rps, 80 requests of the new version"],
    ],
    [
      "the same goal with a longer canary",
      { gate: { goal: { badShare: 0.05, probability: 0.95, rps: 1 } }, delivery: canary(60) },
      ["90 requests of the new version"],
    ],
    [
      "the same goal, and a window of an hour too",
      { gate: { goal: { badShare: 0.05, probability: 0.95, rps: 1 }, windowMinutes: 60 }, delivery: canary(60) },
      [],
    ],
    [
      "a goal, where all traffic shifts at once",
      { gate: { goal: { badShare: 0.5, probability: 0.95, rps: 100 } }, delivery: { strategy: "ECSAllAtOnce" } },
      ["no alarm can fire before", "0 requests of the new version"],
    ],
    ["an existing application, which has alarms of its own", { existing: EXISTING, delivery: canary(3) }, []],
  ])("warns of what it can't notice, with %s", (_, settings, expected) => {
    expect(problemsOf(() => load(settings))).toEqual([]);
    expect(warningsOf(settings)).toEqual(expected.map((text) => expect.stringContaining(text) as string));
  });

  it("takes a goal as met whose probability is reached exactly", () => {
    const requests = 8;
    const limit = gateLimitOf(load({}));
    const probability = limit && catchProbability(requests, 0.5, limit);
    if (probability === undefined) throw new Error("the default gate has no limit");
    const goalOf = (wanted: number) => ({ gate: { goal: { badShare: 0.5, probability: wanted, rps: 1 } } });
    expect(warningsOf(goalOf(probability))).toEqual([]);
    expect(warningsOf(goalOf(probability + 1e-9))).toEqual([expect.stringContaining(`${requests} requests`)]);
  });

  it("refuses a canary that is too short for the alarms of the article once, when it is enforced too", () => {
    const settings = { gate: { preset: "article", enforce: true }, delivery: canary(3) };
    const problems = problemsOf(() => load(settings));
    expect(problems).toEqual(problemsOf(() => load({ ...settings, gate: { preset: "article" } })));
    expect(problems).not.toEqual([]);
  });

  it("refuses the same when it is enforced", () => {
    const gate = { enforce: true, goal: { badShare: 0.05, probability: 0.95, rps: 1 } };
    const settings = { gate, delivery: canary(3) };
    expect(problemsOf(() => load(settings))).toEqual([
      expect.stringMatching(/^environments\.staging\.delivery\.strategy: .*\(refused because of gate\.enforce\)$/),
      expect.stringMatching(/^environments\.staging\.gate\.goal: .*\(refused because of gate\.enforce\)$/),
    ]);
    expect(problemsOf(() => load({ gate: { enforce: true } }))).toEqual([]);
  });

  it.each<[string, unknown, unknown, readonly string[]]>([
    ["thresholds", { alarms: { target5xx: { threshold: 5 } } }, {}, ["environments.staging.alarms.target5xx"]],
    [
      "thresholds in the defaults",
      {},
      { alarms: { responseTime: { threshold: 5 } } },
      ["defaults.alarms.responseTime"],
    ],
    [
      "the threshold that it has",
      { alarms: { periodSeconds: 60, unhealthyHosts: { threshold: 1 } }, service: { desiredCount: 3 } },
      {},
      [],
    ],
    [
      "the limit of another preset",
      { gate: { preset: "article", sigmas: 3, compare: { sigmas: 3 } } },
      { gate: { slowSeconds: 2 } },
      ["defaults.gate.slowSeconds", "environments.staging.gate.sigmas", "environments.staging.gate.compare"],
    ],
    ["thresholds of the article", { gate: { preset: "article" }, alarms: { target5xx: { threshold: 5 } } }, {}, []],
    ["probes that are not sent", { gate: { probeRequests: 20 } }, {}, ["environments.staging.gate.probeRequests"]],
    ["probes that are sent", { gate: { probeRequests: 20, lowTraffic: "probe" } }, {}, []],
  ])("warns of keys without an effect: %s", (_, settings, defaults, paths) => {
    expect(problemsOf(() => load(settings, defaults))).toEqual([]);
    expect(warningsOf(settings, defaults)).toEqual(
      paths.map(
        (path) =>
          expect.stringMatching(new RegExp(`^${path.replaceAll(".", "\\.")}: has no effect with gate\\.`)) as string,
      ),
    );
  });
});

describe("an unknown key", () => {
  it.each<[string, string]>([
    ["alarms.target5x", "did you mean target5xx?"],
    ["alarms.target_5xx", "did you mean target5xx?"],
    ["alarms.target5xx.treshold", "did you mean threshold?"],
    ["healthCheck.interval", "did you mean intervalSeconds?"],
    ["loadbalancer", "did you mean loadBalancer?"],
    ["delivery.rollback", "known here: strategy, terminationWaitMinutes, hook, probe, reserveConcurrency"],
    ["state.table", "known here: backend, bucket, region"],
  ])("%s: %s", (path, hint) => {
    const settings = nest(path, path.startsWith("state") ? "x" : 1) as Record<string, object>;
    if (settings["state"]) settings["state"] = { backend: "s3", ...settings["state"] };
    expect(problemsOf(() => load(settings))).toEqual([`environments.staging.${path}: unknown key; ${hint}`]);
  });
});

describe("several problems", () => {
  it("are reported at once, each where its value was written", () => {
    const problems = problemsOf(() =>
      load(
        { alarms: { target5xx: { threshold: 0 }, responseTime: { datapointsToAlarm: 2 } }, netwrk: {} },
        { region: "here", healthCheck: { timeoutSeconds: 40 } },
      ),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(
      expect.arrayContaining([
        "environments.staging.alarms.target5xx.threshold",
        "environments.staging.alarms.responseTime.datapointsToAlarm",
        "environments.staging.netwrk",
        "defaults.region",
        "defaults.healthCheck.timeoutSeconds",
      ]),
    );
    expect(problems).toHaveLength(5);
  });

  it("make a message of one line each", () => {
    const error = new ConfigError(["a: is wrong", "b: too"]);
    expect(error.message).toBe("configuration refused:\n  - a: is wrong\n  - b: too");
  });
});
