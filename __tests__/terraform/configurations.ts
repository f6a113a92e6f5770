import { SHARED } from "../shared-load-balancer";
import { ACCOUNT, REGION } from "./emulated-account";
import { fixtureContext, SOURCE, type Settings } from "../fixtures/configuration";

/** Every optional part that can be on together with the others. */
export const EVERYTHING_ON: Settings = {
  network: { zones: 3, natGateways: "one-per-zone", interfaceEndpoints: ["ecr", "logs", "codedeploy"] },
  encryption: { customerManagedKey: true },
  loadBalancer: {
    https: { domainName: "tasks.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
    deletionProtection: true,
    waf: { enabled: true, logs: true },
    testAllowedCidrs: ["203.0.113.0/24"],
  },
  service: {
    architecture: "ARM64",
    environment: { LOG_LEVEL: "debug" },
    secrets: {
      API_KEY: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:carts-api/key-AbCdEf`,
      DB_PASSWORD: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/carts-api/password`,
    },
    egress: [
      { port: 5432, to: "10.0.128.0/20" },
      { port: "8000-8010", protocol: "udp", to: "sg-0123456789abcdef0" },
      { port: 443, to: "pl-0123456789abcdef0" },
    ],
    securityGroupIds: ["sg-0123456789abcdef0"],
    taskPolicies: [
      `arn:aws:iam::${ACCOUNT}:policy/orders`,
      { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] },
    ],
    capacity: { fargateWeight: 1, fargateSpotWeight: 3, fargateBase: 1 },
    scaling: { enabled: true, requestsPerMinute: 600 },
    exec: true,
    readOnlyRootFileSystem: false,
  },
  table: { deletionProtection: true },
  delivery: { strategy: { type: "canary", percentage: 5, intervalMinutes: 10 } },
  notifications: { emails: ["team@example.com"], slackWebhookParameter: "/carts-api/slack-webhook" },
  ci: { provider: "github", repository: "octo-org/carts-api", environment: "staging" },
};

/** A VPC that was there before. */
export const OWN_VPC: Settings = {
  network: {
    vpc: {
      id: "vpc-0123456789abcdef0",
      cidr: "10.1.0.0/16",
      publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      natAddresses: ["203.0.113.7"],
    },
  },
};

/** The configurations that Terraform has to accept, as the context of cdktf.json, each for `staging`. */
export const CONFIGURATIONS: Readonly<Record<string, Settings>> = {
  "the smallest configuration": {
    defaults: { project: "carts-api" },
    environments: { staging: { service: { source: SOURCE } } },
  },
  "everything switched on": fixtureContext("staging", EVERYTHING_ON),
  "the alarms of the article": fixtureContext("staging", { gate: { preset: "article" } }),
  "a VPC of one's own": fixtureContext("staging", OWN_VPC),
  "a service without a table": fixtureContext("staging", {
    service: { table: false, egress: [{ port: 5432, to: "10.0.128.0/20" }] },
  }),
  "a shared load balancer": {
    defaults: { project: "carts-api" },
    environments: {
      staging: { ...SHARED, service: { source: SOURCE }, ci: { provider: "github", repository: "octo-org/carts-api" } },
    },
  },
  "a linear strategy of one's own": fixtureContext("staging", {
    delivery: { strategy: { type: "linear", percentage: 20, intervalMinutes: 2 } },
  }),
  "a GitLab of one's own": fixtureContext("staging", {
    ci: {
      ...{ provider: "gitlab", project: "octo-group/carts-api", issuer: "https://git.example.com" },
      thumbprints: ["0123456789abcdef0123456789abcdef01234567"],
    },
  }),
};
